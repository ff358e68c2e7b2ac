"""Calling people of the team because a rule asks for it; never a contact. Whoever is absent has his deputy called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from inbox.actions import EVERY_ROOM, ROOM, TEAM, Notify
from inbox.people import Moderator
from inbox.promises import ClockEvent
from inbox.sentences import Sentence
from inbox.sla import ChainStep


@dataclass(frozen=True, slots=True)
class NewCall:
    """A rule calls people about a conversation, in its own words or none.

    `event` is what has come of a promise, and `why` says it; both are None for a message. `board` is the channel whose
    room it is for, None for every room of the team; a call that is for a room names nobody.
    """

    conversation_id: int
    rule: str
    people: tuple[str, ...]
    why: Sentence | None = None
    says: str | None = None
    event: str | None = None
    board: str | None = None


def call_for(
    action: Notify,
    *,
    rule: str,
    conversation_id: int,
    team: Sequence[Moderator],
    chains: Mapping[str, Sequence[ChainStep]],
    why: Sentence | None = None,
    event: ClockEvent | None = None,
) -> NewCall:
    """The call that a rule asks for.

    Args:
        action: What it asks for: a name; `team:` and a queue; `channel:` and a channel, or `channel:staff`.
        rule: The rule.
        conversation_id: What it is about.
        team: Everyone of the team.
        chains: Per queue that has its own the chain of people for it. For a queue those are called whom its chain
            names, and where it names nobody, everybody who is there.
        why: What has come of a promise, in a sentence; None where it is about a message.
        event: The same, as a value.
    """
    people: tuple[str, ...] = ()
    board = None
    if action.to.startswith(ROOM):
        room = action.to.removeprefix(ROOM).strip()
        board = None if room == EVERY_ROOM else room
    elif action.to.startswith(TEAM):
        people = called(team, chains.get(action.to.removeprefix(TEAM).strip(), ()))
    else:
        people = called(team, [ChainStep(timedelta(), (action.to,))])
    return NewCall(conversation_id, rule, people, why, action.text, None if event is None else str(event), board)


def called(team: Sequence[Moderator], steps: Iterable[ChainStep]) -> tuple[str, ...]:
    """Who is called at some steps: those that they name, or whoever stands in for them; else everybody who is there.

    A name that nobody of the team bears is called all the same: perhaps he has not been seen yet.
    """
    found: list[str] = []
    for step in steps:
        for name in step.call:
            member = named(team, name)
            if member is None:
                found.append(name)
            elif (there := stands_in(team, member)) is not None:
                found.append(there.name)
    if not found:
        found = [one.name for one in team if one.stands and one.absent_since is None]
    return tuple(dict.fromkeys(found))


def named(team: Sequence[Moderator], name: str) -> Moderator | None:
    """One of the team by his name, with or without an @ before it; two may be told apart by their capitals alone."""
    wanted = name.strip().removeprefix("@")
    found = [one for one in team if one.name.casefold() == wanted.casefold()]
    return next((one for one in found if one.name == wanted), found[0] if found else None)


def stands_in(team: Sequence[Moderator], member: Moderator) -> Moderator | None:
    """Who has the work of one of the team now: himself, or while he is away his deputy; None where nobody is there."""
    seen = {member.name}
    while member.absent_since is not None:
        deputy = None if member.deputy is None else named(team, member.deputy)
        if deputy is None or deputy.name in seen:
            return None
        seen.add(deputy.name)
        member = deputy
    return member

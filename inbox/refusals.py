"""What moderation cannot do, or will not, and what cannot be taken back: said before anything is stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from inbox.abilities import Abilities
from inbox.cases import CaseAct, CaseView, Order, Subject, lasting, to_do
from inbox.model import Actor, Label, Standing
from inbox.outgoing import UNDOES, OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendState

_PEOPLE_ONLY = frozenset({CaseAct.KICK, CaseAct.BAN})
_NEEDS_LENGTH = {
    CaseAct.TIMEOUT: Sentence("Say how long a timeout is to last, such as 2h."),
    CaseAct.SLOW_MODE: Sentence("Say how long people wait between two messages, such as 1m."),
}


def spared(order: Order, subject: Subject, *, by: Actor) -> tuple[Order, Sentence | None]:
    """The order as it may be carried out on its author, and why that is a note where something else was wanted.

    The team and whoever is exempt are never punished: a moderator may quote a slur as evidence.
    """
    is_refused = _against_asking(order, by) is not None
    if is_refused or not order.act.is_sanction or subject.standing is Standing.MEMBER:
        return order, None
    note = replace(order, act=CaseAct.NOTE, duration=None, delete_seconds=0, points=0)
    facts = {"contact": subject.evidence.author_name or subject.evidence.author}
    if subject.standing is Standing.STAFF:
        return note, Sentence("{contact} is one of the team: a note was kept, and nothing was done.", **facts)
    return note, Sentence("{contact} is exempt from sanctions: a note was kept, and nothing was done.", **facts)


def against(
    order: Order, subject: Subject, *, by: Actor, abilities: Abilities, cases: Sequence[CaseView], now: datetime
) -> Sentence | None:
    """Why an order cannot be carried out; None where it can.

    Args:
        order: What is wanted.
        subject: The message, and its author.
        by: Who wants it.
        abilities: What the channel can do.
        cases: Those that the author has already.
        now: The moment.
    """
    return (
        _against_asking(order, by)
        or _against_subject(order, subject, by=by)
        or _against_length(order, abilities)
        or _against_channel(order, subject, abilities, now=now)
        or _against_repeating(order, subject, cases, now=now)
    )


def takes(order: Order, *, channel: str, abilities: Abilities) -> Sentence | None:
    """What cannot be taken back of an order once it is done; None where everything can."""
    lost = irreversible(order.act, channel=channel, abilities=abilities)
    if lost is None and order.act is CaseAct.BAN and order.delete_seconds:
        return Sentence("The messages that are deleted along with a ban cannot be brought back.")
    return lost


def irreversible(act: CaseAct, *, channel: str, abilities: Abilities) -> Sentence | None:
    """Why an act cannot be undone on a channel once it is done; None where it can."""
    if act.kind is None or act is CaseAct.SLOW_MODE or abilities.can_undo(act.kind):
        return None
    if act is CaseAct.KICK:
        return Sentence(
            "A kick cannot be undone on {channel}; whoever was kicked can come back by themselves.", channel=channel
        )
    if act is CaseAct.DELETE:
        return Sentence("A message that was deleted cannot be brought back on {channel}.", channel=channel)
    return Sentence("On {channel} it cannot be undone to {act}.", channel=channel, act=to_do(act))


def undoing(case: CaseView, abilities: Abilities, *, now: datetime) -> tuple[OutboxKind | None, Sentence | None]:
    """What has to be done outside to undo a case, None for nothing; and why that cannot be, None where it can.

    What has not left is taken back by cancelling it, and what has come to its end needs no undoing outside.
    """
    kind = case.act.kind
    done = next((send for send in case.sends if send.kind == kind), None)
    if kind is None or done is None or done.state in {SendState.CANCELLED, SendState.REFUSED}:
        return None, None
    never_tried = done.state is SendState.WAITING and done.attempts == 0
    if never_tried or (case.until is not None and case.until <= now):
        return None, None
    if (lost := irreversible(case.act, channel=case.channel, abilities=abilities)) is None:
        return UNDOES.get(kind, kind), None
    was_not_done = done.state in {SendState.WAITING, SendState.FAILED}
    return None, None if was_not_done else lost


def _against_asking(order: Order, by: Actor) -> Sentence | None:
    if not order.reason.strip():
        return Sentence("Say why: every act of moderation needs a reason.")
    if order.act in _PEOPLE_ONLY and not by.is_person:
        return Sentence("Only a person may {act}; no rule and no model does.", act=to_do(order.act))
    if order.points < 0:
        return Sentence("A warning cannot take points away. Undo an earlier one instead.")
    return None


def _against_subject(order: Order, subject: Subject, *, by: Actor) -> Sentence | None:
    if order.act is CaseAct.NOTE:
        return None
    if subject.is_ours:
        return Sentence("Message {id} is our own. Take it back instead.", id=subject.message_id)
    if order.act.is_removal:
        return _against_removing(subject, by=by)
    if order.act.is_sanction and not subject.is_known:
        return Sentence(
            "Who wrote message {id} is not known on {channel}.", id=subject.message_id, channel=subject.channel
        )
    if order.act.needs_place and subject.evidence.place is None:
        return Sentence(
            "Message {id} was not written in a server or group: there is nowhere to {act}.",
            id=subject.message_id,
            act=to_do(order.act),
        )
    return None


def _against_removing(subject: Subject, *, by: Actor) -> Sentence | None:
    if subject.standing is not Standing.MEMBER and not by.is_person:
        return Sentence("Only a person may remove what the team or somebody exempt has written.")
    if subject.evidence.external_id is None:
        return Sentence("Message {id} has no number on {channel}.", id=subject.message_id, channel=subject.channel)
    if subject.deleted_at is not None:
        return Sentence("Message {id} is gone already.", id=subject.message_id)
    labels = subject.evidence.labels
    if Label.COMPLAINT in labels and Label.OFFENSIVE not in (*labels, *subject.unsure):
        return Sentence("A complaint is answered, never hidden. If it offends, label it so first.")
    return None


def _against_length(order: Order, abilities: Abilities) -> Sentence | None:
    longest = abilities.longest_timeout
    if order.duration is None:
        return _NEEDS_LENGTH.get(order.act)
    if order.duration.total_seconds() < 1:
        return Sentence("How long it lasts has to be more than nothing.")
    if order.act is CaseAct.TIMEOUT and longest is not None and order.duration > longest:
        return Sentence("The longest timeout here is {longest}.", longest=lasting(longest))
    return None


def _against_channel(order: Order, subject: Subject, abilities: Abilities, *, now: datetime) -> Sentence | None:
    if order.act is CaseAct.WARN and not order.silent and not abilities.can(OutboxKind.NOTICE):
        return Sentence(
            "On {channel} nobody can be told that they are warned. To count the warning all the same, make it silent.",
            channel=subject.channel,
        )
    if order.act.kind is None:
        return None
    if not abilities.can(order.act.kind):
        return _cannot(order.act, subject.channel, abilities)
    if order.act is CaseAct.BAN and order.duration and not (abilities.ends_bans or abilities.can(OutboxKind.UNBAN)):
        return Sentence("A ban has no end on {channel}. Leave out how long it lasts.", channel=subject.channel)
    return _against_age(subject, abilities, now=now) if order.act is CaseAct.DELETE else None


def _against_age(subject: Subject, abilities: Abilities, *, now: datetime) -> Sentence | None:
    within = abilities.deletes_within
    if within is None or now - subject.evidence.sent_at <= within:
        return None
    return Sentence(
        "Message {id} is too old: {channel} deletes only what is younger than {within}.",
        id=subject.message_id,
        channel=subject.channel,
        within=lasting(within),
    )


def _cannot(act: CaseAct, channel: str, abilities: Abilities) -> Sentence:
    facts = {"channel": channel, "act": to_do(act)}
    if not act.is_removal or abilities.removal is None:
        return Sentence("It is not possible to {act} on {channel}.", **facts)
    milder = to_do(CaseAct(abilities.removal.value))
    return Sentence("It is not possible to {act} on {channel}. You can {milder} there.", milder=milder, **facts)


def _against_repeating(order: Order, subject: Subject, cases: Sequence[CaseView], *, now: datetime) -> Sentence | None:
    if not order.act.concerns_author:
        return None
    for case in cases:
        if case.act is order.act and case.runs(now) and _is_same(case, subject):
            return Sentence(
                "This has been done already: case {number}. To do it again, undo that one first.", number=case.number
            )
    return None


def _is_same(case: CaseView, subject: Subject) -> bool:
    if case.act in {CaseAct.TIMEOUT, CaseAct.BAN}:
        here = subject.evidence
        return (case.channel, case.place, case.evidence.author) == (here.channel, here.place, here.author)
    return case.message_id == subject.message_id

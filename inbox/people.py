"""Who of the team is who, and what each of them may do. Plain values, pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from inbox.model import Actor, Ranked
from inbox.sentences import Sentence


class Role(Ranked):
    """What somebody is in the team; each may do what the one before may, and more."""

    VIEWER = "viewer"
    AGENT = "agent"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Right(StrEnum):
    """What an act asks for.

    look: read; work: answer, assign, label, note; moderate: act on what people wrote and on them; steer: rules, roles,
    the end of a pause.
    """

    LOOK = "look"
    WORK = "work"
    MODERATE = "moderate"
    STEER = "steer"


NEEDS: Mapping[Right, Role] = {
    Right.LOOK: Role.VIEWER,
    Right.WORK: Role.AGENT,
    Right.MODERATE: Role.MODERATOR,
    Right.STEER: Role.ADMIN,
}
"""The least role that each right takes."""

ROLE_NAMES: Mapping[Role, Sentence] = {
    Role.VIEWER: Sentence("viewer"),
    Role.AGENT: Sentence("agent"),
    Role.MODERATOR: Sentence("moderator"),
    Role.ADMIN: Sentence("administrator"),
}
"""The roles in words."""

PAGE = "web"
"""The channel under which the team knows somebody by the name he signs in to the page with."""

OWNER, ADMINISTRATOR, MODERATES, IN_TEAM = "owner", "administrator", "moderates", "team"
"""What a channel may tell of somebody besides his roles there: it is his place, he runs it, he moderates it, he is let
into the place of the team."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks for something, as a channel tells of him.

    `external_id` is the channel's own id of the person, `lang` the language of his client. `claims` are his roles
    there, by id and by name, and any of the words above.
    """

    channel: str
    external_id: str
    name: str
    lang: str | None = None
    claims: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Moderator:
    """One of the team as stored.

    `role` is what he was given here, which counts before all else; `seen_role` what his roles on a channel last came
    to. `identities` are pairs of a channel and its own id of him. While `absent_since` is set, `deputy` has his work.
    """

    id: int
    name: str
    role: Role | None = None
    seen_role: Role | None = None
    lang: str | None = None
    deputy: str | None = None
    absent_since: datetime | None = None
    identities: tuple[tuple[str, str], ...] = ()

    @property
    def stands(self) -> Role | None:
        """The role he has."""
        return self.role or self.seen_role

    @property
    def login(self) -> str | None:
        """The name that he signs in to the page with; None where he does not."""
        return next((external_id for channel, external_id in self.identities if channel == PAGE), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is asking now, with the name that the records show. Without a role he is not of the team."""

    name: str
    role: Role | None
    lang: str | None = None
    caller: Caller = field(default_factory=lambda: Caller("", "", ""))

    @property
    def actor(self) -> Actor:
        """Whom the audit log names."""
        return Actor.person(self.name)

    def may(self, right: Right) -> bool:
        """Whether his role gives him a right."""
        return self.role is not None and self.role >= NEEDS[right]


def role_of(caller: Caller, bindings: Mapping[str, Role]) -> Role | None:
    """The highest role that what a channel tells of somebody comes to; None where it comes to nothing.

    That somebody is let into the place of the team counts only where nothing else does.

    Args:
        caller: Who asks.
        bindings: Per `channel/claim`, such as `discord/Support` or `telegram/1001`, the role it gives. An id of a
            person is bound like a role.
    """
    claims = {*caller.claims, caller.external_id}
    found = {claim: bindings[key] for claim in claims if (key := f"{caller.channel}/{claim}") in bindings}
    let_in = found.pop(IN_TEAM, None)
    return max(found.values(), default=let_in)

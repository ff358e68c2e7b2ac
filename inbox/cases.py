"""Cases: the numbered records of moderation, with the evidence as it stood. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.model import Actor, Attachment, Kind, Label, Standing
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendView


class CaseAct(StrEnum):
    """What was done about a message or its author; slow mode is about a thread, and a note does nothing outside."""

    NOTE = "note"
    WARN = "warn"
    HIDE = "hide"
    DELETE = "delete"
    TIMEOUT = "timeout"
    KICK = "kick"
    BAN = "ban"
    SLOW_MODE = "slow_mode"

    @property
    def kind(self) -> OutboxKind | None:
        """What it does outside, besides telling the author; None for nothing."""
        return _KINDS.get(self)

    @property
    def is_removal(self) -> bool:
        """Whether it takes a message out of sight."""
        return self in {CaseAct.HIDE, CaseAct.DELETE}

    @property
    def is_sanction(self) -> bool:
        """Whether it is aimed at a person."""
        return self in {CaseAct.WARN, CaseAct.TIMEOUT, CaseAct.KICK, CaseAct.BAN}

    @property
    def needs_place(self) -> bool:
        """Whether it is done in a server or group, and nowhere else."""
        return self in {CaseAct.TIMEOUT, CaseAct.KICK, CaseAct.BAN, CaseAct.SLOW_MODE}

    @property
    def concerns_author(self) -> bool:
        """Whether the author of the message is told, and may appeal."""
        return self.is_removal or self.is_sanction


_KINDS: Mapping[CaseAct, OutboxKind] = {
    CaseAct.HIDE: OutboxKind.HIDE,
    CaseAct.DELETE: OutboxKind.DELETE,
    CaseAct.TIMEOUT: OutboxKind.TIMEOUT,
    CaseAct.KICK: OutboxKind.KICK,
    CaseAct.BAN: OutboxKind.BAN,
    CaseAct.SLOW_MODE: OutboxKind.SLOW_MODE,
}

_TO_DO: Mapping[CaseAct, Sentence] = {
    CaseAct.NOTE: Sentence("keep a note"),
    CaseAct.WARN: Sentence("warn somebody"),
    CaseAct.HIDE: Sentence("hide a message"),
    CaseAct.DELETE: Sentence("delete a message"),
    CaseAct.TIMEOUT: Sentence("silence somebody for a time"),
    CaseAct.KICK: Sentence("kick somebody"),
    CaseAct.BAN: Sentence("ban somebody"),
    CaseAct.SLOW_MODE: Sentence("slow a thread down"),
}
_NAMES: Mapping[CaseAct, Sentence] = {
    CaseAct.NOTE: Sentence("note"),
    CaseAct.WARN: Sentence("warning"),
    CaseAct.HIDE: Sentence("message hidden"),
    CaseAct.DELETE: Sentence("message deleted"),
    CaseAct.TIMEOUT: Sentence("timeout"),
    CaseAct.KICK: Sentence("kick"),
    CaseAct.BAN: Sentence("ban"),
    CaseAct.SLOW_MODE: Sentence("slow mode"),
}


def to_do(act: CaseAct) -> Sentence:
    """An act as it reads after «cannot» or «to»."""
    return _TO_DO[act]


def name_of(act: CaseAct) -> Sentence:
    """An act as it reads in a list."""
    return _NAMES[act]


def lasting(duration: timedelta) -> Sentence:
    """A length of time in words, in the largest unit that divides it."""
    minutes = max(1, round(duration.total_seconds() / 60))
    if minutes % 1440 == 0:
        days = minutes // 1440
        return Sentence("1 day") if days == 1 else Sentence("{n} days", n=days)
    if minutes % 60 == 0:
        hours = minutes // 60
        return Sentence("1 hour") if hours == 1 else Sentence("{n} hours", n=hours)
    return Sentence("1 minute") if minutes == 1 else Sentence("{n} minutes", n=minutes)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done about a message.

    `duration` is how long a timeout or a ban lasts, or the pause that slow mode sets between two messages; a ban
    without one has no end. `delete_seconds` is how far back a ban deletes the contact's messages. `rule` names the
    house rule.
    `points` count for a warning only. Unless `silent`, the author is told.
    """

    act: CaseAct
    message_id: int
    reason: str
    duration: timedelta | None = None
    delete_seconds: int = 0
    rule: str | None = None
    points: int = 1
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A message as it stood when somebody acted on it; kept though the message may be gone.

    `author` is the channel's own id of the contact. `former_texts` are those before edits, oldest first.
    """

    text: str
    author: str
    author_name: str
    channel: str
    thread: str
    kind: Kind
    sent_at: datetime
    version: int = 1
    external_id: str | None = None
    place: str | None = None
    permalink: str | None = None
    former_texts: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A message that somebody is about to act on, and what has to be known of it and its author.

    `labels` in `evidence` and `unsure` are those of its present text: a person's where there are any, else the model's.
    `lang` is None until the message is triaged. `is_known` says whether the channel's id leads to the contact.
    """

    message_id: int
    conversation_id: int
    contact_id: int
    evidence: Evidence
    is_ours: bool = False
    is_known: bool = True
    standing: Standing = Standing.MEMBER
    unsure: tuple[Label, ...] = ()
    lang: str | None = None
    deleted_at: datetime | None = None

    @property
    def channel(self) -> str:
        """The channel it came by."""
        return self.evidence.channel


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case about to be opened. `withheld` says why only a note is kept of something that was wanted."""

    act: CaseAct
    subject: Subject
    reason: str
    lang: str
    by: Actor
    rule: str | None = None
    points: int = 0
    until: datetime | None = None
    withheld: Sentence | None = None


@dataclass(frozen=True, slots=True)
class NewAct:
    """One thing to do outside for a case; `key` is its idempotency key, the rest as in `Outgoing`."""

    kind: OutboxKind
    key: str
    not_before: datetime
    by: Actor
    text: str = ""
    thread: str | None = None
    target: str | None = None
    until: datetime | None = None
    seconds: int = 0


class Verdict(StrEnum):
    """What came of an appeal: the case stands, or it does not."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


_VERDICTS: Mapping[Verdict, Sentence] = {
    Verdict.UPHELD: Sentence("upheld"),
    Verdict.OVERTURNED: Sentence("overturned"),
}


def verdict_said(verdict: Verdict) -> Sentence:
    """A verdict in words."""
    return _VERDICTS[verdict]


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal as stored; `case` is the number of the case, `moderator` whoever opened that case."""

    id: int
    case: int
    act: CaseAct
    contact: str
    conversation_id: int
    moderator: Actor
    text: str
    opened_at: datetime
    verdict: Verdict | None = None
    why: str | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be judged."""
        return self.verdict is None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as stored, with what has become of it.

    `place` is the server or group under the id that it has now. `sends` are its rows of the outbox, oldest first;
    `notice` is the one that tells the author, with its state and its error where it failed. `reversible` and
    `irreversible` (why not) are filled in by `inbox/moderation.py`, which knows what the channel can do.
    """

    id: int
    number: int
    act: CaseAct
    contact_id: int
    contact: str
    conversation_id: int
    message_id: int | None
    evidence: Evidence
    reason: str
    lang: str
    points: int
    by: Actor
    opened_at: datetime
    place: str | None = None
    rule: str | None = None
    until: datetime | None = None
    withheld: Sentence | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_why: str | None = None
    notice: SendView | None = None
    sends: tuple[SendView, ...] = field(default=())
    appeal: AppealView | None = None
    reversible: bool = False
    irreversible: Sentence | None = None

    @property
    def channel(self) -> str:
        """The channel it was done on."""
        return self.evidence.channel

    @property
    def stands(self) -> bool:
        """Whether nobody has undone it."""
        return self.undone_at is None

    def runs(self, now: datetime) -> bool:
        """Whether it stands and has not come to its end."""
        return self.stands and (self.until is None or self.until > now)

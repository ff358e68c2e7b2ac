"""The last look at the moment of sending: go, wait, or leave it to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from inbox.model import Actor
from inbox.outgoing import OutboxKind, Outgoing
from inbox.responses import check_blanks
from inbox.sentences import Sentence

MOST_ATTEMPTS = 16
"""With the waits between them, about seven hours: a channel that is down for an evening costs no reply."""

LEASE = timedelta(minutes=2)

LATELY = timedelta(hours=1)
"""Within which automatic replies to one contact are counted."""

_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


class Look(Enum):
    """What the last look says."""

    GO = auto()
    HOLD = auto()
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class DueSend:
    """A row of the outbox that is due, with the state of the world it is about to enter.

    `perhaps_sent` says that an earlier attempt may have reached the channel. `message_version_then` and `_now` differ
    when the author has edited; `human_replied_at` is the last reply of a person in the conversation. `automatic_lately`
    counts the automatic replies that the contact has had within `LATELY`.
    """

    id: int
    conversation_id: int
    message_id: int | None
    channel: str
    outgoing: Outgoing
    actor: Actor
    attempts: int
    perhaps_sent: bool
    message_deleted: bool
    message_version_then: int
    message_version_now: int
    human_replied_at: datetime | None
    unsure_now: bool
    automatic_lately: int = 0


def last_look(send: DueSend, *, paused: bool, replies_an_hour: int) -> tuple[Look, Sentence | None]:
    """Whether something may be done now; for a refusal, why.

    A pause holds what rules send; what a person sends goes out, and so does a ticket, which speaks to nobody outside. A
    refused reply becomes a draft with its reason. What is not a reply was looked at when it was asked for, and stands.
    """
    if send.outgoing.kind is OutboxKind.REPLY and (reason := _against(send, replies_an_hour)) is not None:
        return Look.REFUSE, reason
    if send.outgoing.kind is OutboxKind.EDIT and (blanks := check_blanks(send.outgoing.text)):
        return Look.REFUSE, blanks[0].sentence
    if paused and not send.actor.is_person and send.outgoing.kind is not OutboxKind.TICKET:
        return Look.HOLD, Sentence("Automatic sending is paused.")
    return Look.GO, None


def is_looping(send: DueSend, *, replies_an_hour: int) -> bool:
    """Whether a contact has had as many automatic replies as he may: it may be a machine that answers a machine."""
    is_automatic = send.outgoing.kind is OutboxKind.REPLY and not send.actor.is_person
    return is_automatic and send.automatic_lately >= replies_an_hour


def _against(send: DueSend, replies_an_hour: int) -> Sentence | None:
    by_itself = not send.actor.is_person
    against = {
        Sentence("The author has deleted the message."): send.message_deleted,
        Sentence("The author has edited the message."): send.message_version_now != send.message_version_then,
        Sentence("The labels of the message are not sure any more."): by_itself and send.unsure_now,
        Sentence("A person has answered already."): by_itself and send.human_replied_at is not None,
        Sentence(
            "This contact has had {n} automatic replies within the hour: a person goes on.", n=send.automatic_lately
        ): is_looping(send, replies_an_hour=replies_an_hour),
    }
    blanks = [finding.sentence for finding in check_blanks(send.outgoing.text)]
    return next((why for why, holds in against.items() if holds), next(iter(blanks), None))


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after `attempts` tries; None when it is time to give up.

    Each wait is twice the one before, up to an hour.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: timedelta = _FIRST_WAIT * 2 ** max(0, attempts - 1)
    return now + min(doubled, _LONGEST_WAIT)

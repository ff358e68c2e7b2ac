"""What is done outside, in words: the kinds of things in the outbox. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.outgoing import REPLIES, OutboxKind
from inbox.sentences import Sentence

_SAID: Mapping[OutboxKind, Sentence] = {
    OutboxKind.REPLY: Sentence("reply"),
    OutboxKind.NOTICE: Sentence("notice to the author"),
    OutboxKind.EDIT: Sentence("change of a reply"),
    OutboxKind.RETRACT: Sentence("taking back a reply"),
    OutboxKind.HIDE: Sentence("hiding the message"),
    OutboxKind.UNHIDE: Sentence("showing the message again"),
    OutboxKind.DELETE: Sentence("deleting the message"),
    OutboxKind.TIMEOUT: Sentence("timeout"),
    OutboxKind.UNTIMEOUT: Sentence("end of the timeout"),
    OutboxKind.KICK: Sentence("kick"),
    OutboxKind.BAN: Sentence("ban"),
    OutboxKind.UNBAN: Sentence("end of the ban"),
    OutboxKind.SLOW_MODE: Sentence("slow mode"),
    OutboxKind.TICKET: Sentence("ticket"),
    OutboxKind.ADDITION: Sentence("addition to a ticket"),
    OutboxKind.LEAD: Sentence("lead to the CRM"),
}


def kind_said(kind: str) -> Sentence:
    """A thing to do outside, as it reads in a list."""
    return _SAID[OutboxKind(kind)]


def is_taken_back_alone(kind: str) -> bool:
    """Whether it can be taken back by itself while it waits; the acts of a case are undone with their case."""
    return OutboxKind(kind) in REPLIES

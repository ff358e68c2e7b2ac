"""How our own words (labels, severities, states) are said to people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from inbox.audit import AuditLine
from inbox.leads import LeadStatus
from inbox.model import Label, Priority, Severity, Signal, SlaState, Status, Target, Visibility
from inbox.sentences import Sentence
from inbox.views import ChannelState, DraftState, TicketStatus

_SAID: Mapping[type[StrEnum], Mapping[str, Sentence]] = {
    Label: {
        Label.PRAISE: Sentence("praise"),
        Label.COMPLAINT: Sentence("complaint"),
        Label.SALES_LEAD: Sentence("sales lead"),
        Label.OFFENSIVE: Sentence("offensive"),
    },
    Signal: {
        Signal.QUESTION: Sentence("question"),
        Signal.SPAM: Sentence("spam"),
        Signal.SUGGESTION: Sentence("suggestion"),
        Signal.URGENT: Sentence("urgent"),
    },
    Severity: {
        Severity.LOW: Sentence("low"),
        Severity.MEDIUM: Sentence("medium"),
        Severity.HIGH: Sentence("high"),
        Severity.CRITICAL: Sentence("critical"),
    },
    Priority: {
        Priority.LOW: Sentence("low"),
        Priority.MEDIUM: Sentence("medium"),
        Priority.HIGH: Sentence("high"),
        Priority.URGENT: Sentence("urgent"),
    },
    Target: {
        Target.BRAND: Sentence("the brand"),
        Target.PERSON: Sentence("a person"),
        Target.GROUP: Sentence("a group"),
    },
    Status: {
        Status.OPEN: Sentence("open"),
        Status.PENDING: Sentence("pending"),
        Status.SNOOZED: Sentence("snoozed"),
        Status.RESOLVED: Sentence("resolved"),
    },
    Visibility: {
        Visibility.PUBLIC: Sentence("public"),
        Visibility.PRIVATE: Sentence("private"),
    },
    SlaState: {
        SlaState.PAUSED: Sentence("paused"),
        SlaState.ON_TRACK: Sentence("on track"),
        SlaState.DUE_SOON: Sentence("due soon"),
        SlaState.BREACHED: Sentence("breached"),
    },
    LeadStatus: {
        LeadStatus.NEW: Sentence("new"),
        LeadStatus.CONTACTED: Sentence("contacted"),
        LeadStatus.WON: Sentence("won"),
        LeadStatus.LOST: Sentence("lost"),
        LeadStatus.DROPPED: Sentence("dropped"),
    },
    DraftState: {
        DraftState.OPEN: Sentence("waits for a person"),
        DraftState.APPROVED: Sentence("approved"),
        DraftState.DISCARDED: Sentence("thrown away"),
        DraftState.WITHDRAWN: Sentence("withdrawn"),
    },
    TicketStatus: {
        TicketStatus.WAITING: Sentence("not open yet"),
        TicketStatus.OPEN: Sentence("open"),
        TicketStatus.PENDING: Sentence("pending"),
        TicketStatus.SOLVED: Sentence("solved"),
    },
    ChannelState: {
        ChannelState.OFF: Sentence("off"),
        ChannelState.WELL: Sentence("standing"),
        ChannelState.DOWN: Sentence("down, and tried again"),
        ChannelState.BROKEN: Sentence("broken until the settings change"),
    },
}

WEEKDAYS: tuple[Sentence, ...] = (
    Sentence("Monday"),
    Sentence("Tuesday"),
    Sentence("Wednesday"),
    Sentence("Thursday"),
    Sentence("Friday"),
    Sentence("Saturday"),
    Sentence("Sunday"),
)
"""The days of the week, as `date.weekday()` counts them."""

_SUBJECTS: Mapping[str, Sentence] = {
    "conversation": Sentence("conversation {id}"),
    "message": Sentence("message {id}"),
    "draft": Sentence("draft {id}"),
    "outbox": Sentence("sending {id}"),
}


def subject_said(line: AuditLine) -> Sentence | None:
    """What a line of the audit log is about; None where its own words say so."""
    return _SUBJECTS[line.subject].filled(id=line.subject_id) if line.subject in _SUBJECTS else None


def said(word: StrEnum) -> Sentence:
    """One of our words as a sentence to tell.

    Raises:
        KeyError: It is a word that is never said to people.
    """
    return _SAID[type(word)][word]

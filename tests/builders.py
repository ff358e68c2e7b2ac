"""Messages as channels deliver them, and what triage makes of them, with everything filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from inbox.audit import AuditLine
from inbox.decisions import ConditionTrace, Decision, RuleTrace
from inbox.model import Actor, IncomingMessage, Kind, Prediction, Severity, Visibility, WaitingMessage
from inbox.outcome import NewDraft, NewEscalation, NewSend, Outcome
from inbox.outgoing import OutboxKind
from inbox.responses import DraftText
from inbox.sentences import Sentence
from tests.inbox.builders import NOON, a_prediction

_numbers = count(1)


def a_message(
    text: str = "Trois semaines et toujours pas de colis !",
    *,
    external_id: str | None = None,
    channel: str = "telegram",
    author: str = "camille",
    author_name: str = "Camille Rousseau",
    thread: str = "post-1",
    sent_at: datetime = NOON,
    kind: Kind = Kind.COMMENT,
    visibility: Visibility = Visibility.PUBLIC,
    lang: str | None = None,
    parent: str | None = None,
) -> IncomingMessage:
    """A message that no channel has delivered before, unless its `external_id` says so."""
    return IncomingMessage(
        channel=channel,
        external_id=external_id or f"m-{next(_numbers)}",
        text=text,
        author=author,
        author_name=author_name,
        thread=thread,
        sent_at=sent_at,
        kind=kind,
        visibility=visibility,
        lang=lang,
        parent=parent,
    )


def some_words(text: str = "Désolés pour ce retard.", *, response: str = "late") -> DraftText:
    return DraftText(text=text, lang="fr", response=response)


def an_escalation(
    *, severity: Severity = Severity.HIGH, queue: str = "sav", due_at: datetime = NOON + timedelta(hours=2)
) -> NewEscalation:
    return NewEscalation(
        queue=queue,
        severity=severity,
        rule="late parcel",
        first_response_due_at=due_at,
        resolution_due_at=due_at + timedelta(hours=14),
    )


def an_outcome(
    message: WaitingMessage,
    prediction: Prediction | None = None,
    *,
    decision: Decision | None = None,
    drafts: Sequence[DraftText] = (),
    sends: Sequence[DraftText] = (),
    escalation: NewEscalation | None = None,
    queue: str | None = None,
    tags: Sequence[str] = (),
    priority_parts: Mapping[str, int] | None = None,
    not_before: datetime = NOON,
) -> Outcome:
    """What triage keeps of one message; by default nothing holds and nothing is done."""
    return Outcome(
        message=message,
        prediction=prediction or a_prediction(),
        decision=decision or Decision(trace=(RuleTrace("late parcel", False, (ConditionTrace("label", False),)),)),
        drafts=tuple(NewDraft(words, "late parcel") for words in drafts),
        sends=tuple(
            NewSend(OutboxKind.REPLY, words, "late parcel", not_before, f"{message.id}:{message.version}:{place}")
            for place, words in enumerate(sends)
        ),
        escalation=escalation,
        queue=queue or (escalation.queue if escalation else None),
        tags=tuple(tags),
        priority_parts=priority_parts or {},
        audit=AuditLine(
            NOON, Actor.vigie("triage"), "message.triaged", "message", message.id, Sentence("A person decides.")
        ),
    )


class AClock:
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by

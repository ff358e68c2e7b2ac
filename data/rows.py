"""Between rows and the values of the heart, where more than one verb needs it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from data.types import to_storable
from inbox.audit import AuditLine
from inbox.findings import CheckKind, Finding
from inbox.model import Actor, Attachment, Label, Prediction, Severity, Signal, SlaState, Target
from inbox.promises import Clock
from inbox.sentences import Sentence
from inbox.views import (
    DecisionView,
    DraftState,
    DraftView,
    EscalationView,
    SendState,
    SendView,
    TicketStatus,
    TicketView,
)

PERSON = Actor.person("").kind
"""The kind of actor that a human being is."""


def from_prediction(kept: Prediction) -> dict[str, Any]:
    """The columns of a prediction."""
    return {
        "model": kept.model,
        "lang": kept.lang,
        "lang_known": kept.lang_known,
        "labels": kept.labels,
        "unsure": kept.unsure,
        "scores": dict(kept.scores),
        "signals": dict(kept.signals),
        "severity": kept.severity.value if kept.severity else None,
        "target": kept.target.value if kept.target else None,
        "reasons": dict(kept.reasons),
    }


def to_prediction(row: RowMapping) -> Prediction:
    """The prediction that `from_prediction` took apart."""
    return Prediction(
        labels=to_labels(row["labels"]),
        unsure=to_labels(row["unsure"]),
        scores={Label(label): score for label, score in row["scores"].items()},
        signals={Signal(signal): score for signal, score in row["signals"].items()},
        lang=row["lang"],
        lang_known=row["lang_known"],
        model=row["model"],
        severity=to_severity(row["severity"]),
        target=Target(row["target"]) if row["target"] else None,
        reasons={Label(label): tuple(pieces) for label, pieces in row["reasons"].items()},
    )


def to_labels(kept: Sequence[str]) -> tuple[Label, ...]:
    """Labels as they were stored."""
    return tuple(Label(label) for label in kept)


def to_severity(kept: str | None) -> Severity | None:
    """A severity as it was stored."""
    return Severity(kept) if kept else None


def to_offence(labels: Sequence[str] | None, corrected: Sequence[str] | None, severity: str | None) -> Severity | None:
    """How bad an offence a message is, as a person or else the model has labelled it; None where it is none."""
    stands = labels if corrected is None else corrected
    return to_severity(severity) if stands and Label.OFFENSIVE.value in stands else None


def to_decision(row: RowMapping, traces: Mapping[int, Mapping[str, Any]]) -> DecisionView:
    """A decision as people are shown it, its trace spelt out again."""
    return DecisionView(
        rule_book_version=row["rule_book_version"],
        because=tuple(row["because"]),
        actions=tuple(row["actions"]),
        notes=tuple(Sentence.from_json(note) for note in row["notes"]),
        trace=tuple(traces[asked] for asked in row["trace"]),
    )


def from_findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings for a JSON column."""
    return [_from_finding(finding) for finding in findings]


def from_attachments(files: Sequence[Attachment]) -> list[dict[str, Any]] | None:
    """Files for a JSON column; None where there are none."""
    return [asdict(file) for file in files] or None


def to_attachments(kept: Sequence[Mapping[str, Any]] | None) -> tuple[Attachment, ...]:
    """Files as they were stored."""
    return tuple(Attachment(**file) for file in kept or ())


def to_draft(row: RowMapping) -> DraftView:
    """A draft."""
    return DraftView(
        id=row["id"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        text=row["text"],
        lang=row["lang"],
        response=row["response"],
        rule=row["rule"],
        state=DraftState(row["state"]),
        findings=tuple(_to_finding(one) for one in row["findings"]),
        created_at=row["created_at"],
        desk=row.get("desk"),
        asked_by=row["asked_by"],
        asked_privately=row["asked_privately"],
    )


def to_send(row: RowMapping) -> SendView:
    """A row of the outbox; `channel` comes from the account joined to it."""
    return SendView(
        id=row["id"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        channel=row["channel"],
        kind=row["kind"],
        text=row["text"],
        actor=Actor(row["actor_kind"], row["actor_name"]),
        state=SendState(row["state"]),
        not_before=row["not_before"],
        attempts=row["attempts"],
        external_id=row["external_id"],
        error=to_sentence(row["error"]),
    )


def to_escalation(row: Mapping[str, Any] | RowMapping) -> EscalationView:
    """An escalation from its columns."""
    return EscalationView(
        id=row["id"],
        queue=row["queue"],
        severity=Severity(row["severity"]),
        rule=row["rule"],
        opened_at=row["opened_at"],
        first_response_due_at=row["first_response_due_at"],
        resolution_due_at=row["resolution_due_at"],
        acknowledged_at=row["acknowledged_at"],
        next_response_due_at=row["next_response_due_at"],
        paused_at=row["paused_at"],
        resolved_at=row["resolved_at"],
        accepted_at=row["accepted_at"],
        accepted_by=row["accepted_by"],
        answer_within=None if row["answer_within_s"] is None else timedelta(seconds=row["answer_within_s"]),
    )


def to_told(kept: Mapping[str, str] | None) -> dict[Clock, SlaState]:
    """What was told of each clock of an escalation."""
    return {Clock(clock): SlaState(state) for clock, state in (kept or {}).items()}


def to_ticket(row: RowMapping) -> TicketView | None:
    """The ticket of an escalation, from the columns joined to it; None where it has none."""
    if row["desk"] is None:
        return None
    return TicketView(
        row["desk"],
        TicketStatus(row["ticket_status"]),
        row["external_id"],
        row["url"],
        row["ticket_assignee"],
        row["stands_since"],
        to_sentence(row["ticket_error"]),
    )


def to_sentence(kept: Mapping[str, Any] | None) -> Sentence | None:
    """A sentence as it was stored, or None."""
    return Sentence.from_json(kept) if kept else None


def to_audit_line(row: RowMapping) -> AuditLine:
    """A line of the audit log."""
    at: datetime = row["at"]
    return AuditLine(
        at=at,
        actor=Actor(row["actor_kind"], row["actor_name"]),
        what=row["what"],
        subject=row["subject"],
        subject_id=row["subject_id"],
        reason=Sentence.from_json(row["reason"]),
        facts=row["facts"],
    )


def _from_finding(finding: Finding) -> dict[str, Any]:
    kept = {
        "sentence": finding.sentence.to_json(),
        "blocking": finding.blocking,
        "kind": finding.kind,
        "start": finding.start,
        "end": finding.end,
        "words": finding.words,
        "fix": finding.fix,
    }
    told = {name: value for name, value in kept.items() if value is not None and value != ""}
    stored: dict[str, Any] = _storable(told)
    return stored


def _storable(value: Any) -> Any:
    """Plain data whose texts a database keeps: a finding has words of people in it, as they wrote them."""
    match value:
        case str():
            return to_storable(value)
        case dict():
            return {name: _storable(one) for name, one in value.items()}
        case _:
            return value


def _to_finding(kept: Mapping[str, Any]) -> Finding:
    """A finding as it was stored; one of an earlier version has its sentence, and whether it blocks."""
    kind = kept.get("kind")
    return Finding(
        Sentence.from_json(kept["sentence"]),
        kept["blocking"],
        kind=CheckKind(kind) if kind in set(CheckKind) else None,
        start=kept.get("start"),
        end=kept.get("end"),
        words=kept.get("words", ""),
        fix=kept.get("fix"),
    )

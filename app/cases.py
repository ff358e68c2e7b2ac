"""Cases, appeals and what is done for them, as the shell tells them."""

from __future__ import annotations

from typing import Any

from app.words import tell
from inbox.cases import AppealView, CaseView, verdict_said
from inbox.sends_told import kind_said
from inbox.views import SendView


def kind_told(kind: str) -> str:
    """A thing to do outside in the reader's words."""
    return tell(kind_said(kind))


def case_to_json(case: CaseView) -> dict[str, Any]:
    """A case for machines."""
    kept = case.evidence
    return {
        "number": case.number,
        "act": case.act,
        "contact": case.contact,
        "conversation": case.conversation_id,
        "message": case.message_id,
        "channel": case.channel,
        "place": case.place,
        "reason": case.reason,
        "rule": case.rule,
        "points": case.points,
        "until": case.until,
        "by": str(case.by),
        "opened_at": case.opened_at,
        "withheld": tell(case.withheld) if case.withheld else None,
        "undone": None
        if case.undone_at is None
        else {"at": case.undone_at, "by": case.undone_by, "why": case.undone_why},
        "reversible": case.reversible,
        "irreversible": tell(case.irreversible) if case.irreversible else None,
        "evidence": {
            "text": kept.text,
            "former_texts": list(kept.former_texts),
            "author": kept.author,
            "author_name": kept.author_name,
            "thread": kept.thread,
            "kind": kept.kind,
            "sent_at": kept.sent_at,
            "permalink": kept.permalink,
            "attachments": [file.name for file in kept.attachments],
            "labels": list(kept.labels),
        },
        "notice": _send_to_json(case.notice) if case.notice else None,
        "outbox": [_send_to_json(send) for send in case.sends],
        "appeal": appeal_to_json(case.appeal) if case.appeal else None,
    }


def _send_to_json(send: SendView) -> dict[str, Any]:
    error = tell(send.error) if send.error else None
    return {"id": send.id, "kind": send.kind, "state": send.state, "not_before": send.not_before, "error": error}


def appeal_to_json(appeal: AppealView) -> dict[str, Any]:
    """An appeal for machines."""
    return {
        "case": appeal.case,
        "act": appeal.act,
        "contact": appeal.contact,
        "conversation": appeal.conversation_id,
        "moderator": str(appeal.moderator),
        "text": appeal.text,
        "opened_at": appeal.opened_at,
        "verdict": appeal.verdict,
        "why": appeal.why,
        "judged_by": appeal.judged_by,
        "judged_at": appeal.judged_at,
    }


def judged(appeal: AppealView) -> dict[str, str]:
    """What came of an appeal, for a sentence: `verdict`, `name`, `why`."""
    verdict = tell(verdict_said(appeal.verdict)) if appeal.verdict else ""
    return {"verdict": verdict, "name": appeal.judged_by or "", "why": appeal.why or ""}

"""A crisis and what is unusual, for machines."""

from __future__ import annotations

from typing import Any

from app.words import tell
from inbox.crisis import Crisis
from inbox.crisis_report import crisis_to_json
from inbox.views import SwitchState
from inbox.watching import Unusual, in_short


def done_to_json(crisis: Crisis) -> dict[str, Any]:
    """A crisis for machines, with what its start or end did."""
    return crisis_to_json(crisis) | {
        "was_paused": crisis.was_paused,
        "held": crisis.held,
        "offered": crisis.offered,
        "complaints": crisis.complaints,
        "people": list(crisis.people),
    }


def status_to_json(runs: SwitchState, found: Unusual) -> dict[str, Any]:
    """Whether a crisis runs and what is unusual, for machines."""
    return {
        "runs": runs.is_on,
        "by": str(runs.by) if runs.is_on else None,
        "since": runs.since if runs.is_on else None,
        "alerts": [
            {
                "id": alert.id,
                "kind": alert.kind.value,
                "about": alert.subject,
                "raised_at": alert.raised_at,
                "seen_by": alert.seen_by,
                "says": tell(in_short(alert)),
                "facts": dict(alert.facts),
            }
            for alert in found.alerts
        ],
        "last_hour": [
            {
                "channel": one.channel,
                "label": one.label,
                "count": one.count,
                "minutes": round(one.minutes, 1),
                "usual": None if one.usual is None else round(one.usual, 1),
                "weeks": one.weeks,
            }
            for one in found.readings
        ],
    }

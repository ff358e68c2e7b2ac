"""The order of the queue: a score whose parts are shown, the same for everyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inbox.model import Label, Prediction, Priority, Severity, Signal, Visibility

_OFFENCE = {Severity.LOW: 15, Severity.MEDIUM: 30, Severity.HIGH: 50, Severity.CRITICAL: 90}
_LABEL = {Label.COMPLAINT: 40, Label.SALES_LEAD: 25, Label.PRAISE: 5}
_WANTED = {Priority.LOW: -20, Priority.MEDIUM: 0, Priority.HIGH: 25, Priority.URGENT: 60}
RULE = "rule:"
"""What stands before the level that a rule asked for, among the parts of a priority."""

CRISIS, CRISIS_ADDS = "crisis", 50
"""The part that every complaint has while a crisis runs, and what it adds: as much as a grave offence."""

VIP, VIP_ADDS = "vip", 30
"""The part that every conversation of a contact has who comes first, and what it adds."""

DUE_SOON, BREACHED = 15, 40
"""What a promise that is due soon adds to its conversation, and one that was broken."""

_UNSURE = 10
_URGENT_SIGNAL = 20
_PUBLIC = 5


def priority_parts(
    prediction: Prediction, *, visibility: Visibility, wanted: Sequence[Priority] = ()
) -> Mapping[str, int]:
    """What one message adds to the priority of its conversation, part by part; the score is the sum.

    Args:
        prediction: What the message is.
        visibility: Public messages are seen by others while they wait.
        wanted: What rules asked for; the highest counts.
    """
    parts: dict[str, int] = {}
    for label in prediction.labels:
        if label is Label.OFFENSIVE:
            parts[f"offensive:{prediction.severity or Severity.LOW}"] = _OFFENCE[prediction.severity or Severity.LOW]
        else:
            parts[label.value] = _LABEL[label]
    if prediction.is_unsure:
        parts["unsure"] = _UNSURE
    if prediction.signals.get(Signal.URGENT, 0.0) >= 0.5:
        parts["urgent"] = _URGENT_SIGNAL
    if parts and visibility is Visibility.PUBLIC:
        parts["public"] = _PUBLIC
    return {**parts, **wanted_part(wanted)}


def wanted_part(wanted: Sequence[Priority]) -> Mapping[str, int]:
    """What rules add to a priority that ask for these levels: the highest counts."""
    return {f"{RULE}{max(wanted)}": added} if wanted and (added := _WANTED[max(wanted)]) else {}

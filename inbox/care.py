"""Sparing those who read: which texts are kept from view until somebody asks for them. Pure."""

from __future__ import annotations

from collections.abc import Collection

from inbox.model import Label, Severity

BLUR_FROM = Severity.MEDIUM
"""From which severity on a text that offends is kept from view."""


def is_blurred(labels: Collection[Label], severity: Severity | None) -> bool:
    """Whether a text is kept from view until asked for; what is in doubt is shown, since a person must judge it."""
    return Label.OFFENSIVE in labels and severity is not None and severity >= BLUR_FROM

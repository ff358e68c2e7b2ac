"""Lengths of time as people write them: "30m", "4h", "2d", "1w"."""

from __future__ import annotations

import re
from datetime import timedelta

_DURATION = re.compile(r"([0-9]{1,4})([mhdw])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def duration(text: str) -> timedelta | None:
    """The length of time that a text says; None where it says none, or nothing."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        return None
    return int(found[1]) * _UNITS[found[2]]

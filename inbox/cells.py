"""Cells of a table that leaves as a file: what people write is no program there. Pure."""

from __future__ import annotations

BOM = "\ufeff"
"""What some spreadsheets want at the beginning of a file, to take it for UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" \n").startswith(_FORMULA) else cell

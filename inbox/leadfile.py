"""Leads for spreadsheets: as CSV, no cell of which is a program."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from inbox.cells import BOM, harmless
from inbox.leads import Lead

COLUMNS = (
    "id",
    "status",
    "owner",
    "score",
    "contact",
    "channel",
    "email",
    "phone",
    "place",
    "products",
    "need",
    "conversation",
    "created_at",
    "updated_at",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(leads: Iterable[Lead], out: TextIO, *, bom: bool = False) -> None:
    """Write leads as RFC 4180 has it, with a line of names. The file is opened with `newline=""`.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it: what contacts write is no program.

    Args:
        leads: The leads, a line each.
        out: Where to.
        bom: Begin with a byte order mark, by which Excel knows UTF-8.
    """
    if bom:
        out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for lead in leads:
        writer.writerow([harmless(cell) for cell in _cells(lead)])


def _cells(lead: Lead) -> list[str]:
    return [
        str(lead.id),
        lead.status.value,
        lead.owner or "",
        str(lead.score),
        lead.contact,
        lead.channel,
        lead.email or "",
        lead.phone or "",
        lead.place or "",
        ", ".join(lead.products),
        "\n".join(lead.needs),
        str(lead.conversation_id),
        lead.created_at.isoformat(),
        lead.updated_at.isoformat(),
    ]

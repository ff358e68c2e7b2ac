"""What canned responses said before."""

from __future__ import annotations

from sqlalchemy import select

from data.tables import response_version
from data.transaction import Transaction
from inbox.responses import ResponseVersion


def response_versions(tx: Transaction, code: str) -> list[ResponseVersion]:
    """What a response said, the latest first; without wordings from when it was taken away."""
    wanted = (
        select(response_version.c.told, response_version.c.kept_at)
        .where(response_version.c.brand_id == tx.brand_id, response_version.c.code == code)
        .order_by(response_version.c.id.desc())
    )
    return [
        ResponseVersion(
            row.kept_at, None if row.told is None else tuple((one[0], one[1]) for one in row.told["variants"])
        )
        for row in tx.connection.execute(wanted)
    ]

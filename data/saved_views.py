"""Lists of the inbox that are kept under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row, delete, select

from data.tables import saved_view
from data.transaction import Transaction
from inbox.saved_views import SavedView

_TEAM = ""
_COLUMNS = (saved_view.c.id, saved_view.c.name, saved_view.c.query, saved_view.c.owner)


def list_views(tx: Transaction, *, owner: str | None) -> list[SavedView]:
    """The views of somebody, or those of the team, by name."""
    mine = (saved_view.c.brand_id == tx.brand_id) & (saved_view.c.owner == (owner or _TEAM))
    wanted = select(*_COLUMNS).where(mine).order_by(saved_view.c.name, saved_view.c.id)
    return [_view(row) for row in tx.connection.execute(wanted)]


def save_view(tx: Transaction, name: str, query: str, *, owner: str | None, now: datetime) -> int:
    """Keep a list under a name, in place of what had it; its number."""
    same = (
        (saved_view.c.brand_id == tx.brand_id) & (saved_view.c.owner == (owner or _TEAM)) & (saved_view.c.name == name)
    )
    tx.connection.execute(delete(saved_view).where(same))
    row = {"brand_id": tx.brand_id, "owner": owner or _TEAM, "name": name, "query": query, "saved_at": now}
    return int(tx.connection.execute(saved_view.insert().values(row).returning(saved_view.c.id)).scalar_one())


def remove_view(tx: Transaction, view_id: int) -> None:
    """Keep it no longer."""
    mine = (saved_view.c.brand_id == tx.brand_id) & (saved_view.c.id == view_id)
    tx.connection.execute(delete(saved_view).where(mine))


def find_view(tx: Transaction, view_id: int) -> SavedView | None:
    """One of them; None where there is none."""
    wanted = select(*_COLUMNS).where(saved_view.c.brand_id == tx.brand_id, saved_view.c.id == view_id)
    row = tx.connection.execute(wanted).one_or_none()
    return None if row is None else _view(row)


def _view(row: Row[int, str, str, str]) -> SavedView:
    return SavedView(row[0], row[1], row[2], row[3] or None)

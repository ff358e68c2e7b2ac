"""The switches that every process reads before it acts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from data.many import insert_many
from data.tables import switch
from data.transaction import Transaction
from inbox.model import Actor
from inbox.views import SwitchState


def find_switch(tx: Transaction, name: str) -> SwitchState:
    """A switch; one never set is off."""
    row = tx.connection.execute(
        select(switch).where(switch.c.brand_id == tx.brand_id, switch.c.name == name)
    ).one_or_none()
    if row is None:
        return SwitchState(name, is_on=False)
    return SwitchState(name, is_on=row.is_on, by=Actor(row.actor_kind, row.actor_name), since=row.since)


def switches_on(tx: Transaction, prefix: str) -> list[SwitchState]:
    """The switches that are on and whose name begins so, by name."""
    wanted = (
        select(switch)
        .where(switch.c.brand_id == tx.brand_id, switch.c.is_on, switch.c.name.startswith(prefix, autoescape=True))
        .order_by(switch.c.name)
    )
    return [
        SwitchState(row.name, is_on=True, by=Actor(row.actor_kind, row.actor_name), since=row.since)
        for row in tx.connection.execute(wanted)
    ]


def set_switch(tx: Transaction, name: str, *, on: bool, by: Actor, now: datetime) -> bool:
    """Set a switch; False when it stood so already."""
    stands = {"is_on": on, "actor_kind": by.kind, "actor_name": by.name, "since": now}
    changed = tx.connection.execute(
        update(switch)
        .where(switch.c.brand_id == tx.brand_id, switch.c.name == name, switch.c.is_on.is_not(on))
        .values(stands)
    )
    if changed.rowcount or not on:
        return changed.rowcount > 0
    first = {"brand_id": tx.brand_id, "name": name, **stands}
    return bool(insert_many(tx, switch, [first], skip_conflicts=True, returning=[switch.c.name]))

"""What is laid out for programs that deliver on a channel of their own: put there once, fetched, acknowledged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from data.many import insert_many
from data.tables import api_outgoing
from data.transaction import Transaction
from inbox.outgoing import OutboxKind, Outgoing
from inbox.programs import Fetched


def put_outgoing(tx: Transaction, channel: str, outgoing: Outgoing, *, now: datetime) -> int:
    """Lay something out to be fetched, once per key; its number."""
    row = {
        "brand_id": tx.brand_id,
        "channel": channel,
        "key": outgoing.key,
        "kind": outgoing.kind.value,
        "thread": outgoing.thread,
        "text": outgoing.text,
        "target": outgoing.target,
        "contact": outgoing.contact,
        "put_at": now,
    }
    made = insert_many(tx, api_outgoing, [row], skip_conflicts=True, returning=[api_outgoing.c.id])
    if made:
        return int(made[0].id)
    mine = (api_outgoing.c.brand_id == tx.brand_id) & (api_outgoing.c.key == outgoing.key)
    return int(tx.connection.execute(select(api_outgoing.c.id).where(mine)).scalar_one())


def find_outgoing(tx: Transaction, key: str) -> int | None:
    """The number of what was laid out under a key; None where nothing was."""
    mine = (api_outgoing.c.brand_id == tx.brand_id) & (api_outgoing.c.key == key)
    return tx.connection.scalar(select(api_outgoing.c.id).where(mine))


def outgoing_after(tx: Transaction, channel: str, number: int, *, limit: int) -> list[Fetched]:
    """What is laid out for a channel after a number and not acknowledged, in order."""
    waits = api_outgoing.c.acked_at.is_(None) & (api_outgoing.c.id > number)
    mine = (api_outgoing.c.brand_id == tx.brand_id) & (api_outgoing.c.channel == channel)
    wanted = select(api_outgoing).where(mine, waits).order_by(api_outgoing.c.id).limit(limit)
    return [
        Fetched(row.id, row.key, OutboxKind(row.kind), row.thread, row.text, row.target, row.contact, row.put_at)
        for row in tx.connection.execute(wanted)
    ]


def acknowledge_outgoing(tx: Transaction, channel: str, number: int, *, external_id: str | None, now: datetime) -> bool:
    """Note that what was fetched is done, and forget its words; False where it is not there. Done twice is done."""
    mine = (api_outgoing.c.brand_id == tx.brand_id) & (api_outgoing.c.channel == channel)
    this = mine & (api_outgoing.c.id == number)
    done = (
        update(api_outgoing)
        .where(this, api_outgoing.c.acked_at.is_(None))
        .values(acked_at=now, external_id=external_id, text="")
    )
    if tx.connection.execute(done).rowcount:
        return True
    return tx.connection.scalar(select(api_outgoing.c.id).where(this)) is not None

"""What was done with many conversations at once, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from data.many import insert_many
from data.rows import to_sentence
from data.tables import bulk, bulk_item, contact, conversation
from data.transaction import Transaction, word
from inbox.bulk import Before, BulkAct, BulkItem, BulkState, BulkView
from inbox.model import Actor, Status
from inbox.sentences import Sentence


def open_bulk(tx: Transaction, act: BulkAct, before: Mapping[int, Before], *, by: Actor, now: datetime) -> int:
    """Keep what is going to be done with which conversations, as they stand; its number."""
    row = {"brand_id": tx.brand_id, "act": act.value, "actor_kind": by.kind, "actor_name": by.name, "at": now}
    number = int(tx.connection.execute(bulk.insert().values(row).returning(bulk.c.id)).scalar_one())
    insert_many(
        tx,
        bulk_item,
        [
            {
                "bulk_id": number,
                "conversation_id": one,
                "state": BulkState.PLANNED.value,
                "status": stood.status.value,
                "assignee": stood.assignee,
                "queue": stood.queue,
                "snooze_until": stood.snooze_until,
            }
            for one, stood in before.items()
        ],
    )
    return number


def mark_bulk_item(
    tx: Transaction,
    bulk_id: int,
    conversation_id: int,
    state: BulkState,
    *,
    case: int | None = None,
    why: Sentence | None = None,
) -> None:
    """Keep what became of one of the conversations; a case that is known stays known."""
    values: dict[str, Any] = {"state": state.value, "why": why.to_json() if why else None}
    if case is not None:
        values["case_number"] = case
    mine = (bulk_item.c.bulk_id == bulk_id) & (bulk_item.c.conversation_id == conversation_id)
    tx.connection.execute(update(bulk_item).where(mine).values(values))


def mark_bulk_undone(tx: Transaction, bulk_id: int, *, by: Actor, now: datetime) -> bool:
    """Keep that somebody takes it back; False where somebody has."""
    mine = (bulk.c.id == bulk_id) & (bulk.c.brand_id == tx.brand_id) & bulk.c.undone_at.is_(None)
    values = {"undone_at": now, "undone_by_kind": by.kind, "undone_by_name": by.name}
    return tx.connection.execute(update(bulk).where(mine).values(values)).rowcount > 0


def find_bulk(tx: Transaction, bulk_id: int) -> BulkView | None:
    """One act on many with its items; None where there is none."""
    wanted = select(bulk).where(bulk.c.id == bulk_id, bulk.c.brand_id == tx.brand_id)
    row = tx.connection.execute(wanted).mappings().one_or_none()
    return None if row is None else _view(tx, row, items=_items(tx, bulk_id))


def list_bulks(tx: Transaction, *, limit: int) -> list[BulkView]:
    """The latest acts on many, without their items."""
    wanted = select(bulk).where(bulk.c.brand_id == tx.brand_id).order_by(bulk.c.id.desc()).limit(limit)
    return [_view(tx, row) for row in tx.connection.execute(wanted).mappings().all()]


def put_back(tx: Transaction, conversation_id: int, before: Before, *, why: Sentence) -> None:
    """Let an open conversation be pending or put off again, as it was."""
    mine = (
        (conversation.c.id == conversation_id)
        & (conversation.c.brand_id == tx.brand_id)
        & (conversation.c.status == word(Status.OPEN))
    )
    values = {"status": before.status.value, "snooze_until": before.snooze_until, "status_reason": why.to_json()}
    tx.connection.execute(update(conversation).where(mine).values(values))


def _items(tx: Transaction, bulk_id: int) -> tuple[BulkItem, ...]:
    wanted = (
        select(bulk_item, contact.c.name)
        .join(conversation, conversation.c.id == bulk_item.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(bulk_item.c.bulk_id == bulk_id)
        .order_by(bulk_item.c.id)
    )
    return tuple(
        BulkItem(
            row["conversation_id"],
            row["name"],
            BulkState(row["state"]),
            Before(Status(row["status"]), row["assignee"], row["queue"], row["snooze_until"]),
            row["case_number"],
            to_sentence(row["why"]),
        )
        for row in tx.connection.execute(wanted).mappings()
    )


def _view(tx: Transaction, row: RowMapping, *, items: tuple[BulkItem, ...] = ()) -> BulkView:
    counted = (
        select(bulk_item.c.state, func.count()).where(bulk_item.c.bulk_id == row["id"]).group_by(bulk_item.c.state)
    )
    return BulkView(
        row["id"],
        BulkAct(row["act"]),
        Actor(row["actor_kind"], row["actor_name"]),
        row["at"],
        {BulkState(state): count for state, count in tx.connection.execute(counted)},
        Actor(row["undone_by_kind"], row["undone_by_name"]) if row["undone_at"] else None,
        row["undone_at"],
        items,
    )

"""The team: who is who on which channel, with which role, present or away."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from data.many import insert_many
from data.tables import conversation, moderator, moderator_identity
from data.transaction import Transaction, words
from data.types import to_storable
from inbox.model import Status
from inbox.people import Moderator, Role


def moderators(tx: Transaction) -> list[Moderator]:
    """Everyone of the team, by name."""
    identities: dict[int, list[tuple[str, str]]] = defaultdict(list)
    known = select(moderator_identity).where(moderator_identity.c.brand_id == tx.brand_id)
    for row in tx.connection.execute(known.order_by(moderator_identity.c.id)):
        identities[row.moderator_id].append((row.channel, row.external_id))
    wanted = select(moderator).where(moderator.c.brand_id == tx.brand_id).order_by(moderator.c.name)
    return [_to_moderator(row, tuple(identities[row.id])) for row in tx.connection.execute(wanted)]


def moderator_of(tx: Transaction, channel: str, external_id: str) -> Moderator | None:
    """One of the team by a channel's own id of him."""
    wanted = (
        select(moderator)
        .join(moderator_identity, moderator_identity.c.moderator_id == moderator.c.id)
        .where(
            moderator_identity.c.brand_id == tx.brand_id,
            moderator_identity.c.channel == channel,
            moderator_identity.c.external_id == external_id,
        )
    )
    row = tx.connection.execute(wanted).one_or_none()
    return None if row is None else _to_moderator(row, ((channel, external_id),))


def meet(tx: Transaction, name: str, *, role: Role | None = None, now: datetime) -> Moderator:
    """Add somebody to the team; where the name is taken, a number follows it."""
    wanted = to_storable(name).strip() or "?"
    number = 1
    while True:
        called = wanted if number == 1 else f"{wanted} {number}"
        row = {"brand_id": tx.brand_id, "name": called, "role": role.value if role else None, "created_at": now}
        if made := insert_many(tx, moderator, [row], skip_conflicts=True, returning=[moderator.c.id]):
            return Moderator(int(made[0].id), called, role)
        number += 1


def link(tx: Transaction, moderator_id: int, channel: str, external_id: str) -> None:
    """Have an id of a channel mean one of the team, whomever it meant before."""
    mine = (
        (moderator_identity.c.brand_id == tx.brand_id)
        & (moderator_identity.c.channel == channel)
        & (moderator_identity.c.external_id == external_id)
    )
    changed = tx.connection.execute(update(moderator_identity).where(mine).values(moderator_id=moderator_id))
    if not changed.rowcount:
        row = {
            "brand_id": tx.brand_id,
            "moderator_id": moderator_id,
            "channel": channel,
            "external_id": external_id,
        }
        insert_many(tx, moderator_identity, [row], skip_conflicts=True)


def change_moderator(tx: Transaction, moderator_id: int, **values: Any) -> None:
    """Give one of the team other values: `role`, `seen_role`, `lang`, `deputy`, `absent_since`."""
    mine = (moderator.c.id == moderator_id) & (moderator.c.brand_id == tx.brand_id)
    kept = {name: value.value if isinstance(value, Role) else value for name, value in values.items()}
    tx.connection.execute(update(moderator).where(mine).values(**kept))


def remove_moderator(tx: Transaction, moderator_id: int) -> None:
    """Forget one of the team, with what channels call him."""
    called = (moderator_identity.c.brand_id == tx.brand_id) & (moderator_identity.c.moderator_id == moderator_id)
    tx.connection.execute(delete(moderator_identity).where(called))
    mine = (moderator.c.id == moderator_id) & (moderator.c.brand_id == tx.brand_id)
    tx.connection.execute(delete(moderator).where(mine))


def hand_over(tx: Transaction, before: str, after: str) -> list[int]:
    """Give everything of one person that is not resolved to another; the conversations."""
    unresolved = words(Status.OPEN, Status.PENDING, Status.SNOOZED)
    moved = tx.connection.execute(
        update(conversation)
        .where(
            conversation.c.brand_id == tx.brand_id,
            conversation.c.assignee == before,
            conversation.c.status.in_(unresolved),
        )
        .values(assignee=after)
        .returning(conversation.c.id)
    )
    return sorted(row.id for row in moved)


def _to_moderator(row: Any, identities: tuple[tuple[str, str], ...]) -> Moderator:
    return Moderator(
        id=row.id,
        name=row.name,
        role=Role(row.role) if row.role else None,
        seen_role=Role(row.seen_role) if row.seen_role else None,
        lang=row.lang,
        deputy=row.deputy,
        absent_since=row.absent_since,
        identities=identities,
    )

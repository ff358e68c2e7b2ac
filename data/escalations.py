"""Conversations handed to customer service: one escalation each, as strict as the strictest that was asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from data.many import insert_many, is_among, update_many
from data.tables import escalation
from data.tickets import keep_tickets
from data.transaction import Transaction
from inbox.model import Severity
from inbox.outcome import NewEscalation


def keep_escalations(tx: Transaction, wanted: Sequence[tuple[int, NewEscalation]], *, now: datetime) -> None:
    """Open an escalation per conversation, with its ticket where it has one, or make the open one stricter.

    The caller has locked the conversations.
    """
    if not wanted:
        return
    rows = tx.connection.execute(
        select(escalation).where(
            is_among(tx, escalation.c.conversation_id, {place for place, _ in wanted}),
            escalation.c.resolved_at.is_(None),
        )
    ).mappings()
    open_ids: dict[int, int] = {}
    before: dict[int, NewEscalation] = {}
    for row in rows:
        open_ids[row["conversation_id"]] = row["id"]
        before[row["conversation_id"]] = NewEscalation(
            queue=row["queue"],
            severity=Severity(row["severity"]),
            rule=row["rule"],
            first_response_due_at=row["first_response_due_at"],
            resolution_due_at=row["resolution_due_at"],
            answer_within=None if row["answer_within_s"] is None else timedelta(seconds=row["answer_within_s"]),
        )
    after = dict(before)
    for place, new in wanted:
        after[place] = strictest(after[place], new) if place in after else new
    opened = insert_many(
        tx,
        escalation,
        [
            {"brand_id": tx.brand_id, "conversation_id": place, "opened_at": now, **_columns(one)}
            for place, one in after.items()
            if place not in open_ids
        ],
        returning=[escalation.c.id, escalation.c.conversation_id],
    )
    tickets = [(row[0], row[1], wish) for row in opened if (wish := after[row[1]].ticket) is not None]
    keep_tickets(tx, sorted(tickets, key=lambda one: one[0]), now=now)
    update_many(
        tx,
        escalation,
        [
            {"id": open_ids[place], "look_at": None, **_columns(one)}
            for place, one in after.items()
            if place in open_ids and one != before[place]
        ],
    )


def queues_of(tx: Transaction, conversations: Collection[int]) -> dict[int, str]:
    """The queue of each conversation that is in the hands of customer service: nothing else moves it from there."""
    there = select(escalation.c.conversation_id, escalation.c.queue).where(
        is_among(tx, escalation.c.conversation_id, conversations), escalation.c.resolved_at.is_(None)
    )
    return {row[0]: row[1] for row in tx.connection.execute(there)}


def strictest(there: NewEscalation, new: NewEscalation) -> NewEscalation:
    """The escalation that is there, as grave as the graver of the two and due when the first of them is."""
    graver = new if there.severity < new.severity else there
    return replace(
        there,
        severity=graver.severity,
        rule=graver.rule,
        first_response_due_at=min(there.first_response_due_at, new.first_response_due_at),
        resolution_due_at=min(there.resolution_due_at, new.resolution_due_at),
        answer_within=min((one for one in (there.answer_within, new.answer_within) if one is not None), default=None),
    )


def acknowledge(tx: Transaction, conversation_id: int, *, now: datetime) -> None:
    """Note that a person has answered: for the first time, or what was written since."""
    tx.connection.execute(
        update(escalation)
        .where(
            escalation.c.conversation_id == conversation_id,
            escalation.c.resolved_at.is_(None),
            escalation.c.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=now)
    )
    # What the contact writes next has a promise of its own.
    answered = (escalation.c.conversation_id == conversation_id) & escalation.c.resolved_at.is_(None)
    tx.connection.execute(update(escalation).where(answered).values(next_response_due_at=None, look_at=None))


def close_doubles(tx: Transaction, one: int, other: int) -> None:
    """Before two conversations become one: of their open escalations, keep the one that is due first."""
    rows = tx.connection.execute(
        select(escalation)
        .where(escalation.c.conversation_id.in_([one, other]), escalation.c.resolved_at.is_(None))
        .order_by(escalation.c.first_response_due_at)
    ).all()
    for row in rows[1:]:
        tx.connection.execute(update(escalation).where(escalation.c.id == row.id).values(resolved_at=row.opened_at))


def _columns(one: NewEscalation) -> dict[str, Any]:
    return {
        "queue": one.queue,
        "severity": one.severity.value,
        "rule": one.rule,
        "first_response_due_at": one.first_response_due_at,
        "resolution_due_at": one.resolution_due_at,
        "answer_within_s": None if one.answer_within is None else round(one.answer_within.total_seconds()),
    }

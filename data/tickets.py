"""Tickets: one for each escalation that goes to a help desk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select, update

from data.additions import keep_additions
from data.conversation import find_conversation
from data.many import insert_many, is_among, update_many
from data.standing import lock_conversations
from data.tables import contact_identity, conversation, message, outbox, ticket
from data.transaction import Transaction
from data.waiting import waiting_row
from inbox.desk_news import SOONEST
from inbox.outgoing import OutboxKind
from inbox.tickets import NewTicket, Opened, Ticket, to_ticket
from inbox.views import TicketStatus


def keep_tickets(tx: Transaction, wanted: Sequence[tuple[int, int, NewTicket]], *, now: datetime) -> None:
    """Put the tickets of new escalations in the outbox: the number of each, of its conversation, and the ticket."""
    if not wanted:
        return
    places = {place for _, place, _ in wanted}
    rows = tx.connection.execute(
        select(conversation.c.id, conversation.c.channel_account_id, conversation.c.lang).where(
            is_among(tx, conversation.c.id, places)
        )
    )
    about = {row.id: row for row in rows}
    queued = [
        waiting_row(
            tx,
            kind=OutboxKind.TICKET,
            key=f"ticket:{escalation_id}",
            by=new.by,
            conversation_id=place,
            account=about[place].channel_account_id,
            message_id=None,
            message_version=0,
            text="",
            lang=about[place].lang or "und",
            now=now,
            not_before=new.not_before,
        )
        for escalation_id, place, new in wanted
    ]
    made = insert_many(tx, outbox, queued, returning=[outbox.c.idempotency_key, outbox.c.id])
    ids = {row[0]: row[1] for row in made}
    tickets = [
        {
            "brand_id": tx.brand_id,
            "escalation_id": escalation_id,
            "outbox_id": ids[f"ticket:{escalation_id}"],
            "desk": new.desk,
            # Other inboxes may use the same help desk, with numbers like ours.
            "key": f"vigie-{escalation_id}-{secrets.token_hex(6)}",
            "status": TicketStatus.WAITING.value,
        }
        for escalation_id, _, new in wanted
    ]
    kept = insert_many(tx, ticket, tickets, returning=[ticket.c.outbox_id, ticket.c.id])
    update_many(tx, outbox, [{"id": row[0], "ticket_id": row[1]} for row in kept])


def begin_ticket(tx: Transaction, send_id: int) -> Ticket | None:
    """What a help desk is told in a row of the outbox that opens a ticket; None for any other.

    What is said from now on is not in it, however often it has to be told: it is added later.
    """
    row = tx.connection.execute(
        select(ticket.c.id, ticket.c.escalation_id, ticket.c.key, ticket.c.told_to, outbox.c.conversation_id)
        .join(outbox, outbox.c.id == ticket.c.outbox_id)
        .where(ticket.c.outbox_id == send_id, ticket.c.brand_id == tx.brand_id)
    ).one_or_none()
    if row is None:
        return None
    # Whoever takes a message in holds its conversation: once it is ours, no earlier one can turn up any more.
    lock_conversations(tx, [row.conversation_id])
    told_to = row.told_to or _last_message(tx, row.conversation_id)
    if row.told_to is None:
        tx.connection.execute(update(ticket).where(ticket.c.id == row.id).values(told_to=told_to))
    view = find_conversation(tx, row.conversation_id, with_context=False)
    escalation = next((one for one in view.escalations if one.id == row.escalation_id), None) if view else None
    if view is None or escalation is None:
        return None
    customer_id = tx.connection.scalar(select(customer_of(row.conversation_id))) or str(view.contact_id)
    return to_ticket(view, escalation, key=row.key, customer_id=customer_id, told_to=told_to)


def mark_opened(tx: Transaction, send_id: int, opened: Opened, *, now: datetime) -> None:
    """Note that the ticket of a row of the outbox is open in its help desk, and queue what was said meanwhile."""
    place = tx.connection.scalar(select(outbox.c.conversation_id).where(outbox.c.id == send_id))
    if place is None:
        return
    lock_conversations(tx, [place])
    tx.connection.execute(
        update(ticket)
        .where(ticket.c.outbox_id == send_id, ticket.c.brand_id == tx.brand_id, ticket.c.opened_at.is_(None))
        .values(
            status=TicketStatus.OPEN.value,
            external_id=opened.external_id,
            url=opened.url,
            opened_at=now,
            stands_since=now,
            look_at=now + SOONEST,
        )
    )
    keep_additions(tx, place, now=now)


def customer_of(conversation_id: int) -> ScalarSelect[Any]:
    """The channel's id of the contact of a conversation."""
    return (
        select(func.min(contact_identity.c.external_id))
        .join(
            conversation,
            (conversation.c.contact_id == contact_identity.c.contact_id)
            & (conversation.c.channel_account_id == contact_identity.c.channel_account_id),
        )
        .where(conversation.c.id == conversation_id)
        .scalar_subquery()
    )


def _last_message(tx: Transaction, conversation_id: int) -> int:
    last = select(func.max(message.c.id)).where(message.c.conversation_id == conversation_id)
    return tx.connection.scalar(last) or 0

"""Tickets: one for each escalation that goes to a help desk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from data.conversation import find_conversation
from data.many import insert_many, is_among
from data.tables import contact_identity, conversation, outbox, ticket
from data.transaction import Transaction
from data.waiting import waiting_row
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
    insert_many(tx, ticket, tickets)


def ticket_of(tx: Transaction, send_id: int) -> Ticket | None:
    """What a help desk is told in a row of the outbox that is a ticket, as things stand now; None for any other."""
    row = tx.connection.execute(
        select(
            ticket.c.escalation_id,
            ticket.c.key,
            outbox.c.conversation_id,
            select(func.min(contact_identity.c.external_id))
            .where(
                contact_identity.c.contact_id == conversation.c.contact_id,
                contact_identity.c.channel_account_id == conversation.c.channel_account_id,
            )
            .scalar_subquery()
            .label("customer_id"),
        )
        .join(outbox, outbox.c.id == ticket.c.outbox_id)
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .where(ticket.c.outbox_id == send_id, ticket.c.brand_id == tx.brand_id)
    ).one_or_none()
    view = find_conversation(tx, row.conversation_id, with_context=False) if row else None
    if row is None or view is None:
        return None
    escalation = next((one for one in view.escalations if one.id == row.escalation_id), None)
    if escalation is None:
        return None
    return to_ticket(view, escalation, key=row.key, customer_id=row.customer_id or str(view.contact_id))


def mark_opened(tx: Transaction, send_id: int, opened: Opened, *, now: datetime) -> None:
    """Note that the ticket of a row of the outbox is open in its help desk."""
    tx.connection.execute(
        update(ticket)
        .where(ticket.c.outbox_id == send_id, ticket.c.brand_id == tx.brand_id, ticket.c.opened_at.is_(None))
        .values(status=TicketStatus.OPEN.value, external_id=opened.external_id, url=opened.url, opened_at=now)
    )

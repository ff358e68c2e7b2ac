"""What a contact says while a ticket of his is open: each message is added to it, once and in order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from data.many import insert_many, is_among
from data.rows import to_attachments
from data.tables import (
    channel_account,
    contact,
    contact_identity,
    conversation,
    escalation,
    message,
    outbox,
    ticket,
)
from data.transaction import Transaction, words
from data.waiting import waiting_row
from inbox.model import Actor
from inbox.outgoing import OutboxKind
from inbox.tickets import Addition, TicketLine
from inbox.views import TicketStatus

FOLLOWER = Actor.vigie("tickets")
"""Who adds to tickets."""

_NONE = timedelta()

_NONE = timedelta()

STANDS = (TicketStatus.OPEN, TicketStatus.PENDING)
"""How a ticket stands that can be added to."""


def keep_additions(tx: Transaction, conversation_id: int, *, now: datetime) -> None:
    """Queue what the contact has said since his open ticket was told. The caller has locked the conversation."""
    keep_all_additions(tx, [conversation_id], now=now)


def keep_all_additions(tx: Transaction, conversations: Collection[int], *, now: datetime) -> None:
    """The same for several conversations, which the caller has locked.

    What waits for triage is left to it. Each has the time in which the ticket could be taken back as well: until then
    its author may still change or delete it.
    """
    opened = outbox.alias("opened")
    wanted = (
        select(
            ticket.c.id.label("ticket_id"),
            message.c.id,
            message.c.version,
            message.c.conversation_id,
            message.c.channel_account_id,
            conversation.c.lang,
            opened.c.queued_at,
            opened.c.not_before,
        )
        .join(escalation, escalation.c.id == ticket.c.escalation_id)
        .join(opened, opened.c.id == ticket.c.outbox_id)
        .join(conversation, conversation.c.id == escalation.c.conversation_id)
        .join(message, message.c.conversation_id == escalation.c.conversation_id)
        .where(
            is_among(tx, escalation.c.conversation_id, conversations),
            escalation.c.resolved_at.is_(None),
            ticket.c.status.in_(words(*STANDS)),
            message.c.id > ticket.c.told_to,
            message.c.is_ours.is_(False),
            message.c.deleted_at.is_(None),
            message.c.triaged_at.is_not(None),
        )
        .order_by(message.c.id)
    )
    # By statements of their own: on PostgreSQL the rows of one are numbered in no given order.
    for row in tx.connection.execute(wanted).all():
        queued = waiting_row(
            tx,
            kind=OutboxKind.ADDITION,
            key=f"addition:{row.ticket_id}:{row.id}",
            by=FOLLOWER,
            conversation_id=row.conversation_id,
            account=row.channel_account_id,
            message_id=row.id,
            message_version=row.version,
            text="",
            lang=row.lang or "und",
            now=now,
            not_before=now + max(row.not_before - row.queued_at, _NONE),
            ticket_id=row.ticket_id,
        )
        insert_many(tx, outbox, [queued], skip_conflicts=True)


def addition_of(tx: Transaction, send_id: int) -> Addition | None:
    """What a help desk is told in a row of the outbox that adds to a ticket, as it reads now; None for any other."""
    identity = (
        select(func.min(contact_identity.c.external_id))
        .where(
            contact_identity.c.contact_id == conversation.c.contact_id,
            contact_identity.c.channel_account_id == conversation.c.channel_account_id,
        )
        .scalar_subquery()
    )
    row = tx.connection.execute(
        select(
            ticket.c.external_id,
            ticket.c.key,
            ticket.c.status,
            contact.c.id.label("contact_id"),
            contact.c.name,
            identity.label("customer_id"),
            channel_account.c.name.label("channel"),
            message.c.id,
            message.c.text,
            message.c.sent_at,
            message.c.attachments,
            message.c.permalink,
            message.c.deleted_at,
        )
        .select_from(outbox)
        .join(ticket, ticket.c.id == outbox.c.ticket_id)
        .join(message, message.c.id == outbox.c.message_id)
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id)
    ).one_or_none()
    if row is None or row.external_id is None:
        return None
    files = tuple(file.name for file in to_attachments(row.attachments))
    return Addition(
        key=f"{row.key}-{row.id}",
        ticket=row.external_id,
        ticket_key=row.key,
        status=TicketStatus(row.status),
        customer=row.name,
        customer_id=row.customer_id or str(row.contact_id),
        channel=row.channel,
        line=TicketLine(row.sent_at, row.name, is_ours=False, text=row.text, files=files),
        permalink=row.permalink,
        is_gone=row.deleted_at is not None,
    )

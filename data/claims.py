"""Which rows of the outbox are due, and the state of the world around each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select, update

from data.rows import PERSON
from data.tables import channel_account, contact_identity, conversation, message, outbox, prediction, ticket
from data.transaction import Transaction, word, words
from inbox.delivery import DueSend
from inbox.model import Actor, Visibility
from inbox.outgoing import PART, REPLIES, OutboxKind, Outgoing
from inbox.views import SendState

_ACTIVE = (SendState.WAITING, SendState.SENDING)


def claim_due(tx: Transaction, *, now: datetime, limit: int, lease: timedelta, paused: bool) -> list[int]:
    """Claim rows that are due, the first of each conversation, oldest first.

    A row whose worker has not reported within its lease is due again, and may have been done where that worker had
    begun to. While `paused`, only what people ask for is claimed, and tickets, which speak to nobody outside. What a
    person says does not wait for what a rule has in store, only for what is leaving already. Words wait for words and
    acts for acts; a notice and a ticket wait for nothing.
    """
    may_leave = [or_(outbox.c.actor_kind == PERSON, outbox.c.kind == word(OutboxKind.TICKET))] if paused else []
    # What is under a lease was due before: said of both, it spares a look at all that is planned for later.
    due = and_(
        outbox.c.not_before <= now,
        or_(outbox.c.state == word(SendState.WAITING), outbox.c.lease_until <= now),
    )
    wanted = (
        select(outbox.c.id)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.state.in_(words(*_ACTIVE)),
            due,
            ~exists().where(_in_the_way(now)),
            *may_leave,
        )
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(limit)
    )
    if tx.is_shared:
        wanted = wanted.with_for_update(key_share=True, skip_locked=True, of=outbox)
    claimed = list(tx.connection.scalars(wanted))
    if claimed:
        tx.connection.execute(
            update(outbox)
            .where(outbox.c.id.in_(claimed))
            .values(
                state=SendState.SENDING.value,
                lease_until=now + lease,
                attempts=outbox.c.attempts + 1,
            )
        )
    return claimed


def _in_the_way(now: datetime) -> ColumnElement[bool]:
    """Whether another row of the conversation has to be dealt with before a row of the outbox."""
    ahead = outbox.alias("ahead")
    said, done = words(*REPLIES), words(OutboxKind.NOTICE, OutboxKind.TICKET, *REPLIES)
    words_first = and_(
        outbox.c.kind.in_(said),
        ahead.c.kind.in_(said),
        or_(
            outbox.c.actor_kind != PERSON,
            ahead.c.actor_kind == PERSON,
            ahead.c.state == word(SendState.SENDING),
        ),
    )
    # An act that is planned for later, such as the end of a ban, keeps nothing else waiting.
    acts_first = and_(
        outbox.c.kind.not_in(done),
        ahead.c.kind.not_in(done),
        or_(ahead.c.state == word(SendState.SENDING), ahead.c.not_before <= now),
    )
    return and_(
        ahead.c.conversation_id == outbox.c.conversation_id,
        ahead.c.id < outbox.c.id,
        ahead.c.state.in_(words(*_ACTIVE)),
        or_(words_first, acts_first),
    )


def due_send(tx: Transaction, send_id: int, *, lately: datetime) -> DueSend | None:
    """A claimed row with the state of the world around it; None when it is no longer ours to send.

    Args:
        tx: The transaction.
        send_id: The row.
        lately: Automatic replies to the contact are counted from this moment on.
    """
    identity = (
        select(func.min(contact_identity.c.external_id))
        .where(
            contact_identity.c.contact_id == conversation.c.contact_id,
            contact_identity.c.channel_account_id == outbox.c.channel_account_id,
        )
        .scalar_subquery()
    )
    wanted = (
        select(
            outbox,
            func.coalesce(ticket.c.desk, channel_account.c.name).label("channel"),
            conversation.c.thread.label("conversation_thread"),
            conversation.c.place,
            conversation.c.contact_id,
            conversation.c.human_replied_at,
            message.c.external_id.label("message_external_id"),
            message.c.visibility,
            message.c.deleted_at,
            message.c.version,
            func.coalesce(message.c.author, identity).label("contact"),
            prediction.c.unsure,
            prediction.c.lang_known,
        )
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .outerjoin(ticket, ticket.c.outbox_id == outbox.c.id)
        .outerjoin(message, message.c.id == outbox.c.message_id)
        .outerjoin(prediction, and_(prediction.c.message_id == message.c.id, prediction.c.replaced_at.is_(None)))
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id, outbox.c.state == word(SendState.SENDING))
    )
    row = tx.connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    by = Actor(row["actor_kind"], row["actor_name"])
    return DueSend(
        id=row["id"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        channel=row["channel"],
        outgoing=_to_outgoing(row),
        actor=by,
        attempts=row["attempts"],
        perhaps_sent=row["perhaps_sent"],
        message_deleted=row["deleted_at"] is not None,
        message_version_then=row["message_version"],
        message_version_now=row["message_version"] if row["version"] is None else row["version"],
        human_replied_at=row["human_replied_at"],
        unsure_now=bool(row["unsure"]) or row["lang_known"] is False,
        automatic_lately=0 if by.is_person else _automatic_replies(tx, row, since=lately),
    )


def _to_outgoing(row: RowMapping) -> Outgoing:
    kind = OutboxKind(row["kind"])
    target = row["target"]
    if kind is OutboxKind.REPLY and target is None and row["visibility"] == Visibility.PUBLIC.value:
        target = row["message_external_id"]
    return Outgoing(
        kind=kind,
        key=row["idempotency_key"],
        thread=row["thread"] or row["conversation_thread"],
        queued_at=row["queued_at"],
        text=row["text"],
        place=row["place"],
        target=target,
        contact=row["contact"],
        until=row["until"],
        seconds=row["seconds"],
    )


def _automatic_replies(tx: Transaction, row: RowMapping, *, since: datetime) -> int:
    """How many replies besides this one have left for its contact since a moment without a person's doing.

    A reply that leaves in parts is one, and counts once its first part has left.
    """
    sent = (
        select(outbox.c.idempotency_key)
        .select_from(outbox.join(conversation, conversation.c.id == outbox.c.conversation_id))
        .where(
            conversation.c.contact_id == row["contact_id"],
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.state == word(SendState.SENT),
            outbox.c.actor_kind != PERSON,
            outbox.c.sent_at > since,
        )
    )
    wholes = {key.partition(PART)[0] for key in tx.connection.scalars(sent)}
    return len(wholes - {row["idempotency_key"].partition(PART)[0]})

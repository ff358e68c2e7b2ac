"""Which rows of the outbox are due, and the state of the world around each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, exists, func, or_, select, update

from data.around import replies_of_brand, replies_to_contact, said_before
from data.rows import PERSON, to_labels
from data.tables import (
    channel_account,
    contact,
    contact_identity,
    conversation,
    correction,
    message,
    outbox,
    prediction,
    ticket,
)
from data.thoughts import CORRECTED
from data.transaction import Transaction, word, words
from data.waiting import FREES, GOES_TO
from inbox.delivery import DueSend
from inbox.disclosure import disclosed
from inbox.model import Actor, Visibility
from inbox.outgoing import INSIDE, REPLIES, OutboxKind, Outgoing
from inbox.views import SendState

_ACTIVE = (SendState.WAITING, SendState.SENDING)


def claim_due(
    tx: Transaction,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    paused: bool,
    resting: Collection[str] = (),
) -> list[int]:
    """Claim rows that are due, the first of each conversation, oldest first.

    A row whose worker has not reported within its lease is due again, and may have been done where that worker had
    begun to. While `paused`, only what people ask for is claimed, tickets and leads, which speak to nobody outside, and
    what ends a slow mode.
    What a person says does not wait for what a rule has in store, only for what is leaving already. Words wait for
    words, acts for acts, and what tells of a lead or is added to a ticket for what tells of it already; a notice and a
    ticket wait for nothing.
    What goes to one of the channels or help desks that are `resting` is left where it is.
    """
    may_leave = [or_(outbox.c.actor_kind == PERSON, outbox.c.kind.in_(words(*INSIDE)), FREES)] if paused else []
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
            *_may_be_asked(resting),
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


def _may_be_asked(resting: Collection[str]) -> list[ColumnElement[bool]]:
    """Whether a row of the outbox goes somewhere that is not left alone just now."""
    if not resting:
        return []
    goes_to = (
        select(GOES_TO)
        .select_from(channel_account)
        .outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        .where(channel_account.c.id == outbox.c.channel_account_id)
        .correlate(outbox)
        .scalar_subquery()
    )
    return [goes_to.not_in(sorted(resting))]


def _in_the_way(now: datetime) -> ColumnElement[bool]:
    """Whether another row of the conversation has to be dealt with before a row of the outbox."""
    ahead = outbox.alias("ahead")
    said, done = words(*REPLIES), words(OutboxKind.NOTICE, *INSIDE, *REPLIES)
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
    lead_first = ahead.c.lead_id == outbox.c.lead_id
    ticket_first = ahead.c.ticket_id == outbox.c.ticket_id
    return and_(
        ahead.c.conversation_id == outbox.c.conversation_id,
        ahead.c.id < outbox.c.id,
        ahead.c.state.in_(words(*_ACTIVE)),
        or_(words_first, acts_first, lead_first, ticket_first),
    )


def due_send(tx: Transaction, send_id: int, *, lately: datetime | None) -> DueSend | None:
    """A claimed row with the state of the world around it; None when it is no longer ours to send.

    Args:
        tx: The transaction.
        send_id: The row.
        lately: Automatic replies, to the contact and to anybody, are counted from this moment on; None leaves out what
            stands around the row.
    """
    named = {"send_id": send_id, "brand": tx.brand_id}
    row = tx.connection.execute(_DUE_SEND, named).mappings().one_or_none()
    if row is None:
        return None
    by = Actor(row["actor_kind"], row["actor_name"])
    around = lately if row["kind"] == OutboxKind.REPLY.value and not by.is_person else None
    thought = to_labels(row["labels"] or ())
    is_private = row["visibility"] == Visibility.PRIVATE.value
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
        automatic_lately=replies_to_contact(tx, row, since=around) if around else 0,
        brand_lately=replies_of_brand(tx, row, since=around) if around else 0,
        before=said_before(tx, row, lately=around) if around else (),
        labels_then=thought,
        labels_now=thought if row["corrected"] is None else to_labels(row["corrected"]),
        message_text=row["message_text"] or "",
        contact_name=row["contact_name"],
        visibility=Visibility(row["visibility"] or Visibility.PUBLIC),
        wrote_at=row["last_wrote_at"] if is_private else row["message_sent_at"],
        is_private_reply=row["thread"] is not None,
        response=row["response"],
        lang=row["lang"],
        text=row["text"],
        disclosure=row["disclosure"],
        has_spoken=row["has_spoken"],
    )


def _with_the_world_around() -> Select[Any]:
    """A claimed row of the outbox, with all that the last look has to know of it but what stands beside it."""
    theirs = message.alias("theirs")
    last_wrote = (
        select(func.max(theirs.c.sent_at))
        .where(theirs.c.conversation_id == outbox.c.conversation_id, theirs.c.is_ours.is_(False))
        .scalar_subquery()
    )
    earlier = outbox.alias("earlier")
    has_spoken = exists().where(
        earlier.c.conversation_id == outbox.c.conversation_id,
        earlier.c.kind == word(OutboxKind.REPLY),
        earlier.c.state == word(SendState.SENT),
        earlier.c.actor_kind != PERSON,
    )
    identity = (
        select(func.min(contact_identity.c.external_id))
        .where(
            contact_identity.c.contact_id == conversation.c.contact_id,
            contact_identity.c.channel_account_id == outbox.c.channel_account_id,
        )
        .scalar_subquery()
    )
    return (
        select(
            outbox,
            GOES_TO,
            conversation.c.thread.label("conversation_thread"),
            conversation.c.place,
            conversation.c.contact_id,
            conversation.c.human_replied_at,
            message.c.external_id.label("message_external_id"),
            message.c.visibility,
            message.c.text.label("message_text"),
            message.c.sent_at.label("message_sent_at"),
            message.c.deleted_at,
            message.c.version,
            func.coalesce(message.c.author, identity).label("contact"),
            prediction.c.labels,
            prediction.c.unsure,
            prediction.c.lang_known,
            correction.c.after.label("corrected"),
            contact.c.name.label("contact_name"),
            last_wrote.label("last_wrote_at"),
            has_spoken.label("has_spoken"),
        )
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        .outerjoin(message, message.c.id == outbox.c.message_id)
        .outerjoin(prediction, and_(prediction.c.message_id == message.c.id, prediction.c.replaced_at.is_(None)))
        .outerjoin(correction, CORRECTED)
        .where(
            outbox.c.id == bindparam("send_id"),
            outbox.c.brand_id == bindparam("brand"),
            outbox.c.state == word(SendState.SENDING),
        )
    )


_DUE_SEND = _with_the_world_around()
"""Made once: it is asked for every row that leaves, and making it takes longer than asking it."""


def _to_outgoing(row: RowMapping) -> Outgoing:
    kind = OutboxKind(row["kind"])
    target = row["target"]
    is_in_thread = row["thread"] is None
    if kind is OutboxKind.REPLY and target is None and is_in_thread and row["visibility"] == Visibility.PUBLIC.value:
        target = row["message_external_id"]
    return Outgoing(
        kind=kind,
        key=row["idempotency_key"],
        thread=row["thread"] or row["conversation_thread"],
        queued_at=row["queued_at"],
        text=disclosed(row["disclosure"], row["text"]),
        place=row["place"],
        target=target,
        contact=row["contact"],
        until=row["until"],
        seconds=row["seconds"],
    )

"""What stands around an automatic reply: how many there were lately, and what was said right before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Subquery, and_, bindparam, func, or_, select

from data.rows import PERSON
from data.tables import channel_account, contact, conversation, draft, outbox
from data.transaction import Transaction, word, words
from data.types import UtcDateTime
from inbox.model import Visibility
from inbox.outgoing import PART, OutboxKind, whole_key
from inbox.variety import IN_THREAD, ON_ACCOUNT, Neighbourhood, Said
from inbox.views import DraftState, SendState

_NEARBY = timedelta(days=1)
"""How long ago a reply may have left in the same thread and still be read beside the next."""

_MOST = 500
"""How many rows of each kind are looked at for a batch of messages: those before them are no neighbours any more."""

_SAID = and_(outbox.c.kind == word(OutboxKind.REPLY), outbox.c.sent_at.is_not(None))
"""Replies that have left; written so that the index on when they did is found."""

_LEAVING = and_(
    outbox.c.kind == word(OutboxKind.REPLY),
    outbox.c.state == word(SendState.SENDING),
    outbox.c.perhaps_sent.is_(True),
)
"""Replies that a worker is handing over at this moment."""

_IS_COMING = outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING))
"""What is planned, or under way."""

_IS_FIRST_PART = outbox.c.idempotency_key.not_like(f"%{PART}%")
"""What begins a reply: one that was said in parts counts once, and is compared by its first part."""

_OF_BRAND = outbox.c.brand_id == bindparam("brand")
_AUTOMATIC = outbox.c.actor_kind != PERSON
_OTHERS = outbox.c.idempotency_key != bindparam("key")
_PUBLIC = conversation.c.visibility == word(Visibility.PUBLIC)
_SAID_SINCE = and_(_SAID, outbox.c.sent_at > bindparam("since", type_=UtcDateTime()))


def _where_said(lately: Subquery) -> Select[Any]:
    """Words of ours, the latest first, with whom and where they were for.

    `lately` has their rows, found by an index and cut off: joined at once, a planner may begin at the wrong end.
    """
    return (
        select(lately.c.text, contact.c.name, channel_account.c.name.label("channel"), conversation.c.thread)
        .select_from(lately)
        .join(conversation, conversation.c.id == lately.c.conversation_id)
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .order_by(lately.c.at.desc(), lately.c.id.desc())
    )


def _lately(at: ColumnElement[datetime], *conditions: ColumnElement[bool]) -> Subquery:
    """The latest replies that meet some conditions, by a moment of theirs."""
    return (
        select(outbox.c.id, outbox.c.text, outbox.c.conversation_id, at.label("at"))
        .where(_OF_BRAND, _IS_FIRST_PART, *conditions)
        .order_by(at.desc())
        .limit(_MOST)
        .subquery("lately")
    )


# Each is made once: they are asked for every automatic reply, and making one takes longer than asking it.
_TO_CONTACT = (
    select(outbox.c.idempotency_key)
    .select_from(outbox.join(conversation, conversation.c.id == outbox.c.conversation_id))
    .where(
        conversation.c.contact_id == bindparam("contact"),
        outbox.c.kind == word(OutboxKind.REPLY),
        _AUTOMATIC,
        or_(
            and_(outbox.c.state == word(SendState.SENT), outbox.c.sent_at > bindparam("since", type_=UtcDateTime())),
            _LEAVING,
        ),
    )
)
_LEFT = select(func.count()).where(_OF_BRAND, _OTHERS, _AUTOMATIC, _IS_FIRST_PART, _SAID_SINCE)
_ARE_LEAVING = select(func.count()).where(_OF_BRAND, _OTHERS, _AUTOMATIC, _IS_FIRST_PART, _LEAVING)
_HERE = outbox.c.channel_account_id == bindparam("account")
_BESIDE = _where_said(_lately(outbox.c.sent_at, _HERE, _OTHERS, _SAID_SINCE))
_IN_THREAD = _BESIDE.where(conversation.c.thread == bindparam("thread")).limit(IN_THREAD)
_ON_ACCOUNT = _BESIDE.where(_PUBLIC).limit(ON_ACCOUNT)
_LEAVING_IN_PUBLIC = _where_said(_lately(outbox.c.not_before, _HERE, _OTHERS, _LEAVING)).where(_PUBLIC)


def replies_to_contact(tx: Transaction, row: RowMapping, *, since: datetime) -> int:
    """How many replies besides this one have left for its contact since a moment without a person's doing.

    A reply that leaves in parts is one, and counts once its first part has left.
    """
    sent = tx.connection.scalars(_TO_CONTACT, {"contact": row["contact_id"], "since": since})
    return len({whole_key(key) for key in sent} - {whole_key(row["idempotency_key"])})


def replies_of_brand(tx: Transaction, row: RowMapping, *, since: datetime) -> int:
    """How many replies of the brand besides this one have left since a moment without a person's doing."""
    named = {"brand": tx.brand_id, "key": row["idempotency_key"]}
    left = tx.connection.scalar(_LEFT, {**named, "since": since})
    return (left or 0) + (tx.connection.scalar(_ARE_LEAVING, named) or 0)


def said_before(tx: Transaction, row: RowMapping, *, lately: datetime) -> tuple[Said, ...]:
    """The replies, whoever sent them, that stand right before this one: in its thread, and in public on its account.

    Args:
        tx: The transaction.
        row: The row of the outbox, with `conversation_thread` and `visibility`.
        lately: Since when a reply elsewhere on the account counts.
    """
    here = {"brand": tx.brand_id, "key": row["idempotency_key"], "account": row["channel_account_id"]}
    in_thread = {**here, "thread": row["conversation_thread"], "since": lately - _NEARBY}
    said = _read(tx, _IN_THREAD, in_thread)
    if row["visibility"] != Visibility.PUBLIC.value:
        return tuple(said)
    return (
        *said,
        *_read(tx, _ON_ACCOUNT, {**here, "since": lately}),
        *_read(tx, _LEAVING_IN_PUBLIC, here),
    )


_GONE = _where_said(_lately(outbox.c.sent_at, _SAID_SINCE)).where(_PUBLIC)
_COMING = _where_said(_lately(outbox.c.not_before, outbox.c.kind == word(OutboxKind.REPLY), _IS_COMING)).where(_PUBLIC)
_DRAFTED = _where_said(
    select(draft.c.id, draft.c.text, draft.c.conversation_id, draft.c.created_at.label("at"))
    .where(draft.c.brand_id == bindparam("brand"), draft.c.state == word(DraftState.OPEN))
    .order_by(draft.c.id.desc())
    .limit(_MOST)
    .subquery("lately")
).where(_PUBLIC)


def neighbourhood(tx: Transaction, *, now: datetime) -> Neighbourhood:
    """What was said lately or is about to be, and what is drafted, over all public threads of the brand."""
    brand = {"brand": tx.brand_id}
    gone = _read(tx, _GONE, {**brand, "since": now - _NEARBY})
    coming = _read(tx, _COMING, brand)
    return Neighbourhood([*reversed(gone), *reversed(coming)], reversed(_read(tx, _DRAFTED, brand)))


def _read(tx: Transaction, wanted: Select[Any], named: Mapping[str, Any]) -> Sequence[Said]:
    return [Said(row.text, row.name, row.channel, row.thread) for row in tx.connection.execute(wanted, named)]

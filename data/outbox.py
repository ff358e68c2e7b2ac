"""What is on its way: claimed under a lease, looked at once more, sent, or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, update

from data.drafts import keep_refused, open_again
from data.edits import reopen
from data.rows import to_send
from data.sent import keep_reply
from data.tables import channel_account, conversation, message, outbox, prediction
from data.transaction import Transaction, word, words
from inbox.delivery import DueSend
from inbox.model import Actor
from inbox.sentences import Sentence
from inbox.views import SendState, SendView

_ACTIVE = (SendState.WAITING, SendState.SENDING)
_PERSON = Actor.person("").kind


def find_send(tx: Transaction, send_id: int) -> SendView | None:
    """One row of the outbox."""
    row = tx.connection.execute(_views(tx).where(outbox.c.id == send_id)).mappings().one_or_none()
    return to_send(row) if row else None


def list_sends(tx: Transaction, *, state: SendState, limit: int) -> list[SendView]:
    """Rows of the outbox in one state, newest first."""
    wanted = _views(tx).where(outbox.c.state == word(state)).order_by(outbox.c.id.desc()).limit(limit)
    return [to_send(row) for row in tx.connection.execute(wanted).mappings()]


def waiting_automatic(tx: Transaction) -> list[SendView]:
    """What rules have put in the outbox and has not left, oldest first."""
    wanted = _views(tx).where(outbox.c.state == word(SendState.WAITING), outbox.c.actor_kind != _PERSON)
    return [to_send(row) for row in tx.connection.execute(wanted.order_by(outbox.c.id)).mappings()]


def claim_due(tx: Transaction, *, now: datetime, limit: int, lease: timedelta, paused: bool) -> list[int]:
    """Claim rows that are due, the first of each conversation, oldest first.

    A row whose worker has not reported within its lease is due again. While `paused`, only what people send is claimed.
    What a person sends does not wait for what a rule has in store, only for what is leaving already.
    """
    ahead = outbox.alias("ahead")
    in_the_way = and_(
        ahead.c.conversation_id == outbox.c.conversation_id,
        ahead.c.id < outbox.c.id,
        ahead.c.state.in_(words(*_ACTIVE)),
        or_(
            outbox.c.actor_kind != _PERSON,
            ahead.c.actor_kind == _PERSON,
            ahead.c.state == word(SendState.SENDING),
        ),
    )
    may_leave = [outbox.c.actor_kind == _PERSON] if paused else []
    due = or_(
        and_(outbox.c.state == word(SendState.WAITING), outbox.c.not_before <= now),
        and_(outbox.c.state == word(SendState.SENDING), outbox.c.lease_until <= now),
    )
    wanted = (
        select(outbox.c.id)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.state.in_(words(*_ACTIVE)),
            due,
            ~exists().where(in_the_way),
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
            .values(state=SendState.SENDING.value, lease_until=now + lease, attempts=outbox.c.attempts + 1)
        )
    return claimed


def due_send(tx: Transaction, send_id: int) -> DueSend | None:
    """A claimed row with the state of the world around it; None when it is no longer ours to send."""
    wanted = (
        select(
            outbox,
            channel_account.c.name.label("channel"),
            conversation.c.thread,
            conversation.c.human_replied_at,
            message.c.deleted_at,
            message.c.version,
            prediction.c.unsure,
            prediction.c.lang_known,
        )
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .outerjoin(message, message.c.id == outbox.c.message_id)
        .outerjoin(prediction, and_(prediction.c.message_id == message.c.id, prediction.c.replaced_at.is_(None)))
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id, outbox.c.state == word(SendState.SENDING))
    )
    row = tx.connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return DueSend(
        id=row.id,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        channel=row.channel,
        thread=row.thread,
        text=row.text,
        idempotency_key=row.idempotency_key,
        actor=Actor(row.actor_kind, row.actor_name),
        attempts=row.attempts,
        claimed_before=row.attempts > 1,
        message_deleted=row.deleted_at is not None,
        message_version_then=row.message_version,
        message_version_now=row.message_version if row.version is None else row.version,
        human_replied_at=row.human_replied_at,
        unsure_now=bool(row.unsure) or row.lang_known is False,
    )


def mark_sent(tx: Transaction, send_id: int, *, external_id: str, now: datetime) -> None:
    """Note what was sent: the outgoing message joins its conversation; a person's reply makes it pending."""
    changed = tx.connection.execute(
        update(outbox)
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id, outbox.c.state != word(SendState.SENT))
        .values(state=SendState.SENT.value, external_id=external_id, error=None, lease_until=None)
        .returning(
            outbox.c.conversation_id,
            outbox.c.channel_account_id,
            outbox.c.text,
            outbox.c.actor_kind,
            outbox.c.actor_name,
            outbox.c.queued_at,
        )
    ).one_or_none()
    if changed is None:
        return
    keep_reply(
        tx,
        changed.conversation_id,
        account=changed.channel_account_id,
        external_id=external_id,
        text=changed.text,
        by=Actor(changed.actor_kind, changed.actor_name),
        written_at=changed.queued_at,
        now=now,
    )


def mark_failed(
    tx: Transaction,
    send_id: int,
    *,
    error: Sentence,
    again_at: datetime | None,
    now: datetime,  # noqa: ARG001  # the audit line is dated, not the row
) -> None:
    """Note a failure; without `again_at` it is given up and shown, and the conversation stays open."""
    then: dict[str, Any] = (
        {"state": SendState.FAILED.value}
        if again_at is None
        else {"state": SendState.WAITING.value, "not_before": again_at}
    )
    failed = _leave(tx, send_id, SendState.SENDING, error=error.to_json(), lease_until=None, **then)
    if failed is not None and again_at is None:
        reopen(tx, failed.conversation_id, why=Sentence("A reply could not be sent: {error}", error=error))


def release(tx: Transaction, send_id: int) -> None:
    """Give a claimed row back unsent, as if it had not been claimed."""
    _leave(
        tx,
        send_id,
        SendState.SENDING,
        state=SendState.WAITING.value,
        lease_until=None,
        attempts=outbox.c.attempts - 1,
    )


def refuse(tx: Transaction, send_id: int, *, why: Sentence, now: datetime) -> None:
    """Keep a row from being sent; its words become an open draft with the reason as a finding."""
    refused = _leave(tx, send_id, *_ACTIVE, state=SendState.REFUSED.value, lease_until=None, error=why.to_json())
    if refused is not None and refused.message_id is not None:
        keep_refused(
            tx,
            refused.draft_id,
            conversation_id=refused.conversation_id,
            message_id=refused.message_id,
            text=refused.text,
            lang=refused.lang,
            response=refused.response,
            rule=refused.actor_name if refused.actor_kind != _PERSON else None,
            why=why,
            now=now,
        )


def cancel(tx: Transaction, send_id: int, *, why: Sentence) -> bool:
    """Cancel a row that still waits, and reopen the draft it came from; False when it is too late."""
    cancelled = _leave(tx, send_id, SendState.WAITING, state=SendState.CANCELLED.value, error=why.to_json())
    if cancelled is not None and cancelled.draft_id is not None:
        open_again(tx, cancelled.draft_id, text=cancelled.text)
    return cancelled is not None


def _leave(tx: Transaction, send_id: int, *states: SendState, **values: Any) -> Any:
    """Change a row that is in one of the states; the row, or None when somebody else was first."""
    return tx.connection.execute(
        update(outbox)
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id, outbox.c.state.in_(words(*states)))
        .values(**values)
        .returning(outbox)
    ).one_or_none()


def _views(tx: Transaction) -> Select[Any]:
    return (
        select(outbox, channel_account.c.name.label("channel"))
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .where(outbox.c.brand_id == tx.brand_id)
    )

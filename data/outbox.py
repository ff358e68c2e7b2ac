"""What is on its way: claimed under a lease, looked at once more, sent, or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, func, insert, or_, select, update

from data.drafts import keep_refused, open_again
from data.edits import reopen
from data.many import insert_many
from data.rows import to_send
from data.sent import change_ours, keep_reply, mark_gone
from data.tables import channel_account, contact_identity, conversation, conversation_tag, message, outbox, prediction
from data.transaction import Transaction, word, words
from data.types import to_storable
from inbox.delivery import DueSend
from inbox.model import Actor, Visibility
from inbox.outgoing import PART, REPLIES, OutboxKind, Outgoing
from inbox.sentences import Sentence
from inbox.views import SendState, SendView

_ACTIVE = (SendState.WAITING, SendState.SENDING)
_LOOP = "loop"
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

    A row whose worker has not reported within its lease is due again, and may have been done. While `paused`, only what
    people ask for is claimed. What a person says does not wait for what a rule has in store, only for what is leaving
    already. Words wait for words and acts for acts; a notice waits for nothing.
    """
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
                perhaps_sent=or_(outbox.c.perhaps_sent, outbox.c.state == word(SendState.SENDING)),
            )
        )
    return claimed


def _in_the_way(now: datetime) -> ColumnElement[bool]:
    """Whether another row of the conversation has to be dealt with before a row of the outbox."""
    ahead = outbox.alias("ahead")
    said, done = words(*REPLIES), words(OutboxKind.NOTICE, *REPLIES)
    words_first = and_(
        outbox.c.kind.in_(said),
        ahead.c.kind.in_(said),
        or_(
            outbox.c.actor_kind != _PERSON,
            ahead.c.actor_kind == _PERSON,
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
            channel_account.c.name.label("channel"),
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
        automatic_lately=0 if by.is_person else _automatic_replies(tx, row["contact_id"], since=lately),
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


def _automatic_replies(tx: Transaction, contact_id: int, *, since: datetime) -> int:
    """How many replies have left for a contact since a moment without a person's doing."""
    sent = (
        select(func.count())
        .select_from(outbox.join(conversation, conversation.c.id == outbox.c.conversation_id))
        .where(
            conversation.c.contact_id == contact_id,
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.state == word(SendState.SENT),
            outbox.c.actor_kind != _PERSON,
            outbox.c.sent_at > since,
        )
    )
    return tx.connection.scalar(sent) or 0


def mark_sent(tx: Transaction, send_id: int, *, external_id: str, now: datetime) -> None:
    """Note what was done, and what follows: our words join their conversation, change, or are gone from it."""
    done = tx.connection.execute(
        update(outbox)
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id, outbox.c.state != word(SendState.SENT))
        .values(
            state=SendState.SENT.value,
            external_id=external_id,
            error=None,
            lease_until=None,
            perhaps_sent=False,
            sent_at=now,
        )
        .returning(outbox)
    ).one_or_none()
    if done is None:
        return
    kind = OutboxKind(done.kind)
    if kind is OutboxKind.REPLY:
        keep_reply(
            tx,
            done.conversation_id,
            account=done.channel_account_id,
            external_id=external_id,
            text=done.text,
            by=Actor(done.actor_kind, done.actor_name),
            written_at=done.queued_at,
            now=now,
        )
    elif kind is OutboxKind.EDIT:
        change_ours(tx, account=done.channel_account_id, external_id=done.target, text=done.text, now=now)
    elif kind in {OutboxKind.RETRACT, OutboxKind.DELETE}:
        mark_gone(tx, account=done.channel_account_id, external_id=done.target, now=now)


def mark_failed(
    tx: Transaction,
    send_id: int,
    *,
    error: Sentence,
    again_at: datetime | None,
    outcome_unknown: bool = False,
    now: datetime,  # noqa: ARG001  # the audit line is dated, not the row
) -> None:
    """Note a failure; without `again_at` it is given up and shown, and the conversation stays open.

    What was to follow a reply that is given up is taken back with it: half an answer is worse than none.
    """
    then: dict[str, Any] = (
        {"state": SendState.FAILED.value}
        if again_at is None
        else {"state": SendState.WAITING.value, "not_before": again_at}
    )
    failed = _leave(
        tx,
        send_id,
        SendState.SENDING,
        error=error.to_json(),
        lease_until=None,
        perhaps_sent=outcome_unknown,
        **then,
    )
    if failed is not None and again_at is None:
        _cancel_other_parts(tx, failed, why=error)
        reopen(tx, failed.conversation_id, why=_given_up(OutboxKind(failed.kind), error))


def _given_up(kind: OutboxKind, error: Sentence) -> Sentence:
    if kind is OutboxKind.REPLY:
        return Sentence("A reply could not be sent: {error}", error=error)
    if kind is OutboxKind.NOTICE:
        return Sentence("A contact could not be told what was done: {error}", error=error)
    return Sentence("Something could not be done: {error}", error=error)


def put_off(tx: Transaction, send_id: int, *, until: datetime) -> None:
    """Give a claimed row back because its turn has not come; the attempt does not count."""
    _leave(
        tx,
        send_id,
        SendState.SENDING,
        state=SendState.WAITING.value,
        lease_until=None,
        attempts=outbox.c.attempts - 1,
        not_before=until,
    )


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
    if refused is None:
        return
    rest = _cancel_other_parts(tx, refused, why=why)
    if refused.message_id is not None and refused.kind == OutboxKind.REPLY.value:
        keep_refused(
            tx,
            refused.draft_id,
            conversation_id=refused.conversation_id,
            message_id=refused.message_id,
            text=" ".join([refused.text, *rest]),
            lang=refused.lang,
            response=refused.response,
            rule=refused.actor_name if refused.actor_kind != _PERSON else None,
            why=why,
            now=now,
        )


def cancel(tx: Transaction, send_id: int, *, why: Sentence) -> bool:
    """Cancel a row that still waits, with its other parts, and reopen the draft it came from; False when too late."""
    cancelled = _leave(tx, send_id, SendState.WAITING, state=SendState.CANCELLED.value, error=why.to_json())
    if cancelled is None:
        return False
    rest = _cancel_other_parts(tx, cancelled, why=why)
    if cancelled.draft_id is not None:
        open_again(tx, cancelled.draft_id, text=" ".join([cancelled.text, *rest]))
    return True


def alert_loop(tx: Transaction, conversation_id: int) -> bool:
    """Mark a conversation as a loop that was stopped, and open it; False when it is marked already."""
    tag = {"conversation_id": conversation_id, "tag": _LOOP, "brand_id": tx.brand_id}
    marked = insert_many(tx, conversation_tag, [tag], skip_conflicts=True, returning=[conversation_tag.c.tag])
    if marked:
        reopen(tx, conversation_id, why=Sentence("Automatic replies were stopped here: it looks like a loop."))
    return bool(marked)


def change_sent(
    tx: Transaction, send_id: int, *, kind: OutboxKind, text: str, by: Actor, not_before: datetime, now: datetime
) -> int:
    """Put the change of a reply that has left, or its taking back, in the outbox; the id of the new row."""
    mine = (outbox.c.id == send_id) & (outbox.c.brand_id == tx.brand_id)
    sent = tx.connection.execute(select(outbox).where(mine)).one()
    earlier = tx.connection.scalar(
        select(func.count()).where(outbox.c.brand_id == tx.brand_id, outbox.c.target == sent.external_id)
    )
    return int(
        tx.connection.execute(
            insert(outbox)
            .values(
                brand_id=tx.brand_id,
                conversation_id=sent.conversation_id,
                channel_account_id=sent.channel_account_id,
                message_id=sent.message_id,
                message_version=sent.message_version,
                kind=kind.value,
                text=to_storable(text),
                lang=sent.lang,
                response=sent.response,
                idempotency_key=f"{kind}:{send_id}:{(earlier or 0) + 1}",
                actor_kind=by.kind,
                actor_name=by.name,
                queued_at=now,
                not_before=not_before,
                attempts=0,
                state=SendState.WAITING.value,
                thread=sent.thread,
                target=sent.external_id,
            )
            .returning(outbox.c.id)
        ).scalar_one()
    )


def _cancel_other_parts(tx: Transaction, row: Any, *, why: Sentence) -> list[str]:
    """Cancel the parts of a long reply that wait beside this one; their words, in order."""
    whole = row.idempotency_key.partition(PART)[0]
    waiting = tx.connection.execute(
        update(outbox)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.conversation_id == row.conversation_id,
            outbox.c.id != row.id,
            outbox.c.state == word(SendState.WAITING),
            or_(outbox.c.idempotency_key == whole, outbox.c.idempotency_key.startswith(whole + PART, autoescape=True)),
        )
        .values(state=SendState.CANCELLED.value, error=why.to_json())
        .returning(outbox.c.id, outbox.c.text)
    )
    return [text for _, text in sorted((row[0], row[1]) for row in waiting)]


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

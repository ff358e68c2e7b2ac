"""What is on its way: sent, given back, failed, refused, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, update

from data.attention import reopen
from data.drafts import keep_refused, open_again
from data.rows import PERSON, to_send
from data.sent import change_ours, keep_reply, mark_gone
from data.tables import channel_account, moderation_case, outbox, ticket
from data.transaction import Transaction, word, words
from data.waiting import FREES, GOES_TO
from inbox.disclosure import disclosed
from inbox.model import Actor
from inbox.outgoing import INSIDE, PART, OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendState, SendView

_ACTIVE = (SendState.WAITING, SendState.SENDING)


def find_send(tx: Transaction, send_id: int) -> SendView | None:
    """One row of the outbox."""
    row = tx.connection.execute(_views(tx).where(outbox.c.id == send_id)).mappings().one_or_none()
    return to_send(row) if row else None


def list_sends(tx: Transaction, *, state: SendState, limit: int) -> list[SendView]:
    """Rows of the outbox in one state, newest first."""
    wanted = _views(tx).where(outbox.c.state == word(state)).order_by(outbox.c.id.desc()).limit(limit)
    return [to_send(row) for row in tx.connection.execute(wanted).mappings()]


def waiting_automatic(tx: Transaction) -> list[SendView]:
    """What rules have put in the outbox for somebody outside and has not left, oldest first."""
    automatic = (outbox.c.actor_kind != PERSON) & outbox.c.kind.not_in(words(*INSIDE)) & ~FREES
    wanted = _views(tx).where(outbox.c.state == word(SendState.WAITING), automatic)
    return [to_send(row) for row in tx.connection.execute(wanted.order_by(outbox.c.id)).mappings()]


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
            text=disclosed(done.disclosure, done.text),
            by=Actor(done.actor_kind, done.actor_name),
            is_alone=done.thread is not None,
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
    if kind is OutboxKind.TICKET:
        return Sentence("A ticket could not be opened: {error}", error=error)
    if kind is OutboxKind.ADDITION:
        return Sentence("A message could not be added to its ticket: {error}", error=error)
    if kind is OutboxKind.LEAD:
        return Sentence("The CRM could not be told of a lead: {error}", error=error)
    return Sentence("Something could not be done: {error}", error=error)


def note_attempt(tx: Transaction, send_id: int, *, disclosure: str | None = None) -> None:
    """Note that a claimed row is about to be done: from now on it may have got through without our hearing so.

    `disclosure` is the line that stands above its words from now on.
    """
    _leave(tx, send_id, SendState.SENDING, perhaps_sent=True, disclosure=disclosure)


def release(tx: Transaction, send_id: int, *, until: datetime | None = None, in_doubt: bool | None = None) -> None:
    """Give a claimed row back as if it had not been claimed; with `until`, its turn comes then.

    `in_doubt` says whether it may have got through, None that nothing has been learnt about it.
    """
    later: dict[str, Any] = {} if until is None else {"not_before": until}
    if in_doubt is not None:
        later["perhaps_sent"] = in_doubt
    _leave(
        tx,
        send_id,
        SendState.SENDING,
        state=SendState.WAITING.value,
        lease_until=None,
        attempts=outbox.c.attempts - 1,
        **later,
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
            rule=refused.actor_name if refused.actor_kind != PERSON else None,
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


def replay(tx: Transaction, send_id: int, *, now: datetime) -> bool:
    """Have a row that was given up tried again from now on, with the parts that were taken back with it.

    What may have got through is looked up first. False where it was not given up, or is not to be done any more.
    """
    found = tx.connection.execute(
        select(outbox, moderation_case.c.undone_at)
        .outerjoin(moderation_case, moderation_case.c.id == outbox.c.case_id)
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id)
    ).one_or_none()
    if found is None or (found.undone_at is not None and found.queued_at < found.undone_at):
        return False  # what was queued by the undoing itself still has to be done
    again = {"state": SendState.WAITING.value, "attempts": 0, "not_before": now, "lease_until": None}
    row = _leave(tx, send_id, SendState.FAILED, **again)
    if row is None:
        return False
    whole = row.idempotency_key.partition(PART)[0]
    parts = tx.connection.execute(
        select(outbox.c.id, outbox.c.error).where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.conversation_id == row.conversation_id,
            outbox.c.state == word(SendState.CANCELLED),
            outbox.c.idempotency_key.startswith(whole + PART, autoescape=True),
        )
    ).all()
    for part in parts:
        if part.error == row.error:
            _leave(tx, part.id, SendState.CANCELLED, **again)
    return True


def adopt(tx: Transaction, send_id: int, *, by: Actor) -> None:
    """Have a row that waits leave in a person's name, and so without a line that calls it automatic."""
    _leave(tx, send_id, SendState.WAITING, actor_kind=by.kind, actor_name=by.name, disclosure=None)


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
        select(outbox, GOES_TO)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        .where(outbox.c.brand_id == tx.brand_id)
    )

"""What has left: what it does to its conversation, how it is changed, how it is taken back."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import func, select, update

from data.edits import keep_version
from data.escalations import acknowledge
from data.many import insert_many
from data.standing import lock_conversations, stand_anew
from data.tables import conversation, message, outbox
from data.transaction import Transaction, word
from data.types import to_storable
from data.waiting import waiting_row
from inbox.model import Actor, Kind, Status, Visibility
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence


def keep_reply(
    tx: Transaction,
    conversation_id: int,
    *,
    account: int,
    external_id: str,
    text: str,
    by: Actor,
    written_at: datetime,
    by_hand: bool = False,
    is_alone: bool = False,
    now: datetime,
) -> None:
    """Put what we said in the conversation; `is_alone` where the contact alone can read it.

    A person's reply deals with every message that had come when it was written (`written_at`): what came later is
    still to be looked at, and keeps the conversation open. `by_hand`, it was written on the channel itself, whoever
    wrote it saw what had been sent there until then, and it is kept once.
    """
    undealt = (
        (message.c.conversation_id == conversation_id) & message.c.dealt_at.is_(None) & message.c.is_ours.is_(False)
    )
    if by.is_person and tx.is_shared:
        # Triage holds messages while it asks for their conversation: taken in the same order, nobody waits in a circle.
        tx.connection.execute(
            select(message.c.id).where(undealt).order_by(message.c.id).with_for_update(key_share=True)
        )
    lock_conversations(tx, [conversation_id])
    said_at = written_at if by_hand else now
    ours = partial(_add_ours, tx, conversation_id, account=account, text=text, by=by, is_alone=is_alone, now=said_at)
    is_kept = ours(external_id=external_id)
    if not is_kept and by_hand:
        return
    if not is_kept:
        # The channel has echoed our own words under this id before we heard that they were sent.
        ours(external_id=None)
    mine = conversation.c.id == conversation_id
    tx.connection.execute(update(conversation).where(mine).values(last_message_at=now))
    if not by.is_person:
        return
    seen_at = message.c.sent_at if by_hand else message.c.received_at
    tx.connection.execute(update(message).where(undealt, seen_at <= written_at).values(dealt_at=now))
    acknowledge(tx, conversation_id, now=now)
    stand_anew(tx, conversation_id)
    tx.connection.execute(update(conversation).where(mine).values(human_replied_at=now))
    since = tx.connection.scalar(select(func.min(message.c.sent_at)).where(undealt))
    if since is not None:
        tx.connection.execute(update(conversation).where(mine).values(waiting_since=since))
        return
    reason = Sentence("{person} has answered.", person=by.name).to_json()
    rests = {"status": Status.PENDING.value, "status_reason": reason, "waiting_since": now, "snooze_until": None}
    # Whoever has closed it while the answer was on its way meant it to be closed.
    closed = conversation.c.status == word(Status.RESOLVED)
    tx.connection.execute(update(conversation).where(mine, ~closed).values(rests))


def change_sent(
    tx: Transaction, send_id: int, *, kind: OutboxKind, text: str, by: Actor, not_before: datetime, now: datetime
) -> int:
    """Put the change of a reply that has left, or its taking back, in the outbox; the id of the new row."""
    mine = (outbox.c.id == send_id) & (outbox.c.brand_id == tx.brand_id)
    wanted = select(outbox).where(mine)
    # Whoever else changes it waits: each change has a key of its own, made from how many there were before.
    sent = tx.connection.execute(wanted.with_for_update(key_share=True) if tx.is_shared else wanted).one()
    earlier = tx.connection.scalar(
        select(func.count()).where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.conversation_id == sent.conversation_id,
            outbox.c.target == sent.external_id,
        )
    )
    changed = waiting_row(
        tx,
        kind=kind,
        key=f"{kind}:{send_id}:{(earlier or 0) + 1}",
        by=by,
        conversation_id=sent.conversation_id,
        account=sent.channel_account_id,
        message_id=sent.message_id,
        message_version=sent.message_version,
        text=text,
        lang=sent.lang,
        now=now,
        not_before=not_before,
        response=sent.response,
        thread=sent.thread,
        target=sent.external_id,
    )
    return int(insert_many(tx, outbox, [changed], returning=[outbox.c.id])[0].id)


def change_ours(tx: Transaction, *, account: int, external_id: str, text: str, now: datetime) -> None:
    """Give something we said the text that it has been changed to; the former one stays as a version."""
    mine = (message.c.channel_account_id == account) & (message.c.external_id == external_id)
    found = tx.connection.scalar(select(message.c.id).where(mine, message.c.is_ours.is_(True)))
    if found is not None:
        keep_version(tx, found, text=text, edited_at=now)


def mark_gone(tx: Transaction, *, account: int, external_id: str, now: datetime) -> None:
    """Note that a message was taken away by us; its words stay, for whoever has to explain why."""
    mine = (message.c.channel_account_id == account) & (message.c.external_id == external_id)
    tx.connection.execute(update(message).where(mine, message.c.deleted_at.is_(None)).values(deleted_at=now))


def _add_ours(
    tx: Transaction,
    conversation_id: int,
    *,
    account: int,
    external_id: str | None,
    text: str,
    by: Actor,
    is_alone: bool,
    now: datetime,
) -> bool:
    place = tx.connection.execute(select(conversation.c.visibility).where(conversation.c.id == conversation_id)).one()
    said = {
        "brand_id": tx.brand_id,
        "conversation_id": conversation_id,
        "channel_account_id": account,
        "external_id": external_id,
        "is_ours": True,
        "author": to_storable(by.name),
        "kind": Kind.THREAD_REPLY.value,
        "visibility": Visibility.PRIVATE.value if is_alone else place.visibility,
        "text": to_storable(text),
        "version": 1,
        "sent_at": now,
        "received_at": now,
        "triaged_at": now,
        "dealt_at": now,
    }
    return bool(insert_many(tx, message, [said], skip_conflicts=True, returning=[message.c.id]))

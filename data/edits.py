"""Following what happens to a message later: edited, taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, literal, select, update

from data.tables import channel_account, draft, message, message_version, outbox, prediction
from data.transaction import Transaction, word, words
from data.types import to_storable
from inbox.model import StoredMessage
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState


def find_message(tx: Transaction, channel: str, external_id: str) -> StoredMessage | None:
    """A message by the channel's name and id for it, kept from other writers; None where it is not known."""
    wanted = (
        select(
            message.c.id,
            message.c.conversation_id,
            message.c.text,
            message.c.version,
            message.c.edited_at,
            message.c.deleted_at,
        )
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(
            channel_account.c.brand_id == tx.brand_id,
            channel_account.c.name == to_storable(channel),
            message.c.external_id == to_storable(external_id),
            message.c.is_ours.is_(False),
        )
    )
    if tx.is_shared:
        wanted = wanted.with_for_update(key_share=True, of=message)
    row = tx.connection.execute(wanted).one_or_none()
    return StoredMessage(*row) if row else None


def add_version(tx: Transaction, message_id: int, *, text: str, edited_at: datetime) -> None:
    """Keep the former text as a version, take the new one, and have the message triaged anew."""
    keep_version(tx, message_id, text=text, edited_at=edited_at)
    mine = (message.c.id == message_id) & (message.c.brand_id == tx.brand_id)
    tx.connection.execute(update(message).where(mine).values(triaged_at=None, dealt_at=None))


def keep_version(tx: Transaction, message_id: int, *, text: str, edited_at: datetime) -> None:
    """Keep the former text of a message as a version, and take the new one."""
    mine = (message.c.id == message_id) & (message.c.brand_id == tx.brand_id)
    former = select(
        message.c.brand_id,
        message.c.id,
        message.c.version,
        message.c.text,
        literal(edited_at, message.c.edited_at.type),
    ).where(mine)
    tx.connection.execute(
        insert(message_version).from_select(["brand_id", "message_id", "version", "text", "replaced_at"], former)
    )
    tx.connection.execute(
        update(message).where(mine).values(text=to_storable(text), version=message.c.version + 1, edited_at=edited_at)
    )


def mark_deleted(tx: Transaction, message_id: int, *, deleted_at: datetime, keep_text: bool) -> None:
    """Note that the author took a message back; unless `keep_text`, blank it and what was quoted from it."""
    mine = (message.c.id == message_id) & (message.c.brand_id == tx.brand_id)
    triaged_at = func.coalesce(message.c.triaged_at, literal(deleted_at, message.c.triaged_at.type))
    tx.connection.execute(update(message).where(mine).values(deleted_at=deleted_at, triaged_at=triaged_at))
    if keep_text:
        return
    tx.connection.execute(update(message).where(mine).values(text=""))
    tx.connection.execute(
        update(message_version)
        .where(message_version.c.message_id == message_id, message_version.c.brand_id == tx.brand_id)
        .values(text="")
    )
    tx.connection.execute(
        update(prediction)
        .where(prediction.c.message_id == message_id, prediction.c.brand_id == tx.brand_id)
        .values(reasons={})
    )


def is_being_removed(tx: Transaction, channel: str, external_id: str) -> bool:
    """Whether it was us who took a message away, or are about to: the channel tells of it as of any other deletion."""
    # By its conversation, which has an index: all that was ever sent is too much to look through for each deletion.
    wanted = (
        select(outbox.c.id)
        .join(
            message,
            (message.c.conversation_id == outbox.c.conversation_id)
            & (message.c.channel_account_id == outbox.c.channel_account_id)
            & (message.c.external_id == outbox.c.target),
        )
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(
            message.c.brand_id == tx.brand_id,
            channel_account.c.brand_id == tx.brand_id,
            channel_account.c.name == to_storable(channel),
            message.c.external_id == to_storable(external_id),
            outbox.c.kind == word(OutboxKind.DELETE),
            outbox.c.state.in_(words(SendState.SENDING, SendState.SENT)),
        )
    )
    return tx.connection.scalar(wanted.limit(1)) is not None


def withdraw(
    tx: Transaction,
    message_id: int,
    *,
    why: Sentence,
    now: datetime,  # noqa: ARG001  # the audit line is dated, not the rows
) -> int:
    """Withdraw the open drafts on a message and cancel what waits to be sent; how many there were."""
    cancelled = tx.connection.execute(
        update(outbox)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.message_id == message_id,
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.state == word(SendState.WAITING),
        )
        .values(state=SendState.CANCELLED.value, error=why.to_json())
        .returning(outbox.c.draft_id)
    ).all()
    drafts_behind = [row[0] for row in cancelled if row[0] is not None]
    open_drafts = (draft.c.message_id == message_id) & (draft.c.state == word(DraftState.OPEN))
    withdrawn = tx.connection.execute(
        update(draft)
        .where(draft.c.brand_id == tx.brand_id, open_drafts)
        .values(state=DraftState.WITHDRAWN.value)
        .returning(draft.c.id)
    ).all()
    if drafts_behind:
        tx.connection.execute(
            update(draft).where(draft.c.id.in_(drafts_behind)).values(state=DraftState.WITHDRAWN.value)
        )
    return len(cancelled) + len(withdrawn)

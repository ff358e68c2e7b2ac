"""What one of the team says to a contact by himself, on the channel: as good as a reply from here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from data.contacts import keep_accounts
from data.sent import keep_reply
from data.tables import conversation, message
from data.transaction import Transaction
from data.types import to_storable
from inbox.model import Actor, IncomingMessage, Visibility


def keep_answer(tx: Transaction, said: IncomingMessage, *, now: datetime) -> int | None:
    """Keep it in the conversation that it answers; the conversation.

    It answers whoever wrote the message it replies to, or in a private thread the contact of that thread. None when
    that is nobody we know of, or when it was kept before.
    """
    account = keep_accounts(tx, [said.channel])[said.channel]
    external_id = to_storable(said.external_id)
    known = select(message.c.id).where(message.c.channel_account_id == account, message.c.external_id == external_id)
    if tx.connection.scalar(known) is not None:
        return None
    answered = _answered(tx, account, said)
    if answered is None:
        return None
    keep_reply(
        tx,
        answered,
        account=account,
        external_id=external_id,
        text=to_storable(said.text),
        by=Actor.person(to_storable(said.author_name or said.author)),
        written_at=said.sent_at,
        by_hand=True,
        now=now,
    )
    return answered


def _answered(tx: Transaction, account: int, said: IncomingMessage) -> int | None:
    if said.parent is not None:
        parent = select(message.c.conversation_id).where(
            message.c.channel_account_id == account,
            message.c.external_id == to_storable(said.parent),
            message.c.is_ours.is_(False),
        )
        return tx.connection.scalar(parent)
    if said.visibility is Visibility.PRIVATE:
        private = (
            select(conversation.c.id)
            .where(conversation.c.channel_account_id == account, conversation.c.thread == to_storable(said.thread))
            .order_by(conversation.c.last_message_at.desc())
        )
        return tx.connection.scalar(private.limit(1))
    return None

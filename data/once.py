"""Words that a contact has once in a time: when he had them last, in whatever conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from data.many import is_among
from data.tables import conversation, draft, message, outbox
from data.transaction import Transaction, words
from inbox.outcome import NewDraft, NewSend, Outcome
from inbox.views import DraftState, SendState

_PREPARED = [state for state in DraftState if state is not DraftState.WITHDRAWN]
_ON_ITS_WAY = (SendState.WAITING, SendState.SENDING, SendState.SENT)


def _words_of(one: Outcome) -> Sequence[NewDraft | NewSend]:
    return [*one.drafts, *one.sends]


def is_prepared(tx: Transaction, conversation_id: int, response: str) -> bool:
    """Whether a response was prepared in a conversation, or sent there; one that was thrown away counts."""
    for table, states in ((draft, words(*_PREPARED)), (outbox, words(*_ON_ITS_WAY))):
        mine = (table.c.brand_id == tx.brand_id) & (table.c.conversation_id == conversation_id)
        wanted = select(table.c.id).where(mine, table.c.response == response, table.c.state.in_(states)).limit(1)
        if tx.connection.scalar(wanted) is not None:
            return True
    return False


def had_since(tx: Transaction, outcomes: Sequence[Outcome]) -> dict[tuple[int, str], datetime]:
    """Per contact and response when the last message was sent to which it was prepared, or sent; thrown away counts.

    Only those that are said once in a time are looked for. Nothing is asked of the store where there are none.
    """
    asked = [
        (one.message.contact_id, new.words.response, new.once_since)
        for one in outcomes
        for new in _words_of(one)
        if new.once_since is not None
    ]
    if not asked:
        return {}
    earliest = min(since for _, _, since in asked)
    contacts = {contact_id for contact_id, _, _ in asked}
    responses = {response for _, response, _ in asked}
    found: dict[tuple[int, str], datetime] = {}
    for table, states in ((draft, words(*_PREPARED)), (outbox, words(*_ON_ITS_WAY))):
        wanted = (
            select(conversation.c.contact_id, table.c.response, message.c.sent_at)
            .select_from(conversation)
            .join(table, table.c.conversation_id == conversation.c.id)
            .join(message, message.c.id == table.c.message_id)
            .where(
                is_among(tx, conversation.c.contact_id, contacts),
                is_among(tx, table.c.response, responses),
                table.c.state.in_(states),
                message.c.sent_at >= earliest,
            )
        )
        for contact_id, response, sent_at in tx.connection.execute(wanted):
            key = (contact_id, response)
            found[key] = max(sent_at, found.get(key, sent_at))
    return found

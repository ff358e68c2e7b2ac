"""A person's labels over the model's: kept, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from data.rows import PERSON, to_labels
from data.standing import lock_conversations, stand_anew
from data.tables import channel_account, correction, message, outbox, prediction, spam_mark
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction, word
from inbox.learning import Labelled, in_order
from inbox.model import Actor, Label
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendState


def labels_of(tx: Transaction, message_id: int) -> Labelled | None:
    """The labels of a contact's message as it reads now: the model's, and a person's; None where there is none."""
    wanted = (
        select(
            message.c.conversation_id,
            message.c.version,
            channel_account.c.name,
            channel_account.c.may_train,
            prediction.c.labels,
            correction.c.after,
        )
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(message.c.id == message_id, message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
    )
    row = tx.connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return Labelled(
        message_id=message_id,
        conversation_id=row.conversation_id,
        version=row.version,
        channel=row.name,
        may_train=row.may_train,
        model=None if row.labels is None else in_order(to_labels(row.labels)),
        person=None if row.after is None else to_labels(row.after),
    )


def keep_correction(
    tx: Transaction, message_id: int, *, after: Sequence[Label], why: str, by: Actor, now: datetime
) -> bool:
    """Keep what a person says a message is, as it reads now; its conversation then stands in the queue by that.

    To say the same as the model is to confirm it. False when the message is unknown, no model has read it as it is
    now, or a person has said the same.
    """
    found = _locked(tx, message_id)
    labels = in_order(after)
    if found is None or found.model is None or found.person == labels:
        return False
    _replace(tx, message_id, now=now)
    tx.connection.execute(
        insert(correction).values(
            brand_id=tx.brand_id,
            message_id=message_id,
            message_version=found.version,
            before=[label.value for label in found.model],
            after=[label.value for label in labels],
            why=why,
            actor_kind=by.kind,
            actor_name=by.name,
            corrected_at=now,
        )
    )
    stand_anew(tx, found.conversation_id)
    return True


def drop_correction(tx: Transaction, message_id: int, *, now: datetime) -> bool:
    """Let the model's labels stand again; False when nobody has corrected the message as it reads now."""
    found = _locked(tx, message_id)
    if found is None or found.person is None:
        return False
    _replace(tx, message_id, now=now)
    stand_anew(tx, found.conversation_id)
    return True


def mark_spam(tx: Transaction, message_id: int, *, is_spam: bool, by: Actor, now: datetime) -> bool:
    """Keep a person's word on whether a message is spam; False when it is unknown, or he has said the same."""
    found = _locked(tx, message_id)
    if found is None:
        return False
    current = (spam_mark.c.message_id == message_id) & spam_mark.c.replaced_at.is_(None)
    before = tx.connection.execute(select(spam_mark).where(current)).one_or_none()
    if before is not None and (before.is_spam, before.message_version) == (is_spam, found.version):
        return False
    tx.connection.execute(update(spam_mark).where(current).values(replaced_at=now))
    tx.connection.execute(
        insert(spam_mark).values(
            brand_id=tx.brand_id,
            message_id=message_id,
            message_version=found.version,
            is_spam=is_spam,
            actor_kind=by.kind,
            actor_name=by.name,
            marked_at=now,
        )
    )
    return True


def withdraw_automatic(tx: Transaction, message_id: int, *, why: Sentence) -> int:
    """Cancel the replies to a message that rules have put in the outbox and have not left; how many there were."""
    cancelled = tx.connection.execute(
        update(outbox)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.message_id == message_id,
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.state == word(SendState.WAITING),
            outbox.c.actor_kind != PERSON,
        )
        .values(state=SendState.CANCELLED.value, error=why.to_json())
    )
    return int(cancelled.rowcount)


def _locked(tx: Transaction, message_id: int) -> Labelled | None:
    """The labels of a message, with its conversation kept from other writers."""
    found = labels_of(tx, message_id)
    if found is None:
        return None
    lock_conversations(tx, [found.conversation_id])
    return labels_of(tx, message_id)


def _replace(tx: Transaction, message_id: int, *, now: datetime) -> None:
    current = (correction.c.message_id == message_id) & correction.c.replaced_at.is_(None)
    tx.connection.execute(update(correction).where(current).values(replaced_at=now))

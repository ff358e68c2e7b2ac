"""What rules go by, and what they do, when a promise is due soon or was broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, select, update

from data.rows import to_labels, to_prediction
from data.standing import stand_anew
from data.tables import (
    channel_account,
    contact,
    contact_identity,
    conversation,
    correction,
    draft,
    escalation,
    message,
    outbox,
    prediction,
)
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction, word, words
from data.triage import SAID, to_waiting
from inbox.model import Label, Prediction, Priority, SlaState, Status, WaitingMessage
from inbox.views import DraftState, SendState


def subject_of(tx: Transaction, conversation_id: int) -> tuple[WaitingMessage, Prediction] | None:
    """What a contact has said last and nobody has dealt with, else last of all, with its labels as they stand.

    A person's labels take the place of the model's, and are in no doubt. None where no model has read it as it is now.
    """
    wanted = (
        select(*SAID)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(
            contact_identity,
            and_(
                contact_identity.c.channel_account_id == message.c.channel_account_id,
                contact_identity.c.external_id == message.c.author,
            ),
        )
        .where(
            message.c.brand_id == tx.brand_id,
            message.c.conversation_id == conversation_id,
            message.c.is_ours.is_(False),
            message.c.deleted_at.is_(None),
        )
        .order_by(message.c.dealt_at.is_not(None), message.c.sent_at.desc(), message.c.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(wanted).one_or_none()
    if row is None:
        return None
    said = to_waiting(row)
    thought = _thought_of(tx, said.id)
    return None if thought is None else (said, thought)


def _thought_of(tx: Transaction, message_id: int) -> Prediction | None:
    wanted = (
        select(prediction, correction.c.after)
        .select_from(message)
        .join(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(message.c.id == message_id)
    )
    row = tx.connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    thought = to_prediction(row)
    if row["after"] is None:
        return thought
    labels = to_labels(row["after"])
    return replace(
        thought,
        labels=labels,
        unsure=(),
        lang_known=True,
        scores={label: float(label in labels) for label in Label},
        severity=thought.severity if Label.OFFENSIVE in labels else None,
    )


def give(tx: Transaction, conversation_id: int, *, to: str) -> bool:
    """Give a conversation to somebody unless somebody has it; False where that is so."""
    free = and_(
        conversation.c.id == conversation_id, conversation.c.brand_id == tx.brand_id, conversation.c.assignee.is_(None)
    )
    return tx.connection.execute(update(conversation).where(free).values(assignee=to)).rowcount > 0


def move_escalation(tx: Transaction, escalation_id: int, *, queue: str, climbed: int) -> None:
    """Have an escalation wait in another queue, with so many steps of the chain there behind it."""
    mine = and_(escalation.c.id == escalation_id, escalation.c.brand_id == tx.brand_id)
    there = {"queue": queue, "climbed": climbed, "look_at": None}
    tx.connection.execute(update(escalation).where(mine).values(there))


def want_priority(tx: Transaction, escalation_id: int, *, level: Priority) -> bool:
    """Have the conversation of an escalation stand as high as a rule asks; False where it stands so already."""
    mine = and_(escalation.c.id == escalation_id, escalation.c.brand_id == tx.brand_id)
    row = tx.connection.execute(select(escalation.c.conversation_id, escalation.c.wanted).where(mine)).one()
    if row.wanted is not None and Priority(row.wanted) >= level:
        return False
    tx.connection.execute(update(escalation).where(mine).values(wanted=level.value))
    stand_anew(tx, row.conversation_id)
    return True


def has_words(tx: Transaction, conversation_id: int, response: str) -> bool:
    """Whether a response is prepared, on its way or said in a conversation."""
    prepared = exists().where(
        draft.c.conversation_id == conversation_id,
        draft.c.response == response,
        draft.c.state.in_(words(DraftState.OPEN, DraftState.APPROVED)),
    )
    leaving = exists().where(
        outbox.c.conversation_id == conversation_id,
        outbox.c.response == response,
        outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING, SendState.SENT)),
    )
    return bool(tx.connection.scalar(select(prepared | leaving)))


def sla_counts(tx: Transaction) -> Mapping[SlaState, int]:
    """How many conversations that are not resolved have a promise that is due soon, and how many a broken one."""
    counted = {
        state: select(func.count())
        .select_from(escalation)
        .join(conversation, conversation.c.id == escalation.c.conversation_id)
        .where(
            escalation.c.brand_id == tx.brand_id,
            escalation.c.resolved_at.is_(None),
            conversation.c.status != word(Status.RESOLVED),
            stands_at(state),
        )
        for state in (SlaState.DUE_SOON, SlaState.BREACHED)
    }
    return {state: tx.connection.scalar(wanted) or 0 for state, wanted in counted.items()}


def stands_at(state: SlaState) -> ColumnElement[bool]:
    """Whether the worst promise to a conversation was told to be due soon, or broken: it is a part of its priority."""
    return cast(conversation.c.priority_parts, Text).contains(f'"{state.value}"')

"""A message that somebody is about to act on, with its author as the channel knows him."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, and_, select

from data.rows import to_attachments, to_labels
from data.tables import (
    channel_account,
    contact,
    contact_identity,
    conversation,
    correction,
    message,
    message_version,
    prediction,
)
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction
from inbox.cases import Evidence, Subject
from inbox.model import Kind, Label, Standing


def find_subject(tx: Transaction, message_id: int) -> Subject | None:
    """A message with what has to be known to act on it; None where there is none."""
    row = tx.connection.execute(_subject(tx, message_id)).one_or_none()
    if row is None:
        return None
    model = () if row.labels is None else to_labels(row.labels)
    versions = select(message_version.c.text).where(message_version.c.message_id == message_id)
    evidence = Evidence(
        text=row.text,
        author=row.author or "",
        author_name=row.contact_name,
        channel=row.channel,
        thread=row.thread,
        kind=Kind(row.kind),
        sent_at=row.sent_at,
        version=row.version,
        external_id=row.external_id,
        place=row.place,
        permalink=row.permalink,
        former_texts=tuple(tx.connection.scalars(versions.order_by(message_version.c.version))),
        attachments=to_attachments(row.attachments),
        labels=model if row.after is None else to_labels(row.after),
    )
    return Subject(
        message_id=message_id,
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        evidence=evidence,
        is_ours=row.is_ours,
        is_known=row.identity is not None,
        standing=Standing(row.standing) if row.standing else Standing.MEMBER,
        unsure=_unsure(row),
        lang=row.lang,
        deleted_at=row.deleted_at,
    )


def _subject(tx: Transaction, message_id: int) -> Select[Any]:
    identity = and_(
        contact_identity.c.channel_account_id == message.c.channel_account_id,
        contact_identity.c.external_id == message.c.author,
    )
    return (
        select(
            message,
            conversation.c.contact_id,
            conversation.c.thread,
            conversation.c.place,
            channel_account.c.name.label("channel"),
            contact.c.name.label("contact_name"),
            contact_identity.c.id.label("identity"),
            contact_identity.c.standing,
            prediction.c.labels,
            prediction.c.unsure,
            prediction.c.lang_known,
            prediction.c.lang,
            correction.c.after,
        )
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(contact_identity, identity)
        .outerjoin(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(message.c.id == message_id, message.c.brand_id == tx.brand_id)
    )


def _unsure(row: Row[Any]) -> tuple[Label, ...]:
    """The labels of the present text that are in doubt: none once a person has spoken."""
    if row.after is not None or row.labels is None:
        return ()
    return to_labels(row.unsure) if row.lang_known else tuple(Label)

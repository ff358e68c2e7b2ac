"""The card of a contact: all that is known of a person, on whatever channel he writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, literal, or_, select

from data.many import insert_many, is_among
from data.merging import people_among, same_person
from data.rows import to_audit_line, to_offence
from data.search import escaped, folded
from data.tables import (
    audit,
    channel_account,
    contact,
    contact_identity,
    contact_note,
    conversation,
    conversation_tag,
    correction,
    lead,
    message,
    prediction,
)
from data.thoughts import CORRECTED
from data.transaction import Transaction
from data.types import to_storable
from inbox.audit import AuditLine
from inbox.care import is_blurred
from inbox.contacts import Account, ContactCard, ContactConversation, ContactLine, ContactNote, Merged
from inbox.model import Label, Status
from inbox.text import fold

_MOST_CONVERSATIONS = 100
_MOST_HISTORY = 50


def contact_card(tx: Transaction, contact_id: int) -> ContactCard | None:
    """All that is known of a person, by any of the contacts that he is; None where there is none."""
    members = same_person(tx, contact_id)
    rows = tx.connection.execute(
        select(contact).where(is_among(tx, contact.c.id, members), contact.c.brand_id == tx.brand_id)
    ).all()
    if not rows:
        return None
    head = next(row for row in rows if row.merged_into is None)
    merged = tuple(Merged(row.id, row.name, row.merged_into) for row in rows if row.merged_into is not None)
    tags = (
        select(conversation_tag.c.tag)
        .join(conversation, conversation.c.id == conversation_tag.c.conversation_id)
        .where(is_among(tx, conversation.c.contact_id, members))
        .distinct()
        .order_by(conversation_tag.c.tag)
    )
    leads = select(lead.c.id).where(is_among(tx, lead.c.contact_id, members)).order_by(lead.c.id.desc())
    return ContactCard(
        id=head.id,
        name=head.name,
        known_since=min(row.created_at for row in rows),
        is_vip=any(row.is_vip for row in rows),
        accounts=tuple(_accounts(tx, members)),
        tags=tuple(tx.connection.scalars(tags)),
        conversations=_conversations(tx, members),
        notes=_notes(tx, members),
        leads=tuple(tx.connection.scalars(leads)),
        merged=merged,
        history=_history(tx, members),
    )


def find_contacts(tx: Transaction, text: str, *, limit: int) -> list[ContactLine]:
    """The people who are called so or whose accounts are, whatever case and accents, who wrote last first."""
    pattern = literal(f"%{escaped(fold(text.strip()))}%")
    named = folded(tx, contact.c.name).like(pattern, escape="\\")
    called = folded(tx, contact_identity.c.external_id).like(pattern, escape="\\")
    person = func.coalesce(contact.c.person_id, contact.c.id)
    wanted = (
        select(person)
        .outerjoin(contact_identity, contact_identity.c.contact_id == contact.c.id)
        .outerjoin(conversation, conversation.c.contact_id == contact.c.id)
        .where(contact.c.brand_id == tx.brand_id, or_(named, called))
        .group_by(person)
        .order_by(func.max(conversation.c.last_message_at).desc(), person)
        .limit(limit)
    )
    return _lines(tx, [*tx.connection.scalars(wanted)])


def add_contact_note(tx: Transaction, contact_id: int, *, author: str, text: str, now: datetime) -> int:
    """Keep a note about a contact; its number."""
    row = {
        "brand_id": tx.brand_id,
        "contact_id": contact_id,
        "author": author,
        "text": to_storable(text),
        "written_at": now,
    }
    return int(insert_many(tx, contact_note, [row], returning=[contact_note.c.id])[0].id)


def _lines(tx: Transaction, heads: Sequence[int]) -> list[ContactLine]:
    people = people_among(tx, heads)
    members = people.members(heads)
    accounts: dict[int, list[Account]] = defaultdict(list)
    for one in _accounts(tx, members):
        accounts[people.person(one.contact_id)].append(one)
    counts: dict[int, int] = defaultdict(int)
    for contact_id, many in tx.connection.execute(
        select(conversation.c.contact_id, func.count())
        .where(is_among(tx, conversation.c.contact_id, members))
        .group_by(conversation.c.contact_id)
    ):
        counts[people.person(contact_id)] += many
    rows = tx.connection.execute(
        select(contact.c.id, contact.c.name, contact.c.is_vip).where(is_among(tx, contact.c.id, members))
    ).all()
    names = {row.id: row.name for row in rows}
    vips = {people.person(row.id) for row in rows if row.is_vip}
    return [ContactLine(one, names[one], tuple(accounts[one]), counts[one], one in vips) for one in heads]


def _accounts(tx: Transaction, contacts: Collection[int]) -> list[Account]:
    wanted = (
        select(
            channel_account.c.name,
            contact_identity.c.external_id,
            contact_identity.c.contact_id,
            contact_identity.c.standing,
        )
        .join(channel_account, channel_account.c.id == contact_identity.c.channel_account_id)
        .where(is_among(tx, contact_identity.c.contact_id, contacts))
        .order_by(channel_account.c.name, contact_identity.c.external_id)
    )
    return [Account(*row) for row in tx.connection.execute(wanted)]


def _conversations(tx: Transaction, contacts: Collection[int]) -> tuple[ContactConversation, ...]:
    said = message.alias("said")
    last = (
        select(said.c.id)
        .where(said.c.conversation_id == conversation.c.id, said.c.is_ours.is_(False))
        .order_by(said.c.sent_at.desc(), said.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(
            conversation.c.id,
            conversation.c.contact_id,
            channel_account.c.name,
            conversation.c.status,
            message.c.text,
            conversation.c.last_message_at,
            prediction.c.labels,
            correction.c.after,
            prediction.c.severity,
        )
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .join(message, message.c.id == last)
        .outerjoin(prediction, and_(prediction.c.message_id == message.c.id, prediction.c.replaced_at.is_(None)))
        .outerjoin(correction, CORRECTED)
        .where(is_among(tx, conversation.c.contact_id, contacts))
        .order_by(conversation.c.last_message_at.desc(), conversation.c.id.desc())
        .limit(_MOST_CONVERSATIONS)
    )
    return tuple(
        ContactConversation(
            row[0],
            row[1],
            row[2],
            Status(row[3]),
            row[4],
            row[5],
            is_blurred([Label.OFFENSIVE], to_offence(row[6], row[7], row[8])),
        )
        for row in tx.connection.execute(wanted)
    )


def _notes(tx: Transaction, contacts: Collection[int]) -> tuple[ContactNote, ...]:
    wanted = (
        select(contact_note.c.id, contact_note.c.author, contact_note.c.text, contact_note.c.written_at)
        .where(is_among(tx, contact_note.c.contact_id, contacts))
        .order_by(contact_note.c.id)
    )
    return tuple(ContactNote(*row) for row in tx.connection.execute(wanted))


def _history(tx: Transaction, contacts: Collection[int]) -> tuple[AuditLine, ...]:
    wanted = (
        select(audit)
        .where(
            audit.c.brand_id == tx.brand_id,
            audit.c.subject == "contact",
            is_among(tx, audit.c.subject_id, contacts),
        )
        .order_by(audit.c.id.desc())
        .limit(_MOST_HISTORY)
    )
    return tuple(to_audit_line(row) for row in tx.connection.execute(wanted).mappings())

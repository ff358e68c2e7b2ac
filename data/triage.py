"""Which messages wait, and the rules and responses they will be measured by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from data.tables import (
    audit,
    brand,
    canned_response,
    channel_account,
    contact,
    contact_identity,
    conversation,
    message,
    rule_book,
)
from data.transaction import Transaction
from inbox.model import Actor, Kind, Standing, Visibility, WaitingMessage
from inbox.responses import CannedResponse, Variant
from inbox.rulebooks import RuleBookVersion
from inbox.sentences import Sentence

SAID = (
    message.c.id,
    message.c.conversation_id,
    conversation.c.contact_id,
    contact.c.name,
    channel_account.c.name,
    conversation.c.thread,
    message.c.text,
    message.c.kind,
    message.c.visibility,
    message.c.lang_hint,
    message.c.sent_at,
    message.c.version,
    contact_identity.c.standing,
)
"""What is read of a message to decide on it: the fields of a `WaitingMessage`, in their order."""


def claim_waiting(tx: Transaction, limit: int) -> list[WaitingMessage]:
    """Up to `limit` messages that wait, first come first, kept from other workers until the transaction ends."""
    wanted = (
        select(*SAID)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(
            contact_identity,
            (contact_identity.c.channel_account_id == message.c.channel_account_id)
            & (contact_identity.c.external_id == message.c.author),
        )
        .where(message.c.brand_id == tx.brand_id, message.c.triaged_at.is_(None))
        .order_by(message.c.id)
        .limit(limit)
    )
    if tx.is_shared:
        wanted = wanted.with_for_update(key_share=True, skip_locked=True, of=message)
    return [to_waiting(row) for row in tx.connection.execute(wanted)]


def to_waiting(row: Sequence[Any]) -> WaitingMessage:
    """A message as it was read by `SAID`."""
    return WaitingMessage(
        id=row[0],
        conversation_id=row[1],
        contact_id=row[2],
        contact_name=row[3],
        channel=row[4],
        thread=row[5],
        text=row[6],
        kind=Kind(row[7]),
        visibility=Visibility(row[8]),
        lang_hint=row[9],
        sent_at=row[10],
        version=row[11],
        standing=Standing(row[12]) if row[12] else Standing.MEMBER,
    )


def count_waiting(tx: Transaction) -> int:
    """How many messages wait for triage."""
    wanted = select(func.count()).where(message.c.brand_id == tx.brand_id, message.c.triaged_at.is_(None))
    return tx.connection.scalar(wanted) or 0


def keep_rule_book(tx: Transaction, text: str, *, author: Actor, now: datetime) -> int:
    """The version number of this text, from 1; a new version unless the latest reads the same."""
    _one_at_a_time(tx)
    latest = tx.connection.execute(
        select(rule_book.c.version, rule_book.c.text)
        .where(rule_book.c.brand_id == tx.brand_id)
        .order_by(rule_book.c.version.desc())
        .limit(1)
    ).one_or_none()
    version: int = latest.version if latest else 0
    if latest is not None and latest.text == text:
        return version
    version += 1
    tx.connection.execute(
        insert(rule_book).values(
            brand_id=tx.brand_id,
            version=version,
            text=text,
            author_kind=author.kind,
            author_name=author.name,
            written_at=now,
        )
    )
    return version


def rule_books(tx: Transaction) -> list[RuleBookVersion]:
    """Every version of the rule book that was in force, the first one first."""
    wanted = select(rule_book).where(rule_book.c.brand_id == tx.brand_id).order_by(rule_book.c.version)
    return [_to_version(row) for row in tx.connection.execute(wanted)]


def latest_rule_book(tx: Transaction) -> RuleBookVersion | None:
    """The version put on record last; None where there is none yet."""
    wanted = select(rule_book).where(rule_book.c.brand_id == tx.brand_id).order_by(rule_book.c.version.desc()).limit(1)
    row = tx.connection.execute(wanted).one_or_none()
    return None if row is None else _to_version(row)


def why_rule_books(tx: Transaction) -> dict[int, Sentence]:
    """Per version of the rule book why it was put in force, where that is on record."""
    wanted = select(audit.c.subject_id, audit.c.reason).where(
        audit.c.brand_id == tx.brand_id, audit.c.subject == "rule_book", audit.c.subject_id > 0
    )
    return {row[0]: Sentence.from_json(row[1]) for row in tx.connection.execute(wanted.order_by(audit.c.id))}


def _to_version(row: Any) -> RuleBookVersion:
    return RuleBookVersion(row.version, row.text, Actor(row.author_kind, row.author_name), row.written_at)


def keep_responses(tx: Transaction, responses: Sequence[CannedResponse], *, now: datetime) -> None:
    """Make the stored canned responses these."""
    _one_at_a_time(tx)
    mine = canned_response.c.brand_id == tx.brand_id
    stored = tx.connection.execute(select(canned_response).where(mine)).mappings()
    columns = ("code", "polarity", "variants", "title", "owner")
    before = {row["code"]: {name: row[name] for name in columns} for row in stored}
    after = {response.code: _columns(response) for response in responses}
    changed = [code for code, kept in after.items() if before.get(code) != kept]
    gone = [code for code in before if code not in after]
    if changed or gone:
        tx.connection.execute(delete(canned_response).where(mine, canned_response.c.code.in_([*changed, *gone])))
    if changed:
        tx.connection.execute(
            insert(canned_response),
            [{"brand_id": tx.brand_id, "changed_at": now, **after[code]} for code in changed],
        )


def _columns(response: CannedResponse) -> dict[str, object]:
    return {
        "code": response.code,
        "polarity": response.polarity.value,
        "variants": [_told(variant) for variant in response.variants],
        "title": dict(response.title),
        "owner": response.owner,
    }


def _told(variant: Variant) -> list[object]:
    """A wording as it is stored: its language and words, then what sets it apart, where anything does."""
    apart = [variant.tone.value, variant.address.value, list(variant.channels)]
    return [variant.lang, variant.text, *(apart if variant != Variant(variant.lang, variant.text) else [])]


def _one_at_a_time(tx: Transaction) -> None:
    if tx.is_shared:
        tx.connection.execute(select(brand.c.id).where(brand.c.id == tx.brand_id).with_for_update(key_share=True))

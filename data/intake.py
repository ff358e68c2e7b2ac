"""Taking messages in: each once, whoever delivers it, and however often."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from data.contacts import Identity, keep_accounts, keep_contacts
from data.many import insert_many, keys, update_many
from data.rows import from_attachments
from data.tables import conversation, message
from data.transaction import Transaction
from data.types import to_storable
from inbox.model import Attachment, IncomingMessage, Status
from inbox.sentences import Sentence

_TEXTS = (
    "text",
    "external_id",
    "author",
    "author_name",
    "thread",
    "parent",
    "parent_text",
    "parent_author",
    "place",
    "permalink",
)
_Key = tuple[int, str]
_Place = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class _Conversation:
    id: int
    status: Status
    waiting_since: datetime
    last_message_at: datetime
    is_new: bool = False


def add_messages(tx: Transaction, said: Sequence[IncomingMessage], *, now: datetime) -> list[int | None]:
    """Keep messages once; per message its id, or None when the channel has delivered it before."""
    if not said:
        return []
    cleaned = [_storable(one) for one in said]
    accounts = keep_accounts(tx, {one.channel for one in cleaned})
    places = [(accounts[one.channel], one.external_id) for one in cleaned]
    first: dict[_Key, IncomingMessage] = {}
    for key, one in zip(places, cleaned, strict=True):
        first.setdefault(key, one)
    for key in _known(tx, first):
        del first[key]
    # Oldest first: ids follow the order of sending, and processes that take in the same file meet in the same order.
    fresh = dict(sorted(first.items(), key=lambda item: (item[1].sent_at, item[0])))
    ids = _add_fresh(tx, fresh, now=now) if fresh else {}
    return [ids.pop(key, None) for key in places]


def keep_files(tx: Transaction, channel: str, external_id: str, files: Sequence[Attachment]) -> None:
    """Note where the copies of a message's files lie."""
    account = keep_accounts(tx, {channel})[channel]
    tx.connection.execute(
        update(message)
        .where(message.c.channel_account_id == account, message.c.external_id == external_id)
        .values(attachments=from_attachments(files))
    )


def _add_fresh(tx: Transaction, fresh: Mapping[_Key, IncomingMessage], *, now: datetime) -> dict[_Key, int]:
    names: dict[Identity, str] = {}
    for (account, _), one in fresh.items():
        names[account, one.author] = one.author_name or names.get((account, one.author), "")
    standings = {(account, one.author): one.standing for (account, _), one in fresh.items()}
    contacts = keep_contacts(tx, names, standings, now=now)
    places: dict[_Key, _Place] = {key: (contacts[key[0], one.author], one.thread, key[0]) for key, one in fresh.items()}
    conversations = _keep_conversations(tx, {place: fresh[key] for key, place in reversed(places.items())})
    rows = [
        {
            "brand_id": tx.brand_id,
            "conversation_id": conversations[places[key]].id,
            "channel_account_id": key[0],
            "external_id": one.external_id,
            "is_ours": False,
            "author": one.author,
            "kind": one.kind.value,
            "visibility": one.visibility.value,
            "text": one.text,
            "lang_hint": one.lang,
            "parent": one.parent,
            "parent_text": one.parent_text,
            "parent_author": one.parent_author,
            "permalink": one.permalink,
            "attachments": from_attachments(one.attachments),
            "version": 1,
            "sent_at": one.sent_at,
            "received_at": now,
        }
        for key, one in fresh.items()
    ]
    columns = [message.c.id, message.c.channel_account_id, message.c.external_id]
    ids = {(row[1], row[2]): row[0] for row in insert_many(tx, message, rows, skip_conflicts=True, returning=columns)}
    arrived: dict[_Place, list[datetime]] = {}
    for key in fresh:
        if key in ids:
            arrived.setdefault(places[key], []).append(fresh[key].sent_at)
    _touch(tx, [(conversations[place], moments) for place, moments in arrived.items()])
    return ids


def _known(tx: Transaction, wanted: Collection[_Key]) -> list[_Key]:
    account, external_id = message.c.channel_account_id, message.c.external_id
    given = keys(tx, [account, external_id], [*wanted])
    rows = tx.connection.execute(
        select(account, external_id)
        .select_from(given)
        .join(message, (account == given.c.channel_account_id) & (external_id == given.c.external_id))
    )
    return [(row[0], row[1]) for row in rows]


def _keep_conversations(tx: Transaction, firsts: Mapping[_Place, IncomingMessage]) -> dict[_Place, _Conversation]:
    found = _find_conversations(tx, firsts)
    missing = [place for place in sorted(firsts) if place not in found]
    rows: list[dict[str, Any]] = [
        {
            "brand_id": tx.brand_id,
            "contact_id": place[0],
            "thread": place[1],
            "channel_account_id": place[2],
            "place": firsts[place].place,
            "visibility": firsts[place].visibility.value,
            "status": Status.OPEN.value,
            "priority": 0,
            "priority_parts": {},
            "scores": {},
            "waiting_since": firsts[place].sent_at,
            "last_message_at": firsts[place].sent_at,
        }
        for place in missing
    ]
    columns = [
        conversation.c.id,
        conversation.c.contact_id,
        conversation.c.thread,
        conversation.c.channel_account_id,
        conversation.c.waiting_since,
    ]
    for row in insert_many(tx, conversation, rows, skip_conflicts=True, returning=columns):
        found[row[1], row[2], row[3]] = _Conversation(row[0], Status.OPEN, row[4], row[4], is_new=True)
    if lost := [place for place in missing if place not in found]:
        found |= _find_conversations(tx, lost)
    return found


def _find_conversations(tx: Transaction, places: Collection[_Place]) -> dict[_Place, _Conversation]:
    table = conversation.c
    given = keys(tx, [table.contact_id, table.thread, table.channel_account_id], [*places])
    wanted = (
        select(
            table.contact_id,
            table.thread,
            table.channel_account_id,
            table.id,
            table.status,
            table.waiting_since,
            table.last_message_at,
        )
        .select_from(given)
        .join(
            conversation,
            (table.contact_id == given.c.contact_id)
            & (table.thread == given.c.thread)
            & (table.channel_account_id == given.c.channel_account_id),
        )
        .order_by(table.id)
    )
    if tx.is_shared:
        wanted = wanted.with_for_update(key_share=True, of=conversation)
    return {
        (row[0], row[1], row[2]): _Conversation(row[3], Status(row[4]), row[5], row[6])
        for row in tx.connection.execute(wanted)
    }


def _touch(tx: Transaction, arrived: Sequence[tuple[_Conversation, list[datetime]]]) -> None:
    """Note what new messages change: when the last came, and that a conversation at rest is open again."""
    moved: list[dict[str, Any]] = []
    reopened: list[dict[str, Any]] = []
    for one, moments in arrived:
        last = max(one.last_message_at, *moments)
        if one.status is not Status.OPEN:
            reopened.append(
                {
                    "id": one.id,
                    "status": Status.OPEN.value,
                    "status_reason": Sentence("The contact wrote again.").to_json(),
                    "snooze_until": None,
                    "waiting_since": one.waiting_since if one.status is Status.SNOOZED else min(moments),
                    "last_message_at": last,
                }
            )
        elif last != one.last_message_at or min(moments) < one.waiting_since:
            moved.append({"id": one.id, "waiting_since": min(one.waiting_since, *moments), "last_message_at": last})
    update_many(tx, conversation, moved)
    update_many(tx, conversation, reopened)


def _storable(said: IncomingMessage) -> IncomingMessage:
    told: dict[str, Any] = {name: getattr(said, name) for name in _TEXTS}
    stored: dict[str, Any] = {name: text and to_storable(text) for name, text in told.items()}
    files = tuple(_storable_file(file) for file in said.attachments)
    if stored == told and files == said.attachments:
        return said
    return replace(said, attachments=files, **stored)


def _storable_file(file: Attachment) -> Attachment:
    return replace(
        file, name=to_storable(file.name), media_type=to_storable(file.media_type), url=to_storable(file.url)
    )

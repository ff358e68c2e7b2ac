"""Taking messages in: each once, whoever delivers it, and however often."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from data.contacts import Identity, keep_accounts, keep_contacts
from data.many import insert_many, keys, update_many
from data.tables import conversation, message
from data.transaction import Transaction
from data.types import to_storable
from inbox.model import IncomingMessage, Status
from inbox.sentences import Sentence

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


def _add_fresh(tx: Transaction, fresh: Mapping[_Key, IncomingMessage], *, now: datetime) -> dict[_Key, int]:
    names: dict[Identity, str] = {}
    for (account, _), one in fresh.items():
        names[account, one.author] = one.author_name or names.get((account, one.author), "")
    contacts = keep_contacts(tx, names, now=now)
    places: dict[_Key, _Place] = {key: (contacts[key[0], one.author], one.thread, key[0]) for key, one in fresh.items()}
    conversations = _keep_conversations(tx, {place: fresh[key] for key, place in reversed(places.items())})
    rows = [
        {
            "brand_id": tx.brand_id,
            "conversation_id": conversations[places[key]].id,
            "channel_account_id": key[0],
            "external_id": one.external_id,
            "is_ours": False,
            "kind": one.kind.value,
            "visibility": one.visibility.value,
            "text": one.text,
            "lang_hint": one.lang,
            "parent": one.parent,
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
    texts = (said.text, said.external_id, said.author, said.author_name, said.thread, said.parent or "")
    if all(to_storable(text) is text for text in texts):
        return said
    return replace(
        said,
        text=to_storable(said.text),
        external_id=to_storable(said.external_id),
        author=to_storable(said.author),
        author_name=to_storable(said.author_name),
        thread=to_storable(said.thread),
        parent=None if said.parent is None else to_storable(said.parent),
    )

"""Connected accounts: how their connections stand, what they have heard, where their groups went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text, case, delete, func, select, update

from data.contacts import keep_accounts
from data.escalations import close_doubles
from data.many import insert_many
from data.rows import to_sentence
from data.standing import lock_conversations, stand_anew
from data.tables import (
    card,
    channel_account,
    conversation,
    conversation_label,
    conversation_tag,
    draft,
    escalation,
    lead,
    message,
    moderation_case,
    note,
    outbox,
    ping,
)
from data.transaction import Transaction, words
from inbox.model import Status
from inbox.sentences import Sentence
from inbox.views import ChannelState, ChannelView, SendState

_MOVED = "moved"
_TOPIC = "/"


def set_channel_state(
    tx: Transaction, channel: str, state: ChannelState, *, why: Sentence | None, now: datetime
) -> bool:
    """Note how the connection of a channel stands, and why; False when it stood so already."""
    account = keep_accounts(tx, [channel])[channel]
    mine = channel_account.c.id == account
    changed = tx.connection.execute(
        update(channel_account).where(mine, channel_account.c.state != state.value).values(state_since=now)
    )
    stands = {"state": state.value, "state_why": why.to_json() if why else None}
    tx.connection.execute(update(channel_account).where(mine).values(stands))
    return changed.rowcount > 0


def channels(tx: Transaction) -> list[ChannelView]:
    """The channels that have been connected or written from, by name."""
    wanted = select(channel_account).where(channel_account.c.brand_id == tx.brand_id).order_by(channel_account.c.name)
    return [
        ChannelView(
            name=row["name"],
            state=ChannelState(row["state"]),
            why=to_sentence(row["state_why"]),
            since=row["state_since"],
            may_train=row["may_train"],
        )
        for row in tx.connection.execute(wanted).mappings()
    ]


def channel_of(tx: Transaction, conversation_id: int) -> str:
    """The name of the channel of a conversation that exists."""
    wanted = (
        select(channel_account.c.name)
        .join(conversation, conversation.c.channel_account_id == channel_account.c.id)
        .where(conversation.c.id == conversation_id)
    )
    return str(tx.connection.execute(wanted).scalar_one())


def heard_until(tx: Transaction, channel: str) -> dict[str, datetime]:
    """Per thread of a channel, when the last message that is kept was sent."""
    wanted = (
        select(conversation.c.thread, func.max(message.c.sent_at))
        .join(message, message.c.conversation_id == conversation.c.id)
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .where(
            channel_account.c.brand_id == tx.brand_id,
            channel_account.c.name == channel,
            message.c.is_ours.is_(False),
        )
        .group_by(conversation.c.thread)
    )
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def moved_places(tx: Transaction, channel: str) -> dict[str, str]:
    """Where groups of a channel went on: the last id of each by each id it had before."""
    mine = (channel_account.c.brand_id == tx.brand_id) & (channel_account.c.name == channel)
    settings: Mapping[str, Any] | None = tx.connection.scalar(select(channel_account.c.settings).where(mine))
    return dict((settings or {}).get(_MOVED, {}))


def move_place(tx: Transaction, channel: str, place: str, new_place: str) -> int:
    """Let what was in one group go on in another: threads, cases, what waits; how many conversations moved.

    A contact who has written under the new id already goes on in one conversation.
    """
    account = keep_accounts(tx, [channel])[channel]
    kept = tx.connection.scalar(
        select(channel_account.c.settings).where(channel_account.c.id == account).with_for_update(key_share=True)
    )
    moved = {**(kept or {}).get(_MOVED, {}), place: new_place}
    followed = {before: new_place if after == place else after for before, after in moved.items()}
    tx.connection.execute(
        update(channel_account)
        .where(channel_account.c.id == account)
        .values(settings={**(kept or {}), _MOVED: followed})
    )
    mine = (conversation.c.channel_account_id == account) & (conversation.c.place == place)
    _lock_all(tx, account, [place, new_place])
    found = tx.connection.execute(
        select(
            conversation.c.id, conversation.c.contact_id, conversation.c.thread, conversation.c.last_message_at
        ).where(mine)
    ).all()
    for one in found:
        _merge_into(tx, account, one, thread=_renamed(one.thread, place, new_place))
    tx.connection.execute(
        update(conversation).where(mine).values(place=new_place, thread=_moved(conversation.c.thread, place, new_place))
    )
    tx.connection.execute(
        update(moderation_case)
        .where(moderation_case.c.channel_account_id == account, moderation_case.c.place == place)
        .values(place=new_place)
    )
    waits = outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING))
    tx.connection.execute(
        update(outbox)
        .where(outbox.c.channel_account_id == account, waits, outbox.c.thread.is_not(None))
        .values(thread=_moved(outbox.c.thread, place, new_place))
    )
    return len(found)


def _lock_all(tx: Transaction, account: int, places: Sequence[str]) -> None:
    """Keep others from writing in some groups: messages first, as triage does, so that nobody waits in a circle."""
    if not tx.is_shared:
        return
    there = select(conversation.c.id).where(
        conversation.c.channel_account_id == account, conversation.c.place.in_(places)
    )
    waiting = select(message.c.id).where(message.c.conversation_id.in_(there)).order_by(message.c.id)
    tx.connection.execute(waiting.with_for_update(key_share=True))
    lock_conversations(tx, [*tx.connection.scalars(there)])


def _renamed(thread: str, place: str, new_place: str) -> str:
    if thread == place or thread.startswith(place + _TOPIC):
        return new_place + thread.removeprefix(place)
    return thread


def _moved(thread: Column[str], place: str, new_place: str) -> Any:
    inside = (thread == place) | thread.startswith(place + _TOPIC, autoescape=True)
    return case((inside, new_place + func.substr(thread, len(place) + 1, type_=Text())), else_=thread)


def _merge_into(tx: Transaction, account: int, one: Any, *, thread: str) -> None:
    """Move everything of a conversation to the one that the same contact has in `thread`, where there is one.

    It is open where one of the two was, and a person has answered in it where one has answered in either.
    """
    there = tx.connection.scalar(
        select(conversation.c.id).where(
            conversation.c.contact_id == one.contact_id,
            conversation.c.thread == thread,
            conversation.c.channel_account_id == account,
            conversation.c.id != one.id,
        )
    )
    if there is None:
        return
    close_doubles(tx, one.id, there)
    # What stands on the boards of the team is put up anew where the two go on.
    tx.connection.execute(
        update(card)
        .where(card.c.conversation_id == one.id, card.c.closed_at.is_(None))
        .values(closed_at=one.last_message_at, shown=None)
    )
    for table in (message, draft, outbox, escalation, moderation_case, note, card, lead, ping):
        tx.connection.execute(update(table).where(table.c.conversation_id == one.id).values(conversation_id=there))
    tags = tx.connection.scalars(select(conversation_tag.c.tag).where(conversation_tag.c.conversation_id == one.id))
    kept = [{"conversation_id": there, "tag": tag, "brand_id": tx.brand_id} for tag in tags]
    insert_many(tx, conversation_tag, kept, skip_conflicts=True)
    _stand_as_both(tx, there, one.id)
    for table in (conversation_label, conversation_tag):
        tx.connection.execute(delete(table).where(table.c.conversation_id == one.id))
    tx.connection.execute(delete(conversation).where(conversation.c.id == one.id))
    stand_anew(tx, there)


def _stand_as_both(tx: Transaction, there: int, gone: int) -> None:
    both = conversation.c.id.in_([there, gone])
    rows = tx.connection.execute(select(conversation).where(both)).mappings().all()
    kept, other = sorted(rows, key=lambda row: row["id"] != there)
    is_opened = other["status"] == Status.OPEN.value != kept["status"]
    status = other if is_opened else kept
    waits_in = rows if kept["status"] == other["status"] else [status]
    answered = [row["human_replied_at"] for row in rows if row["human_replied_at"] is not None]
    stands = {name: status[name] for name in ("status", "status_reason", "snooze_until")} | {
        "waiting_since": min(row["waiting_since"] for row in waits_in),
        "last_message_at": max(row["last_message_at"] for row in rows),
        "human_replied_at": max(answered, default=None),
        "queue": kept["queue"] or other["queue"],
        "assignee": kept["assignee"] or other["assignee"],
    }
    tx.connection.execute(update(conversation).where(conversation.c.id == there).values(stands))

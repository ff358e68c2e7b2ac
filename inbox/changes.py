"""What happens to a message after it was said: edited, deleted, moved with its group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.events import Moved
from inbox.leading import forget_in_leads
from inbox.model import Actor
from inbox.ports import Clock
from inbox.sentences import Sentence

_DELETED = Sentence("The author has deleted the message.")


def receive_edit(store: Store, channel: str, external_id: str, *, text: str, edited_at: datetime, clock: Clock) -> bool:
    """Follow an edit: the old text becomes a version, drafts on it are withdrawn, the message is triaged anew.

    Returns:
        False when the message is not known, was deleted, or reads the same already, and when the edit is older than one
        that is kept.
    """
    with store.begin() as books:
        message = books.find_message(channel, external_id)
        if message is None or message.deleted_at is not None or message.text == text:
            return False
        if message.edited_at is not None and edited_at < message.edited_at:
            return False
        why = Sentence("The author has edited the message.")
        books.add_version(message.id, text=text, edited_at=edited_at)
        books.withdraw(message.id, why=why, now=clock())
        books.reopen(message.conversation_id, why=why)
        _note(books, channel, "message.edited", message.id, why, now=clock(), version=message.version + 1)
        return True


def receive_deletion(
    store: Store, channel: str, external_ids: Sequence[str], *, deleted_at: datetime, keep_text: bool, clock: Clock
) -> int:
    """Follow a deletion: messages are marked, their words blanked unless `keep_text`; nothing about them leaves now.

    What we have taken away ourselves keeps its words, and is on record already.

    Returns:
        How many of the messages were known and had not been deleted before.
    """
    gone = 0
    blanked: list[int] = []
    with store.begin() as books:
        for external_id in external_ids:
            message = books.find_message(channel, external_id)
            if message is None or message.deleted_at is not None:
                continue
            by_us = books.is_being_removed(channel, external_id)
            why = Sentence("A moderator has deleted the message.") if by_us else _DELETED
            books.mark_deleted(message.id, deleted_at=deleted_at, keep_text=keep_text or by_us)
            books.withdraw(message.id, why=why, now=clock())
            kept = keep_text or by_us
            _note(books, channel, "message.deleted", message.id, why, now=clock(), text_kept=kept)
            blanked += [] if kept else [message.id]
            gone += 1
        # Last, when every message is locked: whoever notes a lead locks in this order, too.
        forget_in_leads(books, blanked, now=clock())
    return gone


def receive_move(store: Store, event: Moved, *, clock: Clock) -> int:
    """Follow a group that goes on under another id; how many conversations went with it."""
    with store.begin() as books:
        moved = books.move_place(event.channel, event.place, event.new_place)
        line = AuditLine(
            clock(),
            Actor.vigie(f"channel/{event.channel}"),
            "channel.moved",
            "channel",
            0,
            Sentence("The group goes on under another id."),
            {"before": event.place, "after": event.new_place, "conversations": moved},
        )
        books.write_audit([line])
        books.seal_audit()
    return moved


def _note(
    books: Books, channel: str, what: str, message_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    actor = Actor.vigie(f"channel/{channel}")
    books.write_audit([AuditLine(now, actor, what, "message", message_id, why, facts)])
    books.seal_audit()

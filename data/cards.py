"""Cards: which conversations stand on the board of the team, under which id, and what is shown there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, update

from data.many import insert_many, is_among
from data.tables import (
    audit,
    card,
    conversation,
    conversation_label,
    draft,
    escalation,
    message,
    moderation_case,
    outbox,
    ping,
    ping_post,
    report,
)
from data.transaction import Transaction, word
from inbox.cards import CardRow
from inbox.model import Label, Status
from inbox.sentences import Sentence
from inbox.views import DraftState

_LEASE = timedelta(minutes=2)
"""How long who begins a card has to put it up: meanwhile no other process does."""

_WORTH = [Label.COMPLAINT.value, Label.SALES_LEAD.value, Label.OFFENSIVE.value, "unsure"]


def wanted_cards(tx: Transaction, board: str, *, limit: int, among: Collection[int] | None = None) -> list[int]:
    """Conversations that need a person and have no card that is open, the most pressing first; `among` some, or all.

    To look at all takes long where thousands are open that need nobody.
    """
    if among is not None and not among:
        return []
    there = exists().where(
        card.c.board == board, card.c.conversation_id == conversation.c.id, card.c.closed_at.is_(None)
    )
    labelled = exists().where(
        conversation_label.c.conversation_id == conversation.c.id, conversation_label.c.label.in_(_WORTH)
    )
    drafted = exists().where(draft.c.conversation_id == conversation.c.id, draft.c.state == word(DraftState.OPEN))
    reported = exists().where(
        message.c.conversation_id == conversation.c.id,
        message.c.dealt_at.is_(None),
        report.c.message_id == message.c.id,
    )
    handed = exists().where(escalation.c.conversation_id == conversation.c.id, escalation.c.resolved_at.is_(None))
    called = conversation.c.status_reason.is_not(None)
    wanted = (
        select(conversation.c.id)
        .where(
            conversation.c.brand_id == tx.brand_id,
            conversation.c.status == word(Status.OPEN),
            or_(labelled, drafted, reported, handed, called),
            ~there,
        )
        .order_by(conversation.c.priority.desc(), conversation.c.waiting_since, conversation.c.id)
        .limit(limit)
    )
    if among is not None:
        wanted = wanted.where(is_among(tx, conversation.c.id, among))
    return list(tx.connection.scalars(wanted))


def open_card(tx: Transaction, board: str, conversation_id: int, *, now: datetime) -> CardRow | None:
    """Begin a card, which the caller is to post; None where one is open. If he does not, it is tried again."""
    row = {
        "brand_id": tx.brand_id,
        "board": board,
        "conversation_id": conversation_id,
        "opened_at": now,
        "again_at": now + _LEASE,
    }
    made = insert_many(tx, card, [row], skip_conflicts=True, returning=[card.c.id])
    return CardRow(int(made[0].id), conversation_id) if made else None


def reopen_card(tx: Transaction, board: str, conversation_id: int) -> CardRow | None:
    """Go on with the last card of a conversation, where nothing new was said since it was closed; else None."""
    said = select(func.max(message.c.received_at)).where(
        message.c.conversation_id == conversation_id, message.c.is_ours.is_(False)
    )
    last = tx.connection.execute(
        select(card)
        .where(card.c.brand_id == tx.brand_id, card.c.board == board, card.c.conversation_id == conversation_id)
        .order_by(card.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.closed_at is None or last.shown is None:
        return None
    heard_at = tx.connection.scalar(said)
    if heard_at is not None and heard_at > last.closed_at:
        return None
    tx.connection.execute(update(card).where(card.c.id == last.id).values(closed_at=None))
    return CardRow(last.id, last.conversation_id, last.external_id, last.shown)


def cards_on(tx: Transaction, board: str) -> list[CardRow]:
    """The cards of a board that are open, oldest first."""
    wanted = select(card).where(card.c.brand_id == tx.brand_id, card.c.board == board, card.c.closed_at.is_(None))
    return [
        CardRow(row.id, row.conversation_id, row.external_id, row.shown, row.attempts, row.again_at)
        for row in tx.connection.execute(wanted.order_by(card.c.id))
    ]


def card_at(tx: Transaction, board: str, external_id: str) -> int | None:
    """The conversation whose card, or a call on whose account, bears this id, open or not."""
    wanted = (
        select(card.c.conversation_id)
        .where(card.c.brand_id == tx.brand_id, card.c.board == board, card.c.external_id == external_id)
        .order_by(card.c.id.desc())
        .limit(1)
    )
    called = (
        select(func.coalesce(ping.c.conversation_id, escalation.c.conversation_id))
        .select_from(ping_post)
        .join(ping, ping.c.id == ping_post.c.ping_id)
        .outerjoin(escalation, escalation.c.id == ping.c.escalation_id)
        .where(ping_post.c.brand_id == tx.brand_id, ping_post.c.board == board, ping_post.c.external_id == external_id)
        .limit(1)
    )
    found: int | None = tx.connection.scalar(wanted)
    return tx.connection.scalar(called) if found is None else found


def mark_shown(tx: Transaction, card_id: int, *, external_id: str, shown: str, closed: bool, now: datetime) -> None:
    """Note what a card says now, and under which id; a closed one is not looked at again."""
    mine = (card.c.id == card_id) & (card.c.brand_id == tx.brand_id)
    tx.connection.execute(
        update(card)
        .where(mine)
        .values(
            external_id=external_id,
            shown=shown,
            closed_at=now if closed else None,
            attempts=0,
            again_at=None,
            error=None,
        )
    )


def mark_lost(tx: Transaction, card_id: int, *, now: datetime) -> None:
    """Give a card up: it is gone from the board, or was never put there."""
    mine = (card.c.id == card_id) & (card.c.brand_id == tx.brand_id)
    tx.connection.execute(update(card).where(mine).values(closed_at=now, shown=None))


def mark_unshown(tx: Transaction, card_id: int, *, error: Sentence, again_at: datetime) -> None:
    """Note that a card could not be brought up to date, and when to try again."""
    mine = (card.c.id == card_id) & (card.c.brand_id == tx.brand_id)
    failed = {"attempts": card.c.attempts + 1, "again_at": again_at, "error": error.to_json()}
    tx.connection.execute(update(card).where(mine).values(failed))


def last_sealed(tx: Transaction) -> int:
    """The place of the last line of the audit log that is sealed; 0 where none is."""
    wanted = select(audit.c.seq).where(audit.c.brand_id == tx.brand_id, audit.c.seq.is_not(None))
    return tx.connection.scalar(wanted.order_by(audit.c.seq.desc()).limit(1)) or 0


def changed_since(tx: Transaction, seq: int, *, limit: int) -> tuple[int, list[int]]:
    """The conversations that sealed lines of the audit log after a place are about, and the place of the last."""
    lines = tx.connection.execute(
        select(audit.c.seq, audit.c.subject, audit.c.subject_id)
        .where(audit.c.brand_id == tx.brand_id, audit.c.seq > seq)
        .order_by(audit.c.seq)
        .limit(limit)
    ).all()
    if not lines:
        return seq, []
    about: dict[str, set[int]] = {}
    for line in lines:
        about.setdefault(line.subject, set()).add(line.subject_id)
    found = set(about.get("conversation", ()))
    for subject, table in (("message", message), ("draft", draft), ("outbox", outbox), ("case", moderation_case)):
        if ids := about.get(subject):
            found |= set(tx.connection.scalars(select(table.c.conversation_id).where(is_among(tx, table.c.id, ids))))
    return lines[-1].seq, sorted(found)

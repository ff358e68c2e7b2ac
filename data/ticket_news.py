"""How tickets stand in their help desks, and what agents there have answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, insert, or_, select, update

from data.many import insert_many
from data.rows import from_findings
from data.tables import desk_answer, desk_call, draft, escalation, message, outbox, ticket
from data.transaction import Transaction, word
from data.types import to_storable
from inbox.desk_news import DeskAnswer, TicketTurn, WatchedTicket
from inbox.findings import Finding
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState, TicketStatus

_REMEMBERED = timedelta(days=30)
"""How long a call is remembered. Most are refused by their moment long before."""


def tickets_to_ask(tx: Transaction, *, now: datetime, limit: int) -> int:
    """How many tickets are to be asked after, up to a number."""
    return len(tx.connection.scalars(_due(tx, now, limit)).all())


def claim_tickets(tx: Transaction, *, now: datetime, limit: int, lease: timedelta) -> list[WatchedTicket]:
    """The tickets that are to be asked after, those first that wait longest, kept from other processes for a while."""
    due = _due(tx, now, limit)
    if tx.is_shared:
        due = due.with_for_update(skip_locked=True)
    claimed = list(tx.connection.scalars(due))
    if not claimed:
        return []
    tx.connection.execute(update(ticket).where(ticket.c.id.in_(claimed)).values(look_at=now + lease))
    found = {one.id: one for one in _watched(tx, _stands(tx).where(ticket.c.id.in_(claimed)))}
    return [found[one] for one in claimed if one in found]


def ask_again(
    tx: Transaction, ticket_id: int, *, at: datetime | None, trouble: Sentence | None = None, now: datetime
) -> None:
    """Note when a claimed ticket is to be asked after again, None for never, and why it could not be now.

    Where the help desk has called meanwhile, it is asked once more at once: what was read may be what was before.
    """
    mine = (ticket.c.id == ticket_id) & (ticket.c.brand_id == tx.brand_id)
    error = None if trouble is None else trouble.to_json()
    tx.connection.execute(update(ticket).where(mine).values(error=error))
    tx.connection.execute(update(ticket).where(mine, ticket.c.look_at > now).values(look_at=at))


def ask_now(tx: Transaction, ticket_id: int, *, now: datetime) -> None:
    """Have a ticket asked after at once."""
    mine = (ticket.c.id == ticket_id) & (ticket.c.brand_id == tx.brand_id)
    tx.connection.execute(update(ticket).where(mine).values(look_at=now))


def watched_ticket(tx: Transaction, desk: str, external_id: str) -> WatchedTicket | None:
    """A ticket by its help desk and the id, or our key, that it has there; None where it is not ours."""
    named = to_storable(external_id)
    called = or_(ticket.c.external_id == named, and_(ticket.c.key == named, ticket.c.external_id.is_not(None)))
    newest = _stands(tx).where(ticket.c.desk == desk, called).order_by(ticket.c.id.desc()).limit(1)
    return next(iter(_watched(tx, newest)), None)


def keep_turn(tx: Transaction, ticket_id: int, turn: TicketTurn, *, now: datetime) -> None:
    """Write how a ticket stands now."""
    mine = (ticket.c.id == ticket_id) & (ticket.c.brand_id == tx.brand_id)
    tx.connection.execute(update(ticket).where(mine, ticket.c.status != turn.status.value).values(stands_since=now))
    tx.connection.execute(
        update(ticket)
        .where(mine)
        .values(status=turn.status.value, assignee=_storable(turn.assignee), changed_at=turn.changed_at)
    )


def offer_answer(
    tx: Transaction, ticket_id: int, answer: DeskAnswer, *, lang: str, findings: Sequence[Finding], now: datetime
) -> int | None:
    """Keep the words of an agent as a draft on the contact's latest message; its number, None where that is gone."""
    latest = (
        select(message.c.id, message.c.conversation_id, message.c.deleted_at)
        .join(escalation, escalation.c.conversation_id == message.c.conversation_id)
        .join(ticket, ticket.c.escalation_id == escalation.c.id)
        .where(ticket.c.id == ticket_id, ticket.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
        .limit(1)
    )
    answered = tx.connection.execute(latest).one_or_none()
    draft_id: int | None = None
    if answered is not None and answered.deleted_at is None:
        made = insert(draft).values(
            brand_id=tx.brand_id,
            conversation_id=answered.conversation_id,
            message_id=answered.id,
            text=to_storable(answer.text.strip()),
            lang=lang,
            response=None,
            rule=None,
            findings=from_findings(findings),
            is_blocked=any(one.blocking for one in findings),
            state=DraftState.OPEN.value,
            created_at=now,
        )
        draft_id = int(tx.connection.execute(made.returning(draft.c.id)).scalar_one())
    row = {
        "brand_id": tx.brand_id,
        "ticket_id": ticket_id,
        "external_id": to_storable(answer.id),
        "author": to_storable(answer.by),
        "said_at": answer.said_at,
        "draft_id": draft_id,
    }
    tx.connection.execute(insert(desk_answer).values(row))
    return draft_id


def waits_beyond(tx: Transaction, ticket_id: int, *, at: datetime) -> bool:
    """Whether the contact has said something that nobody has dealt with and the help desk did not know by then."""
    added = exists().where(
        outbox.c.ticket_id == ticket_id,
        outbox.c.message_id == message.c.id,
        outbox.c.kind == word(OutboxKind.ADDITION),
        outbox.c.state == word(SendState.SENT),
        outbox.c.sent_at <= at,
    )
    wanted = (
        select(message.c.id)
        .join(escalation, escalation.c.conversation_id == message.c.conversation_id)
        .join(ticket, ticket.c.escalation_id == escalation.c.id)
        .where(
            ticket.c.id == ticket_id,
            ticket.c.brand_id == tx.brand_id,
            message.c.id > func.coalesce(ticket.c.told_to, 0),
            message.c.is_ours.is_(False),
            message.c.deleted_at.is_(None),
            message.c.dealt_at.is_(None),
            ~added,
        )
        .limit(1)
    )
    return tx.connection.scalar(wanted) is not None


def end_escalation(tx: Transaction, escalation_id: int, *, now: datetime) -> None:
    """End an escalation, though its conversation stays open: the next one is another."""
    mine = (escalation.c.id == escalation_id) & (escalation.c.brand_id == tx.brand_id)
    tx.connection.execute(update(escalation).where(mine, escalation.c.resolved_at.is_(None)).values(resolved_at=now))


def resume_escalation(tx: Transaction, escalation_id: int) -> bool:
    """Have an escalation run again; False where it runs, or its conversation has another that does."""
    other = escalation.alias("other")
    runs = exists().where(other.c.conversation_id == escalation.c.conversation_id, other.c.resolved_at.is_(None))
    mine = (escalation.c.id == escalation_id) & (escalation.c.brand_id == tx.brand_id)
    return tx.connection.execute(update(escalation).where(mine, ~runs).values(resolved_at=None)).rowcount > 0


def remember_call(tx: Transaction, desk: str, mark: str, *, now: datetime) -> bool:
    """Remember a call of a help desk; False where it was taken before."""
    old = (desk_call.c.brand_id == tx.brand_id) & (desk_call.c.taken_at < now - _REMEMBERED)
    tx.connection.execute(delete(desk_call).where(old))
    row = {"brand_id": tx.brand_id, "desk": desk, "mark": mark, "taken_at": now}
    return bool(insert_many(tx, desk_call, [row], skip_conflicts=True, returning=[desk_call.c.id]))


def knows_call(tx: Transaction, desk: str, mark: str) -> bool:
    """Whether a call was taken before."""
    mine = (desk_call.c.brand_id == tx.brand_id) & (desk_call.c.desk == desk) & (desk_call.c.mark == mark)
    return tx.connection.scalar(select(desk_call.c.id).where(mine)) is not None


def _due(tx: Transaction, now: datetime, limit: int) -> Select[Any]:
    return (
        select(ticket.c.id)
        .where(ticket.c.brand_id == tx.brand_id, ticket.c.look_at.is_not(None), ticket.c.look_at <= now)
        .order_by(ticket.c.look_at, ticket.c.id)
        .limit(limit)
    )


def _stands(tx: Transaction) -> Select[Any]:
    return (
        select(ticket, escalation.c.conversation_id, escalation.c.resolved_at)
        .join(escalation, escalation.c.id == ticket.c.escalation_id)
        .where(ticket.c.brand_id == tx.brand_id, ticket.c.external_id.is_not(None))
    )


def _watched(tx: Transaction, wanted: Select[Any]) -> list[WatchedTicket]:
    rows = tx.connection.execute(wanted).mappings().all()
    told: dict[int, set[str]] = {row["id"]: set() for row in rows}
    answers = select(desk_answer.c.ticket_id, desk_answer.c.external_id).where(desk_answer.c.ticket_id.in_(told))
    for ticket_id, answer in tx.connection.execute(answers):
        told[ticket_id].add(answer)
    return [
        WatchedTicket(
            id=row["id"],
            conversation_id=row["conversation_id"],
            escalation_id=row["escalation_id"],
            desk=row["desk"],
            external_id=row["external_id"],
            status=TicketStatus(row["status"]),
            assignee=row["assignee"],
            changed_at=row["changed_at"],
            opened_at=row["opened_at"],
            told=frozenset(told[row["id"]]),
            is_current=row["resolved_at"] is None,
        )
        for row in rows
    ]


def _storable(text: str | None) -> str | None:
    return None if text is None else to_storable(text)

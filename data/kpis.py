"""What a report counts of a stretch of days. Each count is bounded by its days through an index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Column, ColumnElement, Integer, Text, and_, case, cast, func, select

from data.rows import PERSON
from data.stats import answered, is_unsure, labels_standing, left_from_here, place, replies_by_people
from data.tables import (
    audit,
    channel_account,
    conversation,
    correction,
    escalation,
    lead,
    message,
    moderation_case,
    outbox,
    prediction,
)
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction, word
from inbox.leads import LeadStatus
from inbox.tallies import Answered, Kept, KpiTallies, SaidOn

_QUARTER_S = 15 * 60
"""Zones differ by whole quarters of an hour."""


def read_kpis(tx: Transaction, *, days: Sequence[datetime], until: datetime) -> KpiTallies:
    """What a report counts from the first of `days` until a moment.

    Args:
        tx: The transaction.
        days: The first moment of each day, in order; at least one, and the last is not after `until`.
        until: The last moment that counts.
    """
    since = days[0]
    by_person = outbox.c.actor_kind == PERSON
    judged, confirmed = _judged(tx, since=since, until=until)
    leads, won = _leads(tx, since=since, until=until)
    done_in_time = func.coalesce(escalation.c.acknowledged_at, escalation.c.resolved_at)
    return KpiTallies(
        said=_said(tx, days, until),
        slots=_slots(tx, since=since, until=until),
        answered=answered(tx, since=since, until=until),
        closed=_closed(tx, since=since, until=until),
        replies_by_people=replies_by_people(tx, since=since, until=until),
        replies_automatic=left_from_here(tx, ~by_person, since=since, until=until),
        prepared=left_from_here(tx, and_(by_person, outbox.c.response.is_not(None)), since=since, until=until),
        judged=judged,
        confirmed=confirmed,
        first_answers=_kept(tx, escalation.c.first_response_due_at, done_in_time, since=since, until=until),
        resolutions=_kept(tx, escalation.c.resolution_due_at, escalation.c.resolved_at, since=since, until=until),
        acts=_acts(tx, since=since, until=until),
        leads=leads,
        won=won,
    )


def _said(tx: Transaction, days: Sequence[datetime], until: datetime) -> tuple[SaidOn, ...]:
    each = (
        select(
            place(message.c.sent_at, days).label("day"),
            message.c.channel_account_id.label("account"),
            cast(prediction.c.labels, Text).label("labels"),
            cast(prediction.c.unsure, Text).label("unsure"),
            prediction.c.lang_known,
            cast(correction.c.after, Text).label("after"),
        )
        .select_from(message)
        .outerjoin(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
        .where(message.c.sent_at.between(days[0], until))
        .subquery()
    )
    same = (each.c.day, each.c.account, each.c.labels, each.c.unsure, each.c.lang_known, each.c.after)
    accounts = select(channel_account.c.id, channel_account.c.name).where(channel_account.c.brand_id == tx.brand_id)
    names = {row.id: row.name for row in tx.connection.execute(accounts)}
    wanted = select(*same, func.count().label("messages")).group_by(*same)
    return tuple(
        SaidOn(row.day, names[row.account], labels_standing(row), is_unsure(row), row.messages)
        for row in tx.connection.execute(wanted)
    )


def _slots(tx: Transaction, *, since: datetime, until: datetime) -> tuple[tuple[datetime, int], ...]:
    if tx.is_postgresql:
        seconds: ColumnElement[int] = cast(func.floor(func.extract("epoch", message.c.sent_at)), Integer)
    else:
        seconds = cast(func.strftime("%s", message.c.sent_at), Integer)
    slot = (seconds // _QUARTER_S).label("slot")
    wanted = (
        select(slot, func.count().label("messages"))
        .where(message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
        .where(message.c.sent_at.between(since, until))
        .group_by(slot)
    )
    return tuple(
        (datetime.fromtimestamp(int(row.slot) * _QUARTER_S, UTC), row.messages) for row in tx.connection.execute(wanted)
    )


def _closed(tx: Transaction, *, since: datetime, until: datetime) -> tuple[Answered, ...]:
    """Conversations whose last resolution is in the period: since their first message after the one before it."""
    before = (
        select(func.max(audit.c.at))
        .where(
            audit.c.brand_id == tx.brand_id,
            audit.c.subject == "conversation",
            audit.c.subject_id == conversation.c.id,
            audit.c.what == "conversation.resolved",
            audit.c.at < conversation.c.resolved_at,
        )
        .correlate(conversation)
        .scalar_subquery()
    )
    closed = (
        select(conversation.c.id, conversation.c.resolved_at, before.label("before"))
        .where(conversation.c.brand_id == tx.brand_id, conversation.c.resolved_at.between(since, until))
        .subquery("closed")
    )
    is_of_it = closed.c.before.is_(None) | (message.c.received_at > closed.c.before)
    wanted = (
        select(func.min(message.c.sent_at), closed.c.resolved_at)
        .select_from(closed)
        .join(message, message.c.conversation_id == closed.c.id)
        .where(message.c.is_ours.is_(False), message.c.received_at <= closed.c.resolved_at, is_of_it)
        .group_by(closed.c.id, closed.c.resolved_at)
    )
    return tuple(Answered(row[0], row[1]) for row in tx.connection.execute(wanted))


def _judged(tx: Transaction, *, since: datetime, until: datetime) -> tuple[int, int]:
    is_alike = cast(correction.c.before, Text) == cast(correction.c.after, Text)
    wanted = select(func.count(), func.sum(case((is_alike, 1), else_=0))).where(
        correction.c.brand_id == tx.brand_id,
        correction.c.replaced_at.is_(None),
        correction.c.actor_kind == PERSON,
        correction.c.corrected_at.between(since, until),
    )
    judged, confirmed = tx.connection.execute(wanted).one()
    return judged, confirmed or 0


def _kept(
    tx: Transaction, due_at: Column[datetime], done_at: ColumnElement[datetime], *, since: datetime, until: datetime
) -> Kept:
    """Promises that fell due in the period, and how many of them were kept, whenever that was."""
    wanted = select(func.count(), func.sum(case((done_at <= due_at, 1), else_=0))).where(
        escalation.c.brand_id == tx.brand_id, due_at.between(since, until)
    )
    due, kept = tx.connection.execute(wanted).one()
    return Kept(due, kept or 0)


def _acts(tx: Transaction, *, since: datetime, until: datetime) -> dict[str, int]:
    wanted = (
        select(moderation_case.c.act, func.count().label("cases"))
        .where(moderation_case.c.brand_id == tx.brand_id, moderation_case.c.opened_at.between(since, until))
        .where(moderation_case.c.undone_at.is_(None))
        .group_by(moderation_case.c.act)
    )
    return {row.act: row.cases for row in tx.connection.execute(wanted)}


def _leads(tx: Transaction, *, since: datetime, until: datetime) -> tuple[int, int]:
    is_won = lead.c.status == word(LeadStatus.WON)
    wanted = select(func.count(), func.sum(case((is_won, 1), else_=0))).where(
        lead.c.brand_id == tx.brand_id, lead.c.created_at.between(since, until)
    )
    made, won = tx.connection.execute(wanted).one()
    return made, won or 0

"""How many messages come when: counted once each, a few at a time, into slots of five minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, true, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from data.many import insert_many, keys
from data.tables import channel_account, message, prediction, tally, tally_mark
from data.thoughts import PREDICTED
from data.transaction import Transaction
from inbox.alerts import Slot
from inbox.usual import ALL, WATCHED, WEEKS, slot_of

_KEPT = timedelta(weeks=WEEKS, days=2)
_AHEAD = timedelta(minutes=5)
"""By how much the clock of a channel may be before ours."""

_SETTLED = timedelta(seconds=5)
"""After so long, whatever was kept at the same time has been committed: numbers are given out before that."""


def has_uncounted(tx: Transaction, *, now: datetime) -> bool:
    """Whether messages have been triaged that are not counted yet."""
    mark = tx.connection.scalar(select(tally_mark.c.message_id).where(tally_mark.c.brand_id == tx.brand_id)) or 0
    return _end(tx, mark, now=now, limit=1) > mark


def count_messages(tx: Transaction, *, now: datetime, limit: int) -> int:
    """Count what has been triaged since the last time, oldest first, among `limit` numbers; 0 where another is at it.

    What people correct or edit later stays counted as it was.
    """
    mark = _take_mark(tx)
    if mark is None:
        return 0
    end = _end(tx, mark, now=now, limit=limit)
    if end <= mark:
        return 0
    rows = tx.connection.execute(
        select(message.c.channel_account_id, message.c.sent_at, prediction.c.labels)
        .outerjoin(prediction, PREDICTED)
        .where(
            message.c.id > mark,
            message.c.id <= end,
            message.c.brand_id == tx.brand_id,
            message.c.is_ours.is_(False),
            message.c.sent_at.between(slot_of(now - _KEPT), now + _AHEAD),
        )
    ).all()
    found = Counter(
        (row.channel_account_id, label, slot_of(row.sent_at))
        for row in rows
        for label in (ALL, *(row.labels or ()))
        if label in WATCHED
    )
    _add(tx, found)
    tx.connection.execute(update(tally_mark).where(tally_mark.c.brand_id == tx.brand_id).values(message_id=end))
    return len(rows)


def take_watch(tx: Transaction, *, now: datetime, every: timedelta) -> bool:
    """Be the one who looks at the counts now; False where they were looked at less than `every` ago, or never made."""
    is_due = or_(tally_mark.c.looked_at.is_(None), tally_mark.c.looked_at <= now - every)
    taken = tx.connection.execute(
        update(tally_mark).where(tally_mark.c.brand_id == tx.brand_id, is_due).values(looked_at=now)
    )
    if not taken.rowcount:
        return False
    tx.connection.execute(delete(tally).where(tally.c.brand_id == tx.brand_id, tally.c.slot < now - _KEPT))
    return True


def watched_at(tx: Transaction) -> datetime | None:
    """When the counts were last looked at; None where they never were."""
    return tx.connection.scalar(select(tally_mark.c.looked_at).where(tally_mark.c.brand_id == tx.brand_id))


def read_slots(tx: Transaction, times: Sequence[tuple[datetime, datetime]]) -> list[Slot]:
    """What was counted in the slots that begin from one moment until before another, for each of some times."""
    each = [
        select(tally.c.channel_account_id, tally.c.label, tally.c.slot, tally.c.messages).where(
            tally.c.brand_id == tx.brand_id, tally.c.slot >= since, tally.c.slot < until
        )
        for since, until in times
    ]
    if not each:
        return []
    accounts = select(channel_account.c.id, channel_account.c.name).where(channel_account.c.brand_id == tx.brand_id)
    names = {row[0]: row[1] for row in tx.connection.execute(accounts)}
    return [Slot(names[row[0]], row[1], row[2], row[3]) for row in tx.connection.execute(union_all(*each))]


def counted_since(tx: Transaction, channel: str) -> datetime | None:
    """The beginning of the first slot of a channel in which anything was counted; None where nothing was."""
    wanted = (
        select(func.min(tally.c.slot))
        .join(channel_account, channel_account.c.id == tally.c.channel_account_id)
        .where(channel_account.c.brand_id == tx.brand_id, channel_account.c.name == channel, tally.c.label == ALL)
    )
    first: datetime | None = tx.connection.scalar(wanted)
    return first


def _take_mark(tx: Transaction) -> int | None:
    """Up to which message all is counted, kept from other processes; None where one of them has it."""
    mine = tally_mark.c.brand_id == tx.brand_id
    wanted = select(tally_mark.c.message_id).where(mine)
    if tx.is_shared:
        wanted = wanted.with_for_update(skip_locked=True)
    found: int | None = tx.connection.scalar(wanted)
    if found is None:
        first = {"brand_id": tx.brand_id, "message_id": 0}
        insert_many(tx, tally_mark, [first], skip_conflicts=True)
        found = tx.connection.scalar(wanted)
    return found


def _end(tx: Transaction, mark: int, *, now: datetime, limit: int) -> int:
    """The number up to which messages may be counted: what comes after is not triaged, or perhaps not all there."""
    settled = (
        select(message.c.id)
        .where(message.c.id > mark, message.c.received_at <= now - _SETTLED)
        .order_by(message.c.id.desc())
        .limit(1)
    )
    last: int | None = tx.connection.scalar(settled)
    if last is None:
        return mark
    first_waiting: int | None = tx.connection.scalar(
        select(func.min(message.c.id)).where(
            message.c.brand_id == tx.brand_id, message.c.triaged_at.is_(None), message.c.id > mark
        )
    )
    return min(last, mark + limit, *([] if first_waiting is None else [first_waiting - 1]))


def _add(tx: Transaction, found: Mapping[tuple[int, str, datetime], int]) -> None:
    if not found:
        return
    columns = [
        tally.c.channel_account_id,
        tally.c.label,
        tally.c.slot,
        tally.c.brand_id,
        tally.c.messages,
    ]
    given = keys(tx, columns, [[*key, tx.brand_id, count] for key, count in found.items()])
    # SQLite takes an ON CONFLICT right after a FROM for a join, hence the WHERE.
    values = select(*given.c).where(true())
    into = (postgresql.insert if tx.is_postgresql else sqlite.insert)(tally)
    added = into.from_select([one.name for one in columns], values)
    tx.connection.execute(
        added.on_conflict_do_update(
            index_elements=["channel_account_id", "label", "slot"],
            set_={"messages": tally.c.messages + added.excluded.messages},
        )
    )

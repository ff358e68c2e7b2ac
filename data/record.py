"""What rules did lately, streaming: for which messages they held, and what they sent by themselves."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Text, cast, or_, select

from data.handled import handled, read_labels
from data.many import is_among
from data.rows import to_severity
from data.since import first_since
from data.tables import channel_account, conversation, correction, decision, message, outbox, prediction, rule_trace
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction, word, words
from inbox.fired import Fired, SentByRule
from inbox.model import Label
from inbox.outgoing import OutboxKind
from inbox.past import NOTHING
from inbox.sample import Sample
from inbox.switches import HELD_BACK
from inbox.views import SendState

CHUNK = 4_096
"""Messages at a time."""

_LATEST = 50_000
"""As many of the latest decisions are looked through for samples."""

RULE = "rule"
"""The kind of actor that a rule is."""

_AGAINST = (Label.COMPLAINT, Label.OFFENSIVE)


def read_fired(tx: Transaction, rules: Collection[str], *, since: datetime) -> Iterator[Sequence[Fired]]:
    """The messages that one of these rules held for since a moment, by what was decided last on each, in chunks."""
    first = first_since(tx, decision.c.id, decision.c.decided_at, since)
    wanted = (
        select(
            decision.c.message_id,
            decision.c.decided_at,
            decision.c.rule_book_version,
            cast(decision.c.because, Text),
            cast(decision.c.trace, Text),
            cast(prediction.c.labels, Text),
        )
        .join(prediction, prediction.c.id == decision.c.prediction_id)
        .where(
            decision.c.brand_id == tx.brand_id,
            decision.c.id >= first,
            decision.c.decided_at >= since,
            prediction.c.replaced_at.is_(None),
        )
        .order_by(decision.c.id)
        .execution_options(yield_per=CHUNK)
    )
    held = _held(tx, rules)
    # Closed with the generator, so that a reader may stop anywhere.
    with tx.connection.execute(wanted) as found:
        for rows in found.partitions():
            fired = [(row, *held(row[3], row[4])) for row in rows]
            fired = [one for one in fired if one[1] or one[2]]
            done = handled(tx, lambda number: is_among(tx, number, [one[0][0] for one in fired])) if fired else {}  # noqa: B023  # called at once
            yield [
                Fired(row[0], row[1], row[2], acted, in_shadow, read_labels(row[5]), done.get(row[0], NOTHING))
                for row, acted, in_shadow in fired
            ]


def held_lately(tx: Transaction, rule: str, *, limit: int) -> list[Sample]:
    """The latest messages that a rule held for, in shadow or not; what offends is named, not quoted.

    It looks back over as many decisions as are read in well under a second, so a rule that seldom holds may have none.
    """
    held = _held(tx, {rule})
    decided = (
        select(decision.c.message_id, cast(decision.c.because, Text), cast(decision.c.trace, Text))
        .join(prediction, prediction.c.id == decision.c.prediction_id)
        .where(decision.c.brand_id == tx.brand_id, prediction.c.replaced_at.is_(None))
        .order_by(decision.c.id.desc())
        .limit(_LATEST)
        .execution_options(yield_per=CHUNK)
    )
    numbers: list[int] = []
    with tx.connection.execute(decided) as found:
        for row in found:
            if any(held(row[1], row[2])):
                numbers.append(row[0])
                if len(numbers) == limit:
                    break
    return _samples(tx, numbers)


def _samples(tx: Transaction, numbers: Sequence[int]) -> list[Sample]:
    """Some messages as samples, the latest first."""
    if not numbers:
        return []
    wanted = (
        select(
            message.c.id,
            message.c.conversation_id,
            channel_account.c.name,
            message.c.sent_at,
            message.c.text,
            prediction.c.severity,
            cast(correction.c.after, Text),
        )
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .join(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(message.c.brand_id == tx.brand_id, is_among(tx, message.c.id, numbers))
        .order_by(message.c.id.desc())
    )
    return [
        Sample.of(
            row[4],
            message_id=row[0],
            conversation_id=row[1],
            channel=row[2],
            sent_at=row[3],
            severity=to_severity(row[5]),
            corrected=None if row[6] is None else read_labels(row[6]),
        )
        for row in tx.connection.execute(wanted)
    ]


def _held(tx: Transaction, rules: Collection[str]) -> Callable[[str, str], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Reads from what is kept of a decision which of these rules acted, and which held in shadow."""
    wanted = select(rule_trace.c.id, rule_trace.c.rule).where(
        rule_trace.c.brand_id == tx.brand_id, rule_trace.c.held.is_(True), is_among(tx, rule_trace.c.rule, rules)
    )
    names: dict[int, str] = {row[0]: row[1] for row in tx.connection.execute(wanted)}

    @lru_cache(maxsize=65_536)
    def read(because: str, trace: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        acted = tuple(name for name in json.loads(because) if name in rules)
        return acted, tuple(names[one] for one in json.loads(trace) if one in names and names[one] not in acted)

    return read


def sent_by_rules(tx: Transaction, *, since: datetime, within: timedelta) -> list[SentByRule]:
    """What rules have queued since a moment and was sent, or refused by the last look; a reply in parts is one.

    Args:
        tx: The transaction.
        since: The moment.
        within: How long after a reply what its contact says is counted against it.
    """
    first = first_since(tx, outbox.c.id, outbox.c.queued_at, since)
    wanted = (
        select(
            outbox.c.actor_name,
            outbox.c.message_id,
            outbox.c.queued_at,
            outbox.c.state,
            outbox.c.error,
            outbox.c.sent_at,
            conversation.c.contact_id,
        )
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.id >= first,
            outbox.c.queued_at >= since,
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.actor_kind == RULE,
            outbox.c.message_id.is_not(None),
            outbox.c.state.in_(words(SendState.SENT, SendState.REFUSED)),
        )
        .order_by(outbox.c.id)
    )
    # The parts of one reply are queued at one moment; what a pause kept back says nothing of a rule.
    replies = {
        (row.actor_name, row.message_id, row.queued_at, row.state): row
        for row in tx.connection.execute(wanted)
        if row.state == SendState.SENT.value or (row.error or {}).get("says") != HELD_BACK.says
    }
    rows = [*replies.values()]
    answered = {row.contact_id for row in rows if row.sent_at is not None}
    against = _said_against(tx, answered, since=since)
    return [
        SentByRule(
            row.actor_name,
            row.message_id,
            row.queued_at,
            refused=row.state == SendState.REFUSED.value,
            complained=row.sent_at is not None and _is_within(against.get(row.contact_id, ()), row.sent_at, within),
        )
        for row in rows
    ]


def _is_within(moments: Sequence[datetime], after: datetime, within: timedelta) -> bool:
    """Whether one of some moments, in their order, lies in a time after another."""
    place = bisect_right(moments, after)
    return place < len(moments) and moments[place] <= after + within


def _said_against(tx: Transaction, contacts: Collection[int], *, since: datetime) -> Mapping[int, Sequence[datetime]]:
    """When contacts complained or offended, in order; a person's labels count before the model's."""
    if not contacts:
        return {}
    predicted, corrected = cast(prediction.c.labels, Text), cast(correction.c.after, Text)
    wanted = (
        select(conversation.c.contact_id, message.c.sent_at, predicted, corrected)
        .join(message, message.c.conversation_id == conversation.c.id)
        .join(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(
            conversation.c.brand_id == tx.brand_id,
            is_among(tx, conversation.c.contact_id, contacts),
            message.c.is_ours.is_(False),
            message.c.sent_at >= since,
            or_(corrected.is_not(None), *(predicted.contains(f'"{label.value}"') for label in _AGAINST)),
        )
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for contact_id, sent_at, model, person in tx.connection.execute(wanted):
        if not set(_AGAINST).isdisjoint(read_labels(model if person is None else person)):
            found[contact_id].append(sent_at)
    return {contact_id: sorted(moments) for contact_id, moments in found.items()}

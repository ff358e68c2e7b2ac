"""Noticing that far more comes than usual on a channel, telling it once, and seeing when it is over."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox.alerts import Alert, AlertKind, Reading, Slot, Spike
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.distinct_words import distinct_words
from inbox.model import Actor, Label
from inbox.sentences import Sentence
from inbox.usual import (
    ALL,
    AROUND,
    LEAST,
    LEAST_WEEKS,
    LENGTHS,
    SLOT,
    WATCHED,
    Usual,
    has_grown,
    is_far_more,
    is_still_high,
    same_time_before,
    slot_of,
    usual_lately,
    usual_of,
)

SPIKES = Actor.vigie("spikes")

OVER_AFTER = timedelta(minutes=30)
"""For how long a rate must be back before its spike is over, give or take `_NOTED_EVERY`."""

_NOTED_EVERY = timedelta(minutes=2)
"""How often it is noted that a spike goes on."""

_NAMED_ANEW = timedelta(minutes=30)
"""For how long a spike of all messages may turn out to be one of complaints."""

_AGAIN_AFTER = timedelta(minutes=15)
"""How long a spike that grows is not told again."""

_SAMPLES = 3
_LOOKED_THROUGH, _COMPARED_WITH = 400, 1_500
_MARGIN = AROUND * SLOT
_DAY = timedelta(days=1)

_ANY: Mapping[str, Sentence] = {
    Label.COMPLAINT.value: Sentence("Far more complaints than usual on {channel}: {count} in {minutes} minutes."),
    Label.OFFENSIVE.value: Sentence(
        "Far more offensive messages than usual on {channel}: {count} in {minutes} minutes."
    ),
    ALL: Sentence("Far more messages than usual on {channel}: {count} in {minutes} minutes."),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted lately, and at the same times of the weeks before.

    `slots` says per channel and label how many came in each slot that is looked at; where nothing came, there is none.
    `weeks` are the beginnings of the slots at the same time of the weeks before, the latest first; `since` says per
    channel from when on there are counts.
    """

    now: datetime
    slots: Mapping[tuple[str, str], Mapping[datetime, int]]
    weeks: Sequence[datetime] = ()
    since: Mapping[str, datetime] = field(default_factory=dict)


def said_of(spike: Spike, channel: str) -> Sentence:
    """A spike in one sentence."""
    return _ANY[spike.label].filled(channel=channel, count=spike.count, minutes=round(spike.minutes))


def usual_told(spike: Spike) -> Sentence:
    """What is usual beside a spike, as far as it is known."""
    if spike.usual is None:
        return Sentence("There is not enough history yet to say what is usual here at this time.")
    if spike.factor is None:
        return Sentence("At this time of the week there are hardly any, by the last {weeks} weeks.", weeks=spike.weeks)
    return Sentence(
        "At this time of the week about {usual} are usual, by the last {weeks} weeks: {factor} times as many.",
        usual=max(1, round(spike.usual)),
        weeks=spike.weeks,
        factor=round(spike.factor),
    )


def readings(counts: Counts, channel: str, label: str) -> Iterator[tuple[Reading, Usual | None]]:
    """How a label stands on a channel beside what is usual, over each of `LENGTHS`, the quickest first."""
    found = counts.slots.get((channel, label), {})
    here = slot_of(counts.now)
    weeks = _known_weeks(counts, channel)
    day = _day(counts, channel, found) if len(weeks) < LEAST_WEEKS else []
    for length in LENGTHS:
        first, slots = here - length, length // SLOT + 1
        elapsed = counts.now - first
        # A slot that has just begun counts as the moment of it that has gone by.
        span = max(elapsed / SLOT, slots - 1 + 0.02)
        count = sum(_run(found, first, slots))
        before = [_run(found, start - length - _MARGIN, slots + 2 * AROUND) for start in weeks]
        usual = usual_of(before, span=span) or usual_lately(day, span=span)
        known = usual.expected if usual is not None and usual.weeks else None
        yield Reading(channel, label, count, elapsed / timedelta(minutes=1), known, len(before)), usual


def spike_on(counts: Counts, channel: str, *, factor: float) -> Reading | None:
    """What comes far more often than usual on a channel, the most telling first; None for nothing."""
    for label in WATCHED:
        for reading, usual in readings(counts, channel, label):
            if is_far_more(reading.count, usual, label=label, factor=factor):
                return reading
    return None


def goes_on(counts: Counts, channel: str, label: str) -> bool:
    """Whether a label still comes more often than usual on a channel, over the quickest of the times."""
    reading, usual = next(readings(counts, channel, label))
    return is_still_high(reading.count, usual, label=label)


def watch_spikes(desk: Desk, *, now: datetime) -> int:
    """Look at what has been counted: raise, tell again, or end alerts; how many of these."""
    with desk.store.read() as books:
        known = {one.subject: one for one in books.open_alerts([AlertKind.SPIKE])}
        counts = read_counts(desk, books, now=now, besides=tuple(known))
    done = 0
    for channel in sorted({*counts.since, *known}):
        alert = known.get(channel)
        reading = spike_on(counts, channel, factor=desk.alerts.factor)
        if alert is None:
            done += reading is not None and _raise(desk, channel, reading, now=now)
        elif reading is not None and _is_news(reading, alert, now=now):
            done += _tell_again(desk, alert, reading, now=now)
        else:
            done += _follow(desk, alert, goes_on(counts, channel, Spike.from_facts(alert.facts).label), now=now)
    return done


def read_counts(desk: Desk, books: Books, *, now: datetime, besides: Sequence[str] = ()) -> Counts:
    """What judging the present takes; the past is read only where enough came to be judged, or for channels named."""
    here = slot_of(now)
    start = here - max(LENGTHS)
    present = books.read_slots([(start, here + SLOT)])
    channels = {*besides, *_busy(present)}
    if not channels:
        return Counts(now, _by_kind(present))
    weeks = [slot_of(at) for at in same_time_before(here, zone=desk.brand.hours.zone)]
    past = books.read_slots([(at - max(LENGTHS) - _MARGIN, at + SLOT + _MARGIN) for at in weeks])
    since = {channel: first for channel in channels if (first := books.counted_since(channel)) is not None}
    are_new = any(first > weeks[LEAST_WEEKS - 1] - max(LENGTHS) - _MARGIN for first in since.values())
    lately = books.read_slots([(start - _DAY, start)]) if are_new else []
    return Counts(now, _by_kind([*present, *past, *lately]), weeks, since)


def _busy(present: Sequence[Slot]) -> set[str]:
    """Channels on which so much came within the longest time that it might be a spike of something."""
    return {
        channel
        for (channel, label), found in _by_kind(present).items()
        if sum(found.values()) >= LEAST.get(label, math.inf)
    }


def _by_kind(slots: Sequence[Slot]) -> dict[tuple[str, str], dict[datetime, int]]:
    found: dict[tuple[str, str], dict[datetime, int]] = {}
    for slot in slots:
        found.setdefault((slot.channel, slot.label), {})[slot.at] = slot.messages
    return found


def _run(found: Mapping[datetime, int], first: datetime, slots: int) -> list[int]:
    """The counts of so many slots in a row."""
    return [found.get(first + place * SLOT, 0) for place in range(slots)]


def _known_weeks(counts: Counts, channel: str) -> list[datetime]:
    """The weeks before in which the channel was counted at this time already."""
    began = counts.since.get(channel)
    if began is None:
        return []
    return [start for start in counts.weeks if began <= start - max(LENGTHS) - _MARGIN]


def _day(counts: Counts, channel: str, found: Mapping[datetime, int]) -> list[int]:
    """What came in each slot of the day before the longest time, as far as the channel was counted then."""
    until = slot_of(counts.now) - max(LENGTHS)
    since = max(until - _DAY, counts.since.get(channel, until))
    return _run(found, since, (until - since) // SLOT)


def _is_news(reading: Reading, alert: Alert, *, now: datetime) -> bool:
    """Whether a spike that was told has to be told otherwise: named better, or again since it has grown."""
    told = Spike.from_facts(alert.facts)
    if _renames(reading, told):
        return now - alert.raised_at <= _NAMED_ANEW
    rests = now - datetime.fromisoformat(told.told_at) < _AGAIN_AFTER
    return reading.label == told.label and not rests and has_grown(reading.per_minute, before=told.per_minute)


def _renames(reading: Reading, told: Spike) -> bool:
    return told.label == ALL and reading.label != ALL


def _raise(desk: Desk, channel: str, reading: Reading, *, now: datetime) -> bool:
    with desk.store.begin() as books:
        spike = _described(books, channel, reading, now=now)
        number = books.raise_alert(AlertKind.SPIKE, channel, facts=spike.to_facts(), now=now)
        if number is None:
            return False
        _note(books, number, "spike.noticed", said_of(spike, channel), spike, now=now)
    return True


def _tell_again(desk: Desk, alert: Alert, reading: Reading, *, now: datetime) -> bool:
    with desk.store.begin() as books:
        spike = _described(books, alert.subject, reading, now=now)
        if _renames(reading, Spike.from_facts(alert.facts)):
            done = books.change_alert(alert, facts=spike.to_facts(), now=now)
            what = "spike.named"
        else:
            done = books.tell_again(alert, facts=spike.to_facts(), now=now)
            what = "spike.grown"
        if done:
            _note(books, alert.id, what, said_of(spike, alert.subject), spike, now=now)
    return done


def _follow(desk: Desk, alert: Alert, is_high: bool, *, now: datetime) -> bool:
    """Note that a spike goes on, or that it is over; whether it is over now."""
    if is_high and now - alert.high_at < _NOTED_EVERY:
        return False
    if is_high:
        with desk.store.begin() as books:
            books.keep_high(alert.id, now=now)
        return False
    if now - alert.high_at < OVER_AFTER:
        return False
    with desk.store.begin() as books:
        done = books.end_alert(alert.id, now=now)
        if done:
            over = Sentence("The rate on {channel} is as usual again.", channel=alert.subject)
            _note(books, alert.id, "spike.over", over, None, now=now)
    return done


def _described(books: Books, channel: str, reading: Reading, *, now: datetime) -> Spike:
    """A spike with what it is made of: three messages, and the words that set it apart."""
    since = now - timedelta(minutes=reading.minutes)
    said = books.said_lately(channel, reading.label, since=since, limit=_LOOKED_THROUGH)
    words = distinct_words(
        [(one.author, one.text) for one in said],
        books.said_before(channel, before=since, limit=_COMPARED_WITH),
        names={one.author_name for one in said},
    )
    return Spike(
        reading.label,
        reading.count,
        reading.minutes,
        reading.usual,
        reading.weeks,
        samples=_spread_out([one.id for one in said]),
        words=tuple(words),
        told_at=now.isoformat(),
    )


def _spread_out(numbers: Sequence[int]) -> tuple[int, ...]:
    """The first, the middle and the last of some messages."""
    if len(numbers) <= _SAMPLES:
        return tuple(numbers)
    return numbers[0], numbers[len(numbers) // 2], numbers[-1]


def _note(books: Books, number: int, what: str, says: Sentence, spike: Spike | None, *, now: datetime) -> None:
    # The words stay out: they are what people said, and the audit log cannot be erased.
    facts = {} if spike is None else {name: value for name, value in spike.to_facts().items() if name != "words"}
    books.write_audit([AuditLine(now, SPIKES, what, "alert", number, says, facts)])
    books.seal_audit()

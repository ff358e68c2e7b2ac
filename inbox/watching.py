"""Watching over what many say at once: counted a little at a time, looked at every few seconds, told once.

What makes a spike is in `inbox/spikes.py`, what makes a raid in `inbox/raids.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from inbox import raids, spikes
from inbox.alerts import Alert, AlertKind, Raid, Reading, Spike
from inbox.audit import AuditLine
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.model import Actor, Label
from inbox.raids import must_find, watch_raids
from inbox.sentences import Sentence
from inbox.spikes import read_counts, readings, watch_spikes
from inbox.usual import ALL, LENGTHS, SLOT, WATCHED, slot_of

EVERY = timedelta(seconds=20)
"""How often counts are looked at, whatever the number of processes."""

_WATCHED: Mapping[str, Sentence] = {
    Label.COMPLAINT.value: Sentence("complaints"),
    Label.OFFENSIVE.value: Sentence("offensive messages"),
    ALL: Sentence("all messages"),
}

_AT_ONCE = 1_000
"""So many messages are counted at a time: a large past that is new to us is learnt little by little."""


def look(desk: Desk) -> int:
    """Count what is new, and raise or end alerts; how many of these.

    Safe to be run twice, and by several processes: an alert is a row that can be there once.
    """
    now = desk.clock()
    with desk.store.read() as books:
        is_news = books.has_uncounted(now=now)
        watched_at = books.watched_at()
    if is_news:
        with desk.store.begin() as books:
            books.count_messages(now=now, limit=_AT_ONCE)
    done = watch_raids(desk, now=now)
    if not desk.alerts.spikes or (watched_at is not None and now - watched_at < EVERY):
        return done
    with desk.store.begin() as books:
        is_mine = books.take_watch(now=now, every=EVERY)
    return done + watch_spikes(desk, now=now) if is_mine else done


@dataclass(frozen=True, slots=True)
class Unusual:
    """What is watched over just now: the spikes and raids that are not over, and how the last hour stands.

    There is a reading per channel from which anything came, and per label of `WATCHED`.
    """

    alerts: tuple[Alert, ...]
    readings: tuple[Reading, ...]


def unusual(desk: Desk) -> Unusual:
    """What is unusual just now, and how far from it the rest is."""
    now = desk.clock()
    here = slot_of(now)
    with desk.store.read() as books:
        alerts = books.open_alerts([AlertKind.SPIKE, AlertKind.RAID])
        present = books.read_slots([(here - max(LENGTHS), here + SLOT)])
        channels = sorted({slot.channel for slot in present})
        counts = read_counts(desk, books, now=now, besides=channels)
    hours = [[*readings(counts, channel, label)][-1][0] for channel in channels for label in WATCHED]
    return Unusual(tuple(alerts), tuple(hours))


def watched_said(label: str) -> Sentence:
    """What is counted under a label, in words."""
    return _WATCHED[label]


def in_short(alert: Alert) -> Sentence:
    """A spike or a raid in one sentence."""
    if alert.kind is AlertKind.RAID:
        return raids.said_of(Raid.from_facts(alert.facts))
    return spikes.said_of(Spike.from_facts(alert.facts), alert.subject)


def see(desk: Desk, number: int, *, by: Actor) -> Alert:
    """Say that one has seen an alert, so that the others know that somebody looks.

    Raises:
        NotFound: There is no such alert.
        NotPossible: It is over, or somebody has seen it already.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        alert = must_find(books, number)
        if not books.see_alert(number, by=by.name, now=now):
            if alert.seen_by is not None:
                raise NotPossible(Sentence("{person} has seen it already.", person=alert.seen_by))
            raise NotPossible(Sentence("This is over."))
        why = Sentence("{person} has seen the alert.", person=by.name)
        books.write_audit([AuditLine(now, by, "alert.seen", "alert", number, why)])
        books.seal_audit()
        return must_find(books, number)

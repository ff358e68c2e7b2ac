"""A raid: many newcomers who post the same at once. Its threads are slowed down for a while; nobody is banned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inbox.alerts import Alert, AlertKind, AlertPolicy, Heard, Raid
from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.events import Joined
from inbox.model import Actor
from inbox.near_copies import near_copies
from inbox.outgoing import PART, OutboxKind
from inbox.sentences import Sentence
from inbox.switches import PAUSED

RAIDS = Actor.vigie("raids")

WITHIN = timedelta(seconds=60)
"""Within which newcomers and copies are counted."""

_LATE = timedelta(seconds=10)
"""How long what was said may take to reach us."""

_LEAST_AUTHORS = 5
"""Fewer who say the same are a nuisance, and no raid."""

_MOST_HEARD, _MOST_THREADS, _SAMPLES = 600, 10, 3
_THREAD_SHARE = 10
"""A thread with less than this share of the copies, one in so many, is not slowed down."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A raid as it was seen, with the messages that are near-copies."""

    raid: Raid
    copies: tuple[Heard, ...]


def find_raids(
    heard: Sequence[Heard], arrived: Mapping[tuple[str, str | None], frozenset[str]], *, policy: AlertPolicy
) -> list[Seen]:
    """Where newcomers and near-copies are so many that it is a raid; messages are in the order they came in."""
    found = []
    for (channel, place), members in arrived.items():
        said = [one for one in heard if (one.channel, one.place) == (channel, place)]
        if len(members) < policy.arrivals or len(said) < policy.copies:
            continue
        copies = tuple(said[at] for at in near_copies([one.text for one in said]))
        authors = len({one.author for one in copies})
        if len(copies) < policy.copies or authors < _LEAST_AUTHORS:
            continue
        threads = Counter(one.thread for one in copies).most_common(_MOST_THREADS)
        raid = Raid(
            channel,
            place,
            arrivals=len(members),
            copies=len(copies),
            authors=authors,
            threads=tuple(thread for thread, count in threads if count * _THREAD_SHARE >= len(copies)),
            samples=tuple(one.id for one in copies[:_SAMPLES]),
        )
        found.append(Seen(raid, copies))
    return found


def watch_raids(desk: Desk, *, now: datetime) -> int:
    """Look at who arrives and what is said just now: raise alerts, slow down, see what is over; how many alerts."""
    since = now - WITHIN - _LATE
    with desk.store.read() as books:
        known = books.open_alerts([AlertKind.RAID])
        is_crowded = books.do_many_arrive(since=since, least=desk.alerts.arrivals)
        heard = books.heard_since(since, limit=_MOST_HEARD) if is_crowded else []
        arrived = books.arrivals(since=since) if len(heard) >= desk.alerts.copies else {}
    seen = find_raids(heard, arrived, policy=desk.alerts)
    told = {alert.subject for alert in known}
    done = sum(_raise(desk, one, now=now) for one in seen if one.raid.subject not in told)
    return done + sum(_end(desk, alert, now=now) for alert in known)


def receive_arrivals(store: Store, joined: Joined) -> None:
    """Note for some minutes that members have joined; told twice, they count once."""
    with store.begin() as books:
        books.add_arrivals(joined.channel, joined.place, joined.members, at=joined.at)


def calm(desk: Desk, number: int, *, by: Actor) -> Alert:
    """End the slow mode of a raid now.

    Raises:
        NotFound: There is no such alert.
        NotPossible: Nothing is slowed down any more.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        alert = must_find(books, number)
        if alert.kind is not AlertKind.RAID or not books.set_free(_keys(alert), by=by, now=now):
            raise NotPossible(Sentence("Nothing is slowed down any more."))
        ended = replace(Raid.from_facts(alert.facts), calmed_by=by.name)
        books.change_alert(alert, facts=ended.to_facts(), now=alert.high_at)
        why = Sentence("{person} has ended the slow mode.", person=by.name)
        _note(books, number, "raid.calmed", why, by=by, now=now)
        return must_find(books, number)


def slow(desk: Desk, number: int, *, by: Actor) -> Alert:
    """Slow the threads of a raid down in a person's name, where that was not done by itself.

    Raises:
        NotFound: There is no such alert.
        NotPossible: It is over, the channel cannot do it, or it was done already.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        alert = must_find(books, number)
        if alert.kind is not AlertKind.RAID or alert.ended_at is not None:
            raise NotPossible(Sentence("This is over."))
        raid = Raid.from_facts(alert.facts)
        if raid.slowed:
            raise NotPossible(Sentence("It is slowed down already."))
        if not desk.abilities_of(raid.channel).can(OutboxKind.SLOW_MODE):
            raise NotPossible(Sentence("Slow mode cannot be set by a bot on {channel}.", channel=raid.channel))
        samples = books.heard_since(alert.raised_at - WITHIN - _LATE, limit=10_000)
        copies = tuple(one for one in samples if one.channel == raid.channel and one.thread in raid.threads)
        slowed = _slow_down(books, desk, number, Seen(raid, copies), by=by, now=now)
        books.change_alert(alert, facts=slowed.to_facts(), now=alert.high_at)
        why = Sentence("{person} has slowed threads down: {n}.", person=by.name, n=len(slowed.slowed))
        _note(books, number, "raid.slowed", why, by=by, now=now)
        return must_find(books, number)


def must_find(books: Books, number: int) -> Alert:
    """An alert that is there.

    Raises:
        NotFound: There is no such alert.
    """
    alert = books.find_alert(number)
    if alert is None:
        raise NotFound(Sentence("There is no alert {id}.", id=number))
    return alert


def said_of(raid: Raid) -> Sentence:
    """A raid in one sentence."""
    return Sentence(
        "It looks like a raid on {channel}: {arrivals} newcomers and {copies} near-copies within a minute.",
        channel=raid.channel,
        arrivals=raid.arrivals,
        copies=raid.copies,
    )


def _raise(desk: Desk, seen: Seen, *, now: datetime) -> bool:
    raid = seen.raid
    with desk.store.begin() as books:
        number = books.raise_alert(AlertKind.RAID, raid.subject, facts=raid.to_facts(), now=now)
        if number is None:
            return False
        _note(books, number, "raid.noticed", said_of(raid), now=now, arrivals=raid.arrivals, copies=raid.copies)
        can = desk.abilities_of(raid.channel).can(OutboxKind.SLOW_MODE)
        # A pause holds all that Vigie does by itself: then the alert offers it to a person.
        if desk.alerts.slows and can and not books.switch(PAUSED).is_on:
            slowed = _slow_down(books, desk, number, seen, by=RAIDS, now=now)
            books.change_alert(must_find(books, number), facts=slowed.to_facts(), now=now)
            why = Sentence("Slow mode was turned on by itself. Threads: {n}.", n=len(slowed.slowed))
            _note(books, number, "raid.slowed", why, now=now, threads=[*slowed.slowed], until=slowed.until)
    return True


def _slow_down(books: Books, desk: Desk, number: int, seen: Seen, *, by: Actor, now: datetime) -> Raid:
    until = now + desk.alerts.slow_for
    seconds = round(desk.alerts.pause.total_seconds())
    slowed = []
    for thread in seen.raid.threads:
        about = next((one for one in seen.copies if one.thread == thread), None)
        if about is not None:
            books.slow_down(about, key=_key(number, thread), by=by, seconds=seconds, now=now, until=until)
            slowed.append(thread)
    return replace(seen.raid, slowed=tuple(slowed), seconds=seconds, until=until.isoformat())


def _end(desk: Desk, alert: Alert, *, now: datetime) -> bool:
    """Have an alert be over once nothing is slowed down any more and nobody has raided for as long."""
    if now - alert.raised_at < desk.alerts.slow_for:
        return False
    with desk.store.begin() as books:
        if books.is_slowed(_keys(alert)) or not books.end_alert(alert.id, now=now):
            return False
        _note(books, alert.id, "raid.over", Sentence("The raid is over."), now=now)
    return True


def _keys(alert: Alert) -> list[str]:
    return [_key(alert.id, thread) for thread in Raid.from_facts(alert.facts).slowed]


def _key(number: int, thread: str) -> str:
    # What stands before a stroke is read as the key of a whole with parts.
    return f"raid:{number}:{thread.replace(PART, '|')}"


def _note(
    books: Books, number: int, what: str, says: Sentence, *, now: datetime, by: Actor = RAIDS, **facts: object
) -> None:
    books.write_audit([AuditLine(now, by, what, "alert", number, says, facts)])
    books.seal_audit()

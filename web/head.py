"""What the head of every page tells: whether sending is paused, whether a crisis runs, what failed, what is unusual."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.alerts import Alert, AlertKind
from inbox.books import Store
from inbox.outboxbooks import OutboxCounts
from inbox.sentences import Sentence
from inbox.switches import CRISIS, PAUSED
from inbox.views import SwitchState
from inbox.watching import in_short


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the house, as every page tells it; `alerts` are those that nobody has seen."""

    paused: SwitchState
    crisis: SwitchState
    counts: OutboxCounts
    alerts: tuple[Alert, ...]

    @property
    def news(self) -> tuple[Sentence, ...]:
        """What is unusual, in a sentence each."""
        return tuple(in_short(one) for one in self.alerts)


def head_of(store: Store) -> Head:
    """What the head of a page tells now."""
    with store.read() as books:
        alerts = books.open_alerts([AlertKind.SPIKE, AlertKind.RAID])
        return Head(
            books.switch(PAUSED),
            books.switch(CRISIS),
            books.outbox_counts(),
            tuple(one for one in alerts if one.seen_at is None),
        )

"""What watching over many messages asks of the store, and the alerts that come of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from inbox.alerts import Alert, AlertKind, AlertPost, Heard, Slot
from inbox.model import Actor
from inbox.sentences import Sentence


class RateBooks(Protocol):
    """How many messages come when."""

    def has_uncounted(self, *, now: datetime) -> bool:
        """Whether messages have been triaged that are not counted yet."""

    def count_messages(self, *, now: datetime, limit: int) -> int:
        """Count what has been triaged since the last time, oldest first; 0 where another process is at it."""

    def take_watch(self, *, now: datetime, every: timedelta) -> bool:
        """Be the one who looks at the counts now; False where they were looked at less than `every` ago."""

    def watched_at(self) -> datetime | None:
        """When the counts were last looked at; None where they never were."""

    def read_slots(self, times: Sequence[tuple[datetime, datetime]]) -> list[Slot]:
        """What was counted in the slots that begin from one moment until before another, for each of some times."""

    def counted_since(self, channel: str) -> datetime | None:
        """The beginning of the first slot of a channel in which anything was counted; None where nothing was."""


class CrowdBooks(Protocol):
    """What many say and do at once."""

    def add_arrivals(self, channel: str, place: str | None, members: Sequence[str], *, at: datetime) -> None:
        """Note for some minutes that members have joined a server or group."""

    def do_many_arrive(self, *, since: datetime, least: int) -> bool:
        """Whether as many have joined, or written for the first time, since a moment."""

    def arrivals(self, *, since: datetime) -> Mapping[tuple[str, str | None], frozenset[str]]:
        """Per channel and place who has joined, or written for the first time, since a moment."""

    def heard_since(self, since: datetime, *, limit: int) -> list[Heard]:
        """What contacts have said since a moment among the messages that came last, the oldest first."""

    def said_lately(self, channel: str, label: str, *, since: datetime, limit: int) -> list[Heard]:
        """What contacts have said on a channel since a moment, of one label or all, the latest first."""

    def said_before(self, channel: str, *, before: datetime, limit: int) -> list[str]:
        """The texts of contacts on a channel from before a moment, among those that came last."""

    def slow_down(self, about: Heard, *, key: str, by: Actor, seconds: int, now: datetime, until: datetime) -> None:
        """Have the thread of a message slowed down now, and set free again at a moment."""

    def set_free(self, keys: Sequence[str], *, by: Actor, now: datetime) -> int:
        """End the slow mode of `slow_down` now, in a person's name; how many threads still had it."""

    def is_slowed(self, keys: Sequence[str]) -> bool:
        """Whether what ends the slow mode of one of these has still to be done."""


class BulletinBooks(Protocol):
    """Which weeks were reported."""

    def has_bulletin(self, week: str) -> bool:
        """Whether a week, such as 2026-W48, was reported."""

    def take_bulletin(self, week: str, *, now: datetime) -> bool:
        """Be the one who reports a week; False where somebody was first."""


class AlertBooks(Protocol):
    """What the team is told in its rooms without having asked."""

    def raise_alert(self, kind: AlertKind, subject: str, *, facts: Mapping[str, Any], now: datetime) -> int | None:
        """Raise an alert; its number, or None where one about this is open."""

    def tell_again(self, known: Alert, *, facts: Mapping[str, Any], now: datetime) -> bool:
        """Have an open alert told once more, with other facts; False where somebody else was first."""

    def change_alert(self, known: Alert, *, facts: Mapping[str, Any], now: datetime) -> bool:
        """Give an open alert other facts where it stands; False where somebody else was first."""

    def keep_high(self, alert_id: int, *, now: datetime) -> None:
        """Note that what an open alert is about goes on."""

    def end_alert(self, alert_id: int, *, now: datetime) -> bool:
        """Note that what an alert is about is over; False where somebody else was first."""

    def see_alert(self, alert_id: int, *, by: str, now: datetime) -> bool:
        """Note that somebody has seen an alert; False where it is over, or somebody has already."""

    def find_alert(self, alert_id: int) -> Alert | None:
        """One alert."""

    def open_alerts(self, kinds: Collection[AlertKind] = ...) -> list[Alert]:
        """The alerts that are not over, the oldest first; of some kinds, or of all."""

    def wanted_alerts(self, board: str, *, now: datetime, limit: int) -> list[Alert]:
        """Alerts that this board has not begun to put up as they stand now, the oldest first."""

    def begin_alert_post(self, board: str, known: Alert, *, now: datetime) -> bool:
        """Begin to put an alert up; False where another process has. If it is not put up, it is tried again."""

    def alert_posts_on(self, board: str) -> list[AlertPost]:
        """The alerts of a board that may still read otherwise, the oldest first."""

    def mark_alert_shown(
        self, post_id: int, *, external_id: str | None, shown: str, closed: bool, now: datetime
    ) -> None:
        """Note what an alert says now, and under which id; a closed one is not looked at again."""

    def mark_alert_unshown(self, post_id: int, *, error: Sentence, again_at: datetime) -> None:
        """Note that an alert could not be put up or changed, and when to try again."""

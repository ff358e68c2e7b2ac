"""The record of each rule: how often it held as it stands, whether people agreed, and what came of what it sent.

Counted is what happened since the rule asks, does and may what it does today: a rule that is changed begins anew. The
number of times it held within a week and a month is by its name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox.agreement import Agreeing, Agreement, is_put_right
from inbox.books import Store
from inbox.fired import Fired, SentByRule
from inbox.past import NOTHING
from inbox.ports import RulesInForce
from inbox.rulebooks import Standing, standings

LOOK_BACK = timedelta(days=90)
"""As far back as anything is counted."""

COMPLAINS_WITHIN = timedelta(hours=48)
"""A complaint or an insult within this time after an automatic reply is counted against its rule."""

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of one rule.

    It stands as it does since `since` and held `matches` times since, `in_shadow` of them to leave a note alone;
    `last_week` and `last_month` are by its name, whatever it said then. In `words`, `sent` is what it has sent by
    itself; `refused` is what the last look kept back, `complaints_after` after how many of its replies the contact
    complained or offended. People looked at the labels of `judged` messages and put those of `put_right` right.
    """

    rule: str
    mode: str
    since: datetime
    can_reply: bool
    matches: int = 0
    in_shadow: int = 0
    last_week: int = 0
    last_month: int = 0
    words: Agreement = field(default_factory=Agreement)
    judged: int = 0
    put_right: int = 0
    refused: int = 0
    complaints_after: int = 0


def records(store: Store, in_force: RulesInForce, *, only: str | None = None, now: datetime) -> list[Record]:
    """The record of each rule in force, in the order in which they are asked; of `only` one where it is named."""
    text = in_force.look().rules.text
    earliest = now - LOOK_BACK
    with store.read() as books:
        stand = standings(books.rule_books(), text, in_force.outlines, now=now)
        stand = [one for one in stand if only in {None, one.outline.rule}]
        since = max(earliest, min([now - MONTH, *(one.since for one in stand)]))
        keeping = Keeping(stand, books.sent_by_rules(since=since, within=COMPLAINS_WITHIN), now=now)
        for chunk in books.read_fired({one.outline.rule for one in stand}, since=since):
            keeping.take(chunk)
    return keeping.told()


class Keeping:
    """Keeps count. Pure: hand it what rules did, then ask what is on record.

    Args:
        stand: The rules in force, and since when they stand as they do.
        sent: What rules have sent, in any order.
        now: Now.
    """

    def __init__(self, stand: Sequence[Standing], sent: Iterable[SentByRule], *, now: datetime) -> None:
        self._rules = {one.outline.rule: _Tally(one) for one in stand}
        self._week, self._month, self._first = now - WEEK, now - MONTH, now - LOOK_BACK
        self._sent: set[tuple[str, int]] = set()
        for one in sent:
            tally = self._rules.get(one.rule)
            if tally is None or one.queued_at < tally.standing.since:
                continue
            if one.refused:
                tally.refused += 1
            else:
                self._sent.add((one.rule, one.message_id))
                tally.complaints_after += one.complained

    def take(self, fired: Iterable[Fired]) -> None:
        """Count more messages."""
        for one in fired:
            for rule in one.acted:
                self._count(rule, one, in_shadow=False)
            for rule in one.in_shadow:
                self._count(rule, one, in_shadow=True)

    def told(self) -> list[Record]:
        """What was counted so far, in the order of the rules."""
        return [tally.told() for tally in self._rules.values()]

    def _count(self, rule: str, one: Fired, *, in_shadow: bool) -> None:
        tally = self._rules.get(rule)
        if tally is None:
            return
        tally.last_month += one.decided_at >= self._month
        tally.last_week += one.decided_at >= self._week
        if one.version < tally.standing.version or one.decided_at < self._first:
            return
        tally.matches += 1
        tally.in_shadow += in_shadow
        responses = tally.standing.outline.responses
        if responses:
            tally.words.add(one.handled, responses, sent=(rule, one.message_id) in self._sent)
        if one.handled is not NOTHING and one.handled.labels is not None:
            tally.judged += 1
            tally.put_right += is_put_right(one.labels, one.handled)


class _Tally:
    """The counters of one rule."""

    __slots__ = (
        "complaints_after",
        "in_shadow",
        "judged",
        "last_month",
        "last_week",
        "matches",
        "put_right",
        "refused",
        "standing",
        "words",
    )

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.matches = self.in_shadow = self.last_week = self.last_month = 0
        self.judged = self.put_right = self.refused = self.complaints_after = 0
        self.words = Agreeing()

    def told(self) -> Record:
        outline = self.standing.outline
        return Record(
            rule=outline.rule,
            mode=outline.mode,
            since=self.standing.since,
            can_reply=outline.can_reply,
            matches=self.matches,
            in_shadow=self.in_shadow,
            last_week=self.last_week,
            last_month=self.last_month,
            words=self.words.told(),
            judged=self.judged,
            put_right=self.put_right,
            refused=self.refused,
            complaints_after=self.complaints_after,
        )

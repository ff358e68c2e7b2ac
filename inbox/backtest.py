"""Trying a rule book on the past: what it would have done, beside what people did. Nothing is done.

The rules see what they would have seen: each message as it reads now, and the labels of the model. What people said of
the labels since, what they answered, handed over and moderated only measures. Every message is decided on by itself:
that the same words are prepared once in a conversation, and what the last look before sending would have held back, is
not replayed, so what would have been sent is an upper bound.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inbox.actions import Action, Delete, Draft, Escalate, Hide, Mode, Proposal, Reply, Tag, Timeout, Warn
from inbox.agreement import Agreeing, Agreement, is_put_right
from inbox.background import UNKNOWN, Background, Needs
from inbox.decisions import Decision, Facts
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.outcome import House, carry_out
from inbox.past import NOTHING, Past, PastCount
from inbox.ports import RuleBook
from inbox.sample import Sample
from inbox.sentences import Sentence

MOST_SAMPLES = 3
"""How many messages are named for each rule, and for a change: the latest ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An action by its word, how far the rule that asked for it may go, and how often that was."""

    action: str
    mode: Mode
    times: int


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """What one rule would have done.

    It held for `matches` messages; `in_shadow`, only to leave a note. People looked at the labels of `judged` of them
    and put those of `put_right` right. Of the messages it would hand over, people handed over `by_hand` themselves; of
    those it would propose to hide, `with_case` were moderated.
    """

    rule: str
    matches: int
    in_shadow: bool
    actions: tuple[Asked, ...]
    words: Agreement
    judged: int
    put_right: int
    escalations: int
    by_hand: int
    hidings: int
    with_case: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class ChangedSample:
    """A message that two rule books decide on differently, with the actions of each."""

    sample: Sample
    before: tuple[Action, ...]
    after: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the rule book in force: on how many messages, which actions come and go, how often rules hold.

    `matches_before` counts how often each rule of the book in force holds.
    """

    messages: int
    gained: Mapping[str, int]
    lost: Mapping[str, int]
    matches_before: Mapping[str, int]
    samples: tuple[ChangedSample, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a replay counts, in messages but for `actions`.

    `no_rule`: no rule held, but perhaps in shadow. `answered`, `escalated_by_hand` and `with_case` are what people did;
    `of_by_hand` of those handed over the rules would hand over too, `of_with_case` of those moderated they would
    propose to hide.
    """

    replayed: int
    rules: tuple[RuleRecord, ...]
    no_rule: int
    actions: tuple[Asked, ...]
    drafted: int
    sent: int
    escalated: int
    tagged: int
    hidden: int
    answered: int
    escalated_by_hand: int
    of_by_hand: int
    with_case: int
    of_with_case: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """A stretch of the past, from `since` until before `until`, and what a rule book would have made of it."""

    since: datetime
    until: datetime
    channel: str | None
    count: PastCount
    found: Found


def backtest(
    desk: Desk,
    *,
    rules: RuleBook | None = None,
    since: datetime,
    until: datetime,
    channel: str | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Replay what contacts wrote in a stretch of the past. The store is only read.

    Args:
        desk: The desk.
        rules: The rule book to try, which is then also compared with the one in force; None tries the one in force.
        since: The first moment.
        until: The moment before which messages were sent.
        channel: Only what came by this channel.
        watch: Told now and then how many messages are done, and of how many.

    Raises:
        NotPossible: There is nothing between the two moments.
    """
    if since >= until:
        raise NotPossible(Sentence("The end of the period is not after its beginning."))
    house = House(desk.brand, desk.responses, desk.rule_book_version, desk.hold, desk.abilities, desk.splits_replies)
    replay = Replay(rules or desk.rules, house, in_force=desk.rules if rules is not None else None, now=desk.clock())
    with desk.store.read() as books:
        count = books.count_past(since=since, until=until, channel=channel)
        for chunk in books.read_past(since=since, until=until, channel=channel):
            around = books.backgrounds([past.message for past in chunk], replay.needs, past=True)
            replay.take(chunk, around)
            if watch is not None:
                watch(replay.replayed, count.to_replay)
    return Backtest(since, until, channel, count, replay.found())


class Replay:
    """Decides on messages of the past and keeps count. Pure: hand it messages, then ask what was found."""

    def __init__(self, book: RuleBook, house: House, *, in_force: RuleBook | None = None, now: datetime) -> None:
        self.replayed = 0
        self._book, self._house, self._in_force, self._now = book, house, in_force, now
        self._rules = {name: _Tally() for name in book.names}
        self._all: Counter[str] = Counter()
        self._gained: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._before: Counter[str] = Counter()
        self._differs: deque[tuple[Past, Decision, Decision]] = deque(maxlen=MOST_SAMPLES)

    @property
    def needs(self) -> Needs:
        """What of the background of messages the rules ask about."""
        return self._book.needs | self._in_force.needs if self._in_force is not None else self._book.needs

    def take(self, pasts: Iterable[Past], around: Mapping[int, Background] | None = None) -> None:
        """Decide on more messages, with what surrounds them by their numbers."""
        decide, rules, hours, known = self._book.decide, self._rules, self._house.brand.hours, around or {}
        for past in pasts:
            background = known.get(past.message.id, UNKNOWN)
            facts = Facts.of(past.message, past.prediction, hours=hours, background=background)
            decision = decide(facts, traced=False)
            self.replayed += 1
            for name in decision.because:
                tally = rules[name]
                tally.matches += 1
                tally.latest.append(past)
            if not decision.because:
                self._all["no_rule"] += 1
            if decision.notes:  # whatever holds in shadow leaves one
                for asked in decision.trace:
                    if asked.rule not in decision.because:
                        rules[asked.rule].holds_in_shadow(past)
            if decision.actions:
                self._act(past, decision)
            if past.handled is not NOTHING:
                self._compare_with_people(past, decision)
            if self._in_force is not None:
                self._compare_with_book(past, decision, self._in_force.decide(facts, traced=False))

    def found(self) -> Found:
        """What was counted so far."""
        counts = self._all
        acts: Counter[tuple[str, Mode]] = Counter()
        for tally in self._rules.values():
            acts.update(tally.actions)
        return Found(
            replayed=self.replayed,
            rules=tuple(tally.told(name) for name, tally in self._rules.items()),
            no_rule=counts["no_rule"],
            actions=_asked(acts),
            drafted=counts["drafted"],
            sent=counts["sent"],
            escalated=counts["escalated"],
            tagged=counts["tagged"],
            hidden=counts["hidden"],
            answered=counts["answered"],
            escalated_by_hand=counts["escalated_by_hand"],
            of_by_hand=counts["of_by_hand"],
            with_case=counts["with_case"],
            of_with_case=counts["of_with_case"],
            change=self._change(),
        )

    def _act(self, past: Past, decision: Decision) -> None:
        """Count what one message would have met with, and for words what people answered."""
        by_itself = self._sent_by_itself(past, decision)
        done: set[str] = set()
        words: dict[str, set[str]] = {}
        for plan in decision.actions:
            action, tally = plan.action, self._rules[plan.rule]
            tally.actions[action.word, plan.mode] += 1
            match action:
                case Draft(response) | Reply(response):
                    if response in self._house.responses:
                        words.setdefault(plan.rule, set()).add(response)
                        done.add("sent" if plan.rule in by_itself else "drafted")
                case Escalate():
                    done.add("escalated")
                    tally.escalations += 1
                    tally.by_hand += past.handled.escalated
                case Tag():
                    done.add("tagged")
                case Hide() | Delete() | Warn() | Timeout():
                    done.add("hidden")
                    tally.hidings += 1
                    tally.with_case += past.handled.has_case
        for one in done:
            self._all[one] += 1
        for rule, responses in words.items():
            self._rules[rule].words.add(past.handled, responses, sent=rule in by_itself)

    def _sent_by_itself(self, past: Past, decision: Decision) -> set[str]:
        """The rules whose reply would leave without a person; a blank that nothing fills keeps it back, for one."""
        if not any(isinstance(plan.action, Reply) for plan in decision.actions):
            return set()
        outcome = carry_out(past.message, past.prediction, decision, house=self._house, now=self._now)
        return {send.rule for send in outcome.sends}

    def _compare_with_people(self, past: Past, decision: Decision) -> None:
        handled, counts = past.handled, self._all
        counts["answered"] += handled.replied
        if handled.escalated:
            counts["escalated_by_hand"] += 1
            counts["of_by_hand"] += any(isinstance(plan.action, Escalate) for plan in decision.actions)
        if handled.has_case:
            counts["with_case"] += 1
            counts["of_with_case"] += any(isinstance(plan.action, Proposal) for plan in decision.actions)
        if handled.labels is not None:
            wrong = is_put_right(past.prediction.labels, handled)
            for asked in decision.trace:
                self._rules[asked.rule].judged += 1
                self._rules[asked.rule].put_right += wrong

    def _compare_with_book(self, past: Past, after: Decision, before: Decision) -> None:
        for name in before.because:
            self._before[name] += 1
        acts_after = [plan.action for plan in after.actions]
        acts_before = [plan.action for plan in before.actions]
        if acts_after == acts_before:
            return
        self._all["differs"] += 1
        self._gained.update(action.word for action in acts_after if action not in acts_before)
        self._lost.update(action.word for action in acts_before if action not in acts_after)
        self._differs.append((past, before, after))

    def _change(self) -> Change | None:
        if self._in_force is None:
            return None
        return Change(
            messages=self._all["differs"],
            gained=dict(self._gained),
            lost=dict(self._lost),
            matches_before={name: self._before[name] for name in self._in_force.names},
            samples=tuple(
                ChangedSample(
                    sample(past),
                    tuple(plan.action for plan in before.actions),
                    tuple(plan.action for plan in after.actions),
                )
                for past, before, after in reversed(self._differs)
            ),
        )


def sample(past: Past) -> Sample:
    """A message to look at; what offends is named, not quoted."""
    message = past.message
    return Sample.of(
        message.text,
        message_id=message.id,
        conversation_id=message.conversation_id,
        channel=message.channel,
        sent_at=message.sent_at,
        severity=past.prediction.severity,
        corrected=past.handled.labels,
    )


class _Tally:
    """The counters of one rule."""

    __slots__ = (
        "actions",
        "by_hand",
        "escalations",
        "hidings",
        "in_shadow",
        "judged",
        "latest",
        "matches",
        "put_right",
        "with_case",
        "words",
    )

    def __init__(self) -> None:
        self.matches = self.judged = self.put_right = 0
        self.words = Agreeing()
        self.escalations = self.by_hand = self.hidings = self.with_case = 0
        self.in_shadow = False
        self.actions: Counter[tuple[str, Mode]] = Counter()
        self.latest: deque[Past] = deque(maxlen=MOST_SAMPLES)

    def holds_in_shadow(self, past: Past) -> None:
        self.in_shadow = True
        self.matches += 1
        self.latest.append(past)

    def told(self, name: str) -> RuleRecord:
        return RuleRecord(
            rule=name,
            matches=self.matches,
            in_shadow=self.in_shadow,
            actions=_asked(self.actions),
            words=self.words.told(),
            judged=self.judged,
            put_right=self.put_right,
            escalations=self.escalations,
            by_hand=self.by_hand,
            hidings=self.hidings,
            with_case=self.with_case,
            samples=tuple(sample(past) for past in reversed(self.latest)),
        )


def _asked(counted: Counter[tuple[str, Mode]]) -> tuple[Asked, ...]:
    return tuple(Asked(word, mode, times) for (word, mode), times in counted.most_common())

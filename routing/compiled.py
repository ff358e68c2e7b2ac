"""The rules of a book made ready for many messages: what `routing.deciding` means, in a small part of the time.

Much of a message takes few different values, and which rules each of them leaves is looked up. Of those left, most wait
for a hint, such as one of their words, and all hints are looked for in one go. The few rules that are then left are
asked what else they want to know; what several want to know is asked once. Which rules hold is a number, a bit a rule;
what comes of the same rules for messages judged alike is settled once and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from inbox.actions import Mode
from inbox.decisions import Decision, Facts, RuleTrace
from inbox.model import Standing
from routing.aspects import Aspect, ValueOf, aspect_of, judgement, way, writer
from routing.conditions import Condition
from routing.deciding import conclude
from routing.hints import Hints, has_hint, hint_of, is_exact
from routing.rules import Rule, is_in_share

_Ask = Callable[[Facts, int], bool]
"""A question about the facts, and about the hints that were found in them, a bit each."""

_COSTS = {"words": 0, "signal": 0, "confidence_at_least": 1, "repeated": 2, "contact": 2, "open_hours": 8, "pattern": 9}
_USUAL_COST = 5

_MOST_JUDGEMENTS, _MOST_DECISIONS = 2_048, 16_384
"""Where more would be kept, what was worked out is forgotten, and worked out anew when it is wanted."""


@dataclass(slots=True)
class _Question:
    """A condition at the top of some rules, the same in all of them. `rules` are these, a bit each."""

    condition: Condition
    bit: int
    rules: int = 0


@dataclass(slots=True)
class _Judged:
    """What is worked out for messages that were judged alike.

    Attributes:
        yes: The questions that the judgement answers with yes.
        leaves: The rules that it leaves.
        knocks: The hints that these wait for.
        gates: What several of them want to know.
        usual: The questions that are answered with yes for the first such message, by what can be looked up.
        held: The rules that hold where no other is.
        traces: What is told of each rule then.
        decisions: What came of messages with these labels, by the rules that held, those of them in whose share the
            message fell, and what its contact is to the brand.
    """

    yes: int
    leaves: int
    knocks: int
    gates: list[tuple[int, _Ask]]
    usual: int
    held: int
    traces: list[RuleTrace]
    decisions: dict[tuple[int, int, Standing], Decision]


class CompiledRules:
    """The rules of one book, ready to decide. Made once; several threads may ask at a time."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._every_rule = (1 << len(rules)) - 1
        self._stops = _union(1 << n for n, rule in enumerate(rules) if rule.stop and rule.mode is not Mode.SHADOW)
        self._shares = _union(1 << n for n, rule in enumerate(rules) if rule.mode is Mode.SHARE)
        self._forget()

        questions = _questions_of(rules)
        self._bits = [tuple(questions[asked].bit for asked in rule.conditions) for rule in rules]
        self._needs = [_union(bits) for bits in self._bits]
        self._rules_of = {question.bit: question.rules for question in questions.values()}
        self._told: list[dict[int, RuleTrace]] = [{} for _ in rules]
        self._judgement, self._way, self._writer = (
            self._aspect(value_of, questions.values()) for value_of in (judgement, way, writer)
        )
        left = [question for asked, question in questions.items() if aspect_of(asked) is None]
        left.sort(key=lambda question: _COSTS.get(question.condition.kind, _USUAL_COST))
        self._hint_bits = _bits_of_hints(left, free=1 << len(questions))
        self._hints = Hints(self._hint_bits)
        self._prepare_rules(left)
        self._prepare_traces(left)

    def _aspect(self, value_of: ValueOf, questions: Iterable[_Question]) -> Aspect:
        looking = [(one.condition, one.bit, one.rules) for one in questions if aspect_of(one.condition) is value_of]
        return Aspect(value_of, looking, self._every_rule)

    def _prepare_rules(self, questions: Sequence[_Question]) -> None:
        """Find out which hint each rule waits for, and what it wants to know besides, alone or with others."""
        self._doors: dict[int, int] = {}
        waits_for = []
        for place, rule in enumerate(self._rules):
            door = hint_of(rule.conditions)
            waits_for.append(door)
            for leaf in door:
                bit = self._hint_bits[leaf]
                self._doors[bit] = self._doors.get(bit, 0) | 1 << place
        self._doorless = self._every_rule & ~_union(self._doors.values())
        self._gates: list[tuple[int, _Ask]] = []
        self._rest: list[list[_Ask]] = [[] for _ in self._rules]
        self._asking = 0
        for question in questions:
            known = (question.condition,) if is_exact(question.condition) else None
            wanting = [place for place in _places(question.rules) if waits_for[place] != known]
            ask = self._ask(question.condition)
            if len(wanting) > 1:
                self._gates.append((_union(1 << place for place in wanting), ask))
            else:
                for place in wanting:
                    self._rest[place].append(ask)
                    self._asking |= 1 << place

    def _prepare_traces(self, questions: Sequence[_Question]) -> None:
        """Find out what has to be asked where everything is asked."""
        hinted = [question for question in questions if question.condition in self._hint_bits]
        self._known = _union(question.bit for question in hinted if is_exact(question.condition))
        self._if_hinted = {
            question.bit: question.condition.holds for question in hinted if not is_exact(question.condition)
        }
        self._not_sure = _union(self._if_hinted)
        self._always_asked = [
            (question.bit, self._ask(question.condition)) for question in questions if question not in hinted
        ]

    def decide(self, facts: Facts, *, traced: bool = True) -> Decision:
        """As `routing.deciding.decide` does for these rules."""
        judged = self._judged.get(judgement(facts)) or self._judge(facts)
        came = self._way.known.get(way(facts)) or self._way.meet(facts)
        wrote = self._writer.known.get(writer(facts)) or self._writer.meet(facts)
        found = self._hints.found_in(facts)
        if traced:
            return self._with_trace(facts, judged, judged.yes | came.yes | wrote.yes, found)
        return self._brief(facts, judged, judged.leaves & came.leaves & wrote.leaves, found)

    def _brief(self, facts: Facts, judged: _Judged, left: int, found: int) -> Decision:
        """Only the rules that are left are asked, and only what they still want to know."""
        held = left & self._doorless
        knocks = found & judged.knocks
        while knocks:
            knock = knocks & -knocks
            held |= self._doors[knock] & left
            knocks ^= knock
        for rules, ask in judged.gates:
            wanting = held & rules
            if wanting and not ask(facts, found):
                held ^= wanting
        asking = held & self._asking
        while asking:
            rule = asking & -asking
            asking ^= rule
            for ask in self._rest[rule.bit_length() - 1]:
                if not ask(facts, found):
                    held ^= rule
                    break
        stopping = held & self._stops
        if stopping:
            held &= ((stopping & -stopping) << 1) - 1
        return self._conclude(facts, judged, held)

    def _with_trace(self, facts: Facts, judged: _Judged, yes: int, found: int) -> Decision:
        """Everything is asked, and each rule told of down to the one that stops."""
        yes |= found & self._known
        for place in _places(found & self._not_sure):
            if self._if_hinted[1 << place](facts):
                yes |= 1 << place
        for bit, ask in self._always_asked:
            if ask(facts, found):
                yes |= bit
        held, traces = judged.held, judged.traces.copy()
        for place in _places(_union(self._rules_of[1 << question] for question in _places(yes ^ judged.usual))):
            told = traces[place] = self._trace(place, yes)
            if told.held:
                held |= 1 << place
            else:
                held &= ~(1 << place)
        stopping = held & self._stops
        if stopping:
            stop = stopping & -stopping
            held &= (stop << 1) - 1
            del traces[stop.bit_length() :]
        made = self._conclude(facts, judged, held)
        return Decision(made.actions, made.because, made.notes, tuple(traces))

    def _conclude(self, facts: Facts, judged: _Judged, held: int) -> Decision:
        """What comes of the rules that hold."""
        sharing = held & self._shares
        key = held, self._drawn(sharing, facts.key) if sharing else 0, facts.standing
        known = judged.decisions.get(key)
        if known is None:
            if self._n_decisions >= _MOST_DECISIONS:
                self._forget()
            self._n_decisions += 1
            known = judged.decisions[key] = conclude([self._rules[place] for place in _places(held)], facts)
        return known

    def _drawn(self, sharing: int, key: str) -> int:
        """Those of some rules in whose share a message falls."""
        rules = ((place, self._rules[place]) for place in _places(sharing))
        return _union(1 << place for place, rule in rules if is_in_share(rule.name, key, percent=rule.share))

    def _trace(self, place: int, yes: int) -> RuleTrace:
        """What is told of a rule. It can be told in few ways, each of them made once."""
        seen = yes & self._needs[place]
        told = self._told[place].get(seen)
        if told is None:
            answers = tuple([bool(seen & bit) for bit in self._bits[place]])
            told = self._told[place][seen] = self._rules[place].trace(answers)
        return told

    def _judge(self, facts: Facts) -> _Judged:
        """Work out what a judgement says that has not been met before."""
        if len(self._judged) >= _MOST_JUDGEMENTS:
            self._forget()
        labels = facts.prediction.labels, facts.prediction.is_unsure
        seen = self._judgement.meet(facts)
        usual = seen.yes | self._way.meet(facts).yes | self._writer.meet(facts).yes
        judged = self._judged[judgement(facts)] = _Judged(
            yes=seen.yes,
            leaves=seen.leaves,
            knocks=_union(bit for bit, rules in self._doors.items() if rules & seen.leaves),
            gates=[gate for gate in self._gates if gate[0] & seen.leaves],
            usual=usual,
            held=_union(1 << place for place, need in enumerate(self._needs) if not need & ~usual),
            traces=[self._trace(place, usual) for place in range(len(self._rules))],
            decisions=self._decisions.setdefault(labels, {}),
        )
        return judged

    def _forget(self) -> None:
        self._judged: dict[Hashable, _Judged] = {}
        self._decisions: dict[Hashable, dict[tuple[int, int, Standing], Decision]] = {}
        self._n_decisions = 0

    def _ask(self, condition: Condition) -> _Ask:
        """The question of a condition, where the hints have been looked for already."""
        bit = self._hint_bits.get(condition, 0)
        holds = condition.holds
        if bit and is_exact(condition):
            return lambda _, found: found & bit > 0
        if bit:
            return lambda facts, found: found & bit > 0 and holds(facts)
        tables = [[self._ask(part) for part in table] for table in condition.parts]
        match condition.kind:
            case "all":
                return lambda facts, found: all(_all(table, facts, found) for table in tables)
            case "any":
                return lambda facts, found: _any(tables, facts, found)
            case "not":
                return lambda facts, found: not _all(tables[0], facts, found)
            case _:
                return lambda facts, _: holds(facts)


def _all(table: Sequence[_Ask], facts: Facts, found: int) -> bool:
    for ask in table:  # noqa: SIM110  # half the time of `all`
        if not ask(facts, found):
            return False
    return True


def _any(tables: Sequence[Sequence[_Ask]], facts: Facts, found: int) -> bool:
    for table in tables:  # noqa: SIM110  # half the time of `any`
        if _all(table, facts, found):
            return True
    return False


def _questions_of(rules: Sequence[Rule]) -> dict[Condition, _Question]:
    questions: dict[Condition, _Question] = {}
    for place, rule in enumerate(rules):
        for condition in rule.conditions:
            question = questions.setdefault(condition, _Question(condition, 1 << len(questions)))
            question.rules |= 1 << place
    return questions


def _bits_of_hints(questions: Sequence[_Question], *, free: int) -> dict[Condition, int]:
    """The bit of each hint: that of its question, or a further one where the condition only is inside others."""
    bits = {question.condition: question.bit for question in questions if has_hint(question.condition)}
    for leaf in _leaves([question.condition for question in questions]):
        if leaf not in bits and has_hint(leaf):
            bits[leaf] = free
            free <<= 1
    return bits


def _leaves(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """These conditions, with those inside an `all`, `any` or `not` in its place."""
    for condition in conditions:
        if condition.parts:
            for table in condition.parts:
                yield from _leaves(table)
        else:
            yield condition


def _places(bits: int) -> Iterator[int]:
    """The places of the bits of a number, the lowest first."""
    while bits:
        bit = bits & -bits
        yield bit.bit_length() - 1
        bits ^= bit


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)

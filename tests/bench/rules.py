"""How fast a rule book decides on one core: a book of 200 rules and the one that ships, beside asking rule by rule."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

from rich.table import Table

from inbox.background import Background
from inbox.decisions import Decision, Facts
from inbox.hours import OpeningHours
from inbox.model import Kind, Label, Prediction, Severity, Signal, Target, Visibility
from inbox.text import fold
from routing.compiled import CompiledRules
from routing.deciding import decide
from routing.rulebook import STARTER, read_rule_book
from routing.rules import Rule
from tests.bench.large_book import large_book

CORPORA = Path(__file__).parents[2] / "data" / "corpora"
HOURS = OpeningHours(ZoneInfo("Europe/Paris"), dict.fromkeys(range(5), ((time(9), time(18)),)))
BEGINS = datetime(2026, 11, 2, tzinfo=UTC)
CHANNELS = ("discord", "telegram", "mail", "import", "webhook")
PUBLIC = (Kind.COMMENT, Kind.THREAD_REPLY, Kind.MENTION, Kind.REVIEW)
OTHER = 0.4
"""The share of messages that have no label."""

_BLOCK = 100


def measure(messages: int) -> Table:
    """Every figure: messages a second in the middle of many blocks, of the processor's time.

    Half of the messages come before. The others are then decided on twice: as messages of which neither the text nor,
    for some, the rules that hold together were met before; and once all these have been.
    """
    facts = some_facts(messages)
    before, after = facts[: len(facts) // 2], facts[len(facts) // 2 :]
    gc.collect()
    gc.freeze()  # what is measured would not hold so many messages at a time
    table = Table(title=f"rules: {len(after):,} messages after as many others, one core", title_justify="left")
    for column in ("", "a second, new", "a second, known", "µs, new", "µs, known", "times rule by rule"):
        table.add_column(column, justify="right" if column else "left")
    for name, text in (("200 rules", large_book()), ("the book that ships", STARTER.read_text(encoding="utf-8"))):
        rules = read_rule_book(text).rules
        by_trace: dict[bool, float] = {}
        for way, traced, run in (
            ("rule by rule", False, _rule_by_rule(rules, traced=False)),
            ("made ready", False, _made_ready(rules, traced=False)),
            ("rule by rule, with its trace", True, _rule_by_rule(rules, traced=True)),
            ("made ready, with its trace", True, _made_ready(rules, traced=True)),
        ):
            _seconds_each(run, before)
            new_s, known_s = _seconds_each(run, after), _seconds_each(run, after)
            loop_s = by_trace.setdefault(traced, new_s)
            rates = (f"{1 / new_s:,.0f}", f"{1 / known_s:,.0f}", f"{new_s * 1e6:.1f}", f"{known_s * 1e6:.1f}")
            table.add_row(f"{name}: {way}", *rates, f"{loop_s / new_s:.1f}")
    gc.unfreeze()
    return table


def _rule_by_rule(rules: Sequence[Rule], *, traced: bool) -> Callable[[Facts], Decision]:
    return lambda facts: decide(rules, facts, traced=traced)


def _made_ready(rules: Sequence[Rule], *, traced: bool) -> Callable[[Facts], Decision]:
    ready = CompiledRules(rules)
    return lambda facts: ready.decide(facts, traced=traced)


def some_facts(count: int) -> list[Facts]:
    """Facts of messages of our corpora, each once, in French and English, as a busy inbox would have them."""
    drawn = random.Random(7)
    rows = [json.loads(line) for path in sorted(CORPORA.glob("[ef]*.jsonl")) for line in path.open(encoding="utf-8")]
    drawn.shuffle(rows)
    of_none, of_some = [row for row in rows if not row["labels"]], [row for row in rows if row["labels"]]
    others = min(int(count * OTHER), len(of_none))
    chosen = of_none[:others] + of_some[: count - others]
    drawn.shuffle(chosen)
    return [_facts(row, BEGINS + timedelta(seconds=30.25 * number), drawn) for number, row in enumerate(chosen)]


def _facts(row: dict[str, object], sent_at: datetime, drawn: random.Random) -> Facts:
    public = drawn.random() < 0.7
    text = str(row["text"])
    return Facts(
        channel=drawn.choice(CHANNELS),
        kind=drawn.choice(PUBLIC) if public else Kind.DM,
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
        text=text,
        folded=fold(text),
        prediction=_prediction(row, drawn),
        key=sent_at.isoformat(),
        sent_at=sent_at,
        hours=HOURS,
        background=Background(
            tags=frozenset({drawn.choice(("vip", "press", "late"))} if drawn.random() < 0.1 else ()),
            is_first=drawn.random() < 0.3,
            messages=(sent_at - timedelta(hours=3), sent_at) if drawn.random() < 0.3 else (sent_at,),
            sanctions=(sent_at - timedelta(days=3),) if drawn.random() < 0.03 else (),
            repeats=(sent_at,),
        ),
    )


def _prediction(row: dict[str, object], drawn: random.Random) -> Prediction:
    """What a model that is right says, in doubt about every tenth message."""

    def score(holds: bool) -> float:
        return drawn.uniform(0.6, 1) if holds else drawn.uniform(0, 0.4)

    labels = tuple(label for label in Label if label in _words(row["labels"]))
    return Prediction(
        labels=labels,
        unsure=(Label.PRAISE,) if Label.PRAISE not in labels and drawn.random() < 0.1 else (),
        scores={label: score(label in labels) for label in Label},
        signals={signal: score(signal in _words(row["signals"])) for signal in Signal},
        lang=str(row["lang"]),
        lang_known=True,
        model="right",
        severity=Severity(str(row["severity"])) if row["severity"] else None,
        target=Target(str(row["target"])) if row["target"] else None,
    )


def _words(raw: object) -> Sequence[str]:
    return raw if isinstance(raw, list) else ()


def _seconds_each(run: Callable[[Facts], Decision], facts: Sequence[Facts]) -> float:
    """Seconds of the processor a message, in the middle of blocks so small that other work on the machine shows."""
    took = []
    for start in range(0, len(facts), _BLOCK):
        block = facts[start : start + _BLOCK]
        began = process_time()
        for one in block:
            run(one)
        took.append((process_time() - began) / len(block))
    return median(took)

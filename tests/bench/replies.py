"""How well suggested answers fit, on messages whose answer was written down before; and how long they take to find.

The messages lie beside, one a line: channel, labels, the codes that fit (“-” for none), text. Those of `replies_*` may
be looked at when words are chosen; those of `held_out_*` were written after that. The phrases of the responses that
ship have been widened since with both in sight: docs/replies.md has the figure of before.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zlib import crc32

import numpy as np
from rich.console import Console
from rich.table import Table

from app.settings import BrandSettings, read_settings
from app.wiring import build_brand, build_classifier
from classifiers.retrieval import Likeness
from inbox.abilities import Abilities
from inbox.desk import Desk
from inbox.lengths import X_LONGEST, utf16, x_weight
from inbox.model import Kind, Label, Prediction, Visibility, WaitingMessage
from inbox.precedents import ALIKE, Alike, NoPrecedents, Precedent
from inbox.ranking import Asked
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.suggesting import Situation, Suggestion, suggest_for
from inbox.text import phrase
from routing.responses import load_responses

HERE = Path(__file__).parent
GOAL = 0.85
ABILITIES = {
    "x": Abilities(longest=X_LONGEST, measure=x_weight),
    "telegram": Abilities(longest=4096, measure=utf16),
    "discord": Abilities(longest=2000, measure=utf16),
    "email": Abilities(),
    "console": Abilities(),
}
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message, what it is, and the codes of the responses that answer it; none where nothing should be offered."""

    lang: str
    channel: str
    labels: tuple[Label, ...]
    codes: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was offered first for a message; None for nothing."""

    wanted: Wanted
    first: Suggestion | None

    @property
    def code(self) -> str:
        return NOTHING if self.first is None else self.first.response or "own words"

    @property
    def fits(self) -> bool:
        return self.code in self.wanted.codes if self.wanted.codes else self.first is None

    @property
    def is_in_its_language(self) -> bool:
        return self.first is None or self.first.lang == self.wanted.lang

    @property
    def is_within_length(self) -> bool:
        able = ABILITIES[self.wanted.channel]
        return self.first is None or able.measure(self.first.text) <= able.longest


def read_wanted(name: str) -> list[Wanted]:
    """The messages of a set, such as `replies`, in both languages."""
    found = []
    for lang in ("fr", "en"):
        for line in (HERE / f"{name}_{lang}.tsv").read_text(encoding="utf-8").splitlines():
            channel, labels, codes, text = line.split("\t")
            held = tuple(map(Label, labels.split(","))) if labels != NOTHING else ()
            found.append(Wanted(lang, channel, held, tuple(codes.split(",")) if codes != NOTHING else (), text))
    return found


def a_desk(responses: dict[str, CannedResponse] | None = None) -> Desk:
    """A desk with the responses that ship, over no store."""
    brand = build_brand(BrandSettings.model_validate({"name": "Loriot"}))
    return Desk(
        brand=brand,
        store=None,  # type: ignore[arg-type]  # nothing is looked up
        classifier=None,  # type: ignore[arg-type]  # nor classified
        rules=None,  # type: ignore[arg-type]  # nor decided
        rule_book_version=0,
        responses=load_responses() if responses is None else responses,
        clock=lambda: NOW,
        abilities=ABILITIES,
    )


def first_for(desk: Desk, wanted: Wanted, labels: Sequence[Label], prediction: Prediction) -> Suggestion | None:
    """What is offered first for a message; the conversation waits with the team that complaints go to."""
    queue = "customer-service" if Label.COMPLAINT in labels else "questions"
    asked = Asked(wanted.text, prediction.lang, tuple(labels), prediction.signals)
    said = WaitingMessage(
        id=crc32(wanted.text.encode()) % 1_000,
        conversation_id=1,
        contact_id=1,
        contact_name="camille_r",
        channel=wanted.channel,
        thread="t",
        text=wanted.text,
        kind=Kind.COMMENT,
        visibility=Visibility.PUBLIC,
        lang_hint=None,
        sent_at=NOW,
    )
    found = suggest_for(desk, Situation(said, asked, queue, handed_over=True, in_crisis=False))
    return found[0] if found else None


def measure(name: str) -> tuple[list[Told], list[Told], list[Prediction]]:
    """What is offered for the messages of a set with the labels they have, with those a model finds, and its word."""
    wanted = read_wanted(name)
    predictions = build_classifier(read_settings()).predict([one.text for one in wanted])
    desk = a_desk()
    known = [Told(one, first_for(desk, one, one.labels, guess)) for one, guess in zip(wanted, predictions, strict=True)]
    found = [
        Told(one, None if guess.is_unsure else first_for(desk, one, guess.labels, guess))
        for one, guess in zip(wanted, predictions, strict=True)
    ]
    return known, found, predictions


def _share(held: Iterable[bool]) -> str:
    found = list(held)
    return f"{sum(found) / len(found):.1%} of {len(found)}" if found else ""


def show(out: Console, name: str, *, errors: bool) -> bool:
    """Print how a set fares; whether it reaches the goals, with the labels known."""
    known, found, predictions = measure(name)
    table = Table(title=f"{name}: {len(known)} messages", title_justify="left")
    for column in ("", "labels known", "labels by the model"):
        table.add_column(column, justify="right" if column else "left")
    rows = [known, found]
    table.add_row("the first suggestion fits label and topic", *(_share(one.fits for one in row) for row in rows))
    made = [[one for one in row if one.first is not None] for row in rows]
    table.add_row("of the suggestions made, those that fit", *(_share(one.fits for one in row) for row in made))
    table.add_row("silent", *(_share(one.first is None for one in row) for row in rows))
    table.add_row("the right language", *(_share(one.is_in_its_language for one in row) for row in made))
    table.add_row("within the length of the channel", *(_share(one.is_within_length for one in row) for row in made))
    for lang in ("fr", "en"):
        table.add_row(lang, *(_share(one.fits for one in row if one.wanted.lang == lang) for row in rows))
    for label in (*Label, None):
        mine = [
            [one for one in row if (label in one.wanted.labels if label else not one.wanted.labels)] for row in rows
        ]
        if mine[0]:
            table.add_row(label.value if label else "no label", *(_share(one.fits for one in row) for row in mine))
    table.add_row("the model is in doubt", "", _share(one.is_unsure for one in predictions))
    out.print(table)
    confused = Counter((one.wanted.codes[:1] or (NOTHING,), one.code) for one in known if not one.fits)
    for (wanted, code), times in confused.most_common():
        out.print(f"  {times} × {wanted[0]} → {code}")
    if errors:
        for one in known:
            if not one.fits:
                out.print(f"  {one.code:20} for {','.join(one.wanted.codes) or NOTHING:24} {one.wanted.text}")
    return sum(one.fits for one in known) >= GOAL * len(known) and all(
        one.is_in_its_language and one.is_within_length for one in (*known, *found)
    )


def how_long(out: Console, *, responses: int, replies: int, asked: int) -> None:
    """Print how long suggestions take with many canned responses and past replies, one after the other."""
    texts = [one.text for name in ("replies", "held_out") for one in read_wanted(name)]
    words = sorted({word for text in texts for word in text.split()})
    luck = np.random.default_rng(7)

    def some(n: int) -> list[str]:
        return [words[at] for at in luck.integers(len(words), size=n)]

    many = {
        f"r{at}": CannedResponse(
            f"r{at}",
            list(Polarity)[at % len(Polarity)],
            (Variant("fr", f"Bonjour, {at}."), Variant("en", f"Hello, {at}.")),
            {},
            words=tuple(phrase(" ".join(some(1 + place % 2))) for place in range(15)),
        )
        for at in range(responses)
    }
    memory: Likeness[Precedent] = Likeness()
    past = [f"{texts[at % len(texts)]} {' '.join(some(6))}" for at in range(replies)]
    began = perf_counter()
    memory.add(past, [Precedent(at, "fr", (Label.COMPLAINT,), "x", f"r{at % responses}") for at in range(replies)])
    built_s = perf_counter() - began
    desk, took = a_desk(many), []
    guess = build_classifier(read_settings()).predict(["Bonjour"])[0]
    for at in range(asked):
        one = read_wanted("replies")[at % 200]
        began = perf_counter()
        alike = [Alike(known, score) for known, score in memory.alike(one.text, limit=20, at_least=ALIKE)]
        first_for(replace_memory(desk, alike), one, one.labels, guess)
        took.append(1e3 * (perf_counter() - began))
    middle, high = np.percentile(took, [50, 99])
    out.print(
        f"{responses:,} responses, {replies:,} past replies: {middle:.1f} ms, 99 of 100 within {high:.1f} ms;"
        f" the memory is built in {built_s:.1f} s"
    )


def replace_memory(desk: Desk, alike: Sequence[Alike]) -> Desk:
    """The desk as it remembers these cases."""
    return replace(desk, precedents=NoPrecedents(alike))


def main() -> None:
    """Measure and print; fails where the goals are not reached."""
    asked = argparse.ArgumentParser(prog="make bench-replies BENCH_ARGS=…")
    asked.add_argument("--errors", action="store_true", help="name each message whose first suggestion does not fit")
    asked.add_argument("--sets", nargs="+", default=["replies", "held_out"])
    asked.add_argument("--responses", type=int, default=1_000)
    asked.add_argument("--replies", type=int, default=100_000, help="past replies; 0 for no measure of time")
    told = asked.parse_args()
    out = Console(width=120, soft_wrap=True, highlight=False)
    reached = [show(out, name, errors=told.errors and name == "replies") for name in told.sets]
    if told.replies:
        how_long(out, responses=told.responses, replies=told.replies, asked=600)
    if not all(reached):
        sys.exit(f"fewer than {GOAL:.0%} fit, or a language or a length is wrong")


if __name__ == "__main__":
    main()

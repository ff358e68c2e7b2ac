"""The checks as the program has them, and what they are run on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from classifiers.abuse import Abuse
from classifiers.entities import find_entities
from classifiers.spelling import DictionarySpeller
from inbox.checks import Checks, Context, check_words
from inbox.findings import Finding
from inbox.model import Label
from inbox.responses import Polarity

TODAY = date(2026, 6, 10)
FAULTS = Path(__file__).with_name("faults.jsonl")


@cache
def the_readers() -> dict[str, Any]:
    """What reads words in the program, each built once."""
    return {"speller": DictionarySpeller(), "entities": find_entities, "abuse": Abuse()}


def the_checks(**settled: Any) -> Checks:
    """The checks with every reader, as a brand has settled them."""
    return Checks(**(the_readers() | {"words": ("Loriot",)} | settled))


def a_context(
    *labels: Label,
    lang: str = "fr",
    message: str = "",
    contact: str = "Camille Rousseau",
    polarity: Polarity | None = None,
    valid_until: date | None = None,
) -> Context:
    return Context(TODAY, lang, message, contact, labels, polarity, valid_until)


def found_in(text: str, context: Context | None = None, checks: Checks | None = None) -> tuple[Finding, ...]:
    return check_words(text, context or a_context(), checks or the_checks())


def kinds_in(text: str, context: Context | None = None, checks: Checks | None = None) -> list[str]:
    return [finding.kind.value for finding in found_in(text, context, checks) if finding.kind is not None]


def planted_faults() -> Iterator[dict[str, Any]]:
    for line in FAULTS.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def context_of(fault: dict[str, Any]) -> Context:
    until = fault.get("valid_until")
    return a_context(
        *(Label(label) for label in fault.get("labels", ())),
        lang=fault["lang"],
        message=fault.get("message", ""),
        contact=fault.get("contact", ""),
        valid_until=date.fromisoformat(until) if until else None,
    )

"""Messages as people type them, with the entities that are in them: read from marked lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from inbox.entities import Entity

PRODUCTS = {
    "fr": ("Crème Lumière", "Sac Nomade", "Vélo Pliant X200"),
    "en": ("Trail Runner", "Nomad Bag", "Folding Bike X200"),
}
SAID_ON = date(2026, 11, 25)

_KINDS = "order_number|product|price|email|phone|iban|card|date|place"
_MARKED = re.compile(rf"\[({_KINDS}):((?:[^\[\]=]|\[[a-z]+\])+)(?:=([^\]]+))?\]")


@dataclass(frozen=True)
class Marked:
    """A message, and what is in it: kind, text, place; and the value where the line tells one."""

    text: str
    entities: tuple[tuple[str, str, int], ...]
    values: tuple[str | None, ...]

    def told(self, found: tuple[Entity, ...]) -> tuple[tuple[str, str, int], ...]:
        return tuple((entity.kind.value, entity.text, entity.start) for entity in found)


def read_marked(line: str) -> Marked:
    """A line with what is to be found in brackets: `[kind:text]`, or `[kind:text=value]`."""
    text, entities, values, done = "", [], [], 0
    for mark in _MARKED.finditer(line):
        text += line[done : mark.start()]
        entities.append((mark[1], mark[2], len(text)))
        values.append(mark[3])
        text += mark[2]
        done = mark.end()
    return Marked(text + line[done:], tuple(entities), tuple(values))


def marked_messages(lang: str) -> list[Marked]:
    """The messages of one language."""
    path = Path(__file__).with_name(f"entities_{lang}.txt")
    return [read_marked(line) for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]

"""Reading single values of a rule book: each function gives the value, or None once the fault is noted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from inbox import durations
from inbox.sentences import Sentence
from inbox.text import excerpt
from routing.faults import Place

Value = TypeVar("Value")


A_TEXT = Sentence("a text in quotes")
A_FLAG = Sentence("true or false")
A_NUMBER = Sentence("a number from 0 to 1")
A_COUNT = Sentence("a whole number")
A_TABLE = Sentence("a table in braces")
A_LIST = Sentence("a list in brackets")
TABLES = Sentence("a list of tables, such as [{{ … }}]")


def text(raw: object, place: Place, *, wanted: Sentence = A_TEXT) -> str | None:
    """A text with something in it, without the spaces around it."""
    if not isinstance(raw, str):
        place.note(mismatch(raw, wanted))
        return None
    if not raw.strip():
        place.note(Sentence("this is empty."))
        return None
    return raw.strip()


def flag(raw: object, place: Place) -> bool | None:
    """True or false."""
    if isinstance(raw, bool):
        return raw
    place.note(mismatch(raw, A_FLAG))
    return None


def share(raw: object, place: Place) -> float | None:
    """A number from 0 to 1, such as a confidence."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        place.note(mismatch(raw, A_NUMBER))
        return None
    if 0 <= raw <= 1:
        return float(raw)
    shown = excerpt(str(raw), 20)
    if 1 < raw <= 100:
        place.note(Sentence("{number} is not between 0 and 1. Did you mean {near}?", number=shown, near=raw / 100))
    else:
        place.note(Sentence("{number} is not between 0 and 1.", number=shown))
    return None


def count(raw: object, place: Place, *, least: int) -> int | None:
    """A whole number, `least` or more."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        place.note(mismatch(raw, A_COUNT))
        return None
    if raw < least:
        place.note(Sentence("{number} is too few: {least} is the least.", number=excerpt(str(raw), 20), least=least))
        return None
    return raw


def duration(raw: object, place: Place, *, most: timedelta | None = None) -> timedelta | None:
    """A length of time, such as "30m", "4h" or "2d", up to `most` where that is named."""
    said = text(raw, place)
    if said is None:
        return None
    found = durations.duration(said)
    if found is None:
        place.note(
            Sentence(
                '"{word}" is not a length of time. Write a number and its unit: "30m", "4h", "2d" or "1w".',
                word=excerpt(said, 40),
            )
        )
    elif most is not None and found > most:
        place.note(Sentence("this looks back too far: {days} days is the most.", days=most.days))
        return None
    return found


def table(raw: object, place: Place) -> Mapping[str, object] | None:
    """A table with something in it."""
    if not isinstance(raw, dict):
        place.note(mismatch(raw, A_TABLE))
        return None
    if not raw:
        place.note(Sentence("this table is empty."))
        return None
    return raw


def some(raw: object, place: Place, read: Callable[[object, Place], Value | None]) -> tuple[Value, ...] | None:
    """One value or a list of them, each read by `read`; None where any of them is faulty."""
    if not isinstance(raw, list):
        value = read(raw, place)
        return None if value is None else (value,)
    return many(raw, place, read)


def many(
    raw: object, place: Place, read: Callable[[object, Place], Value | None], *, wanted: Sentence = A_LIST
) -> tuple[Value, ...] | None:
    """A list of values, each read by `read`; None where it is empty or any of them is faulty."""
    if not isinstance(raw, list):
        place.note(mismatch(raw, wanted))
        return None
    if not raw:
        place.note(Sentence("this list is empty."))
        return None
    values = [read(item, place.item(number)) for number, item in enumerate(raw, start=1)]
    sound = tuple(value for value in values if value is not None)
    return sound if len(sound) == len(values) else None


def mismatch(raw: object, wanted: Sentence) -> Sentence:
    """What to say where something of another type is wanted."""
    return Sentence("this wants {wanted}, not {given}.", wanted=wanted, given=_type_of(raw))


def to_toml(raw: object) -> str:
    """A value as its author could have written it; a long list is cut, with the number of what is left out."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return json.dumps(raw, ensure_ascii=False)
    if isinstance(raw, list):
        shown = [to_toml(item) for item in raw[:6]]
        return f"[{', '.join(shown)}{f', … +{len(raw) - 6}' if len(raw) > 6 else ''}]"
    if isinstance(raw, dict):
        return f"{{ {', '.join(f'{key} = {to_toml(item)}' for key, item in raw.items())} }}"
    return str(raw)


def _type_of(raw: object) -> Sentence:
    match raw:
        case bool():
            return A_FLAG
        case str():
            return Sentence("a text")
        case int() | float():
            return Sentence("a number")
        case list():
            return Sentence("a list")
        case dict():
            return Sentence("a table")
        case _:
            return Sentence("a date or a time")

"""Reading the questions that people often ask, with the answers that the brand has settled.

TOML has a `[[question]]` each, with what is asked, in one wording or several, and the answer to it. Markdown has each
question as a heading, and its answer below; several headings in a row ask for the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inbox.errors import BadResponses
from inbox.precedents import Precedent
from inbox.responses import unknown_blanks
from inbox.sentences import Sentence
from routing.tables import read_tables

_FIELDS = frozenset({"ask", "lang", "answer"})
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")

Question = tuple[str, Precedent]
"""What is asked, and its answer."""


def load_faq(path: Path, *, lang: str) -> list[Question]:
    """The questions of a file; `lang` is the language of those that do not tell theirs.

    A file `faq.en.md` tells that it is in English by its name.

    Raises:
        BadResponses: The file cannot be read, or does not hold together; every fault is told.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadResponses([Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))]) from error
    if path.suffix.lower() == ".toml":
        return read_faq(text, name=path.name, lang=lang)
    named = path.suffixes[-2].lstrip(".") if len(path.suffixes) > 1 else lang
    return read_markdown(text, lang=named)


def read_faq(text: str, *, name: str = "faq.toml", lang: str) -> list[Question]:
    """The questions of a TOML text.

    Raises:
        BadResponses: The text does not hold together; every fault is told.
    """
    rows = read_tables(text, file=name, table="question")
    faults: list[Sentence] = []
    found: list[Question] = []
    for number, row in enumerate(rows, start=1):
        place = Sentence("{file}, question {number}", file=name, number=number)
        wrong = list(_faults(row, place))
        faults += wrong
        if not wrong:
            asked = [row["ask"]] if isinstance(row["ask"], str) else row["ask"]
            found += [_question(one, row["answer"], row.get("lang", lang)) for one in asked]
    if faults:
        raise BadResponses(faults)
    return found


def read_markdown(text: str, *, lang: str) -> list[Question]:
    """The questions of a Markdown text: each heading with text below it, up to the next heading."""
    found: list[Question] = []
    asked: list[str] = []
    answer: list[str] = []

    def settle() -> None:
        words = "\n".join(answer).strip()
        if words:
            found.extend(_question(one, words, lang) for one in asked)
            asked.clear()
        answer.clear()

    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading is None:
            answer.append(line)
            continue
        settle()
        asked.append(heading.group(1))
    settle()
    return found


def _question(asked: str, answer: str, lang: str) -> Question:
    return asked, Precedent(contact_id=0, lang=lang, labels=(), channel="", words=answer.strip(), faq=asked.strip())


def _faults(row: Mapping[str, Any], place: Sentence) -> Iterator[Sentence]:
    for field in sorted(row.keys() - _FIELDS):
        yield Sentence('{place}: there is no field "{field}".', place=place, field=field)
    asked = row.get("ask")
    asks = [asked] if isinstance(asked, str) else asked
    if not isinstance(asks, list) or not asks or not all(isinstance(one, str) and one.strip() for one in asks):
        yield Sentence('{place}: "ask" must be what people ask, in one wording or in a list of them.', place=place)
    if not isinstance(row.get("answer"), str) or not row["answer"].strip():
        yield Sentence('{place}: "answer" is missing.', place=place)
        return
    if not isinstance(row.get("lang", ""), str):
        yield Sentence('{place}: "lang" is two letters, such as fr or en.', place=place)
    for blank in unknown_blanks(row["answer"]):
        yield Sentence("{place}: nothing is called {blank}.", place=place, blank=blank)

"""Reading the file of canned responses."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from inbox.entities import EntityKind
from inbox.errors import BadResponses
from inbox.model import Label
from inbox.phrases import GAP, to_phrase
from inbox.responses import VARIABLES, Address, CannedResponse, Polarity, Tone, Variant, unknown_blanks
from inbox.sentences import Sentence
from inbox.text import excerpt, phrase
from routing.tables import read_tables

STARTER = Path(__file__).parent / "starter" / "responses.toml"
"""The canned responses that ship."""

_FIELDS = frozenset(
    {
        *("code", "title", "polarity", "owner", "words", "generic", "valid_until", "variant"),
        *("hints", "labels", "entities", "source"),
    }
)
_VARIANT_FIELDS = frozenset({"lang", "text", "tone", "address", "channels"})
_WORDS_OF: Mapping[str, type[StrEnum]] = {"labels": Label, "entities": EntityKind}
_LANGUAGE_LETTERS = 2


def load_responses(path: Path = STARTER) -> dict[str, CannedResponse]:
    """The canned responses of a file, by code.

    Raises:
        BadResponses: The file cannot be read, or does not hold together; every fault is told.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadResponses([Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))]) from error
    return read_responses(text, name=path.name)


def read_responses(text: str, *, name: str = "responses.toml") -> dict[str, CannedResponse]:
    """The canned responses of a text, by code.

    Args:
        text: TOML with one `[[response]]` each, and in it one `[[response.variant]]` per wording.
        name: What to call the file in errors.

    Raises:
        BadResponses: The text does not hold together; every fault is told.
    """
    rows = read_tables(text, file=name, table="response")
    findings: list[Sentence] = []
    found: dict[str, CannedResponse] = {}
    for number, row in enumerate(rows, start=1):
        place = Sentence('{file}, response {number} "{code}"', file=name, number=number, code=str(row.get("code", "")))
        faults = list(_faults(row, place))
        if row.get("code") in found:
            faults.append(Sentence("{place}: there is another with this code.", place=place))
        findings += faults
        if not faults:
            response = _to_response(row)
            found[response.code] = response
    if findings:
        raise BadResponses(findings)
    return found


def _to_response(row: Mapping[str, Any]) -> CannedResponse:
    return CannedResponse(
        code=row["code"],
        polarity=Polarity(row["polarity"]),
        variants=tuple(_to_variant(variant) for variant in row["variant"]),
        title=dict(row.get("title", {})),
        owner=row.get("owner", ""),
        words=_to_phrases(row.get("words", ())),
        generic=row.get("generic", False),
        valid_until=row.get("valid_until"),
        hints=_to_phrases(row.get("hints", ())),
        entities=frozenset(map(EntityKind, row.get("entities", ()))),
        labels=frozenset(map(Label, row.get("labels", ()))),
        source=row.get("source", ""),
    )


def _to_phrases(written: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(to_phrase, written)))


def _to_variant(row: Mapping[str, Any]) -> Variant:
    return Variant(
        lang=row["lang"],
        text=row["text"],
        tone=Tone(row.get("tone", Tone.PLAIN)),
        address=Address(row.get("address", Address.EITHER)),
        channels=tuple(row.get("channels", ())),
    )


def _faults(row: Mapping[str, Any], place: Sentence) -> Iterator[Sentence]:
    for field in row.keys() - _FIELDS:
        nearest = next(iter(difflib.get_close_matches(field, _FIELDS, n=1)), "variant")
        yield Sentence(
            '{place}: there is no field "{field}". Did you mean "{nearest}"?', place=place, field=field, nearest=nearest
        )
    if not isinstance(row.get("code"), str) or not row["code"].strip():
        yield Sentence('{place}: "code" is missing: the short name that rules use.', place=place)
    if row.get("polarity") not in list(Polarity):
        yield Sentence('{place}: "polarity" must be one of: {known}.', place=place, known=", ".join(Polarity))
    if not isinstance(row.get("title", {}), dict) or not isinstance(row.get("owner", ""), str):
        yield Sentence('{place}: "title" must be a table by language, "owner" a text.', place=place)
    if not isinstance(row.get("generic", False), bool):
        yield Sentence('{place}: "generic" must be true or false.', place=place)
    if not isinstance(row.get("source", ""), str):
        yield Sentence('{place}: "source" must be a text.', place=place)
    for name, known in _WORDS_OF.items():
        if not _are_of(row.get(name, []), known):
            yield Sentence(
                '{place}: "{name}" must be a list of these: {known}.', place=place, name=name, known=", ".join(known)
            )
    if (until := row.get("valid_until")) is not None and type(until) is not date:
        yield Sentence('{place}: "valid_until" must be a day, such as 2026-12-24, without quotes.', place=place)
    for name in ("words", "hints"):
        yield from _word_faults(name, row.get(name, []), place)
    variants = row.get("variant")
    if not isinstance(variants, list) or not variants:
        yield Sentence("{place}: there is no [[response.variant]] with its words.", place=place)
        return
    for number, variant in enumerate(variants, start=1):
        yield from _variant_faults(variant, Sentence("{place}, variant {number}", place=place, number=number))


def _word_faults(name: str, words: object, place: Sentence) -> Iterator[Sentence]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        yield Sentence(
            '{place}: "{name}" must be a list of words, such as ["colis", "parcel*"].', place=place, name=name
        )
        return
    for word in words:
        if any("*" in part.strip().removesuffix("*") for part in word.split(GAP)):
            yield Sentence(
                '{place}: "{word}" has a star inside: it may only end a word.', place=place, word=excerpt(word, 40)
            )
        elif not all(phrase(part.strip()).strip() for part in word.split(GAP)):
            yield Sentence('{place}: "{word}" holds no letter and no digit.', place=place, word=excerpt(word, 40))


def _variant_faults(variant: object, place: Sentence) -> Iterator[Sentence]:
    if not isinstance(variant, dict) or not {"lang", "text"} <= variant.keys() <= _VARIANT_FIELDS:
        yield Sentence(
            '{place}: it needs "lang" and "text", may have "tone", "address" and "channels", and nothing else.',
            place=place,
        )
        return
    for name, known in (("tone", Tone), ("address", Address)):
        if name in variant and not _are_of([variant[name]], known):
            yield Sentence('{place}: "{name}" must be one of: {known}.', place=place, name=name, known=", ".join(known))
    channels = variant.get("channels", [])
    if not isinstance(channels, list) or not all(isinstance(one, str) and one.strip() for one in channels):
        yield Sentence('{place}: "channels" must be a list of channels, such as ["x", "email"].', place=place)
    lang, text = variant["lang"], variant["text"]
    if not isinstance(lang, str) or len(lang) != _LANGUAGE_LETTERS:
        yield Sentence('{place}: "lang" is two letters, such as fr or en.', place=place)
    if not isinstance(text, str) or not text.strip():
        yield Sentence('{place}: "text" is empty.', place=place)
        return
    for blank in unknown_blanks(text):
        yield Sentence(
            "{place}: nothing is called {blank}. There are: {known}.",
            place=place,
            blank=blank,
            known=", ".join(VARIABLES),
        )


def _are_of(given: object, known: type[StrEnum]) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) and one in list(known) for one in given)

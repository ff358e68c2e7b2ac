"""What is doubtful in canned responses that hold together: what could not be sent as it is, or never would be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from inbox.abilities import Abilities
from inbox.brand import Brand
from inbox.checks import Context, check_words
from inbox.findings import CheckKind
from inbox.responses import VARIABLES, CannedResponse, fill
from inbox.sentences import Sentence

_FILLED = dict.fromkeys(VARIABLES, "Paris")
"""A name that is in every dictionary: the checks of the words themselves pass it over."""

_LEFT_ALONE = frozenset({CheckKind.BLANK, CheckKind.POLARITY})
"""What depends on the message that is answered."""


def doubts_of(
    responses: Iterable[CannedResponse], *, brand: Brand, abilities: Mapping[str, Abilities], now: datetime
) -> Iterator[Sentence]:
    """What is doubtful, in the order of the responses.

    Out of date; no wording in a language of the brand; words that the checks would stop; too long for a channel that a
    wording is for.
    """
    today = brand.day_of(now)
    for one in responses:
        if one.valid_until is not None and one.valid_until < today:
            yield Sentence('"{code}" is out of date since {day}.', code=one.code, day=one.valid_until.isoformat())
        for lang in brand.languages:
            if all(variant.lang != lang for variant in one.variants):
                yield Sentence('"{code}" has no wording in {lang}.', code=one.code, lang=lang)
        for variant in one.variants:
            text, _ = fill(variant.text, _FILLED)
            context = Context(today=today, lang=variant.lang, polarity=one.polarity)
            for finding in check_words(text, context, brand.checks):
                if finding.kind not in _LEFT_ALONE:
                    yield Sentence(
                        '"{code}", {lang}: {finding}', code=one.code, lang=variant.lang, finding=finding.sentence
                    )
            for channel in variant.channels:
                able = abilities.get(channel)
                if able is not None and able.measure(text) > able.longest:
                    yield Sentence(
                        '"{code}", {lang}: too long for {channel}.', code=one.code, lang=variant.lang, channel=channel
                    )

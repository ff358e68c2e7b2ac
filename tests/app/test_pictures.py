"""The picture of statistics: its size, its words in each language, its two variants, and what it needs to be drawn."""

from __future__ import annotations

import gettext
import json
import re
import struct
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from app.pictures import stats_chart, stats_picture
from app.words import DOMAIN, LOCALE
from inbox.model import Label
from inbox.sentences import Sentence, in_english
from inbox.stats import Stats, days_between, to_stats
from inbox.tallies import Answered, Said, Tallies
from tests.inbox.builders import NOON, PARIS

PNG = b"\x89PNG\r\n\x1a\n"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

CATALOGUE = gettext.translation(DOMAIN, str(LOCALE), languages=["fr"])
FRENCH: Mapping[str, str] = {
    "Messages, {first} to {last}": "Messages du {first} au {last}",
    "Time until a person replied": "Délai avant la réponse d’une personne",
    "{days} d": "{days} j",
}


def tell(sentence: Sentence, lang: str | None = None) -> str:
    """French for some sentences, whatever the catalogue has."""
    if lang != "fr":
        return in_english(sentence)
    return sentence.told_by(lambda text: FRENCH.get(text) or CATALOGUE.gettext(text))


def some_stats(days: int = 7, *, messages: int = 1200, answered: bool = True, several: bool = True) -> Stats:
    period = days_between(NOON - (days - 1) * DAY, NOON, zone=PARIS)
    labels = (Label.COMPLAINT, Label.OFFENSIVE) if several else (Label.COMPLAINT,)
    said = [
        one
        for day in range(days if messages else 0)
        for one in (
            Said(day, labels, is_unsure=False, messages=messages, unanswered=1),
            Said(day, (), is_unsure=False, messages=messages // 2, unanswered=0),
        )
    ]
    waits = [
        Answered(start + 8 * HOUR - wait, start + 8 * HOUR)
        for start in period.values()
        for wait in (25 * MINUTE, 3 * DAY)
        if answered
    ]
    return to_stats(Tallies(tuple(said), tuple(waits), 14, 3, 2), days=period, until=NOON)


def size(picture: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def svg(stats: Stats, *, dark: bool = False, lang: str | None = None) -> str:
    drawn = StringIO()
    stats_chart(stats, dark=dark, lang=lang, tell=tell).save(drawn, format="svg")
    return drawn.getvalue()


def words_of(stats: Stats, *, lang: str | None = None) -> set[str]:
    return set(re.findall(r">([^<>]+)</text>", svg(stats, lang=lang)))


@pytest.mark.parametrize("days", [1, 7, 90])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_picture_is_an_upright_png_of_the_size_of_a_phone(days: int, dark: bool):
    picture = stats_picture(some_stats(days), dark=dark, lang="fr", tell=tell)

    width, height = size(picture)
    assert picture.startswith(PNG)
    assert 880 <= width <= 920
    assert 1050 <= height <= 1300


def test_the_two_variants_have_other_colours_and_the_same_words():
    stats = some_stats()
    light, dark = svg(stats), svg(stats, dark=True)

    assert stats_picture(stats, dark=False, lang="en", tell=tell) != stats_picture(
        stats, dark=True, lang="en", tell=tell
    )
    assert ("#1a1c20" in light, "#1a1c20" in dark) == (False, True)
    assert re.findall(r">([^<>]+)</text>", light) == re.findall(r">([^<>]+)</text>", dark)


def test_english_is_spoken_with_english_dates_and_figures():
    words = words_of(some_stats(), lang="en")

    assert {"Messages, Jun 4 to Jun 10", "Jun 4", "Jun 10", "complaint 8,400", "12,600"} <= words
    assert {"half within 1 d 12\u00a0h", "Time until a person replied"} <= words


def test_french_is_spoken_with_french_dates_and_figures():
    words = words_of(some_stats(), lang="fr")

    assert {"Messages du 04/06 au 10/06", "04/06", "10/06", "réclamation 8\u202f400", "12\u202f600"} <= words
    assert "Délai avant la réponse d’une personne" in words
    assert not {"complaint 8,400", "Jun 4", "Time until a person replied"} & words


def test_without_a_language_it_speaks_english():
    assert words_of(some_stats()) == words_of(some_stats(), lang="en")


def test_a_period_over_the_end_of_a_year_names_both_years():
    assert "Messages, Jun 10, 2025 to Jun 10, 2026" in words_of(some_stats(366))


def test_an_empty_period_says_so():
    nothing = some_stats(messages=0, answered=False)

    assert "No messages in this period." in words_of(nothing)
    assert stats_picture(nothing, dark=True, lang="en", tell=tell).startswith(PNG)


def test_where_no_person_replied_the_picture_says_so_below_the_messages():
    words = words_of(some_stats(answered=False))

    assert {"No person has replied in this period.", "Messages a day, by label"} <= words


def test_a_message_with_several_labels_is_explained_where_there_is_one():
    explained = "A message with several labels counts under each."

    assert explained in words_of(some_stats(several=True))
    assert explained not in words_of(some_stats(several=False))


@pytest.mark.parametrize("days", [8, 9, 16, 17, 40, 90, 366])
def test_however_long_the_period_few_days_are_named_and_the_last_is_one_of_them(days: int):
    named = [one for one in words_of(some_stats(days)) if re.fullmatch(r"[A-Z][a-z]{2} \d+", one)]

    assert 4 <= len(named) <= 10
    assert "Jun 10" in named


def test_the_picture_holds_its_figures_itself_and_fetches_nothing():
    spec = stats_chart(some_stats(), dark=False, lang="en", tell=tell).to_dict()

    assert not [value for name, value in _leaves(spec) if name in {"url", "href"}]
    assert "http" not in json.dumps({name: value for name, value in spec.items() if name != "$schema"})


def _leaves(value: Any, name: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in _leaves(one, key)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _leaves(one, name)]
    return [(name, value)]

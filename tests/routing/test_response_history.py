"""What one canned response said before, read out of the versions of their file."""

from __future__ import annotations

from datetime import timedelta

from inbox.model import Actor
from inbox.response_books import ResponsesVersion
from routing.response_history import Said, said_before
from tests.inbox.builders import NOON

HOUR = timedelta(hours=1)
OTHER = """
[[response]]
code = "other"
polarity = "neutral"
owner = "team"
[[response.variant]]
lang = "fr"
text = "Autre chose."
"""


def thanks(text: str) -> str:
    return OTHER.replace('"other"', '"thanks"').replace("Autre chose.", text)


def kept(*texts: str) -> list[ResponsesVersion]:
    return [
        ResponsesVersion(number + 1, text, Actor.person("Ines"), "", NOON + number * HOUR)
        for number, text in enumerate(texts)
    ]


def test_each_change_of_its_words_is_told_once_and_that_it_was_taken_away():
    versions = kept(OTHER, thanks("Merci !"), thanks("Merci !") + OTHER, "no toml [", thanks("Merci bien."), OTHER)

    assert said_before(versions, "thanks") == [
        Said(NOON + 5 * HOUR, None),
        Said(NOON + 4 * HOUR, (("fr", "Merci bien."),)),
        Said(NOON + HOUR, (("fr", "Merci !"),)),
    ]


def test_one_that_never_was_there_said_nothing():
    assert said_before(kept(OTHER), "thanks") == []

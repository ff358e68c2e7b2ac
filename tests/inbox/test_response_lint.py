"""What is doubtful in canned responses: nothing in those that ship."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from inbox.abilities import Abilities
from inbox.brand import Brand
from inbox.hours import OpeningHours
from inbox.response_lint import doubts_of
from inbox.responses import CannedResponse, Polarity, Variant
from routing.responses import load_responses
from tests.inbox.builders import NOON

BRAND = Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")), languages=("fr", "en"))
WORDINGS = (Variant("fr", "Merci !"), Variant("en", "Thank you!"))
THANKS = CannedResponse(
    "thanks", Polarity.THANKS, (Variant("fr", "Merci !"), Variant("en", "Thank you!")), {"fr": "Merci"}
)


def doubts(one: CannedResponse, **abilities: Abilities) -> list[str]:
    return [str(doubt) for doubt in doubts_of([one], brand=BRAND, abilities=abilities, now=NOON)]


def test_there_is_no_doubt_about_the_responses_that_ship():
    assert [str(one) for one in doubts_of(load_responses().values(), brand=BRAND, abilities={}, now=NOON)] == []


def test_what_could_not_be_sent_is_told_by_its_code():
    long = replace(THANKS, variants=(Variant("fr", "Merci " * 50, channels=("x",)), Variant("en", "Thank you!")))

    assert doubts(THANKS) == []
    assert doubts(replace(THANKS, valid_until=date(2020, 1, 1)))[0].startswith('"thanks" is out of date')
    assert doubts(replace(THANKS, variants=THANKS.variants[:1])) == ['"thanks" has no wording in en.']
    assert doubts(long, x=Abilities(longest=280)) == ['"thanks", fr: too long for x.']

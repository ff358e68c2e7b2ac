"""The days on which nobody works: public holidays, and those that a brand names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cache

from holidays import HolidayBase, country_holidays


@cache
def calendar_of(place: str) -> HolidayBase:
    """The public holidays of a country, or of a part of one: "FR", "FR-BL".

    Raises:
        ValueError: There is no calendar of this place.
    """
    country, _, part = place.partition("-")
    try:
        return country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise ValueError(f'there is no calendar of public holidays of "{place}"') from error


def name_of(day: date, places: Sequence[str], lang: str) -> str:
    """What a day is called in a language, where it is a public holiday of one of the places; else empty."""
    for place in places:
        country, _, part = place.partition("-")
        spoken = next((one for one in calendar_of(place).supported_languages if one.startswith(lang)), None)
        if name := country_holidays(country, subdiv=part or None, language=spoken).get(day):
            return name
    return ""


def closed_days(places: Sequence[str], besides: Collection[date]) -> Callable[[date], bool]:
    """Whether nobody works on a day: a public holiday of one of the places, or one of the days named."""
    calendars = [calendar_of(place) for place in places]
    named = frozenset(besides)
    return lambda day: day in named or any(day in calendar for calendar in calendars)

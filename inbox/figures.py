"""Figures as people read them, in one language: numbers, shares, days, lengths of time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from inbox.ports import Tell
from inbox.sentences import Sentence

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes figures in one language; called with a sentence, it tells that."""

    lang: str | None
    tell: Tell

    def __call__(self, sentence: Sentence) -> str:
        """A sentence."""
        return self.tell(sentence, self.lang)

    @property
    def thousands(self) -> str:
        """What stands between thousands."""
        return "\u202f" if self.lang == "fr" else ","

    def number(self, number: int) -> str:
        """A whole number."""
        return f"{number:,}".replace(",", self.thousands)

    def day(self, day: date, *, year: bool = False) -> str:
        """A day."""
        if self.lang == "fr":
            return f"{day:%d/%m/%Y}" if year else f"{day:%d/%m}"
        return f"{_MONTHS[day.month - 1]} {day.day}" + (f", {day.year}" if year else "")

    def length(self, length: timedelta, *, short: bool = False) -> str:
        """A length of time in its two largest units, or one where `short` and the rest says little."""
        if length < _MINUTE:
            return f"{round(length.total_seconds())}\u00a0s"
        minutes = round(length / _MINUTE)
        if minutes < 60:
            return f"{minutes}\u00a0min"
        if minutes < (600 if short else 24 * 60):
            hours, rest = divmod(minutes, 60)
            return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")
        hours = round(length / _HOUR)
        if hours < (48 if short else 24):
            return f"{hours}\u00a0h"
        if short:
            return self(Sentence("{days} d", days=round(length / _DAY)))
        days, rest = divmod(hours, 24)
        return self(Sentence("{days} d", days=days)) + (f" {rest}\u00a0h" if rest else "")

    def share(self, share: float) -> str:
        """A share from 0 to 1, as a whole percentage."""
        return self._percent(round(share * 100))

    def change(self, ratio: float) -> str:
        """By how much something has changed: 0.25 for a quarter more."""
        return self._percent(round(ratio * 100), sign="+")

    def points(self, difference: float) -> str:
        """By how many points of a percentage a share has changed."""
        return self(Sentence("{n} pts", n=_signed(round(difference * 100))))

    def _percent(self, number: int, sign: str = "") -> str:
        told = _signed(number) if sign else str(number)
        return f"{told}\u202f%" if self.lang == "fr" else f"{told}%"


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"\u2212{-number}" if number < 0 else "0"

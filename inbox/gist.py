"""What stands out in a report: the few figures of its first lines, and how they are told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

from inbox.figures import Figures
from inbox.kpi_tables import change
from inbox.kpis import Report
from inbox.sentences import Sentence
from inbox.wording import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Gist:
    """The figures that stand out.

    `first` and `last` are days in ISO 8601; `half_s` and `most_s` the seconds within which half and nine in ten were
    answered; shares are from 0 to 1. `busiest` is a day of the week, from 0 for Monday, and an hour. None where there
    is nothing to tell.
    """

    brand: str
    zone: str
    first: str
    last: str
    is_over: bool
    messages: int
    messages_before: int
    half_s: float | None
    most_s: float | None
    in_time: float | None
    automatic: float | None
    busiest: tuple[int, int] | None

    @classmethod
    def of(cls, report: Report) -> Self:
        """The gist of a report."""
        now = report.now
        return cls(
            brand=report.brand,
            zone=report.zone,
            first=report.period.first.isoformat(),
            last=report.period.last.isoformat(),
            is_over=report.is_over,
            messages=now.messages,
            messages_before=report.before.messages,
            half_s=_seconds(now.responses.median),
            most_s=_seconds(now.responses.p90),
            in_time=now.first_answers.of_one,
            automatic=now.automation.of_one,
            busiest=now.busiest,
        )

    def to_facts(self) -> dict[str, Any]:
        """Plain data to be stored."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The gist that was stored."""
        busiest = facts["busiest"]
        return cls(**{**facts, "busiest": None if busiest is None else (busiest[0], busiest[1])})

    def title(self, words: Figures) -> Sentence:
        """What the report is of."""
        first, last = (words.day(date.fromisoformat(day), year=True) for day in (self.first, self.last))
        if self.brand:
            return Sentence("{brand}, {first} to {last}", brand=self.brand, first=first, last=last)
        return Sentence("Report, {first} to {last}", first=first, last=last)

    def lines(self, words: Figures) -> list[Sentence]:
        """What stands out, as sentences whose figures are written in the language of `words`."""
        told = [self._volume(words)]
        if self.half_s is not None and self.most_s is not None:
            half, most = (words.length(timedelta(seconds=seconds)) for seconds in (self.half_s, self.most_s))
            told.append(Sentence("A person answered half within {half}, 9 in 10 within {most}.", half=half, most=most))
        if self.in_time is not None:
            told.append(Sentence("First answers in time: {share}.", share=words.share(self.in_time)))
        if self.automatic is not None:
            told.append(Sentence("Replies sent by themselves: {share}.", share=words.share(self.automatic)))
        if self.busiest is not None:
            day, hour = self.busiest
            busiest = Sentence("The busiest hour: {day}, from {hour}:00 on ({zone}).")
            told.append(busiest.filled(day=WEEKDAYS[day], hour=hour, zone=self.zone))
        if not self.is_over:
            told.append(Sentence("The period goes on: what it is compared with ends at the same time of day."))
        return told

    def _volume(self, words: Figures) -> Sentence:
        n = words.number(self.messages)
        changed = change(self.messages, self.messages_before)
        if changed is None:
            return Sentence("Messages: {n}.", n=n)
        return Sentence("Messages: {n}, {change} on the period before.", n=n, change=words.change(changed))


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()

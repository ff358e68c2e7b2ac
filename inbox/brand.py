"""A brand: the workspace that messages, rules and people belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from inbox.checks import NO_CHECKS, Checks
from inbox.hours import OpeningHours, QuietHours
from inbox.responses import Voice


@dataclass(frozen=True, slots=True)
class Brand:
    """What drafts, clocks and rules need to know of a brand.

    `languages` is the order of fallback for canned responses. `teams` names each queue, per language, as it reads
    inside a sentence to a customer («notre service client»). While it is `quiet`, nobody of the team is called but in a
    crisis, or for what is critical; None for never. `checks` is what it has settled about its words, `voices` how it
    speaks on a channel where that is not plainly.
    """

    name: str
    hours: OpeningHours
    languages: tuple[str, ...] = ("fr", "en")
    teams: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quiet: QuietHours | None = None
    checks: Checks = NO_CHECKS
    voices: Mapping[str, Voice] = field(default_factory=dict)

    def is_quiet(self, moment: datetime) -> bool:
        """Whether calls have to wait."""
        return self.quiet is not None and self.quiet.is_quiet(moment)

    def day_of(self, moment: datetime) -> date:
        """The day that a moment falls on where the brand is."""
        return moment.astimezone(self.hours.zone).date()

    def team(self, queue: str, lang: str) -> str | None:
        """How a queue is named to a customer in one language, or None where nobody has named it."""
        return self.teams.get(queue, {}).get(lang)

    def voice_on(self, channel: str) -> Voice:
        """How it speaks on a channel."""
        return self.voices.get(channel) or Voice(channel)

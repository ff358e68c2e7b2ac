"""A brand: the workspace that messages, rules and people belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inbox.hours import OpeningHours


@dataclass(frozen=True, slots=True)
class Brand:
    """What drafts, clocks and rules need to know of a brand.

    `languages` is the order of fallback for canned responses. `teams` names each queue, per language, as it reads
    inside a sentence to a customer («notre service client»).
    """

    name: str
    hours: OpeningHours
    languages: tuple[str, ...] = ("fr", "en")
    teams: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def team(self, queue: str, lang: str) -> str | None:
        """How a queue is named to a customer in one language, or None where nobody has named it."""
        return self.teams.get(queue, {}).get(lang)

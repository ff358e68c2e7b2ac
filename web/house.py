"""What every page works with: the brands, the words, how the page is served."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from inbox.called_in import Hook
from inbox.desk import Desk
from inbox.errors import NotFound
from inbox.kpis import Report
from inbox.modelcard import ModelShelf
from inbox.ports import Tell
from inbox.prepared import ResponseFile
from inbox.sentences import Sentence
from inbox.sessions import Passwords
from web.jobs import Jobs
from web.reported import Reported
from web.settings_told import SettingsTold


@dataclass(frozen=True, slots=True)
class Served:
    """How the page is served.

    `address` is where people find it, without a slash at the end. With `open_to_all` nobody signs in: whoever reaches
    it is an administrator, so it answers on loopback alone. `hosts` are the names that it answers to; empty for any.
    A token of the API may ask `asks_per_minute` times in a minute.
    """

    address: str
    hosts: frozenset[str] = frozenset()
    open_to_all: bool = False
    language: str = "en"
    asks_per_minute: int = 600

    @property
    def is_private(self) -> bool:
        """Whether what browsers and the page say to each other is encrypted."""
        return self.address.startswith("https://")


class DrawReport(Protocol):
    """Draws a picture of a report."""

    def __call__(self, report: Report, picture: str, *, dark: bool, lang: str) -> str:
        """A picture by its name (`volume`, `times`, `hours`) as SVG that fetches nothing."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that pages work with, built once.

    `desks` has a desk per brand, by its key, the main one first. `hooks` are the programs that may call for channels of
    their own, by name. `start_key` lets whoever started the program make the first administrator; it dies with the
    process. `draw_report` draws pictures of reports, where there is one; `reported` remembers what was counted a moment
    ago. `models` are the models at hand, where there are any. `jobs` are what runs beside the page. `response_files`
    has per brand where its canned responses stand, to be changed; without one they are read alone. `settings` has per
    brand what the page tells of them.
    """

    desks: Mapping[str, Desk]
    tell: Tell
    languages: tuple[str, ...]
    passwords: Passwords
    served: Served
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    response_files: Mapping[str, ResponseFile] = field(default_factory=dict)
    settings: Mapping[str, SettingsTold] = field(default_factory=dict)
    start_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    draw_report: DrawReport | None = None
    reported: Reported = field(default_factory=Reported)
    models: ModelShelf | None = None
    jobs: Jobs = field(default_factory=Jobs)

    @property
    def main(self) -> Desk:
        """The desk of the main brand; its store also keeps who signs in."""
        return next(iter(self.desks.values()))

    def desk(self, brand: str) -> Desk:
        """The desk of a brand, with the rules and responses that are in force at this moment.

        Raises:
            NotFound: There is no such brand.
        """
        found = self.desks.get(brand)
        if found is None:
            raise NotFound(Sentence("There is no such page."))
        return found.as_of_now()

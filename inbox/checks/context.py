"""What words are checked against: what they answer, and what the brand has settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from inbox.findings import NEVER_SENT, CheckKind
from inbox.model import UNDETERMINED, Label
from inbox.ports import AbuseFinder, EntityFinder, Speller
from inbox.responses import Polarity


class Level(StrEnum):
    """What a check does with what it finds: nothing, tell, or keep the words from being sent."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"


LEVELS: Mapping[CheckKind, Level] = {
    CheckKind.BLANK: Level.BLOCK,
    CheckKind.BANK: Level.BLOCK,
    CheckKind.PERSONAL: Level.BLOCK,
    CheckKind.LINK: Level.BLOCK,
    CheckKind.EXPIRED: Level.BLOCK,
    CheckKind.PROMISE: Level.BLOCK,
    CheckKind.POLARITY: Level.BLOCK,
    CheckKind.ECHO: Level.BLOCK,
    CheckKind.AGGRESSIVE: Level.BLOCK,
    CheckKind.ADVERT: Level.WARN,
    CheckKind.SHOUTING: Level.WARN,
    CheckKind.SPELLING: Level.WARN,
    CheckKind.TYPOGRAPHY: Level.WARN,
}
"""What the checks do where nobody has settled it."""


@dataclass(frozen=True, slots=True)
class Context:
    """What one text is to answer.

    `lang` is the language of the text (ISO 639-1, or `und`), `today` the day where the brand is. `message`, `contact`
    and `labels` are the words that are answered, the name their author goes by, and what they are, as a person or else
    the model has labelled them. `polarity` and `valid_until`, the last day it may be sent, are those of the canned
    response that the text comes from, None where it comes from none.
    """

    today: date
    lang: str = UNDETERMINED
    message: str = ""
    contact: str = ""
    labels: tuple[Label, ...] = ()
    polarity: Polarity | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Checks:
    """What a brand has settled about its words, and what reads them; made once, and known by itself.

    `allowed_links` are hosts, each with those under it. `contacts` are phone numbers and addresses that are the brand's
    own. `words` are right as they are written, besides those of the languages. `promises` may not be made, besides
    those that no brand may make unseen. Without one of the readers, what it would find is not found.
    """

    levels: Mapping[CheckKind, Level] = field(default_factory=dict)
    allowed_links: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    speller: Speller | None = None
    entities: EntityFinder | None = None
    abuse: AbuseFinder | None = None

    def level(self, kind: CheckKind) -> Level:
        """What one check does with what it finds."""
        return Level.BLOCK if kind in NEVER_SENT else self.levels.get(kind, LEVELS[kind])


NO_CHECKS = Checks()
"""Nothing settled, and nothing that reads: the checks that need neither."""

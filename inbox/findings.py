"""What a check has to say about words that are to be sent: which check, where, what to do, whether it stops them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from inbox.sentences import Sentence


class CheckKind(StrEnum):
    """What a check looks for."""

    BLANK = "blank"
    BANK = "bank"
    PERSONAL = "personal"
    LINK = "link"
    EXPIRED = "expired"
    PROMISE = "promise"
    POLARITY = "polarity"
    ECHO = "echo"
    AGGRESSIVE = "aggressive"
    ADVERT = "advert"
    SHOUTING = "shouting"
    SPELLING = "spelling"
    TYPOGRAPHY = "typography"


NEVER_SENT = frozenset({CheckKind.BLANK, CheckKind.BANK})
"""What leaves for nobody, however much he insists: an open blank, and the number of a card or an account."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check has to say about words; a blocking one keeps them from being sent.

    `start` and `end` say where in the text the words that it is about stand, `words` what they are; without a place it
    is about the whole. `fix` is what to write instead, None where only a person can tell. A finding without a `kind`
    comes from no check of the words: it tells why they came back.
    """

    sentence: Sentence
    blocking: bool = True
    kind: CheckKind | None = None
    start: int | None = None
    end: int | None = None
    words: str = ""
    fix: str | None = None

    @property
    def may_be_insisted_on(self) -> bool:
        """Whether a person may send the words all the same."""
        return self.kind not in NEVER_SENT


def blocking(findings: Iterable[Finding], *, insists: bool = False) -> list[Finding]:
    """The findings that keep words from being sent; where a person insists, those that nobody may pass over."""
    return [one for one in findings if one.blocking and not (insists and one.may_be_insisted_on)]

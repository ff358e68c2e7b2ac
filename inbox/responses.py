"""Canned responses: prepared text with blanks, and the draft that comes of it.

A blank is `{{contact.first_name}}`, or with words for want of better `{{contact.first_name|default:"à vous"}}`. A blank
that nothing fills makes the draft unsendable; the finding says which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inbox.entities import EntityKind
from inbox.findings import CheckKind, Finding
from inbox.model import Label
from inbox.sentences import Sentence

VARIABLES = (
    "brand.name",
    "channel.name",
    "contact.first_name",
    "contact.name",
    "conversation.id",
    "order.number",
    "ticket.team",
)
"""The blanks that a canned response may have."""

_BLANK = re.compile(r"\{\{([^{}|]*)(?:\|\s*default:\s*[\"“«]([^{}\"”»]*)[\"”»]\s*)?\}\}")
_BLANK_LIKE = re.compile(r"\{\{(?!\{)[^{}]*(?:\}\})?")
_NAME_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.UNICODE)
# Contacts write these texts: every repeat has a limit, so that none of them holds the search up.
_ORDER = re.compile(
    r"(?:(?<!\w)(?:(?:commande|order)(?:\s{1,3}(?:num[ée]ro|number))?|n[°º]|no\.?)|#)"
    r"[\s:#]{0,6}([A-Z]{0,4}-?\d[\dA-Z-]{2,14}[\dA-Z])(?!-?\w)",
    re.IGNORECASE,
)


class Polarity(StrEnum):
    """What a canned response does: thank, apologise, inform, or hold the line until a person answers."""

    THANKS = "thanks"
    APOLOGY = "apology"
    NEUTRAL = "neutral"
    HOLDING = "holding"


class Tone(StrEnum):
    """How words sound: as anywhere, short as on X, formal as in a letter."""

    PLAIN = "plain"
    SHORT = "short"
    FORMAL = "formal"


class Address(StrEnum):
    """How a reader is addressed, in languages that make a difference: `vous`, or `tu` among people who know each other.

    What is neither does for both.
    """

    EITHER = "either"
    VOUS = "vous"
    TU = "tu"


@dataclass(frozen=True, slots=True)
class Voice:
    """How a brand speaks on one channel."""

    channel: str = ""
    tone: Tone = Tone.PLAIN
    address: Address = Address.VOUS


ANYWHERE = Voice()
"""The voice of a channel that nothing is known of."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a canned response; where it names `channels`, it was written for them."""

    lang: str
    text: str
    tone: Tone = Tone.PLAIN
    address: Address = Address.EITHER
    channels: tuple[str, ...] = ()

    def strays(self, voice: Voice) -> tuple[bool, bool, bool, bool]:
        """How far it is from a voice: the least is the best, and what comes first counts most.

        Written for other channels; addressing people otherwise; not written for this channel; of another tone, where a
        plain one is nearer than a third.
        """
        elsewhere = bool(self.channels) and voice.channel not in self.channels
        otherwise = self.address not in {Address.EITHER, voice.address}
        return elsewhere, otherwise, voice.channel not in self.channels, self.tone is not voice.tone

    def is_foreign(self, voice: Voice) -> bool:
        """Whether it was written for other channels, or addresses people as nobody does there."""
        elsewhere, otherwise, *_ = self.strays(voice)
        return elsewhere or otherwise


@dataclass(frozen=True, slots=True)
class CannedResponse:
    """A prepared answer, in one or more languages and wordings.

    It is suggested for a message that holds one of its `words` (as `inbox.phrases.to_phrase` makes them), or where it
    is `generic` for any of its polarity; where it is neither, only a rule or a person takes it. Its `hints` are words
    that count little: they settle it for want of better. A message that names one of its `entities` wants it the more.
    Where it has `labels`, it is only for messages that hold all of them. After the day that it is `valid_until`, it is
    out of date. `source` is where it came from, such as another program.
    """

    code: str
    polarity: Polarity
    variants: tuple[Variant, ...]
    title: Mapping[str, str]
    owner: str = ""
    words: tuple[str, ...] = ()
    generic: bool = False
    valid_until: date | None = None
    hints: tuple[str, ...] = ()
    entities: frozenset[EntityKind] = frozenset()
    labels: frozenset[Label] = frozenset()
    source: str = ""

    def wordings(
        self, *, lang: str, languages: Sequence[str], key: int, voice: Voice = ANYWHERE
    ) -> tuple[Variant, ...]:
        """The wordings for one message in one language, the one to take first; at least one.

        Args:
            lang: The language of the message; where there is no wording in it, the brand's `languages` in their order.
            languages: The order of fallback.
            key: Settles which of several wordings comes first: the next key gets the next one, a repeat gets the same.
            voice: How the brand speaks where the message came from; only the wordings that are nearest to it are taken.
        """
        for wanted in (lang, *languages):
            spoken = [variant for variant in self.variants if variant.lang == wanted]
            if spoken:
                return _turned(nearest(spoken, voice), key)
        return nearest(self.variants, voice)[:1]

    def wording(self, *, lang: str, languages: Sequence[str], key: int, voice: Voice = ANYWHERE) -> Variant:
        """The first of the `wordings` for one message."""
        return self.wordings(lang=lang, languages=languages, key=key, voice=voice)[0]


def nearest(variants: Sequence[Variant], voice: Voice) -> tuple[Variant, ...]:
    """Of some wordings in one language those that are nearest to a voice, in order.

    Where none is of its tone, those of the plain one are; where there is none of that either, whatever there is.
    """
    strays = [(*variant.strays(voice), variant.tone not in {voice.tone, Tone.PLAIN}) for variant in variants]
    return tuple(variant for variant, found in zip(variants, strays, strict=True) if found == min(strays))


def _turned(variants: Sequence[Variant], key: int) -> tuple[Variant, ...]:
    at = key % len(variants)
    return (*variants[at:], *variants[:at])


@dataclass(frozen=True, slots=True)
class DraftText:
    """Words for a person to send, with what the checks found."""

    text: str
    lang: str
    response: str
    findings: tuple[Finding, ...] = ()

    @property
    def is_sendable(self) -> bool:
        """Whether nothing blocks it."""
        return not any(finding.blocking for finding in self.findings)


def fill(text: str, values: Mapping[str, str | None]) -> tuple[str, tuple[str, ...]]:
    """Fill the blanks of a text; also name the blanks that stayed empty, in order, each once.

    An empty blank stays in the text as it was written, for a person to see.
    """
    missing: dict[str, None] = {}

    def put(blank: re.Match[str]) -> str:
        name, default = blank.group(1).strip(), blank.group(2)
        value = values.get(name) or default
        if value is not None:
            return value.strip()
        missing[name] = None
        return blank.group(0)

    return _BLANK.sub(put, text), tuple(missing)


def check_blanks(text: str) -> list[Finding]:
    """A blocking finding for each blank that is still in a text, whoever wrote it, where it stands first."""
    first: dict[str, tuple[int, int]] = {}
    for name, place in _blanks(text):
        first.setdefault(name, place)
    return [
        Finding(
            Sentence("Nothing fills the blank {blank}. Write the words yourself, or give it a default.", blank=name),
            kind=CheckKind.BLANK,
            start=start,
            end=end,
            words=text[start:end],
        )
        for name, (start, end) in first.items()
    ]


def draft_from(response: CannedResponse, variant: Variant, values: Mapping[str, str | None]) -> DraftText:
    """The draft that one wording of a canned response gives, with its blanks filled as far as they can be."""
    text, _ = fill(variant.text, values)
    return DraftText(text=text, lang=variant.lang, response=response.code, findings=tuple(check_blanks(text)))


def unknown_blanks(text: str, known: Collection[str] = VARIABLES) -> list[str]:
    """The blanks of a text that no message could ever fill."""
    return [name for name, _ in _blanks(text) if name not in known]


def _blanks(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The blanks in a text, in order: the name of each, or how it is written where it cannot be read, and its place."""
    found = [(like.group(0), _BLANK.fullmatch(like.group(0)), like.span()) for like in _BLANK_LIKE.finditer(text)]
    return [((blank and blank.group(1).strip()) or written, place) for written, blank, place in found]


def first_name(shown: str) -> str | None:
    """The first name in the name a channel shows, or None where it is a handle or anything else we would not say aloud.

    A name is two to four words of letters, each with a capital, such as «Camille Rousseau»: a single word could be
    anything, and so could a first one with capitals further in.
    """
    parts = shown.split()
    if not 2 <= len(parts) <= 4:
        return None
    if not all(_NAME_PART.fullmatch(part) and part[0].isupper() for part in parts):
        return None
    first = parts[0]
    return first if 2 <= len(first) <= 20 and first.istitle() else None


def order_number(text: str) -> str | None:
    """The order number that a text names as one, or None: a bare number could be anything."""
    found = _ORDER.search(text)
    return found.group(1) if found else None

"""A sales lead: what a contact wants to buy, as his messages tell it, and how much that is worth looking at. Pure.

A lead is nothing but the sum of what each of its messages gives. So a second question joins it, an edit replaces what
was said before, and what an author takes back is gone from it without a trace of his words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from inbox.entities import Entity, EntityKind
from inbox.model import Label, Prediction, Signal
from inbox.sentences import Sentence
from inbox.text import excerpt, fold

LONGEST_NEED = 500
"""How many letters of one message a lead quotes at the most."""

HIDDEN = "▒▒▒▒"
"""What stands in a quote for the number of a card or an account."""


class LeadStatus(StrEnum):
    """Where a lead stands: nobody has answered it; somebody has; it was sold; it was not; it was none."""

    NEW = "new"
    CONTACTED = "contacted"
    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it: then what the contact asks next joins it."""
        return self in OPEN


OPEN = (LeadStatus.NEW, LeadStatus.CONTACTED)
"""The states of a lead of which something is still to come."""


class LeadSign(StrEnum):
    """What the words of a message say besides what they name."""

    PRICE = "price"
    QUANTITY = "quantity"
    URGENT = "urgent"


CONTACT, PRODUCT, PLACE, REPEAT = "contact", "product", "place", "repeat"
POINTS: Mapping[str, int] = {
    CONTACT: 25,
    LeadSign.PRICE: 15,
    PRODUCT: 15,
    PLACE: 10,
    LeadSign.QUANTITY: 10,
    LeadSign.URGENT: 10,
    REPEAT: 5,
}
"""What each part adds to the score; `repeat` for each message after the first, up to three: 100 in all."""

_MOST_REPEATS = 3

PARTS_SAID: Mapping[str, Sentence] = {
    CONTACT: Sentence("gave an address or a number"),
    LeadSign.PRICE: Sentence("asks for the price"),
    PRODUCT: Sentence("names a product"),
    PLACE: Sentence("names a place"),
    LeadSign.QUANTITY: Sentence("wants several"),
    LeadSign.URGENT: Sentence("is in a hurry"),
    REPEAT: Sentence("asked again"),
}
"""The parts of the score as people are told them."""


@dataclass(frozen=True, slots=True)
class LeadSource:
    """What one message gives to a lead, in the words of its author where it quotes him.

    `need` is what was asked, "" where the words are gone. `places` and `products` are in the order of the text.
    """

    message_id: int
    version: int
    said_at: datetime
    need: str
    products: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    signs: tuple[LeadSign, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a message gives to the open lead of its contact.

    Where the contact has none, one is made if it `makes` one, which a rule or a person has asked for; else it is passed
    over.
    """

    contact_id: int
    conversation_id: int
    source: LeadSource
    makes: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as it stands.

    `contact_external_id` is the channel's own id of the contact. `sources` are in the order in which they were said.
    `revision` counts the changes, from 1. `conversation_id` is where it began.
    """

    id: int
    key: str
    contact_id: int
    contact: str
    contact_external_id: str | None
    channel: str
    conversation_id: int
    status: LeadStatus
    owner: str | None
    revision: int
    created_at: datetime
    updated_at: datetime
    sources: tuple[LeadSource, ...] = ()

    @property
    def products(self) -> tuple[str, ...]:
        """The products named, each once."""
        return tuple(dict.fromkeys(name for one in self.sources for name in one.products))

    @property
    def needs(self) -> tuple[str, ...]:
        """What was asked, message by message."""
        return tuple(one.need for one in self.sources if one.need)

    @property
    def place(self) -> str | None:
        """The place named last."""
        places = [place for one in self.sources for place in one.places]
        return places[-1] if places else None

    @property
    def email(self) -> str | None:
        """The address given last."""
        return next((one.email for one in reversed(self.sources) if one.email), None)

    @property
    def phone(self) -> str | None:
        """The number given last, in E.164."""
        return next((one.phone for one in reversed(self.sources) if one.phone), None)

    @property
    def score_parts(self) -> Mapping[str, int]:
        """What its score is made of, the weightiest first; the score is the sum."""
        signs = {sign for one in self.sources for sign in one.signs}
        holds: dict[str, bool] = {
            CONTACT: bool(self.email or self.phone),
            PRODUCT: bool(self.products),
            PLACE: self.place is not None,
            **{sign: sign in signs for sign in LeadSign},
        }
        parts = {str(part): POINTS[part] for part in POINTS if holds.get(part)}
        if repeats := min(_MOST_REPEATS, max(0, len(self.needs) - 1)):
            parts[REPEAT] = repeats * POINTS[REPEAT]
        return parts

    @property
    def score(self) -> int:
        """How much it is worth looking at, from 0 to 100."""
        return sum(self.score_parts.values())


def lead_from(
    text: str,
    entities: Sequence[Entity],
    prediction: Prediction,
    *,
    message_id: int,
    version: int,
    said_at: datetime,
) -> LeadSource:
    """What a message gives to a lead. Its words are quoted as data, less the numbers of cards and accounts."""
    folded = fold(text)
    return LeadSource(
        message_id=message_id,
        version=version,
        said_at=said_at,
        need=_need(_without_accounts(text, entities)),
        products=_named(entities, EntityKind.PRODUCT),
        places=_named(entities, EntityKind.PLACE),
        email=next(iter(_named(entities, EntityKind.EMAIL)), None),
        phone=next(iter(_named(entities, EntityKind.PHONE)), None),
        signs=tuple(sign for sign in LeadSign if _says(sign, text, folded, entities, prediction)),
    )


def adds(source: LeadSource, prediction: Prediction) -> bool:
    """Whether what a contact with an open lead says next belongs to it, though no rule says so.

    It does when it asks, or gives what the lead can use. What complains, offends or is spam never does.
    """
    others = {Label.COMPLAINT, Label.OFFENSIVE}
    if others & {*prediction.labels, *prediction.unsure} or _holds(prediction, Signal.SPAM):
        return False
    gives = bool(source.email or source.phone or source.products or source.places or source.signs)
    asks = Label.SALES_LEAD in prediction.labels or _holds(prediction, Signal.QUESTION)
    return bool(source.need) and (asks or gives)


def merged(sources: Sequence[LeadSource], new: Sequence[LeadSource]) -> tuple[LeadSource, ...]:
    """The sources of a lead with new ones in the order in which they were said; of one message the newest version."""
    kept: dict[int, LeadSource] = {}
    for one in (*sources, *new):
        there = kept.get(one.message_id)
        if there is None or there.version <= one.version:
            kept[one.message_id] = one
    return tuple(sorted(kept.values(), key=lambda one: (one.said_at, one.message_id)))


def forgotten(source: LeadSource) -> LeadSource:
    """The source without anything that its author said."""
    return LeadSource(source.message_id, source.version, source.said_at, need="")


def with_sources(lead: Lead, sources: Sequence[LeadSource], *, now: datetime) -> Lead:
    """The lead with these sources; a revision later where they are others."""
    if tuple(sources) == lead.sources:
        return lead
    return replace(lead, sources=tuple(sources), revision=lead.revision + 1, updated_at=now)


def _named(entities: Sequence[Entity], kind: EntityKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.value or one.text for one in entities if one.kind is kind))


def _holds(prediction: Prediction, signal: Signal) -> bool:
    return prediction.signals.get(signal, 0.0) >= 0.5


_PRICE = re.compile(
    r"\b(combien|prix|tarifs?|devis|couts?|coute(nt|ra|rait)?|budget|promo(tion)?s?|remises?|how much|prices?|pricing"
    r"|quotes?|quotation|costs?|discounts?)\b"
)
_HURRY = re.compile(
    r"\b(urgent|urgence|urgemment|au plus vite|des que possible|rapidement|d'ici|avant (demain|lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche|noel)|aujourd'hui|ce soir|cette semaine|demain|asap|urgently|as soon as possible"
    r"|today|tonight|tomorrow|this week|by (monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b"
)
_SEVERAL = re.compile(
    r"\b(?:[2-9]|[1-9]\d{1,5}) ?(?:x\b|pieces?\b|pcs\b|exemplaires?\b|unites?\b|units?\b|cartons?\b|lots?\b|boites?\b"
    r"|boxes\b|packs?\b|paires?\b|pairs?\b|personnes?\b|people\b|places?\b|seats?\b|licences?\b|licenses?\b)"
    r"|\b(?:dizaine|douzaine|vingtaine|trentaine|cinquantaine|centaine)s? (?:de |d')|\bdozens?\b"
    r"|\ben (?:gros|quantite)\b"
    r"|\bin bulk\b|\bwholesale\b"
)
_COUNTED = re.compile(r"(?:\b(?:[2-9]|[1-9]\d{1,5})|\b(?:deux|trois|quatre|cinq|six|dix|two|three|four|five|ten)) ?$")


def _says(sign: LeadSign, text: str, folded: str, entities: Sequence[Entity], prediction: Prediction) -> bool:
    if sign is LeadSign.PRICE:
        return _PRICE.search(folded) is not None or any(one.kind is EntityKind.PRICE for one in entities)
    if sign is LeadSign.URGENT:
        return _holds(prediction, Signal.URGENT) or _HURRY.search(folded) is not None
    products = [one.start for one in entities if one.kind is EntityKind.PRODUCT]
    counted = any(_COUNTED.search(fold(text[max(0, start - 12) : start])) for start in products)
    return counted or _SEVERAL.search(folded) is not None


_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?!\s)[^.!?…\n]+)*[.!?…]*\s*")
_WANTS = re.compile(
    r"\b(cherche|recherche|voudrais|voudrait|aimerais|aimerait|souhaite|souhaiterais|interesse(e|es|s)?|besoin"
    r"|disponible|livrez|livraison|looking for|would like|i'd like|interested|need|want|available|deliver|ship)\b"
)


def _need(text: str) -> str:
    """The sentences of a text that ask for something; all of it where none is told apart."""
    sentences = [found.strip() for found in _SENTENCE.findall(text) if found.strip()]
    asking = [
        one
        for one in sentences
        if one.rstrip(" !…").endswith("?") or _PRICE.search(fold(one)) or _WANTS.search(fold(one))
    ]
    return excerpt(" ".join(asking or sentences), LONGEST_NEED)


def _without_accounts(text: str, entities: Sequence[Entity]) -> str:
    for one in sorted(entities, key=lambda one: -one.start):
        if one.kind in {EntityKind.CARD, EntityKind.IBAN}:
            text = f"{text[: one.start]}{HIDDEN}{text[one.end :]}"
    return text

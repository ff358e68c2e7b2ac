"""A canned response as the form of the page has it, and what its words look like to a contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inbox.brand import Brand
from inbox.checks import Context, check_words
from inbox.errors import BadInput
from inbox.findings import Finding
from inbox.prepared import Written
from inbox.responses import Polarity, Variant, fill
from inbox.sentences import Sentence
from web.visitor import Act, Visitor

POLARITIES = {
    Polarity.THANKS: Sentence("thanks"),
    Polarity.APOLOGY: Sentence("apology"),
    Polarity.NEUTRAL: Sentence("information"),
    Polarity.HOLDING: Sentence("holds the line"),
}
"""What a response does, in words."""

EXAMPLE_CONTACT = "Camille Rousseau"
_EXAMPLE = {
    "channel.name": "Instagram",
    "contact.first_name": "Camille",
    "contact.name": EXAMPLE_CONTACT,
    "conversation.id": "118",
    "order.number": "FR-4412",
}
_QUEUE = "customer-service"


@dataclass(frozen=True, slots=True)
class Preview:
    """One wording, filled for the example contact, with what the checks find in it."""

    lang: str
    text: str
    findings: tuple[Finding, ...]


def previews(who: Visitor, written: Written) -> list[Preview]:
    """Every wording as the example contact would read it."""
    return [_preview(who, written, variant) for variant in written.variants]


def languages_of(brand: Brand, written: Written | None) -> Sequence[str]:
    """The languages that a form has fields for: those of the brand, then those that the response has besides."""
    besides = [] if written is None else [*written.title, *(one.lang for one in written.variants)]
    return tuple(dict.fromkeys([*brand.languages, *besides]))


def from_form(act: Act, *, languages: Sequence[str]) -> Written:
    """What was filled in.

    Raises:
        BadInput: The day or the kind cannot be read.
    """
    polarity = act.text("polarity")
    if polarity not in set(Polarity):
        raise BadInput(Sentence("There is no such kind of response."))
    words = (word.strip() for word in act.text("words", "").replace("\n", ",").split(","))
    return Written(
        code=act.text("code", ""),
        polarity=polarity,
        variants=tuple(
            Variant(lang, said)
            for lang in languages
            for text in act.all(f"text-{lang}")
            if (said := text.replace("\r\n", "\n").strip())
        ),
        title={lang: title for lang in languages if (title := act.text(f"title-{lang}", ""))},
        owner=act.text("owner", ""),
        words=tuple(dict.fromkeys(word for word in words if word)),
        generic=bool(act.text("generic", "")),
        valid_until=_day(act.text("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(Sentence("{text} is not a day such as 2026-12-24.", text=text)) from error


def _preview(who: Visitor, written: Written, variant: Variant) -> Preview:
    brand = who.desk.brand
    team = brand.team(_QUEUE, variant.lang) or brand.team(_QUEUE, brand.languages[0])
    text, _ = fill(variant.text, _EXAMPLE | {"brand.name": brand.name or "Vigie", "ticket.team": team})
    context = Context(
        today=brand.day_of(who.now()), lang=variant.lang, contact=EXAMPLE_CONTACT, valid_until=written.valid_until
    )
    return Preview(variant.lang, text, check_words(text, context, brand.checks))

"""Towns, regions and countries, where a word of place or a postal code stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from classifiers.entities import gazetteer
from classifiers.entities.reading import Reading, Tongue, tokens, words
from inbox.entities import Entity, EntityKind

_CUES = {
    "fr": words("à a en au aux vers sur depuis habite"),
    "en": words("in to from at near around outside"),
}
"""Words of place that a name follows; "a" is "à" typed in haste."""

_SURE_CUES = {
    "fr": {"à", "À", "vers", "sur", "au", "Au"},
    "en": {"in", "to", "from", "at", "near", "In", "From", "Near"},
}
"""Words of place, as written, that are enough for a name which is a word too."""

_PLACES = {
    "fr": words("""
        magasin magasins boutique boutiques agence agences ville villes entrepot depot relais commune usine bureau
        centre restaurant salon hopital clinique mairie region departement client cliente pres proche autour
        quartier demenage demenagent viens vient venu venue venant arrive expedie expediee envoye envoyee parti partie
        provenance livraison
        """),
    "en": words("store stores shop shops branch branches warehouse office depot outlet town city outskirts"),
}
"""Sorts of places: "magasin de Nantes", "the Leeds store"."""

_OF = {"fr": {"de", "d", "'", "du", "des"}, "en": {"of"}}
_AND = {"et", "ou", "and", "or", ",", "/"}
_ARTICLES = {"la", "le", "les", "l", "'"}
_NAMED_AFTER = words("""
    united city rovers wanderers villa albion saint germain fc sc hilton times post match basket foot rugby hotspur
    fashion roast sprouts cheesecake
    """)
"""Words that make the town before them a part of another name."""

_AFTER_VERB = {"the", "my", "your", "a", "an", "this", "that", "it", "people", "guys"}
"""What follows "reading" or "nice" when it is no town."""

_CODE_BEFORE = re.compile(r"(?:^|(?<=[\s,(]))(?:(?:F|FR|B|BE|CH|L)[- ]?)?([0-9]{4,5})\s?,?\s$")
_CODE_AFTER = re.compile(
    r",?\s\(?(?:[A-Z]{2},?\s(?P<us>[0-9]{5})(?:-[0-9]{4})?|(?P<gb>[A-Z]{1,2}[0-9][0-9A-Z]?\s[0-9][A-Z]{2})"
    r"|(?:\(Québec\)\s|QC,?\s|ON,?\s)?(?P<ca>[A-Z][0-9][A-Z]\s?[0-9][A-Z][0-9])|(?P<fr>[0-9]{5}))\)?"
    r"(?![\w-])(?!\s[A-ZÀ-Þ])"
)
_LONGEST_CODE = 12


@dataclass(frozen=True, slots=True)
class _Place:
    """What the gazetteer says of a name."""

    name: str
    countries: frozenset[str]
    is_doubtful: bool


class Places:
    """Finds the places that texts of one language name."""

    def __init__(self, tongue: Tongue, lang: str) -> None:
        self._lang = lang
        self._places = _by_spelling()
        self._matcher = PhraseMatcher(tongue.nlp.vocab)
        tongue.know(form for spelling in self._places for form in spelling)
        self._matcher.add("place", [tongue.doc(spelling) for spelling in self._places])

    def find(self, reading: Reading) -> Iterator[Entity]:
        """The places in a text; values as the gazetteer spells them, after their postal code where there is one."""
        found_to = -1
        for span in filter_spans(self._matcher(reading.doc, as_spans=True)):
            first, end = span.start, span.end
            place = self._places[tuple(reading.forms[first:end])]
            if _is_amid_name(reading, first, end):
                continue
            coded = self._with_code(reading, first, end, place)
            if coded is not None:
                found_to = reading.token_at(coded.end)
                yield coded
            elif self._is_told(reading, first, end, place) or self._is_joined(reading, first, found_to):
                found_to = end
                start, stop = reading.starts[first], reading.ends[end - 1]
                yield Entity(EntityKind.PLACE, reading.text[start:stop], start, stop, place.name)

    def _is_told(self, reading: Reading, first: int, end: int, place: _Place) -> bool:
        """Whether the words around say that a place is meant."""
        written, before, after = reading.written(first), reading.form(first - 1), reading.form(end)
        is_name = written[0].isupper()
        if place.is_doubtful and (not is_name or after in _AFTER_VERB):
            return False
        if is_name and reading.written(end)[:1].isupper() and after in _NAMED_AFTER:
            return False
        cued = reading.written(first - 1)
        if place.is_doubtful:
            if cued in _SURE_CUES[self._lang]:
                return True
        elif before in _CUES[self._lang]:
            return cued in {"a", "à", "A", "À"} or before != "a" or self._lang == "en"
        return is_name and self._is_beside_sort(reading, first, end)

    def _is_beside_sort(self, reading: Reading, first: int, end: int) -> bool:
        """Whether the name says which shop or office: "magasin de Nantes", "boutique Lyon", "the Leeds store"."""
        at = first - 1
        while reading.form(at) in _OF[self._lang] | (_ARTICLES if self._lang == "fr" else {"the"}):
            at -= 1
        if reading.form(at) in _PLACES[self._lang]:
            return at == first - 1 or any(reading.form(of) in _OF[self._lang] for of in range(at + 1, first))
        return self._lang == "en" and reading.form(end) in _PLACES["en"]

    def _is_joined(self, reading: Reading, first: int, found_to: int) -> bool:
        """Whether the name goes on from a place just found: "à Lyon ou Marseille", "Dublin, Ireland"."""
        if found_to < 0 or not first - 2 <= found_to <= first:
            return False
        between = reading.forms[found_to:first]
        return all(form in _AND or form in {"a", "in"} for form in between) and reading.written(first)[0].isupper()

    def _with_code(self, reading: Reading, first: int, end: int, place: _Place) -> Entity | None:
        """The place with the postal code beside it, where there is one."""
        text, start, stop = reading.text, reading.starts[first], reading.ends[end - 1]
        if not reading.written(first)[0].isupper() and place.is_doubtful:
            return None
        earliest = max(0, start - _LONGEST_CODE)
        before = _CODE_BEFORE.search(text[earliest:start])
        if before and _is_code(before[1], place):
            start, code = earliest + before.start(), before[1]
        elif after := _CODE_AFTER.match(text, stop):
            told = [country for country in ("us", "gb", "ca", "fr") if after[country]]
            if not any(country.upper() in place.countries for country in told):
                return None
            stop, code = after.end(), after[told[0]]
            if text[stop - 1] == ")":
                stop -= 1 if "(" not in text[reading.ends[end - 1] : stop] else 0
        else:
            return None
        return Entity(EntityKind.PLACE, text[start:stop], start, stop, f"{code} {place.name}")


def _is_code(digits: str, place: _Place) -> bool:
    """Whether figures before a name are its postal code: five in France, four in Belgium and Switzerland."""
    if len(digits) == 5:
        return "FR" in place.countries
    is_year = 1990 <= int(digits) <= 2035 and int(digits) != 2000
    return bool(place.countries & {"BE", "CH"}) and not is_year and digits[0] != "0"


def _is_amid_name(reading: Reading, first: int, end: int) -> bool:
    """Whether the name is a piece of a longer word: a hashtag, a handle, a compound."""
    if reading.is_glued(first) and (reading.form(first - 1) in set("#@_-./") or reading.form(first - 1)[-1].isalnum()):
        return True
    after = reading.form(end)
    return reading.is_glued(end) and (
        after[0].isalnum()
        or (after in set("@_-.") and reading.is_glued(end + 1) and reading.form(end + 1)[0].isalnum())
    )


def _by_spelling() -> dict[tuple[str, ...], _Place]:
    """Every way to write a place, in tokens."""
    countries: dict[str, set[str]] = {}
    for country, listed in gazetteer.CITIES.items():
        for name in _names(listed):
            countries.setdefault(name, set()).add(country)
    for name in (*_names(gazetteer.REGIONS), *_names(gazetteer.COUNTRIES)):
        countries.setdefault(name, set())
    doubtful = set(_names(gazetteer.DOUBTFUL))
    spelled: dict[tuple[str, ...], _Place] = {}
    for name, of in countries.items():
        place = _Place(name, frozenset(of), name in doubtful)
        for spelling in _spellings(tokens(name)[0]):
            spelled.setdefault(spelling, place)
            if spelling[0] == "le":
                # "au Mans", "du Havre".
                spelled.setdefault(spelling[1:], _Place(name, frozenset(of), is_doubtful=True))
    return spelled


def _names(listed: str) -> Iterable[str]:
    return (" ".join(name.split()) for name in listed.split(","))


def _spellings(forms: list[str]) -> Iterator[tuple[str, ...]]:
    """A name with and without its hyphens, with saints in full and short."""
    for saints in ({}, {"saint": "st", "sainte": "ste"}):
        with_hyphens = tuple(saints.get(form, form) for form in forms)
        yield with_hyphens
        yield tuple(form for form in with_hyphens if form != "-")

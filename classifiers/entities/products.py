"""A brand's own products, from the list that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from spacy.matcher import PhraseMatcher

from classifiers.entities.reading import Reading, Tongue, tokens
from inbox.entities import Entity, EntityKind

_LISTS_KEPT = 64


class Products:
    """Finds the names of one list, whatever their case and accents, in the singular and in the plural."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._tongue = Tongue()
        self._matcher = PhraseMatcher(self._tongue.nlp.vocab)
        self._names: dict[str, str] = {}
        for name in names:
            stems = [_stem(form) for form in tokens(name)[0]]
            if any(stem[0].isalnum() for stem in stems):
                self._tongue.know(stems)
                self._names.setdefault(" ".join(stems), name)
                self._matcher.add(name, [self._tongue.doc(stems)])

    def find(self, reading: Reading) -> Iterator[Entity]:
        """The products named in a text; values are the names as the list has them."""
        stems = [_stem(form) for form in reading.forms]
        for _, first, end in self._matcher(self._tongue.doc(stems)):
            start, stop = reading.starts[first], reading.ends[end - 1]
            if not (_continues(reading, first) or _continues(reading, end)):
                name = self._names[" ".join(stems[first:end])]
                yield Entity(EntityKind.PRODUCT, reading.text[start:stop], start, stop, name)


@lru_cache(_LISTS_KEPT)
def products_of(names: tuple[str, ...]) -> Products:
    """The finder for one list, made once."""
    return Products(names)


def _continues(reading: Reading, at: int) -> bool:
    """Whether a letter or digit leads on into this token without a blank."""
    return reading.is_glued(at) and reading.form(at)[0].isalnum() and reading.form(at - 1)[-1].isalnum()


def _stem(form: str) -> str:
    """A word without the mark of its plural."""
    return form[:-1] if len(form) > 3 and form[-1] in "sx" and not form.endswith("ss") else form

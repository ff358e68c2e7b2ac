"""A sentence for people, kept apart from the language it will be read in.

The English template is the key of the catalogue of translations; the facts fill it after translation. So an error
raised deep inside, or a reason stored last month, can still be told in the language of whoever reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Translate = Callable[[str], str]


def as_written(text: str) -> str:
    """Leave a template as it stands, in English."""
    return text


class Sentence:
    """An English template with `{named}` places, and the facts that go into them.

    A fact may be a sentence itself; it is then translated in its turn. A brace meant as a brace is doubled.
    """

    __slots__ = ("facts", "says")

    def __init__(self, says: str, /, **facts: Any) -> None:
        self.says = says
        self.facts = facts

    def told_by(self, translate: Translate) -> str:
        """The sentence in the language of `translate`."""
        facts = {
            name: fact.told_by(translate) if isinstance(fact, Sentence) else fact for name, fact in self.facts.items()
        }
        return translate(self.says).format(**facts)

    def filled(self, **facts: Any) -> Sentence:
        """The same sentence with more of its places filled."""
        return type(self)(self.says, **self.facts, **facts)

    def to_json(self) -> dict[str, Any]:
        """The sentence as plain data, for a JSON column."""
        facts = {name: fact.to_json() if isinstance(fact, Sentence) else fact for name, fact in self.facts.items()}
        return {"says": self.says, "facts": facts}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Sentence:
        """The sentence that `to_json` was called on."""
        facts = {
            name: cls.from_json(fact) if isinstance(fact, Mapping) and "says" in fact else fact
            for name, fact in kept["facts"].items()
        }
        return cls(kept["says"], **facts)

    @classmethod
    def of_docstring(cls, docstring: str) -> Sentence:
        """The first paragraph of a docstring, on one line and without its full stop: the help of a command."""
        return cls(" ".join(docstring.partition("\n\n")[0].split()).rstrip("."))

    @classmethod
    def of_name(cls, name: str) -> Sentence:
        """A name that may be in the catalogue, such as that of a rule that ships; else it stays as it is."""
        return cls("{name}", name=name) if {"{", "}"} & set(name) else cls(name)

    def __str__(self) -> str:
        return self.told_by(as_written)

    def __repr__(self) -> str:
        facts = "".join(f", {name}={fact!r}" for name, fact in self.facts.items())
        return f"Sentence({self.says!r}{facts})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and (self.says, self.facts) == (other.says, other.facts)

    def __hash__(self) -> int:
        return hash(self.says)


def in_english(sentence: Sentence, lang: str | None = None) -> str:  # noqa: ARG001  # the shape of `Tell`
    """A sentence in English, whatever language was asked for."""
    return str(sentence)

"""What the team has answered in like cases: messages with the words that a person sent, and what became of drafts.

Words that were somebody's own are offered to nobody else unless they were said to several people, and hold nothing of
any of them: no name, no number, no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from inbox.model import Label
from inbox.responses import first_name
from inbox.sentences import Sentence
from inbox.text import fold, spaced
from inbox.variety import Said, reads_alike

ALIKE = 0.3
"""From which likeness on, of 0 to 1, a message says the same for our purposes."""

SAID_TO = 2
"""To so many contacts words have to have been said before they are offered to another."""

_PERSONAL = re.compile(r"\d[\d .,/-]*\d|\d{2}|@|https?://|www\.|\{\{", re.IGNORECASE)
_GREETING = 40
"""A name within so many characters from the beginning greets; further in, it could be anybody's."""

_FOR_WANT_OF_A_NAME: Mapping[str, str] = {"fr": "à vous", "en": "there"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A message, and what a person has sent to it; `response` is the canned response that it came from, if any.

    `outbox_id` is the row that it left by, `sent_at` when.
    """

    outbox_id: int
    sent_at: datetime
    text: str
    labels: tuple[Label, ...]
    channel: str
    contact_id: int
    contact_name: str
    reply: str
    lang: str
    response: str | None


@dataclass(frozen=True, slots=True)
class Precedent:
    """How a message was answered, as far as it may be used for another.

    `words` are what was said, with a blank for the name; None where they may be said to nobody else. An answer of the
    FAQ has its question as `faq`, and is nobody's.
    """

    contact_id: int
    lang: str
    labels: tuple[Label, ...]
    channel: str
    response: str | None = None
    words: str | None = None
    faq: str | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """A precedent, and how like its message is to the one at hand, from 0 to 1."""

    precedent: Precedent
    likeness: float


@dataclass(frozen=True, slots=True)
class Fate:
    """What people did with drafts of one response: sent as they were, sent in other words, thrown away."""

    sent: int = 0
    changed: int = 0
    discarded: int = 0

    @property
    def use(self) -> float:
        """How often such a draft is of use, from 0 to 1; close to 0.7 until enough is known.

        One sent in other words was of half the use. As many drafts as `_BELIEVED` are imagined beside those there were.
        """
        tried = self.sent + self.changed + self.discarded
        return (self.sent + self.changed / 2 + _USUAL * _BELIEVED) / (tried + _BELIEVED)


_USUAL, _BELIEVED = 0.7, 5


@dataclass(frozen=True, slots=True)
class Own:
    """Words that the team has used for several contacts, with a blank for the name; `likeness` is the likest case's."""

    words: str
    lang: str
    times: int
    likeness: float


class Precedents(Protocol):
    """The memory of what was answered."""

    def alike(self, text: str) -> Sequence[Alike]:
        """The precedents whose message is most like a text, the likest first; only those that are like it at all."""

    def fates(self) -> Mapping[str, Fate]:
        """What became of drafts, by the response that they came from."""


@dataclass(frozen=True, slots=True)
class NoPrecedents:
    """The memory of whoever has none, or of a test: what it is given."""

    known: Sequence[Alike] = ()
    became: Mapping[str, Fate] = field(default_factory=dict)

    def alike(self, text: str) -> Sequence[Alike]:
        """What it was given, whatever the text."""
        del text
        return self.known

    def fates(self) -> Mapping[str, Fate]:
        """What it was given."""
        return self.became


def to_precedent(one: Answered) -> Precedent:
    """What may be used for others of how one message was answered."""
    words = None if one.response is not None else impersonal(one.reply, one.contact_name, one.lang)
    return Precedent(one.contact_id, one.lang, one.labels, one.channel, one.response, words)


def impersonal(text: str, contact_name: str, lang: str) -> str | None:
    """Words to one contact as they could be said to another, with a blank for the name; None where that cannot be.

    A number, an address or a link makes them his alone, as does his name anywhere but in the greeting.
    """
    called = first_name(contact_name)
    if called is not None:
        greeting = re.compile(rf"\b{re.escape(called)}\b", re.IGNORECASE)
        default = _FOR_WANT_OF_A_NAME.get(lang, "")
        blank = f'{{{{contact.first_name|default:"{default}"}}}}' if default else "{{contact.first_name}}"
        found = greeting.search(text, 0, _GREETING)
        bare = text if found is None else text[: found.start()] + text[found.end() :]
        words = text if found is None else text[: found.start()] + blank + text[found.end() :]
    else:
        bare = words = text
    said = spaced(fold(bare))
    his = any(len(part.strip()) > 1 and part in said for part in map(spaced, fold(contact_name).split()))
    return None if his or _PERSONAL.search(bare) else words.strip()


def own_words(alike: Iterable[Alike], *, lang: str) -> list[Own]:
    """The words in one language that were said to several of these contacts, the likest first.

    Words that read alike are one; those said last to the likest message stand for all of them.
    """
    kept: list[tuple[Alike, set[int], int]] = []
    for one in alike:
        words = one.precedent.words
        if words is None or one.precedent.lang != lang or one.precedent.faq is not None:
            continue
        for place, (first, contacts, times) in enumerate(kept):
            if reads_alike(Said(first.precedent.words or "", ""), Said(words, "")):
                kept[place] = (first, contacts | {one.precedent.contact_id}, times + 1)
                break
        else:
            kept.append((one, {one.precedent.contact_id}, 1))
    return [
        Own(first.precedent.words or "", lang, times, first.likeness)
        for first, contacts, times in kept
        if len(contacts) >= SAID_TO
    ]


def times_said(times: int) -> Sentence:
    """How often the team has answered so, in words."""
    if times == 1:
        return Sentence("your team said this once in a like case")
    return Sentence("your team said this {n} times in like cases", n=times)

"""Not saying the same words to one person after the other: which texts read alike, and which wording is new. Pure."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inbox.sentences import Sentence
from inbox.text import fold

IN_THREAD = 2
"""How many replies before it in the same thread a reply may not read like: readers see them under each other."""

ON_ACCOUNT = 1
"""And of the replies before it on the account, wherever they stand: no two people in a row are told the same."""

REPEATED = Sentence("The same words have just been said to somebody else: say it in other words.")
"""Why words wait for a person that a rule would have sent."""

_ALIKE = 0.8
"""The share of words that two texts have in common from which on they read alike: a name makes no other text of it."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Said:
    """Words to a contact, by the name he goes by, and where: on which account, in which thread of it."""

    text: str
    contact: str
    channel: str = ""
    thread: str = ""


@lru_cache(maxsize=2_048)
def _words(text: str, contact: str) -> Counter[str]:
    """The words of a text, each with how often it is there; numbers and the contact's name left out."""
    name = set(_WORD.findall(fold(contact)))
    return Counter(word for word in _WORD.findall(fold(text)) if word not in name)


def reads_alike(one: Said, other: Said) -> bool:
    """Whether two texts are the same words but for names and numbers, in whatever order."""
    mine, theirs = _words(one.text, one.contact), _words(other.text, other.contact)
    longest = mine.total() + theirs.total()
    if not longest:
        # Nothing but signs, such as a row of hearts.
        return "".join(one.text.split()) == "".join(other.text.split())
    return 2 * (mine & theirs).total() >= _ALIKE * longest


def repeats(new: Said, before: Iterable[Said]) -> bool:
    """Whether words read like any of those that were said before them."""
    return any(reads_alike(new, said) for said in before)


@dataclass(frozen=True, slots=True)
class Near:
    """What stands around words that are to be chosen, the latest last.

    `sent` are replies, on their way or gone, that must not be repeated. `drafted` wait for a person in the same thread:
    better not repeated, though they may never leave.
    """

    sent: tuple[Said, ...] = ()
    drafted: tuple[Said, ...] = ()


ALONE = Near()
"""Nothing around."""


def freshest(wordings: Sequence[Said], near: Near) -> tuple[int, bool]:
    """The place of the wording to take, the first that nothing around reads like; and whether nobody was told it.

    Where every one is drafted around already, the first that was not sent; where every one was sent, the first.

    Args:
        wordings: In the order in which they are preferred; at least one.
        near: What is around.
    """
    unsent = [place for place, words in enumerate(wordings) if not repeats(words, near.sent)]
    new = (place for place in unsent if not repeats(wordings[place], near.drafted))
    found = next(new, next(iter(unsent), None))
    return (0, False) if found is None else (found, True)


class Neighbourhood:
    """What was said lately, by thread and by account; it grows as a batch of messages is answered.

    Args:
        sent: Replies that are on their way or gone, the earliest first.
        drafted: Drafts that wait for a person, the earliest first.
    """

    def __init__(self, sent: Iterable[Said] = (), drafted: Iterable[Said] = ()) -> None:
        self._sent: dict[tuple[str, str], deque[Said]] = {}
        self._drafted: dict[tuple[str, str], deque[Said]] = {}
        self._accounts: dict[str, deque[Said]] = {}
        for said in sent:
            self.note_sent(said)
        for said in drafted:
            self.note_drafted(said)

    def note_sent(self, said: Said) -> None:
        """Take note of a reply that is on its way."""
        self._sent.setdefault((said.channel, said.thread), deque(maxlen=IN_THREAD)).append(said)
        self._accounts.setdefault(said.channel, deque(maxlen=ON_ACCOUNT)).append(said)

    def note_drafted(self, said: Said) -> None:
        """Take note of a draft."""
        self._drafted.setdefault((said.channel, said.thread), deque(maxlen=IN_THREAD)).append(said)

    def around(self, channel: str, thread: str) -> Near:
        """What stands around words for a thread."""
        sent = [*self._sent.get((channel, thread), ()), *self._accounts.get(channel, ())]
        return Near(tuple(dict.fromkeys(sent)), tuple(self._drafted.get((channel, thread), ())))

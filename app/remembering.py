"""The memory of what the team has answered: filled from the store when it is first asked, and kept up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from inbox.books import Store
from inbox.ports import Clock
from inbox.precedents import ALIKE, Alike, Fate, Precedent, to_precedent

if TYPE_CHECKING:
    from classifiers.retrieval import Likeness

_FRESH = timedelta(hours=24)
"""After so long it is filled anew: what was taken back or deleted since is forgotten."""

_FATES_HOLD = timedelta(minutes=5)
_OVERLAP = timedelta(minutes=1)
"""Another process may have noted a reply a little later than it was sent."""

_CASES = 20


class Memory:
    """What was answered in like cases, by one brand.

    Args:
        store: Where replies are kept; asked for what is new at each look.
        clock: Tells the time.
        faq: Questions and their answers, which are known besides.
        most: How many replies are remembered, the latest.
    """

    def __init__(
        self, store: Store, clock: Clock, *, faq: Sequence[tuple[str, Precedent]] = (), most: int = 100_000
    ) -> None:
        self._store = store
        self._clock = clock
        self._faq = faq
        self._most = most
        self._turn = Lock()
        self._cases: Likeness[Precedent] | None = None
        self._asked: Likeness[Precedent] | None = None
        self._filled_at: datetime | None = None
        self._until: datetime | None = None
        self._seen: set[int] = set()
        self._fates: Mapping[str, Fate] = {}
        self._fates_at: datetime | None = None

    def alike(self, text: str) -> Sequence[Alike]:
        """The precedents whose message is most like a text, the likest first; only those that are like it at all."""
        with self._turn:
            cases, asked = self._brought_up()
            found = [some.alike(text, limit=_CASES, at_least=ALIKE) for some in (cases, asked)]
        likest = sorted((pair for some in found for pair in some), key=lambda pair: -pair[1])
        return [Alike(precedent, likeness) for precedent, likeness in likest]

    def fates(self) -> Mapping[str, Fate]:
        """What became of drafts, by the response that they came from; a few minutes old at the most."""
        now = self._clock()
        with self._turn:
            if self._fates_at is None or now - self._fates_at > _FATES_HOLD:
                with self._store.read() as books:
                    self._fates, self._fates_at = books.fates(), now
            return self._fates

    def _brought_up(self) -> tuple[Likeness[Precedent], Likeness[Precedent]]:
        """The answered messages, and the questions of the FAQ."""
        from classifiers.retrieval import Likeness

        now = self._clock()
        if self._cases is None or self._filled_at is None or now - self._filled_at > _FRESH:
            self._cases, self._filled_at, self._until, self._seen = Likeness(most=self._most), now, None, set()
        if self._asked is None:
            self._asked = Likeness()
            self._asked.add([question for question, _ in self._faq], [answer for _, answer in self._faq])
        self._add_new(self._cases)
        return self._cases, self._asked

    def _add_new(self, cases: Likeness[Precedent]) -> None:
        since = None if self._until is None else self._until - _OVERLAP
        with self._store.read() as books:
            latest_first = [one for some in books.answered(since=since, most=self._most) for one in some]
        new = [one for one in reversed(latest_first) if one.outbox_id not in self._seen]
        if new:
            cases.add([one.text for one in new], [to_precedent(one) for one in new])
            self._seen.update(one.outbox_id for one in new)
            self._until = max(one.sent_at for one in new)

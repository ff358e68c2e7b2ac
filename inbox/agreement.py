"""How what a rule prepares compares with what people did: the one measure that replays and records share. Pure."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass

from inbox.model import Label
from inbox.past import NOTHING, Handled


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the words of a rule compare with what people did.

    On `prepared` messages the rule has words for the contact, a draft or a reply; `sent` of them leave by themselves.
    People answered `answered` of those messages: `same` of the answers were a response that the rule had prepared,
    `edited` of these in other words. On `discarded` messages people threw a draft of that response away.
    """

    prepared: int = 0
    sent: int = 0
    answered: int = 0
    same: int = 0
    edited: int = 0
    discarded: int = 0

    @property
    def share(self) -> float | None:
        """The share of answers that were the rule's, from 0 to 1; None where people answered nothing."""
        return self.same / self.answered if self.answered else None

    @property
    def unchanged(self) -> int:
        """How many answers were the rule's to the letter."""
        return self.same - self.edited

    @property
    def otherwise(self) -> int:
        """How many messages people answered with something else."""
        return self.answered - self.same


class Agreeing:
    """Counts agreement, message by message."""

    __slots__ = ("_answered", "_discarded", "_edited", "_prepared", "_same", "_sent")

    def __init__(self) -> None:
        self._prepared = self._sent = self._answered = self._same = self._edited = self._discarded = 0

    def add(self, handled: Handled, responses: Set[str], *, sent: bool) -> None:
        """Count a message on which a rule has words: the responses, and whether they leave by themselves."""
        self._prepared += 1
        self._sent += sent
        if handled is NOTHING:
            return
        self._discarded += not responses.isdisjoint(handled.discarded)
        if handled.replied:
            self._answered += 1
            if handled.response in responses:
                self._same += 1
                self._edited += handled.edited

    def told(self) -> Agreement:
        """What was counted."""
        return Agreement(self._prepared, self._sent, self._answered, self._same, self._edited, self._discarded)


def is_put_right(labels: Collection[Label], handled: Handled) -> bool:
    """Whether a person gave a message other labels than these."""
    return handled.labels is not None and set(handled.labels) != set(labels)

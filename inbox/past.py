"""A stretch of the past as the store tells it, to try rules on: what was said and thought, and what people did.

Plain values. What a model thought then is what the rules saw; what people did serves to measure, never to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from inbox.model import Label, Prediction, WaitingMessage


@dataclass(frozen=True, slots=True)
class Handled:
    """What people did about one message.

    `replied`: somebody of the team has answered what it was part of, with a canned `response` or, where that is None,
    in words of their own; `edited` where the response left with other words than were drafted. `discarded` are the
    responses that were drafted on it and thrown away. `labels` are those a person gave it, None where nobody has.
    `has_case`: it was moderated, and that stands. `escalated`: a person handed it over, without a rule.
    """

    replied: bool = False
    response: str | None = None
    edited: bool = False
    discarded: frozenset[str] = frozenset()
    labels: tuple[Label, ...] | None = None
    has_case: bool = False
    escalated: bool = False


NOTHING = Handled()
"""Nobody has done anything. Most messages have this very value, so that it can be told by identity."""


class Past(NamedTuple):
    """A message of a contact as it reads now, with what the model thinks of it and what people did about it."""

    message: WaitingMessage
    prediction: Prediction
    handled: Handled


@dataclass(frozen=True, slots=True)
class PastCount:
    """How many messages contacts sent in a stretch of the past, and how many of them nothing can be tried on.

    `unread`: no model has labelled them as they read now. `gone`: their author has taken them back, words and all.
    """

    messages: int
    unread: int
    gone: int

    @property
    def to_replay(self) -> int:
        """How many can be tried on."""
        return self.messages - self.unread - self.gone

"""What a person has said of labels, and which of it may be learnt from. Plain values, pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from inbox.model import UNDETERMINED, Label, Prediction, Priority, Severity, Signal, Visibility
from inbox.priority import priority_parts
from inbox.sentences import Sentence
from inbox.wording import said


class LeftOut(StrEnum):
    """Why nothing is learnt from a correction."""

    NO_CONSENT = "no_consent"
    DELETED = "deleted"
    EDITED = "edited"
    NO_TEXT = "no_text"
    LANGUAGE = "language"


WHY: Mapping[LeftOut, Sentence] = {
    LeftOut.NO_CONSENT: Sentence("may_train is off"),
    LeftOut.DELETED: Sentence("the author has taken the message back"),
    LeftOut.EDITED: Sentence("the author has edited the message since"),
    LeftOut.NO_TEXT: Sentence("the message has no words"),
    LeftOut.LANGUAGE: Sentence("models do not learn its language"),
}
"""The reasons in words."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labels of a message as it reads now: the model's, and a person's over them.

    `model` is None while no model has read it; `person` is None where nobody has said anything.
    """

    message_id: int
    conversation_id: int
    version: int
    channel: str
    may_train: bool
    model: tuple[Label, ...] | None
    person: tuple[Label, ...] | None

    @property
    def labels(self) -> tuple[Label, ...]:
        """Those that stand."""
        return (self.model or ()) if self.person is None else self.person


@dataclass(frozen=True, slots=True)
class CorrectedExample:
    """A text with the labels a person gave it, in the language the model read it in."""

    message_id: int
    channel: str
    text: str
    lang: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class SpamExample:
    """A text of which a person has said that it is spam, or that it is none, in the language the model read it in."""

    message_id: int
    channel: str
    text: str
    lang: str
    is_spam: bool


@dataclass(frozen=True, slots=True)
class ChannelLessons:
    """How many corrections of a channel are learnt from, and how many are not, by the first reason that holds."""

    channel: str
    may_train: bool
    taken: int = 0
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)


def in_order(labels: Collection[Label]) -> tuple[Label, ...]:
    """Labels, each once, in their order of definition."""
    return tuple(label for label in Label if label in labels)


def told(labels: Sequence[Label]) -> Sentence:
    """Labels in words; there may be none."""
    if not labels:
        return Sentence("no label")
    first, *rest = labels
    return Sentence("{first}, {rest}", first=said(first), rest=told(rest)) if rest else said(first)


def corrected_parts(
    parts: Mapping[str, int], labels: tuple[Label, ...], *, severity: Severity | None, visibility: Visibility
) -> Mapping[str, int]:
    """What a message adds to the priority of its conversation once a person has said what it is.

    Args:
        parts: What it added with the model's labels; what a rule wanted stays, and so does urgency.
        labels: The person's.
        severity: How bad the model found the offence, if it found one.
        visibility: Of the message.
    """
    said_so = Prediction(
        labels=labels,
        unsure=(),
        scores={},
        signals={Signal.URGENT: 1.0} if Signal.URGENT.value in parts else {},
        lang=UNDETERMINED,
        lang_known=True,
        model="",
        severity=severity,
    )
    wanted = [Priority(level) for kind, _colon, level in (name.partition(":") for name in parts) if kind == "rule"]
    return priority_parts(said_so, visibility=visibility, wanted=wanted)

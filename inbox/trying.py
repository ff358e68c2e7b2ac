"""Trying rules on a text: what they would do with it, and why. Nothing is done.

The text is tried as sent now, as the first message of somebody new, outside a crisis.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.background import Background
from inbox.decisions import Decision, Facts
from inbox.hours import OpeningHours
from inbox.model import Kind, Prediction, Visibility
from inbox.ports import Classifier, RuleBook
from inbox.text import fold


@dataclass(frozen=True, slots=True)
class Tried:
    """What the model says of a text, and what the rules would make of it; the trace has every condition."""

    text: str
    prediction: Prediction
    decision: Decision


def try_text(
    text: str,
    *,
    rules: RuleBook,
    classifier: Classifier,
    channel: str = "console",
    kind: Kind = Kind.COMMENT,
    visibility: Visibility = Visibility.PUBLIC,
    lang: str | None = None,
    hours: OpeningHours | None = None,
    now: datetime,
) -> Tried:
    """What rules would do with a text.

    Args:
        text: What somebody might write.
        rules: The rules.
        classifier: What labels it.
        channel: By which it would come.
        kind: As what it would come.
        visibility: Whether others could read it.
        lang: The language that the channel tells, such as `fr`.
        hours: When the brand is open.
        now: Now.
    """
    prediction = classifier.predict([text], hints=[lang], explain=True)[0]
    facts = Facts(
        channel,
        kind,
        visibility,
        text,
        fold(text),
        prediction,
        key=text,
        sent_at=now,
        hours=hours,
        background=Background.of_a_stranger(now),
    )
    return Tried(text, prediction, rules.decide(facts))

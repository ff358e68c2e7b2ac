"""Which canned responses suit a message, the most suitable first, each with why. Pure.

A response has to do what the label wants (nobody is thanked for a complaint). Among those, what counts is: which of
its words stand in the message, whether the team took it in like cases, and what people did with drafts of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inbox.entities import EntityKind
from inbox.model import Label, Signal
from inbox.phrases import hits, weight_of
from inbox.precedents import Alike, Fate, times_said
from inbox.responses import CannedResponse, Polarity
from inbox.sentences import Sentence
from inbox.text import fold, spaced
from inbox.wording import said as named

_FITS: tuple[tuple[Label, tuple[Polarity, ...]], ...] = (
    (Label.COMPLAINT, (Polarity.HOLDING, Polarity.APOLOGY)),
    (Label.SALES_LEAD, (Polarity.NEUTRAL, Polarity.HOLDING)),
    (Label.PRAISE, (Polarity.THANKS,)),
)
"""What a response may do for a message with a label; the first label that holds settles it."""

_UNLABELLED = (Polarity.NEUTRAL, Polarity.HOLDING)
"""What a response may do for a message without a label, and then only one whose words the message holds."""

_SUGGESTS = 0.5
"""From this probability on a message suggests something."""

_MADE_FOR = 2.5
"""What it weighs that a response is for the very labels that a message holds together."""

_HINTS = 0.3
"""What the hints of a response weigh beside its words."""

_PER_ENTITY = 0.5
_TAUGHT = 3.0
"""What it weighs that the team took a response in every like case, of messages that say the very same."""

_LEAST = 0.15
"""From so much of that weight on, what the team took in like cases is enough by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a message when an answer to it is looked for; `entities` are the kinds of what it names."""

    text: str
    lang: str
    labels: tuple[Label, ...] = ()
    signals: Mapping[Signal, float] | None = None
    entities: frozenset[EntityKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """A response that suits a message: how well, more being better, and why, each reason on its own."""

    response: CannedResponse
    score: float
    why: tuple[Sentence, ...]


def polarities_for(labels: Collection[Label], *, suggests: bool = False) -> tuple[Polarity, ...]:
    """What an answer may do for a message with these labels, what suits best first; nothing for one that offends.

    One that `suggests` something may be thanked for it, though it has no label.
    """
    if Label.OFFENSIVE in labels:
        return ()
    wanted = next((fits for label, fits in _FITS if label in labels), None)
    return wanted or ((*_UNLABELLED, Polarity.THANKS) if suggests else _UNLABELLED)


def rank(
    responses: Iterable[CannedResponse],
    asked: Asked,
    *,
    alike: Sequence[Alike] = (),
    fates: Mapping[str, Fate] | None = None,
) -> list[Fit]:
    """The responses that suit a message, the most suitable first; none where nothing does.

    One without a word of its own in the message suits only where it is generic and the message has a label, or where
    the team took it in like cases. Of equals, what suits the label best comes first, then what the file has first.
    """
    suggests = (asked.signals or {}).get(Signal.SUGGESTION, 0.0) >= _SUGGESTS
    polarities = polarities_for(asked.labels, suggests=suggests)
    taught = _taught(alike, asked.lang)
    said = spaced(fold(asked.text))
    label = next((one for one, _ in _FITS if one in asked.labels), None)
    found: list[Fit] = []
    for response in responses:
        if response.polarity not in polarities or not response.labels <= set(asked.labels):
            continue
        words, hints = hits(response.words, said), hits(response.hints, said)
        times, share = taught.get(response.code, (0, 0.0))
        counts = bool(words or hints) or share >= _LEAST or bool(response.labels)
        if not counts and not (response.generic and label is not None):
            continue
        weight = sum(map(weight_of, words.values())) + _HINTS * sum(map(weight_of, hints.values()))
        weight += _PER_ENTITY * len(response.entities & asked.entities) if counts else 0.0
        weight += _TAUGHT * share + (_MADE_FOR if response.labels else 0.0)
        use = (fates or {}).get(response.code, Fate()).use
        why = _why(label, words or hints, times)
        found.append(Fit(response, weight * use / Fate().use, why))
    found.sort(key=lambda fit: (-round(fit.score, 6), polarities.index(fit.response.polarity)))
    return found


def _taught(alike: Sequence[Alike], lang: str) -> dict[str, tuple[int, float]]:
    """Per response how often the team took it in like cases, and its share of them, weighed by how like they are."""
    mine = [one for one in alike if one.precedent.lang == lang and one.precedent.faq is None]
    total = sum(one.likeness for one in mine)
    if not total:
        return {}
    likest = mine[0].likeness
    found: dict[str, tuple[int, float]] = {}
    for one in mine:
        if one.precedent.response is not None:
            times, share = found.get(one.precedent.response, (0, 0.0))
            found[one.precedent.response] = (times + 1, share + likest * one.likeness / total)
    return found


def _why(label: Label | None, words: Mapping[str, str], times: int) -> tuple[Sentence, ...]:
    why: list[Sentence] = [named(label)] if label is not None else []
    if words:
        why.append(Sentence("words in it: {words}", words=", ".join(f"«{one}»" for one in words)))
    if times:
        why.append(times_said(times))
    return tuple(why)

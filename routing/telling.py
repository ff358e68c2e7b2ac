"""The conditions of a rule, said to people instead of in the words of the rule book. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from inbox.cases import lasting
from inbox.model import UNDETERMINED, Kind, Severity, SlaState, Target, Visibility
from inbox.promises import Clock
from inbox.sentences import Sentence
from inbox.telling import KINDS, channel_name, language_called, percent
from inbox.wording import said
from routing.conditions import LABELS, SIGNAL_HOLDS_AT, SIGNALS, Condition, Contact
from routing.faults import Vocabulary, Word

_MOST_WORDS = 12
"""More words of one condition than this are counted, not named: the rule's own text has them all."""

_CLOCKS: Mapping[Clock, Sentence] = {
    Clock.FIRST: Sentence("the first answer"),
    Clock.NEXT: Sentence("the next answer"),
    Clock.RESOLUTION: Sentence("the solution"),
}


def conditions_told(conditions: Iterable[Condition]) -> tuple[Sentence, ...]:
    """Conditions in words, in their order."""
    return tuple(condition_told(one) for one in conditions)


def condition_told(condition: Condition) -> Sentence:
    """One condition in words."""
    match condition.kind:
        case "all":
            return together(conditions_told(one for table in condition.parts for one in table))
        case "any":
            return either(together(conditions_told(table)) for table in condition.parts)
        case "not":
            return Sentence("not this: {what}", what=together(conditions_told(condition.parts[0])))
        case kind:
            return _TOLD[kind](condition)


def together(parts: Iterable[Sentence]) -> Sentence:
    """Several sentences of which all hold."""
    return _joined(parts, Sentence("{one} and {other}"))


def either(parts: Iterable[Sentence]) -> Sentence:
    """Several sentences of which one is enough."""
    return _joined(parts, Sentence("{one} or {other}"))


def _joined(parts: Iterable[Sentence], between: Sentence) -> Sentence:
    first, *others = parts
    for other in others:
        first = between.filled(one=first, other=other)
    return first


def _listed(condition: Condition) -> list[Any]:
    return condition.raw if isinstance(condition.raw, list) else [condition.raw]


def _words_of(condition: Condition, vocabulary: Vocabulary[Word]) -> Sentence:
    return either(said(vocabulary.words(word.strip())) for word in _listed(condition))


def _flag(yes: Sentence, no: Sentence) -> Callable[[Condition], Sentence]:
    return lambda condition: yes if condition.value else no


def _confidence(condition: Condition) -> Sentence:
    return Sentence("it is sure of that by {percent} or more", percent=percent(condition.raw))


def _signals(condition: Condition) -> Sentence:
    return Sentence("it reads as {signals}", signals=either(_signal(one) for one in _listed(condition)))


def _signal(raw: Any) -> Sentence:
    name, least = (raw["name"], raw.get("at_least", SIGNAL_HOLDS_AT)) if isinstance(raw, dict) else (raw, None)
    told = said(SIGNALS.words(name.strip()))
    return told if least is None else Sentence("{signal} ({percent} or more)", signal=told, percent=percent(least))


def _severity(condition: Condition) -> Sentence:
    return Sentence("the offence is of severity {severity} or worse", severity=said(Severity(condition.raw.strip())))


def _words(condition: Condition) -> Sentence:
    words = [str(word).strip() for word in _listed(condition)]
    named = _joined((Sentence("“{text}”", text=word) for word in words[:_MOST_WORDS]), Sentence("{one}, {other}"))
    if len(words) == 1:
        return Sentence("it says {words}", words=named)
    if more := len(words) - _MOST_WORDS if len(words) > _MOST_WORDS else 0:
        return Sentence("it says one of {words} and {n} other words", words=named, n=more)
    return Sentence("it says one of {words}", words=named)


def _contact(condition: Condition) -> Sentence:
    asked = cast(Contact, condition.value)
    told: list[Sentence] = []
    if asked.first_message is not None:
        told.append(
            Sentence("it is the first message of its contact")
            if asked.first_message
            else Sentence("its contact has written before")
        )
    if asked.tags is not None:
        tags = ", ".join(f"#{tag}" for tag in sorted(asked.tags))
        told.append(Sentence("its contact has one of the tags {tags}", tags=tags))
    within = None if asked.within is None else lasting(asked.within)
    if asked.messages_at_least is not None:
        told.append(
            Sentence("its contact has sent {n} messages or more within {time}", n=asked.messages_at_least, time=within)
        )
    if asked.sanctions_at_least is not None:
        told.append(
            Sentence("its contact has had {n} sanctions or more", n=asked.sanctions_at_least)
            if within is None
            else Sentence(
                "its contact has had {n} sanctions or more within {time}", n=asked.sanctions_at_least, time=within
            )
        )
    return together(told) if told else Sentence("whoever wrote it")


def _sla(condition: Condition) -> Sentence:
    states = cast("frozenset[SlaState]", condition.value)
    return Sentence("a promise is {states}", states=either(said(one) for one in SlaState if one in states))


def _sla_of(condition: Condition) -> Sentence:
    clocks = cast("frozenset[Clock]", condition.value)
    return Sentence("it was promised for {what}", what=either(_CLOCKS[one] for one in Clock if one in clocks))


_TOLD: Mapping[str, Callable[[Condition], Sentence]] = {
    "label": lambda asked: Sentence("it is labelled {labels}", labels=_words_of(asked, LABELS)),
    "unsure": _flag(Sentence("a label is in doubt, or the language is not known"), Sentence("no label is in doubt")),
    "confidence_at_least": _confidence,
    "signal": _signals,
    "severity_at_least": _severity,
    "target": lambda asked: Sentence(
        "the offence is aimed at {targets}", targets=either(said(Target(one.strip())) for one in _listed(asked))
    ),
    "lang": lambda asked: Sentence(
        "its language is {languages}", languages=either(_language(one.strip()) for one in _listed(asked))
    ),
    "channel": lambda asked: Sentence(
        "it came by {channels}",
        channels=either(Sentence.of_name(channel_name(one.strip())) for one in _listed(asked)),
    ),
    "kind": lambda asked: Sentence(
        "it came as {kinds}", kinds=either(KINDS[Kind(one.strip())] for one in _listed(asked))
    ),
    "visibility": lambda asked: Sentence(
        "it is {visibility}", visibility=either(said(Visibility(one.strip())) for one in _listed(asked))
    ),
    "words": _words,
    "pattern": lambda asked: Sentence("the pattern {pattern} is found in it", pattern=asked.raw),
    "links": _flag(Sentence("there is a link in it"), Sentence("there is no link in it")),
    "contact": _contact,
    "repeated": lambda asked: Sentence("the same was sent {n} times or more within an hour", n=asked.raw),
    "sent_between": lambda asked: Sentence(
        "it was sent between these times: {times}", times=", ".join(one.strip() for one in _listed(asked))
    ),
    "open_hours": _flag(Sentence("it came while you were open"), Sentence("it came while you were closed")),
    "crisis": _flag(Sentence("a crisis runs"), Sentence("no crisis runs")),
    "sla": _sla,
    "sla_of": _sla_of,
}


def _language(code: str) -> Sentence:
    return Sentence("too short to tell") if code == UNDETERMINED else language_called(code)

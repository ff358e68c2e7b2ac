"""What a rule can ask about a message: one function per kind of condition, each reading it into a question.

A condition is read once, with its faults noted, and asked many times. Asking is pure and holds no opinions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from inbox.background import REPEATED_WITHIN
from inbox.decisions import Facts
from inbox.model import UNDETERMINED, Kind, Label, Severity, Signal, SlaState, Target, Visibility
from inbox.promises import Clock
from inbox.sentences import Sentence
from inbox.text import excerpt, phrase, spaced
from routing import patterns, values
from routing.faults import Place, Vocabulary, unknown

LABELS = Vocabulary(Label, Sentence('there is no label "{word}".'), Sentence("Labels: {known}."))
SIGNALS = Vocabulary(Signal, Sentence('there is no signal "{word}".'), Sentence("Signals: {known}."))
SEVERITIES = Vocabulary(Severity, Sentence('there is no severity "{word}".'), Sentence("Severities: {known}."))
KINDS = Vocabulary(Kind, Sentence('there is no kind of message "{word}".'), Sentence("Kinds: {known}."))
VISIBILITIES = Vocabulary(Visibility, Sentence('there is no visibility "{word}".'), Sentence("Visibilities: {known}."))
TARGETS = Vocabulary(Target, Sentence('there is no target "{word}".'), Sentence("Targets: {known}."))

Word = TypeVar("Word")

SIGNAL_HOLDS_AT = 0.5
DEEPEST = 12
"""How far conditions may be nested, in keys: more than anyone can read."""

_LANGUAGE = re.compile(r"[a-z]{2}")
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)")
_INNER_DOT = re.compile(r"\.\w")
_LINK = re.compile(
    r"(?:https?://|\bwww\.)\w"
    r"|(?<![\w@.-])(?:[\w-]+\.)+(?:com|net|org|fr|eu|io|ru|biz|shop|xyz|co\.uk)\b(?!@)"
    r"|(?<![\w@.-])(?:[\w-]+\.)+[a-z]{2,}/\w",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule.

    Attributes:
        kind: Its key in the rule book.
        value: What it asks for, in a form that can be compared.
        says: The condition in the words of the rule book.
        holds: The question itself.
        parts: The tables inside an `all`, `any` or `not`; the conditions of one table must hold together.
        raw: What the rule book says it asks for, whole.
    """

    kind: str
    value: Hashable
    says: str = field(compare=False)
    holds: Callable[[Facts], bool] = field(compare=False)
    parts: tuple[tuple[Condition, ...], ...] = ()
    raw: Any = field(default=None, compare=False, repr=False)


Asked = tuple[Hashable, Callable[[Facts], bool]]
"""What a kind of condition asks for, in a form that can be compared, and the question itself."""


def read_when(raw: object, place: Place) -> tuple[Condition, ...] | None:
    """Read a table of conditions, all of which must hold; None where any of them is faulty.

    An empty table is in order at the top of a rule only, where it holds for every message.
    """
    if not isinstance(raw, dict):
        place.note(values.mismatch(raw, values.A_TABLE))
        return None
    if place.depth > DEEPEST:
        place.note(Sentence("these conditions are nested too deeply to be read. Make several rules of them."))
        return None
    conditions = [_read_condition(key, value, place.at(key, beside=raw)) for key, value in raw.items()]
    sound = tuple(condition for condition in conditions if condition is not None)
    return sound if len(sound) == len(conditions) else None


def all_hold(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    """Whether all the conditions of one table hold."""
    # A loop: `all` over a generator takes twice as long, and this is asked for every rule of every message.
    for condition in conditions:  # noqa: SIM110  # half the time of `all`
        if not condition.holds(facts):
            return False
    return True


def _read_condition(key: str, raw: object, place: Place) -> Condition | None:
    if key in COMBINATIONS:
        tables, holds = COMBINATIONS[key](raw, place)
        return None if tables is None else Condition(key, None, _says(key, raw), partial(holds, tables), tables)
    read = CONDITIONS.get(key)
    if read is None:
        missing, choices = Sentence('there is no condition "{word}".'), Sentence("Conditions: {known}.")
        place.note(unknown(key, [*CONDITIONS, *COMBINATIONS], missing=missing, choices=choices))
        return None
    asked = read(raw, place)
    return None if asked is None else Condition(key, asked[0], _says(key, raw), asked[1], raw=raw)


def _says(key: str, raw: object) -> str:
    return f"{key} = {values.to_toml(raw)}"


# --- what the classifier thinks ---


def label(raw: object, place: Place) -> Asked | None:
    """Any of these labels holds."""
    wanted = values.some(raw, place, _label)
    if wanted is None:
        return None
    if len(wanted) == 1:
        only = wanted[0]
        return frozenset(wanted), lambda facts: only in facts.prediction.labels
    labels = frozenset(wanted)
    return labels, lambda facts: not labels.isdisjoint(facts.prediction.labels)


def unsure(raw: object, place: Place) -> Asked | None:
    """A label is in doubt, or the language is not one the model knows."""
    wanted = values.flag(raw, place)
    return None if wanted is None else (wanted, lambda facts: facts.prediction.is_unsure is wanted)


def confidence_at_least(raw: object, place: Place) -> Asked | None:
    """A label that holds does so with this confidence: one of those named beside it, else the strongest."""
    least = values.share(raw, place)
    if least is None:
        return None
    named = place.beside.get("label")
    names = named if isinstance(named, list) else [named]
    labels = frozenset(label for label in Label if label in names) or frozenset(Label)

    def holds(facts: Facts) -> bool:
        prediction = facts.prediction
        for held in prediction.labels:  # noqa: SIM110  # half the time of `any`
            if held in labels and prediction.confidence(held) >= least:
                return True
        return False

    return (labels, least), holds


def signal(raw: object, place: Place) -> Asked | None:
    """Any of these signals is at or above its own `at_least`, or one half."""
    wanted = values.some(raw, place, _signal)
    if wanted is None:
        return None
    if len(wanted) == 1:
        only, enough = wanted[0]
        return frozenset(wanted), lambda facts: facts.prediction.signals.get(only, 0.0) >= enough

    def holds(facts: Facts) -> bool:
        signals = facts.prediction.signals
        return any(signals.get(name, 0.0) >= least for name, least in wanted)

    return frozenset(wanted), holds


def severity_at_least(raw: object, place: Place) -> Asked | None:
    """The offence is this bad, or worse."""
    word = values.text(raw, place)
    least = None if word is None else SEVERITIES.find(word, place)
    if least is None:
        return None
    enough = frozenset(severity for severity in Severity if severity >= least)
    return enough, lambda facts: facts.prediction.severity in enough


def target(raw: object, place: Place) -> Asked | None:
    """The offence is aimed at any of these."""
    return _one_of(raw, place, TARGETS.find, lambda facts: facts.prediction.target)


def lang(raw: object, place: Place) -> Asked | None:
    """The message is in any of these languages."""
    return _one_of(raw, place, _language, lambda facts: facts.prediction.lang)


# --- how the message came ---


def channel(raw: object, place: Place) -> Asked | None:
    """The message came by any of these channels."""
    return _one_of(raw, place, lambda word, _: word, lambda facts: facts.channel)


def kind(raw: object, place: Place) -> Asked | None:
    """The message is any of these kinds."""
    return _one_of(raw, place, KINDS.find, lambda facts: facts.kind)


def visibility(raw: object, place: Place) -> Asked | None:
    """The message can be read by everyone, or by us alone."""
    return _one_of(raw, place, VISIBILITIES.find, lambda facts: facts.visibility)


# --- what it says ---


def words(raw: object, place: Place) -> Asked | None:
    """Any of these words or phrases stands in the text, whatever the accents and the case."""
    wanted = values.some(raw, place, _phrase)
    if wanted is None:
        return None
    phrases = tuple(dict.fromkeys(wanted))

    def holds(facts: Facts) -> bool:
        said = spaced(facts.folded)
        return any(phrase in said for phrase in phrases)

    return frozenset(phrases), holds


def pattern(raw: object, place: Place) -> Asked | None:
    """A regular expression is found in the text as written, whatever the case."""
    written = values.text(raw, place)
    if written is None:
        return None
    fault = patterns.fault_of(written)
    if fault is not None:
        place.note(fault)
        return None
    search = re.compile(written, re.IGNORECASE).search
    return written, lambda facts: search(facts.text, 0, patterns.LONGEST_TEXT) is not None


def links(raw: object, place: Place) -> Asked | None:
    """The text holds a link, or does not."""
    wanted = values.flag(raw, place)
    return None if wanted is None else (wanted, lambda facts: ("." in facts.text and _has_link(facts.text)) is wanted)


# --- who says it, how often, and when ---


@dataclass(frozen=True, slots=True)
class Contact:
    """What a condition asks of the contact; None for what it does not ask, and no length for ever."""

    tags: frozenset[str] | None = None
    first_message: bool | None = None
    messages_at_least: int | None = None
    sanctions_at_least: int | None = None
    within: timedelta | None = None


def contact(raw: object, place: Place) -> Asked | None:
    """Whoever wrote it has all of this: a tag, this many messages or sanctions within a time, written before or not."""
    given = values.table(raw, place)
    if given is None:
        return None
    before = len(place.faults)
    for key in given:
        if key not in _CONTACT:
            missing, choices = Sentence('a contact has no "{word}".'), Sentence("It has: {known}.")
            place.at(key).note(unknown(key, list(_CONTACT), missing=missing, choices=choices))
    read = {key: _CONTACT[key](item, place.at(key)) for key, item in given.items() if key in _CONTACT}
    if "messages_at_least" in given and "within" not in given:
        place.note(Sentence('"messages_at_least" wants a length of time beside it, such as within = "7d".'))
    if "within" in given and not given.keys() & {"messages_at_least", "sanctions_at_least"}:
        place.note(Sentence('"within" is about messages_at_least or sanctions_at_least, and neither is there.'))
    if len(place.faults) > before:
        return None
    tags = read.pop("tag", None)
    asked = Contact(
        tags=None if tags is None else frozenset(cast("Sequence[str]", tags)), **cast("dict[str, Any]", read)
    )
    return asked, partial(_is_such, asked)


def repeated(raw: object, place: Place) -> Asked | None:
    """The same text was sent on the channel this often within an hour, this time included, by anyone."""
    least = values.count(raw, place, least=2)
    return (
        None
        if least is None
        else (least, lambda facts: _times(facts.background.repeats, facts, REPEATED_WITHIN) >= least)
    )


def sent_between(raw: object, place: Place) -> Asked | None:
    """It was sent between these times of day by the clock of the brand, the second one not included."""
    spans = values.some(raw, place, _span)
    if spans is None:
        return None
    minutes = frozenset[int]().union(*spans)

    def holds(facts: Facts) -> bool:
        if facts.sent_at is None:
            return False
        local = facts.sent_at.astimezone(facts.hours.zone) if facts.hours else facts.sent_at
        return local.hour * 60 + local.minute in minutes

    return minutes, holds


def open_hours(raw: object, place: Place) -> Asked | None:
    """The brand was open when it was sent, or was not."""
    wanted = values.flag(raw, place)
    return None if wanted is None else (wanted, lambda facts: _is_open(facts) is wanted)


def crisis(raw: object, place: Place) -> Asked | None:
    """A crisis runs, or does not."""
    wanted = values.flag(raw, place)
    return None if wanted is None else (wanted, lambda facts: facts.background.crisis is wanted)


# --- what has come of a promise ---


SLA_STATES: Mapping[str, SlaState] = {"due_soon": SlaState.DUE_SOON, "breached": SlaState.BREACHED}
"""What can come of a promise, in the words of the rule book."""

SLA_CLOCKS: Mapping[str, Clock] = {
    "first_response": Clock.FIRST,
    "next_response": Clock.NEXT,
    "resolution": Clock.RESOLUTION,
}
"""What is promised, in the words of the rule book."""


def sla(raw: object, place: Place) -> Asked | None:
    """A promise to whoever wrote it has just come to this. Never holds for a message itself."""
    wanted = values.some(raw, place, _sla_state)
    if wanted is None:
        return None
    states = frozenset(wanted)
    return states, lambda facts: facts.event is not None and facts.event.state in states


def sla_of(raw: object, place: Place) -> Asked | None:
    """The promise of which `sla` tells is any of these."""
    wanted = values.some(raw, place, _sla_clock)
    if wanted is None:
        return None
    clocks = frozenset(wanted)
    return clocks, lambda facts: facts.event is not None and facts.event.clock in clocks


# --- conditions made of conditions ---

Tables = tuple[tuple[Condition, ...], ...]
Combined = tuple[Tables | None, Callable[[Tables, Facts], bool]]


def all_of(raw: object, place: Place) -> Combined:
    """Every one of these tables holds."""
    return _tables(raw, place), lambda tables, facts: all(all_hold(table, facts) for table in tables)


def any_of(raw: object, place: Place) -> Combined:
    """At least one of these tables holds."""

    def holds(tables: Tables, facts: Facts) -> bool:
        for table in tables:  # noqa: SIM110  # half the time of `any`
            if all_hold(table, facts):
                return True
        return False

    return _tables(raw, place), holds


def not_this(raw: object, place: Place) -> Combined:
    """This table does not hold."""
    inside = _table(raw, place)
    return None if inside is None else (inside,), lambda tables, facts: not all_hold(tables[0], facts)


CONDITIONS: Mapping[str, Callable[[object, Place], Asked | None]] = {
    "label": label,
    "unsure": unsure,
    "confidence_at_least": confidence_at_least,
    "signal": signal,
    "severity_at_least": severity_at_least,
    "target": target,
    "lang": lang,
    "channel": channel,
    "kind": kind,
    "visibility": visibility,
    "words": words,
    "pattern": pattern,
    "links": links,
    "contact": contact,
    "repeated": repeated,
    "sent_between": sent_between,
    "open_hours": open_hours,
    "crisis": crisis,
    "sla": sla,
    "sla_of": sla_of,
}
"""Every kind of condition, by its key in the rule book."""

COMBINATIONS: Mapping[str, Callable[[object, Place], Combined]] = {"all": all_of, "any": any_of, "not": not_this}
"""What puts conditions together, by its key in the rule book."""


def _one_of(
    raw: object,
    place: Place,
    find: Callable[[str, Place], Hashable | None],
    asked: Callable[[Facts], Hashable | None],
) -> Asked | None:
    """A condition on something of which a message has one: any of the values given will do."""

    def read(item: object, at: Place) -> Hashable | None:
        word = values.text(item, at)
        return None if word is None else find(word, at)

    wanted = values.some(raw, place, read)
    if wanted is None:
        return None
    enough = frozenset(wanted)
    return enough, lambda facts: asked(facts) in enough


def _label(raw: object, place: Place) -> Label | None:
    word = values.text(raw, place)
    return None if word is None else LABELS.find(word, place)


def _sla_state(raw: object, place: Place) -> SlaState | None:
    missing, choices = Sentence('no promise is ever "{word}".'), Sentence("It is: {known}.")
    return _word_of(raw, place, SLA_STATES, missing=missing, choices=choices)


def _sla_clock(raw: object, place: Place) -> Clock | None:
    missing, choices = Sentence('nothing is promised that is called "{word}".'), Sentence("Promises: {known}.")
    return _word_of(raw, place, SLA_CLOCKS, missing=missing, choices=choices)


def _word_of(
    raw: object, place: Place, known: Mapping[str, Word], *, missing: Sentence, choices: Sentence
) -> Word | None:
    word = values.text(raw, place)
    if word is not None and word not in known:
        place.note(unknown(word, list(known), missing=missing, choices=choices))
    return None if word is None else known.get(word)


def _signal(raw: object, place: Place) -> tuple[Signal, float] | None:
    """A signal by its name, or a table of its `name` and the least it has to be."""
    if not isinstance(raw, dict):
        word = values.text(raw, place, wanted=Sentence("the name of a signal"))
        name = None if word is None else SIGNALS.find(word, place)
        return None if name is None else (name, SIGNAL_HOLDS_AT)
    missing, choices = Sentence('a signal has no "{word}".'), Sentence("It has: {known}.")
    for key in raw:
        if key not in {"name", "at_least"}:
            place.at(key).note(unknown(key, ("name", "at_least"), missing=missing, choices=choices))
    if "name" not in raw:
        place.note(Sentence('"{key}" is missing.', key="name"))
        return None
    word = values.text(raw["name"], place.at("name"))
    name = None if word is None else SIGNALS.find(word, place.at("name"))
    least = values.share(raw.get("at_least", SIGNAL_HOLDS_AT), place.at("at_least"))
    return None if name is None or least is None else (name, least)


def _language(word: str, place: Place) -> str | None:
    if _LANGUAGE.fullmatch(word) or word == UNDETERMINED:
        return word
    place.note(
        Sentence(
            '"{word}" is not the form of a language. Write its two letters, such as "fr" or "en", or "und" where it is '
            "too short to tell.",
            word=excerpt(word, 40),
        )
    )
    return None


def _phrase(raw: object, place: Place) -> str | None:
    """A word or phrase as it is looked for in a `spaced` text; one that ends in `*` is left open at its end."""
    written = values.text(raw, place)
    if written is None:
        return None
    if "*" in written.removesuffix("*"):
        place.note(Sentence('"{word}" has a star inside: it may only end a word.', word=excerpt(written, 40)))
        return None
    wanted = phrase(written)
    if not wanted.strip():
        place.note(
            Sentence('"{word}" holds no letter and no digit. For other signs, use pattern.', word=excerpt(written, 40))
        )
        return None
    return wanted


def _is_such(asked: Contact, facts: Facts) -> bool:
    about = facts.background
    return (
        (asked.first_message is None or about.is_first is asked.first_message)
        and (asked.tags is None or not asked.tags.isdisjoint(about.tags))
        and (asked.messages_at_least is None or _times(about.messages, facts, asked.within) >= asked.messages_at_least)
        and (
            asked.sanctions_at_least is None or _times(about.sanctions, facts, asked.within) >= asked.sanctions_at_least
        )
    )


def _times(moments: Sequence[datetime], facts: Facts, within: timedelta | None) -> int:
    """How many of these moments, in order, lie within a length of time up to when the message was sent."""
    if facts.sent_at is None:
        return 0
    until = bisect_right(moments, facts.sent_at)
    return until if within is None else until - bisect_right(moments, facts.sent_at - within)


def _is_open(facts: Facts) -> bool:
    return facts.hours is None or facts.sent_at is None or facts.hours.is_open(facts.sent_at)


def _tag_names(raw: object, place: Place) -> tuple[str, ...] | None:
    return values.some(raw, place, values.text)


def _span(raw: object, place: Place) -> frozenset[int] | None:
    """The minutes of the day of a span such as "22:00-07:00"."""
    said = values.text(raw, place)
    if said is None:
        return None
    found = _SPAN.fullmatch(said)
    if found is None:
        place.note(
            Sentence(
                '"{word}" is not a span of the day. Write two times in 24 hours, such as "22:00-07:00".',
                word=excerpt(said, 40),
            )
        )
        return None
    first, last = (int(found[one]) * 60 + int(found[one + 1]) for one in (1, 3))
    if first == last:
        place.note(Sentence('"{word}" begins and ends at the same time.', word=said))
        return None
    return frozenset(range(first, last)) if first < last else frozenset(range(first, 1440)) | frozenset(range(last))


_CONTACT: Mapping[str, Callable[[object, Place], object | None]] = {
    "tag": _tag_names,
    "first_message": values.flag,
    "messages_at_least": partial(values.count, least=1),
    "sanctions_at_least": partial(values.count, least=1),
    "within": partial(values.duration, most=timedelta(days=366)),
}
"""How each key of a contact is read."""


def _has_link(text: str) -> bool:
    # Most dots end a sentence: that is seen in a fifth of the time.
    return (_INNER_DOT.search(text) is not None or "://" in text) and _LINK.search(text) is not None


def _table(raw: object, place: Place) -> tuple[Condition, ...] | None:
    inside = values.table(raw, place)
    return None if inside is None else read_when(inside, place)


def _tables(raw: object, place: Place) -> Tables | None:
    return values.many(raw, place, _table, wanted=values.TABLES)

"""What a rule can ask about a message: one function per kind of condition, each reading it into a question.

A condition is read once, with its faults noted, and asked many times. Asking is pure and holds no opinions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

from inbox.decisions import Facts
from inbox.model import UNDETERMINED, Kind, Label, Severity, Signal, Target, Visibility
from inbox.sentences import Sentence
from inbox.text import excerpt, fold
from routing import patterns, values
from routing.faults import Place, Vocabulary, unknown

LABELS = Vocabulary(Label, Sentence('there is no label "{word}".'), Sentence("Labels: {known}."))
SIGNALS = Vocabulary(Signal, Sentence('there is no signal "{word}".'), Sentence("Signals: {known}."))
SEVERITIES = Vocabulary(Severity, Sentence('there is no severity "{word}".'), Sentence("Severities: {known}."))
KINDS = Vocabulary(Kind, Sentence('there is no kind of message "{word}".'), Sentence("Kinds: {known}."))
VISIBILITIES = Vocabulary(Visibility, Sentence('there is no visibility "{word}".'), Sentence("Visibilities: {known}."))
TARGETS = Vocabulary(Target, Sentence('there is no target "{word}".'), Sentence("Targets: {known}."))

SIGNAL_HOLDS_AT = 0.5
DEEPEST = 12
"""How far conditions may be nested, in keys: more than anyone can read."""

_WORD = re.compile(r"[^\W_]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
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
    """

    kind: str
    value: Hashable
    says: str = field(compare=False)
    holds: Callable[[Facts], bool] = field(compare=False)
    parts: tuple[tuple[Condition, ...], ...] = ()


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
    for condition in conditions:  # noqa: SIM110
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
    return None if asked is None else Condition(key, asked[0], _says(key, raw), asked[1])


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
        return any(held in labels and prediction.confidence(held) >= least for held in prediction.labels)

    return (labels, least), holds


def signal(raw: object, place: Place) -> Asked | None:
    """Any of these signals is at or above its own `at_least`, or one half."""
    wanted = values.some(raw, place, _signal)
    if wanted is None:
        return None

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


@lru_cache(maxsize=8)
def spaced(folded: str) -> str:
    """The words of a folded text with one space before, between and after them, so that a phrase is found whole.

    Every condition on words asks for the same text in turn: the last few are kept.
    """
    return f" {' '.join(_WORD.findall(folded))} "


# --- conditions made of conditions ---

Tables = tuple[tuple[Condition, ...], ...]
Combined = tuple[Tables | None, Callable[[Tables, Facts], bool]]


def all_of(raw: object, place: Place) -> Combined:
    """Every one of these tables holds."""
    return _tables(raw, place), lambda tables, facts: all(all_hold(table, facts) for table in tables)


def any_of(raw: object, place: Place) -> Combined:
    """At least one of these tables holds."""
    return _tables(raw, place), lambda tables, facts: any(all_hold(table, facts) for table in tables)


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
    stem = written.removesuffix("*")
    if "*" in stem:
        place.note(Sentence('"{word}" has a star inside: it may only end a word.', word=excerpt(written, 40)))
        return None
    whole = spaced(fold(stem))
    if not whole.strip():
        place.note(
            Sentence('"{word}" holds no letter and no digit. For other signs, use pattern.', word=excerpt(written, 40))
        )
        return None
    return whole.rstrip() if written.endswith("*") else whole


def _has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def _table(raw: object, place: Place) -> tuple[Condition, ...] | None:
    inside = values.table(raw, place)
    return None if inside is None else read_when(inside, place)


def _tables(raw: object, place: Place) -> Tables | None:
    return values.many(raw, place, _table, wanted=values.TABLES)

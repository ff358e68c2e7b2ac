"""Reading a rule book, all of it: what comes out can decide, or every fault has been told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inbox.actions import Mode
from inbox.background import NO_NEEDS, Needs
from inbox.decisions import Decision, Facts
from inbox.errors import BadRuleBook, NotFound
from inbox.sentences import Sentence
from routing import values
from routing.actions import Known, read_then
from routing.compiled import CompiledRules
from routing.conditions import read_when
from routing.deciding import decide
from routing.faults import Place, unknown
from routing.needs import needs_of
from routing.rules import Rule

STARTER = Path(__file__).parent / "starter" / "rules.toml"
"""The rule book that ships."""

_KEYS = ("name", "when", "then", "mode", "stop")
_MODES = ("draft", "shadow", "share:10", "live")
_WHERE = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TomlRuleBook:
    """A rule book read from TOML: the text its author wrote, and its rules in the order they are asked.

    `needs` is what of the background of a message they ask about.
    """

    text: str
    name: str
    rules: tuple[Rule, ...]
    needs: Needs = NO_NEEDS
    _of_messages: tuple[Rule, ...] = field(init=False, repr=False, compare=False)
    _of_clocks: tuple[Rule, ...] = field(init=False, repr=False, compare=False)
    _ready: CompiledRules = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        about_clocks = [needs_of(rule.conditions).clocks for rule in self.rules]
        for name, wanted in (("_of_messages", False), ("_of_clocks", True)):
            asked = tuple(rule for rule, about in zip(self.rules, about_clocks, strict=True) if about is wanted)
            object.__setattr__(self, name, asked)
        object.__setattr__(self, "_ready", CompiledRules(self._of_messages))

    def asked(self, facts: Facts) -> tuple[Rule, ...]:
        """The rules that are asked: when a clock has run out those that ask for that, of a message all others."""
        return self._of_messages if facts.event is None else self._of_clocks

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rules, in the order they are asked."""
        return tuple(rule.name for rule in self.rules)

    def decide(self, facts: Facts, *, traced: bool = True) -> Decision:
        """What to do about one message, and why; unless `traced`, the trace names only the rules that held."""
        if facts.event is None:
            return self._ready.decide(facts, traced=traced)
        return decide(self._of_clocks, facts, traced=traced)


def load(path: Path, *, responses: Collection[str] | None = None) -> TomlRuleBook:
    """Read the rule book in a file.

    Raises:
        NotFound: There is no such file.
        BadRuleBook: It cannot be read, or does not hold together.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(Sentence("There is no rule book at {path}.", path=str(path))) from error
    except UnicodeDecodeError as error:
        fault = Sentence("{file}: this is not text in UTF-8. Save it so from your editor.", file=path.name)
        raise BadRuleBook([fault]) from error
    except OSError as error:
        fault = Sentence("{file}: this cannot be read: {reason}.", file=path.name, reason=error.strerror or str(error))
        raise BadRuleBook([fault]) from error
    return read_rule_book(text, name=path.name, responses=responses)


def read_rule_book(text: str, *, name: str = "rules.toml", responses: Collection[str] | None = None) -> TomlRuleBook:
    """Read a rule book from its text.

    Args:
        text: TOML, a `[[rule]]` table for each rule.
        name: What to call the file in a fault.
        responses: The codes of the canned responses there are; None leaves them unchecked.

    Raises:
        BadRuleBook: With every fault of the file, in its order.
    """
    place = Place(name)
    rules = _read_rules(_parse(text, name), place, Known(responses))
    if place.faults:
        raise BadRuleBook(place.faults)
    needs = needs_of(condition for rule in rules for condition in rule.conditions)
    return TomlRuleBook(text=text, name=name, rules=tuple(rules), needs=needs)


def _parse(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        fault = Sentence("{file}: this is nested too deeply to be read.", file=name)
        raise BadRuleBook([fault]) from error
    except ValueError as error:  # TOMLDecodeError, and numbers too long to be one
        found = _WHERE.fullmatch(str(error))
        if found is None:
            fault = Sentence("{file}: this is not TOML: {reason}.", file=name, reason=str(error))
        elif found["line"] is None:
            fault = Sentence("{file}, at its end: this is not TOML: {reason}.", file=name, reason=found["reason"])
        else:
            fault = Sentence(
                "{file}, line {line}, column {column}: this is not TOML: {reason}.",
                file=name,
                line=int(found["line"]),
                column=int(found["column"]),
                reason=found["reason"],
            )
        raise BadRuleBook([fault]) from error


def _read_rules(book: Mapping[str, object], place: Place, known: Known) -> list[Rule]:
    for key in book:
        if key != "rule":
            missing, choices = Sentence('there is no "{word}" in a rule book.'), Sentence("There is: {known}.")
            place.note(unknown(key, ("rule",), missing=missing, choices=choices))
    raw_rules = book.get("rule", [])
    if not isinstance(raw_rules, list) or not all(isinstance(raw, dict) for raw in raw_rules):
        place.note(Sentence("a rule opens with [[rule]], in double brackets."))
        return []
    rules = []
    numbers: dict[str, int] = {}
    for number, raw in enumerate(raw_rules, start=1):
        rule = _read_rule(raw, number, place, known, numbers)
        if rule is not None:
            rules.append(rule)
    return rules


def _read_rule(
    raw: Mapping[str, object], number: int, book: Place, known: Known, numbers: dict[str, int]
) -> Rule | None:
    """One rule, or None once its faults are noted. `numbers` are those of the rules before it, by their names."""
    said = raw.get("name")
    place = Place(book.file, book.faults, number, said.strip() if isinstance(said, str) and said.strip() else None)
    before = len(book.faults)
    for key in raw:
        if key not in _KEYS:
            missing, choices = Sentence('there is no "{word}" in a rule.'), Sentence("There are: {known}.")
            place.note(unknown(key, _KEYS, missing=missing, choices=choices))
    name = _read_name(raw, place, numbers)
    conditions = read_when(raw["when"], place.at("when")) if "when" in raw else None
    if "when" not in raw:
        place.note(Sentence('"when" is missing. For a rule that holds for every message, write when = {{}}.'))
    actions = read_then(raw["then"], place.at("then"), known) if "then" in raw else None
    if "then" not in raw:
        place.note(Sentence('"then" is missing: what the rule asks for.'))
    mode, share = _read_mode(raw.get("mode", Mode.DRAFT.value), place.at("mode"))
    stop = values.flag(raw.get("stop", False), place.at("stop"))
    if name is None or conditions is None or actions is None or len(book.faults) > before:
        return None
    return Rule(name=name, conditions=conditions, actions=actions, mode=mode, share=share, stop=bool(stop))


def _read_name(raw: Mapping[str, object], place: Place, numbers: dict[str, int]) -> str | None:
    if "name" not in raw:
        place.note(Sentence("it has no name. Its name is what the audit log will show."))
        return None
    name = values.text(raw["name"], place.at("name"))
    if name is None:
        return None
    if name in numbers:
        place.at("name").note(
            Sentence("rule {number} has this name already. Names tell rules apart.", number=numbers[name])
        )
        return None
    numbers[name] = place.number or 0
    return name


def _read_mode(raw: object, place: Place) -> tuple[Mode, int]:
    """The mode, and with `share:N` its percentage; on a fault, the mildest."""
    word = values.text(raw, place)
    if word is None:
        return Mode.DRAFT, 100
    name, colon, percent = word.partition(":")
    if name == Mode.SHARE:
        if re.fullmatch(r"[1-9][0-9]?|100", percent):
            return Mode.SHARE, int(percent)
        place.note(Sentence('a share is a whole number of percent from 1 to 100, such as "share:10".'))
    elif colon or name not in {Mode.DRAFT, Mode.SHADOW, Mode.LIVE}:
        missing, choices = Sentence('there is no mode "{word}".'), Sentence("Modes: {known}.")
        place.note(unknown(word, _MODES, missing=missing, choices=choices))
    else:
        return Mode(name), 100
    return Mode.DRAFT, 100

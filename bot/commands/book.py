"""The book of commands: what there is, who may, what each takes. Its help and both chats are told from here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_type_hints

from bot.commands.views import Press, View
from inbox.people import Right
from inbox.sentences import Sentence

Answers = Callable[..., View | None]
F = TypeVar("F", bound=Answers)


class Part(StrEnum):
    """The parts of the help."""

    INBOX = "inbox"
    SANCTIONS = "sanctions"
    RECORDS = "records"
    TEAM = "team"
    CONTROL = "control"


PART_NAMES: Mapping[Part, Sentence] = {
    Part.INBOX: Sentence("Inbox"),
    Part.SANCTIONS: Sentence("Sanctions"),
    Part.RECORDS: Sentence("Records"),
    Part.TEAM: Sentence("Team"),
    Part.CONTROL: Sentence("Control"),
}

PARAMETERS: Mapping[str, Sentence] = {
    "conversation": Sentence("The number of a conversation; else the one whose card you answer"),
    "user": Sentence("Whom it is about; else the author of the message you answer"),
    "case": Sentence("The number of a case"),
    "duration": Sentence("How long, such as 30m, 2h, 3d or 1w"),
    "reason": Sentence("Why; the author is told"),
    "text": Sentence("The words"),
    "to": Sentence("A name of the team, or a queue"),
    "labels": Sentence("All labels that hold: praise, complaint, lead, offensive, or none"),
    "label": Sentence("Only what has this label"),
    "status": Sentence("Only what stands so"),
    "count": Sentence("How many messages, 1 to 100"),
    "days": Sentence("How many days, such as 7d"),
    "deputy": Sentence("Who of the team stands in"),
    "what": Sentence("What to do"),
    "why": Sentence("Why, in a few words; the team reads it"),
    "language": Sentence("The language you are spoken to in: fr or en"),
    "name": Sentence("A command"),
}
"""What each parameter means, by its name; the same wherever it occurs."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a command takes. `kind` is its type; `choices` the words it may be, where there is a list of them."""

    name: str
    kind: Any
    required: bool
    choices: tuple[str, ...] = ()

    @property
    def help(self) -> Sentence:
        """What it means."""
        return PARAMETERS[self.name]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the function behind it, who may, and the names it goes by.

    `menu` is its name in the menu of a message, where it is there too. With `prefixes` it may be called with a `d`
    before its name, which also deletes, and an `s`, which tells the author nothing. What `is_for_all` is answered in
    front of the whole team.
    """

    name: str
    help: Sentence
    part: Part
    right: Right
    parameters: tuple[Parameter, ...]
    run: Answers
    aliases: tuple[str, ...] = ()
    menu: Sentence | None = None
    prefixes: bool = False
    is_for_all: bool = False

    @property
    def usage(self) -> str:
        """How it is written: what may be left out stands in brackets."""
        parts = [one.name if one.required else f"[{one.name}]" for one in self.parameters]
        return " ".join([f"/{self.name}", *parts])


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button does: the function behind it, and who may. One that `asks` answers with a form."""

    verb: str
    right: Right
    run: Answers
    asks: bool = False


@dataclass(slots=True)
class Book:
    """All commands and buttons."""

    commands: dict[str, Command] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)

    def command(
        self,
        name: str,
        part: Part,
        right: Right,
        *,
        aliases: tuple[str, ...] = (),
        menu: Sentence | None = None,
        prefixes: bool = False,
        is_for_all: bool = False,
    ) -> Callable[[F], F]:
        """Make a function a command; its docstring is its help, its signature what it takes."""

        def keep(function: F) -> F:
            told = Sentence.of_docstring(inspect.getdoc(function) or "")
            takes = _parameters(function)
            self.commands[name] = Command(
                name, told, part, right, takes, function, aliases, menu, prefixes=prefixes, is_for_all=is_for_all
            )
            return function

        return keep

    def tap(self, verb: str, right: Right, *, asks: bool = False) -> Callable[[F], F]:
        """Make a function what a button does; it takes the call, then what the button is about, as text."""

        def keep(function: F) -> F:
            self.taps[verb] = Tap(verb, right, function, asks)
            return function

        return keep

    def find(self, name: str) -> tuple[Command, frozenset[str]] | None:
        """A command by its name or an alias, with the flags that stand before it; None where there is none."""
        wanted = name.casefold()
        for command in self.commands.values():
            names = (command.name, *command.aliases)
            if wanted in names:
                return command, frozenset()
            if command.prefixes and wanted[:1] in _PREFIXES and wanted[1:] in names:
                return command, frozenset({_PREFIXES[wanted[0]]})
        return None

    def find_tap(self, press: Press) -> Tap | None:
        """What a button does; None for one that there is not, or not any more."""
        return self.taps.get(press.verb)


_PREFIXES = {"d": "delete", "s": "silent"}

BOOK = Book()
"""The book of this program; the modules beside this one write in it."""


def _parameters(function: Answers) -> tuple[Parameter, ...]:
    hints = get_type_hints(function)
    found = []
    for one in list(inspect.signature(function).parameters.values())[1:]:
        kinds = [kind for kind in get_args(hints[one.name]) if kind is not type(None)] or [hints[one.name]]
        is_word = isinstance(kinds[0], type) and issubclass(kinds[0], StrEnum)
        choices = tuple(word.value for word in kinds[0]) if is_word else ()
        found.append(Parameter(one.name, kinds[0], one.default is inspect.Parameter.empty, choices))
    return tuple(found)

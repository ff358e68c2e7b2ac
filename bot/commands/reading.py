"""What people write after a command, read into what the command takes. Pure, but for looking names up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from bot.commands.book import Command, Parameter
from bot.commands.calling import Call, CaseNumber, Conversation, Given, Length, Said, Words
from inbox.durations import duration
from inbox.errors import BadInput, NotFound
from inbox.sentences import Sentence

USER = "user:"
"""Before a channel's own id of a person, where a chat hands one over."""

_LONGEST_NAME = 5
"""The most words of a name."""

_NUMBER = re.compile(r"#?(\d{1,15})")
_MARKED_NUMBER = re.compile(r"#(\d{1,15})")


def split_up(command: Command, text: str, *, points: bool, knows: Callable[[str], bool] = lambda _: False) -> Given:
    """What was typed after a command, by the names of its parameters.

    Args:
        command: The command.
        text: What follows its name.
        points: Whether a card or a message is answered: then a bare number is not taken for a conversation.
        knows: Whether somebody is called so: names may have spaces, and the longest that is known is meant.
    """
    rest = text.strip()
    given: dict[str, str] = {}
    for one in command.parameters:
        if one.kind is Words:
            if rest:
                given[one.name] = rest
            return given
        token, _, after = rest.partition(" ") if "\n" not in rest.partition(" ")[0] else rest.partition("\n")
        if token and _looks_like(one, token, points=points):
            if one.kind is Said and (name := _whole_name(rest, knows)) is not None:
                token, after = name, rest[len(name) :]
            given[one.name] = token
            rest = after.strip()
    if rest:
        raise BadInput(Sentence('"{text}" is too much. It is written so: {usage}', text=rest, usage=command.usage))
    return given


def fill(command: Command, given: Given, call: Call) -> dict[str, Any]:
    """The arguments of a command.

    Raises:
        BadInput: Something is missing or cannot be read; says how it is written.
        NotFound: What is named is not there.
    """
    arguments: dict[str, Any] = {}
    for one in command.parameters:
        written = given.get(one.name, "").strip()
        if written:
            arguments[one.name] = _read(one, written, command, call)
        elif (pointed := _pointed_at(one, call)) is not None:
            arguments[one.name] = pointed
        elif one.required:
            raise BadInput(_missing(one, command))
    return arguments


def _looks_like(one: Parameter, token: str, *, points: bool) -> bool:
    """Whether a token is meant for a parameter that may also be left out."""
    if one.kind is Conversation:
        return (_MARKED_NUMBER if points else _NUMBER).fullmatch(token) is not None
    if one.kind is Said:
        if points:
            return _MARKED_NUMBER.fullmatch(token) is not None or token.startswith("@")
        return duration(token) is None
    if one.kind is Length and not one.required:
        return duration(token) is not None
    if one.choices and not one.required:
        return token.casefold() in one.choices
    return True


def _whole_name(text: str, knows: Callable[[str], bool]) -> str | None:
    """The longest name of several words that a text begins with; None where it begins with none."""
    words = text.partition("\n")[0].split(" ")[:_LONGEST_NAME]
    names = (" ".join(words[:many]) for many in range(len(words), 1, -1))
    return next((name for name in names if knows(name.rstrip().removeprefix("@"))), None)


def _pointed_at(one: Parameter, call: Call) -> int | None:
    if one.kind is Conversation:
        return call.target
    return call.message if one.kind is Said else None


def _read(one: Parameter, written: str, command: Command, call: Call) -> Any:
    if one.choices:
        if written.casefold() not in one.choices:
            choices = ", ".join(one.choices)
            raise BadInput(
                Sentence(
                    'There is no "{text}" here. One of: {choices}. {usage}',
                    text=written,
                    choices=choices,
                    usage=command.usage,
                )
            )
        assert issubclass(one.kind, StrEnum)  # noqa: S101  # only such have choices
        return one.kind(written.casefold())
    return _READ.get(one.kind, _read_words)(written, command, call)


def _read_words(written: str, command: Command, call: Call) -> Any:
    del command, call
    return written


def _read_number(written: str, command: Command, call: Call) -> Any:
    del call
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise BadInput(Sentence('"{text}" is no number. It is written so: {usage}', text=written, usage=command.usage))
    return int(found[1])


def _read_length(written: str, command: Command, call: Call) -> Any:
    del command, call
    found = duration(written)
    if found is None:
        raise BadInput(Sentence('"{text}" is no length of time. Write 30m, 2h, 3d or 1w.', text=written))
    return found


def _read_said(written: str, command: Command, call: Call) -> Any:
    """The message that a number of a conversation, or somebody's id or name, stands for."""
    del command
    with call.desk.store.read() as books:
        if (number := _MARKED_NUMBER.fullmatch(written)) is not None:
            view = books.conversation(int(number[1]))
            if view is None or view.last is None:
                raise NotFound(Sentence("There is no conversation {id}.", id=int(number[1])))
            return view.last.id
        name = written.removeprefix(USER).removeprefix("@")
        author = name if written.startswith(USER) else books.author_of(call.channel, name)
        found = None if author is None else books.latest_of(call.channel, author, place=call.place)
    if found is None:
        raise NotFound(
            Sentence("Nothing that {name} has written is known here. Answer one of their messages.", name=name)
        )
    return found


_READ: Mapping[Any, Callable[[str, Command, Call], Any]] = {
    Conversation: _read_number,
    CaseNumber: _read_number,
    int: _read_number,
    Length: _read_length,
    Said: _read_said,
    Words: _read_words,
}


def _missing(one: Parameter, command: Command) -> Sentence:
    facts = {"usage": command.usage}
    if one.kind is Conversation:
        return Sentence("Which conversation? Answer its card, or write its number: {usage}", **facts)
    if one.kind is Said:
        return Sentence("Whom? Answer one of their messages, or name them: {usage}", **facts)
    if one.kind is Length:
        return Sentence("How long? Write 30m, 2h, 3d or 1w: {usage}", **facts)
    return Sentence("Something is missing. It is written so: {usage}", **facts)

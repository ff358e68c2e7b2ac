"""A page of the manual, followed step by step: its files are written, its commands run, their answers compared."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from tests.end_to_end.shell import Shell

LEFT_OUT = "…"
"""A line of this sign alone stands for any lines."""

_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<inside>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`(?P<name>[\w-]+\.(?:toml|jsonl))`")


@dataclass(frozen=True, slots=True)
class File:
    """A file to be written, or to be added to."""

    name: str
    text: str
    adds: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and the lines that it answers."""

    words: tuple[str, ...]
    answers: tuple[str, ...]


def steps(page: str) -> Iterator[File | Command]:
    """What to do, in the order of the page.

    A file is named at last in the paragraph above it; where that says that somebody adds something, it is added to.
    """
    before = ""
    end = 0
    for block in _BLOCK.finditer(page):
        before, end = page[end : block.start()].strip() or before, block.end()
        if block["kind"] == "console":
            yield from _commands(block["inside"])
        else:
            paragraph = before.rpartition("\n\n")[2]
            yield File(_FILE.findall(paragraph)[-1], block["inside"], adds=" adds " in paragraph)


def _commands(inside: str) -> Iterator[Command]:
    for written in inside.split("$ ")[1:]:
        command, *answers = written.rstrip("\n").split("\n")
        yield Command(tuple(shlex.split(command)), tuple(answers))


def follow(step: File | Command, shell: Shell) -> tuple[list[str], list[str]]:
    """Do one step: what the page says that is answered, and what is answered, as far as the page says it."""
    if isinstance(step, File):
        path = shell.folder / step.name
        path.write_text((path.read_text() + "\n" if step.adds else "") + step.text, encoding="utf-8")
        return [], []
    done = shell.vigie(*step.words[1:])
    given = [line.rstrip() for line in (done.out + done.err).splitlines()]
    return list(step.answers), as_told(step.answers, given)


def as_told(answers: tuple[str, ...], given: list[str]) -> list[str]:
    """The lines that were given, with those left out that the page leaves out; all of them where they differ."""
    told: list[str] = []
    left = list(given)
    for number, line in enumerate(answers):
        if line != LEFT_OUT:
            if not left or left[0] != line:
                return given
            told.append(left.pop(0))
            continue
        following = answers[number + 1] if number + 1 < len(answers) else None
        while left and left[0] != following:
            left.pop(0)
        told.append(LEFT_OUT)
    return told if not left else given

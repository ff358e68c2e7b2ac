"""Echoed abuse: an offensive name, an insult from the message, or a quote of a message that offends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.checks.context import Checks, Context, Level
from inbox.checks.finding import at
from inbox.checks.prose import flat
from inbox.findings import CheckKind, Finding
from inbox.model import Label
from inbox.sentences import Sentence

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST = 3
_QUOTED = 4
"""So many words in a row are a quote."""


def check_echo(text: str, context: Context, checks: Checks, insults: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """A finding for each piece of abuse that a text gives back; and one that does not block for a name that offends.

    Args:
        text: The words.
        context: What they answer.
        checks: What the brand has settled.
        insults: Where insults stand in the text.
    """
    named = list(_named(text, context, checks))
    for place in named:
        says = Sentence("The name of this contact offends. Write without it.")
        yield at(CheckKind.ECHO, checks, text, place, says, is_private=True)
    if not named and _offends(context, checks):
        yield Finding(
            Sentence("The name of this contact offends. It is not said in the reply."),
            blocking=False,
            kind=CheckKind.ECHO,
        )
    said = flat(context.message)
    quoted = list(_quoted(text, said)) if Label.OFFENSIVE in context.labels else []
    repeated = [(start, end) for start, end in insults if flat(text)[start:end] in said]
    for place in [*quoted, *(one for one in repeated if not _within(one, quoted))]:
        if not _within(place, named):
            says = Sentence("“{words}” repeats what offends in the message. Write without it.")
            yield at(CheckKind.ECHO, checks, text, place, says)


def name_to_say(name: str | None, checks: Checks) -> str | None:
    """What somebody is called, or the number he gave, where it can be said aloud; None where it offends."""
    if name is None or checks.abuse is None or checks.level(CheckKind.ECHO) is Level.OFF:
        return name
    return None if checks.abuse.in_name(name) else name


def _offends(context: Context, checks: Checks) -> bool:
    return checks.abuse is not None and bool(context.contact) and checks.abuse.in_name(context.contact)


def _named(text: str, context: Context, checks: Checks) -> Iterator[tuple[int, int]]:
    """Where an offensive name stands in a text, or one word of it."""
    if not _offends(context, checks):
        return
    name = flat(context.contact.strip())
    parts = sorted({name, *_LETTERS.findall(name)}, key=len, reverse=True)
    shapes = [re.escape(part) for part in parts if len(part) >= _SHORTEST]
    if shapes:
        for found in re.finditer(rf"(?<!\w)(?:{'|'.join(shapes)})(?!\w)", flat(text)):
            yield found.span()


def _quoted(text: str, said: str) -> Iterator[tuple[int, int]]:
    """Where a text gives words of a message back, several in a row."""
    theirs = _WORD.findall(said)
    rows = set(zip(*(theirs[at:] for at in range(_QUOTED)), strict=False))
    ours = list(_WORD.finditer(flat(text)))
    begun: int | None = None
    end = 0
    for at_word in range(len(ours) - _QUOTED + 1):
        together = ours[at_word : at_word + _QUOTED]
        if tuple(word.group() for word in together) not in rows:
            continue
        if begun is not None and together[0].start() > end:
            yield begun, end
            begun = None
        begun = together[0].start() if begun is None else begun
        end = together[-1].end()
    if begun is not None:
        yield begun, end


def _within(place: tuple[int, int], places: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in places)

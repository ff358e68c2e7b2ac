"""Running a command or a button for somebody: may he, what does he mean, what is the answer. No chat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

# The modules that write in the book.
from bot.commands import alerts, control, crisis, inbox, leads, records, sanctions, taps, team  # noqa: F401  # read for what they write
from bot.commands.book import BOOK, Command
from bot.commands.calling import Call, Given
from bot.commands.reading import fill, split_up
from bot.commands.views import Press, View, line, says
from inbox.desk import Desk
from inbox.errors import BadInput, InboxError
from inbox.people import Caller
from inbox.sentences import Sentence
from inbox.team import identify, require

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody asks, and what he points at: the id of the card or the message that he answers, if any."""

    thread: str
    place: str | None = None
    points_at: str | None = None


def run_typed(call: Call, name: str, text: str) -> View:
    """Run a command as it was typed: its name, and what followed it.

    Raises:
        InboxError: It cannot be done; says why, and what to do.
    """
    command, flags = _must_find(name)
    points = call.target is not None or call.message is not None
    with call.desk.store.read() as books:
        given = split_up(
            command, text, points=points, knows=lambda called: books.author_of(call.channel, called) is not None
        )
    return run(replace(call, name=name, flags=flags), command, given)


def run_given(call: Call, name: str, given: Given) -> View:
    """Run a command whose parameters were filled in one by one.

    Raises:
        InboxError: It cannot be done; says why, and what to do.
    """
    command, flags = _must_find(name)
    return run(replace(call, name=name, flags=flags), command, given)


def run(call: Call, command: Command, given: Given) -> View:
    """Run a command, if whoever asks may.

    Raises:
        InboxError: It cannot be done; says why, and what to do.
    """
    require(call.desk, call.person, command.right, what=f"/{command.name}")
    return command.run(call, **fill(command, given, call)) or View()


def press(call: Call, pressed: Press, *, text: str | None = None) -> View | None:
    """Do what a button does, if whoever tapped it may; `text` is what was written in its form.

    Raises:
        InboxError: It cannot be done; says why, and what to do.
    """
    tap = BOOK.find_tap(pressed)
    if tap is None:
        raise BadInput(Sentence("This button is of another time. Ask for the card anew: /show"))
    require(call.desk, call.person, tap.right, what=pressed.verb)
    about = pressed.about if text is None else (*pressed.about, text)
    try:
        return tap.run(call, *about)
    except (TypeError, ValueError) as error:
        # Whoever forges a button may write anything in it.
        log.warning("button.unreadable", verb=pressed.verb, error=type(error).__name__)
        raise BadInput(Sentence("This button is of another time. Ask for the card anew: /show")) from error


def begin(desk: Desk, caller: Caller, where: Where) -> Call:
    """A call by somebody at a place; what he points at is looked up."""
    person = identify(desk, caller)
    target = message = None
    if where.points_at is not None:
        with desk.store.read() as books:
            target = books.card_at(caller.channel, where.points_at)
            if target is None:
                said = books.find_message(caller.channel, where.points_at)
                if said is not None:
                    target, message = said.conversation_id, said.id
            else:
                view = books.conversation(target)
                message = view.subject.id if view is not None and view.subject is not None else None
    return Call(desk, person, caller.channel, where.thread, where.place, target, message)


def refused(error: InboxError) -> View:
    """What somebody is told whose wish could not be fulfilled."""
    sentences = getattr(error, "findings", None)
    if sentences:
        return View(tuple(line(one) for one in sentences))
    return says(error.sentence)


def _must_find(name: str) -> tuple[Command, frozenset[str]]:
    found = BOOK.find(name)
    if found is None:
        raise BadInput(Sentence("There is no command {name}. List them: /help", name=f"/{name}"))
    return found

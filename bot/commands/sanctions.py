"""The commands that act on what people wrote and on them: each opens a numbered case, tells why, and can be undone."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.book import BOOK, Part
from bot.commands.calling import Call, Length, Said, Words
from bot.commands.views import Button, Line, Press, Tone, View, line, says
from inbox.cases import CaseAct, CaseView, Order, name_of
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.model import Label, Severity
from inbox.moderation import SPAM, list_cases, moderate, undo, what_it_takes
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.wording import said as told_of
from inbox.work import close_as_spam

TIMEOUT = timedelta(hours=1)
"""How long a timeout lasts where nobody says."""

_MOST_PURGED = 100


@BOOK.command("warn", Part.SANCTIONS, Right.MODERATE, prefixes=True)
def warn(call: Call, user: Said, reason: Words | None = None) -> View:
    """Warn somebody. Points add up, fade, and lead to the next step of the ladder."""
    return act(call, CaseAct.WARN, user, reason)


@BOOK.command("timeout", Part.SANCTIONS, Right.MODERATE, aliases=("mute", "tmute"), prefixes=True)
def timeout(call: Call, user: Said, duration: Length | None = None, reason: Words | None = None) -> View:
    """Silence somebody for a time; for an hour where you do not say how long."""
    return act(call, CaseAct.TIMEOUT, user, reason, duration=duration or TIMEOUT)


@BOOK.command("untimeout", Part.SANCTIONS, Right.MODERATE, aliases=("unmute",))
def untimeout(call: Call, user: Said, reason: Words | None = None) -> View:
    """End somebody's timeout."""
    return _end(call, CaseAct.TIMEOUT, user, reason)


@BOOK.command("kick", Part.SANCTIONS, Right.MODERATE, prefixes=True)
def kick(call: Call, user: Said, reason: Words | None = None) -> View:
    """Remove somebody; they may come back by themselves."""
    return act(call, CaseAct.KICK, user, reason)


@BOOK.command("ban", Part.SANCTIONS, Right.MODERATE, aliases=("tempban", "tban"), prefixes=True)
def ban(call: Call, user: Said, duration: Length | None = None, reason: Words | None = None) -> View:
    """Ban somebody, for a time where you say how long, else for good."""
    return act(call, CaseAct.BAN, user, reason, duration=duration)


@BOOK.command("unban", Part.SANCTIONS, Right.MODERATE)
def unban(call: Call, user: Said, reason: Words | None = None) -> View:
    """Let somebody in again who was banned."""
    return _end(call, CaseAct.BAN, user, reason)


@BOOK.command("del", Part.SANCTIONS, Right.MODERATE, aliases=("delete",), prefixes=True)
def delete(call: Call, user: Said, reason: Words | None = None) -> View:
    """Delete a message: the one you answer, else the latest of whom you name. The case keeps what it said."""
    return act(call, CaseAct.DELETE, user, reason)


@BOOK.command("purge", Part.SANCTIONS, Right.MODERATE)
def purge(call: Call, count: int, reason: Words | None = None) -> View:
    """Delete the latest messages of this channel or thread; complaints stay. The author of each is not told."""
    if not 1 <= count <= _MOST_PURGED:
        raise BadInput(Sentence("How many messages? From 1 to {most}.", most=_MOST_PURGED))
    with call.desk.store.read() as books:
        messages = books.said_last_in(call.channel, call.thread, limit=count)
    if not messages:
        raise NotFound(Sentence("No message of a contact is known here."))
    why = reason or call.desk.tell(Sentence("Clean-up"), call.person.lang)
    kept: list[Sentence] = []
    for message_id in messages:
        try:
            moderate(call.desk, Order(CaseAct.DELETE, message_id, why, silent=True), by=call.person.actor)
        except NotPossible as error:
            kept.append(error.sentence)
    lines = [line(Sentence("Messages deleted: {n}", n=len(messages) - len(kept)))]
    lines += [line(Sentence("{n} stay: {why}", n=kept.count(why_not), why=why_not)) for why_not in dict.fromkeys(kept)]
    return View(tuple(lines))


@BOOK.command("spam", Part.SANCTIONS, Right.MODERATE)
def spam(call: Call, user: Said, reason: Words | None = None) -> View:
    """Delete a message as spam, without a word to its author, and close its conversation."""
    why = reason or call.desk.tell(Sentence("Spam"), call.person.lang)
    case = moderate(call.desk, Order(CaseAct.DELETE, user, why, rule=SPAM, silent=True), by=call.person.actor)
    close_as_spam(call.desk, case.conversation_id, message_id=user, case=case.number, by=call.person.actor)
    return case_told(case)


def act(
    call: Call,
    what: CaseAct,
    message_id: int,
    reason: str | None,
    *,
    duration: timedelta | None = None,
    sure: bool = True,
) -> View:
    """Do something about a message or its author; first asks where it cannot be undone and nobody has been `sure`."""
    silent = "silent" in call.flags
    order = Order(what, message_id, reason or _reason(call, message_id), duration=duration, silent=silent)
    if not sure and (lost := what_it_takes(call.desk, order)) is not None:
        return _ask(what, message_id, lost)
    case = moderate(call.desk, order, by=call.person.actor)
    view = case_told(case)
    if "delete" in call.flags and what is not CaseAct.DELETE:
        removed = moderate(
            call.desk, Order(CaseAct.DELETE, message_id, order.reason, silent=True), by=call.person.actor
        )
        view = View((*view.lines, *case_told(removed).lines), view.rows)
    return view


def case_told(case: CaseView) -> View:
    """What was done, under which number, and how it is undone."""
    lines: list[Line] = []
    if case.withheld is not None:
        lines.append(line(case.withheld))
    lines.append(
        line(
            Sentence(
                "Case {number}: {act}, {contact}.", number=case.number, act=name_of(case.act), contact=case.contact
            )
        )
    )
    if case.irreversible is not None:
        lines.append(line(case.irreversible))
    can_undo = case.reversible and case.act is not CaseAct.NOTE
    rows = ((Button(Sentence("Undo"), Press("undo-case", (str(case.number),))),),) if can_undo else ()
    return View(tuple(lines), rows)


def _ask(what: CaseAct, message_id: int, lost: Sentence) -> View:
    sure = Button(Sentence("Yes: {act}", act=name_of(what)), Press("sure", (what.value, str(message_id))), Tone.GRAVE)
    return View((line(lost), line(Sentence("Nothing has been done yet."))), rows=((sure,),))


def _reason(call: Call, message_id: int) -> str:
    """A reason for whoever gives none: what the message is, in the language of its author.

    Raises:
        BadInput: The message does not offend, so that nobody but the moderator knows why.
    """
    with call.desk.store.read() as books:
        subject = books.find_subject(message_id)
        conversation_id = books.conversation_of(message_id)
        view = books.conversation(conversation_id) if conversation_id is not None else None
    if subject is None or view is None:
        raise NotFound(Sentence("There is no message {id}.", id=message_id))
    said = next((one for one in view.messages if one.id == message_id), None)
    if said is None or Label.OFFENSIVE not in said.labels:
        raise BadInput(Sentence("Say why: the author is told."))
    severity = said.severity or Severity.LOW
    return call.desk.tell(Sentence("Offensive words ({severity})", severity=told_of(severity)), subject.lang)


def _end(call: Call, what: CaseAct, message_id: int, reason: str | None) -> View:
    now = call.desk.clock()
    with call.desk.store.read() as books:
        conversation_id = books.conversation_of(message_id)
    cases = list_cases(call.desk, conversation_id=conversation_id, limit=100)
    running = next((case for case in cases if case.act is what and case.runs(now)), None)
    if running is None:
        raise NotFound(Sentence("There is no such sanction that runs: {act}.", act=name_of(what)))
    done = undo(call.desk, running.number, by=call.person.actor, reason=reason or "")
    return says(Sentence("Case {number} is undone.", number=done.number))

"""The command for a crisis: automation stops, complaints come first, the team is called; and the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.commands.book import BOOK, Part
from bot.commands.calling import Call, Words
from bot.commands.views import Form, Line, Press, Style, View, When, bold, dotted, italic, line, quote
from inbox.alerts import Alert, Reading
from inbox.audit import AuditLine
from inbox.crisis import Crisis, CrisisReport, end, report, start
from inbox.people import Right
from inbox.priority import CRISIS_ADDS
from inbox.sentences import Sentence
from inbox.switches import CRISIS
from inbox.telling import channel_name
from inbox.text import excerpt
from inbox.watching import in_short, unusual, watched_said
from inbox.wording import subject_said

_SHOWN, _ROOM = 20, 1_300
"""How many acts a report shows at the most, and how many characters of them: one message has to hold them."""

_LONGEST_WHY = 300
_READINGS = 12


class CrisisVerb(StrEnum):
    """What `/crisis` does."""

    START = "start"
    END = "end"
    REPORT = "report"
    STATUS = "status"


@BOOK.command("crisis", Part.CONTROL, Right.MODERATE, is_for_all=True)
def crisis(call: Call, what: CrisisVerb, why: Words | None = None) -> View:
    """Steer a crisis: automation stops, complaints come first, the team is called."""
    if what is CrisisVerb.START:
        return _declare(call, why or "")
    if what is CrisisVerb.END:
        return _ended(end(call.desk, by=call.person.actor))
    if what is CrisisVerb.STATUS:
        return status_told(call)
    return _told(call, report(call.desk))


def _declare(call: Call, why: str) -> View:
    begun = start(call.desk, by=call.person.actor, why=why, called_on=call.channel)
    return View(tuple(begun_told(begun)), is_for_all=True, mentions=_ids_of(call, begun.people))


@BOOK.tap("crisis-ask", Right.MODERATE, asks=True)
def ask_why(call: Call) -> View:
    """Ask what has happened, before a crisis is declared."""
    del call
    title, label = Sentence("Declare a crisis"), Sentence("What has happened")
    return View(form=Form(title, label, Press("crisis-declare"), longest=_LONGEST_WHY))


@BOOK.tap("crisis-declare", Right.MODERATE)
def declare(call: Call, why: str) -> View:
    """Declare a crisis."""
    return _declare(call, why)


def begun_told(begun: Crisis) -> list[Line]:
    """What the start of a crisis has done, and whom it calls."""
    lines = [line(bold(Sentence("A crisis runs, declared by {person}.", person=begun.by.name)))]
    if begun.why:
        lines.append(quote(excerpt(begun.why, _LONGEST_WHY)))
    lines.append(
        line(
            Sentence("Automatic sending was paused already, and stays so.")
            if begun.was_paused
            else Sentence("Automatic sending is paused."),
            " ",
            Sentence("Held back: {n}", n=begun.held),
        )
    )
    lines += statement_told(begun)
    raised = Sentence("Complaints that stand higher by {points}: {n}.", points=CRISIS_ADDS, n=begun.complaints)
    lines.append(line(raised))
    called = ", ".join(begun.people)
    lines.append(
        line(Sentence("Called: {names}.", names=called) if called else Sentence("Nobody of the team is known yet."))
    )
    lines.append(line(Sentence("Everything that is done is kept: /crisis report. When it is over: /crisis end")))
    return lines


def call_told(alert: Alert, *, called: Mapping[str, str]) -> View:
    """A crisis that was declared elsewhere, as it calls the team in its room; once it is over, who has ended it."""
    begun = Crisis.from_alert(alert)
    if begun.ended_at is None:
        return View(tuple(begun_told(begun)), is_for_all=True, mentions=called)
    by = begun.ended_by.name if begun.ended_by is not None else "?"
    head = Sentence("Crisis {number}, declared by {person}", number=begun.number, person=begun.by.name)
    over = bold(Sentence("{person} has ended the crisis.", person=by))
    return View((line(bold(head)), dotted(over, When(begun.ended_at))), is_for_all=True)


def statement_told(begun: Crisis) -> list[Line]:
    """What has become of the holding statement, and its words."""
    if begun.statement is None:
        return [line(Sentence("There is no canned response crisis-holding, so that none is offered."))]
    offered = Sentence(
        "The holding statement is a draft where a complaint had none, and a choice elsewhere; nothing is sent. "
        "Drafts: {n}.",
        n=begun.offered,
    )
    return [line(offered), quote(begun.statement, Style.ITALIC)]


def status_told(call: Call) -> View:
    """Whether a crisis runs, what is unusual, and how the last hour stands beside what is usual."""
    with call.desk.store.read() as books:
        runs = books.switch(CRISIS)
    found = unusual(call.desk)
    lines = []
    if runs.is_on and runs.by is not None and runs.since is not None:
        declared = Sentence("A crisis runs, declared by {person}.", person=runs.by.name)
        lines.append(dotted(bold(declared), When(runs.since)))
    else:
        lines.append(line(bold(Sentence("No crisis runs."))))
    lines += [dotted(in_short(alert), When(alert.raised_at)) for alert in found.alerts]
    if not found.alerts:
        lines.append(line(Sentence("Nothing is unusual.")))
    lines += [line(reading_told(one)) for one in found.readings[:_READINGS]]
    return View(tuple(lines))


def reading_told(reading: Reading) -> Sentence:
    """How the last hour of a label on a channel stands beside what is usual."""
    facts = {"channel": channel_name(reading.channel), "what": watched_said(reading.label), "count": reading.count}
    if reading.usual is None:
        return Sentence("{channel}, {what}: {count} in the last hour; not enough history to say what is usual", **facts)
    return Sentence(
        "{channel}, {what}: {count} in the last hour; about {usual} are usual", usual=round(reading.usual), **facts
    )


def _ended(over: Crisis) -> View:
    return View(
        (
            line(bold(Sentence("{person} has ended the crisis.", person=over.ended_by.name if over.ended_by else "?"))),
            line(
                Sentence("Automatic sending was paused before the crisis, and is paused.")
                if over.was_paused
                else Sentence("Automatic sending goes on. Of what was held back, drafts now: {n}.", n=over.held)
            ),
            line(Sentence("Holding statements that were withdrawn untouched: {n}.", n=over.offered)),
            line(Sentence("Complaints that stand as before: {n}.", n=over.complaints)),
            line(Sentence("What was done: /crisis report")),
        ),
        is_for_all=True,
    )


def _told(call: Call, told: CrisisReport) -> View:
    one = told.crisis
    lines = [
        line(
            bold(Sentence("Crisis {number}, declared by {person}", number=one.number, person=one.by.name)),
            " · ",
            When(one.since),
        )
    ]
    if one.ended_at is None or one.ended_by is None:
        lines.append(line(Sentence("It runs. When it is over: /crisis end")))
    else:
        lines.append(line(Sentence("Ended by {person}", person=one.ended_by.name), " · ", When(one.ended_at)))
    shown = _latest(call, told.acts)
    if earlier := len(told.acts) - len(shown):
        lines.append(line(italic(Sentence("Acts before these: {n}", n=earlier))))
    lines += [dotted(When(act.at), bold(act.actor.name), _act(call, act), subject_said(act)) for act in shown]
    if by_itself := sum(told.by_itself.values()):
        lines.append(line(italic(Sentence("Done by Vigie and the rules: {n}", n=by_itself))))
    lines.append(line(Sentence("The whole, as a file: vigie crisis report --markdown, or --json")))
    return View(tuple(lines), is_for_all=True)


def _latest(call: Call, acts: Sequence[AuditLine]) -> list[AuditLine]:
    """The latest acts that fit in one answer, oldest first."""
    shown: list[AuditLine] = []
    room = _ROOM
    for act in reversed(acts[-_SHOWN:]):
        subject = subject_said(act)
        room -= len(_act(call, act)) + len(act.actor.name) + (len(call.tell(subject)) if subject else 0) + 30
        if room < 0:
            break
        shown.append(act)
    return shown[::-1]


def _act(call: Call, act: AuditLine) -> str:
    return excerpt(call.tell(act.reason), _LONGEST_WHY)


def _ids_of(call: Call, people: Sequence[str]) -> dict[str, str]:
    """The ids, on the channel of the call, of those who are called."""
    with call.desk.store.read() as books:
        known = {one.name: one for one in books.moderators() if one.name in people}
    ids: dict[str, str] = {}
    for name, one in known.items():
        mine = [external for channel, external in one.identities if channel == call.channel]
        ids |= {name: mine[0]} if mine else {}
    return ids

"""How far rules go by themselves, asked and changed in a chat; `/rules` is where it is asked."""

from __future__ import annotations

from bot.commands.book import BOOK
from bot.commands.calling import Call
from bot.commands.views import Button, Form, Line, Press, Span, Text, Tone, View, When, bold, dotted, line, mark_of
from inbox.errors import BadInput, NotPossible
from inbox.people import Right
from inbox.ports import RulesInForce
from inbox.promotion import Step, against, find_record, how_far, take_step, think_of
from inbox.record import Record, records
from inbox.sentences import Sentence
from inbox.team import require

_SHARE_IN_BUTTON = "."
"""For the colon of a share, which parts what a button keeps."""


def modes_told(call: Call) -> View:
    """The rules that have held, or go another way than drafts, with their modes and records."""
    found = records(call.desk.store, _in_force(call), now=call.desk.clock())
    shown = [one for one in found if one.matches or one.last_month or one.mode != "draft"]
    lines = [line(bold(Sentence("Rules, how far they go and their record since they stand so")))]
    lines += [_record(one) for one in shown]
    if quiet := len(found) - len(shown):
        lines.append(line(Sentence("drafts only, and not held lately: {n} rules", n=quiet)))
    lines.append(line(Sentence("One step further: /rules promote name. Back: /rules demote name.")))
    return View(tuple(lines))


def step_offered(call: Call, text: str | None, *, down: bool) -> View:
    """What speaks for and against another mode for a rule, with the button that gives it."""
    verb = "demote" if down else "promote"
    require(call.desk, call.person, Right.STEER, what=f"/rules {verb}")
    if text is None:
        raise BadInput(
            Sentence("Which rule? Write its name, and the mode if you like: /rules {verb} praise", verb=verb)
        )
    name, mode = _read(text)
    name = _name(call, name)
    step = think_of(call.desk.store, _in_force(call), name, to=mode, down=down, clock=call.desk.clock)
    lines = [_title(step), _record(step.record), *_against(step)]
    about = _about(call, step)
    if step.against:
        anyway = Button(Sentence("All the same…"), Press("rule-anyway", about), Tone.GRAVE)
        return View((*lines, line(Sentence("If you want it all the same, say why."))), rows=((anyway,),))
    tone = Tone.QUIET if down else Tone.GOOD
    return View(
        tuple(lines), rows=((Button(Sentence("Put it to {mode}", mode=step.to), Press("rule-mode", about), tone),),)
    )


@BOOK.tap("rule-mode", Right.STEER)
def give_mode(call: Call, number: str, mark: str, mode: str) -> View:
    """Give a rule another mode, if it still stands as it did."""
    return _take(call, _found(call, number, mark, mode))


@BOOK.tap("rule-anyway", Right.STEER, asks=True)
def ask_why(call: Call, number: str, mark: str, mode: str) -> View:
    """Ask why a rule is to have a mode that its record speaks against."""
    step = _found(call, number, mark, mode)
    label = Sentence("Why, although its record speaks against it")
    title = Sentence("Put a rule to {mode}", mode=step.to)
    return View(form=Form(title, label, Press("rule-because", (number, mark, mode)), longest=500))


@BOOK.tap("rule-because", Right.STEER)
def give_mode_anyway(call: Call, number: str, mark: str, mode: str, text: str) -> View:
    """Give a rule a mode that its record speaks against, for a reason."""
    return _take(call, _found(call, number, mark, mode), why=text, in_spite=True)


def _take(call: Call, step: Step, *, why: str = "", in_spite: bool = False) -> View:
    desk = call.desk
    by = call.person.actor
    done = take_step(desk.store, _in_force(call), step, by=by, why=why, in_spite=in_spite, clock=desk.clock)
    told = Sentence(
        '{person} has put rule "{rule}" to {mode}: version {n} of the rule book. It is in force.',
        person=by.name,
        rule=Sentence.of_name(step.record.rule),
        mode=step.to,
        n=done.version,
    )
    return View((line(told), line(Sentence("Back: vigie rules rollback {n}", n=done.version - 1))), is_for_all=True)


def _in_force(call: Call) -> RulesInForce:
    if call.desk.in_force is None:
        raise NotPossible(Sentence("The rules can be looked at from here, but not changed."))
    return call.desk.in_force


def _read(text: str) -> tuple[str, str | None]:
    """The name of a rule, and the mode after it, where one is written."""
    name, _, last = text.strip().rpartition(" ")
    try:
        how_far(last)
    except BadInput:
        return text.strip(), None
    return (name.strip(), last) if name else (last, None)


def _name(call: Call, said: str) -> str:
    """The name of the rule that somebody means: by its number, its name, or its name in his language."""
    names = call.desk.rules.names
    number = said.removeprefix("#")
    if number.isdecimal() and 0 < int(number) <= len(names):
        return names[int(number) - 1]
    told = {call.tell(Sentence.of_name(name)).casefold(): name for name in names}
    return told.get(said.casefold(), said)


def _about(call: Call, step: Step) -> tuple[str, str, str]:
    """What a button keeps: the number of the rule, how it stands, and the mode. A name may be too long for one."""
    number = list(call.desk.rules.names).index(step.record.rule) + 1
    return str(number), _stands(step.record), step.to.replace(":", _SHARE_IN_BUTTON)


def _found(call: Call, number: str, mark: str, mode: str) -> Step:
    names = call.desk.rules.names
    place = int(number)
    name = names[place - 1] if 0 < place <= len(names) else ""
    to = mode.replace(_SHARE_IN_BUTTON, ":")
    if name:
        record = find_record(call.desk.store, _in_force(call), name, clock=call.desk.clock)
        if _stands(record) == mark:
            return Step(record, to, against(record, to))
    raise NotPossible(Sentence("The rules have changed since. Look at its record again."))


def _stands(record: Record) -> str:
    return mark_of(f"{record.rule}\0{record.mode}\0{record.since.isoformat()}")


def _title(step: Step) -> Line:
    return line(bold(Sentence.of_name(step.record.rule)), f": {step.record.mode} → {step.to}")


def _against(step: Step) -> list[Line]:
    return [line("✗ ", one) for one in step.against]


def _record(record: Record) -> Line:
    words = record.words
    told: list[Text | None] = [
        record.mode,
        Sentence("in shadow {n} ×", n=record.in_shadow) if record.in_shadow else f"{record.matches} ×",
        Sentence("within 7 days {week}, within 30 days {month}", week=record.last_week, month=record.last_month)
        if record.last_month
        else None,
        Sentence("people answered alike: {n} of {whole}", n=words.same, whole=words.answered)
        if words.answered
        else None,
        Sentence("in its very words: {n}", n=words.unchanged) if words.same else None,
        Sentence("drafts thrown away: {n}", n=words.discarded) if words.discarded else None,
        Sentence("sent by itself: {n}", n=words.sent) if words.sent else None,
        Sentence("kept back by the last look: {n}", n=record.refused) if record.refused else None,
        Sentence("complaints after: {n}", n=record.complaints_after) if record.complaints_after else None,
        Sentence("labels put right: {n} of {whole}", n=record.put_right, whole=record.judged)
        if record.judged
        else None,
    ]
    line_told = dotted(bold(Sentence.of_name(record.rule)), *told)
    return Line((*line_told.spans, Span(Sentence(", since ")), Span(When(record.since))))

"""The commands that steer: stop, go on, look at the whole."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from bot.commands.book import BOOK, PART_NAMES, Part
from bot.commands.calling import Call, Length, Words
from bot.commands.modes import modes_told, step_offered
from bot.commands.replaying import replay_told
from bot.commands.views import Button, Line, Press, Span, Style, Tone, View, When, bold, dotted, line, quote, says
from inbox import switches
from inbox.alerts import AlertKind
from inbox.backtest import backtest
from inbox.breaker import RESTING, resting_channel
from inbox.cases import lasting
from inbox.durations import duration
from inbox.errors import BadInput, NotPossible
from inbox.learning import told
from inbox.model import Label, SlaState
from inbox.people import NEEDS, ROLE_NAMES, Right
from inbox.sentences import Sentence
from inbox.stats import KINDS, UNSURE, Stats
from inbox.stats import stats as count
from inbox.switches import CRISIS, PAUSED, Held
from inbox.taking_up import FAULTY
from inbox.text import excerpt
from inbox.trying import try_text
from inbox.views import ChannelState, SendState, SendView
from inbox.watching import in_short
from inbox.wording import said

_SHOWN = 5
_WEEK = timedelta(days=7)
_LONGEST_REPLAY = timedelta(days=90)


@BOOK.command("pause", Part.CONTROL, Right.WORK, is_for_all=True)
def pause(call: Call) -> View:
    """Stop all automatic sending on all channels at once. What people send still goes out."""
    held = switches.pause(call.desk.store, by=call.person.actor, clock=call.desk.clock)
    lines = [line(bold(Sentence("Automatic sending is paused by {person}.", person=call.person.name)))]
    lines += _held_told(held)
    lines.append(line(Sentence("To go on: /resume")))
    return View(tuple(lines), is_for_all=True)


@BOOK.command("resume", Part.CONTROL, Right.MODERATE)
def resume(call: Call) -> View:
    """Let automatic sending go on, and say what becomes of what was held back."""
    with call.desk.store.read() as books:
        if not books.switch(PAUSED).is_on:
            raise NotPossible(Sentence("It is not paused."))
        held = books.waiting_automatic()
    if not held:
        switches.resume(call.desk.store, held={}, by=call.person.actor, clock=call.desk.clock)
        return View((line(Sentence("Automatic sending goes on.")),), is_for_all=True)
    each = tuple(
        (
            Button(Sentence("{id}: send", id=send.id), Press("resume-one", (str(send.id), "send")), Tone.GOOD),
            Button(Sentence("draft"), Press("resume-one", (str(send.id), "draft"))),
            Button(Sentence("drop"), Press("resume-one", (str(send.id), "drop"))),
        )
        for send in held[: _SHOWN - 1]
    )
    all_of_them = (
        Button(Sentence("Resume, send all"), Press("resume", ("send",)), Tone.GOOD),
        Button(Sentence("Resume, all as drafts"), Press("resume", ("draft",)), Tone.MAIN),
        Button(Sentence("Resume, drop all"), Press("resume", ("drop",)), Tone.GRAVE),
    )
    return View(
        (*_held_told(held), line(Sentence("What becomes of it? Nothing leaves until you say."))),
        rows=(*each, all_of_them),
    )


@BOOK.tap("resume", Right.MODERATE)
def resume_all(call: Call, choice: str) -> View:
    """Go on, with one choice for all that was held back."""
    with call.desk.store.read() as books:
        held = books.waiting_automatic()
    chosen = dict.fromkeys((send.id for send in held), Held(choice))
    if not switches.resume(call.desk.store, held=chosen, by=call.person.actor, clock=call.desk.clock):
        raise NotPossible(Sentence("It is not paused."))
    return View((line(Sentence("Automatic sending goes on.")),), is_for_all=True)


@BOOK.tap("resume-one", Right.MODERATE)
def resume_one(call: Call, number: str, choice: str) -> View:
    """Say what becomes of one thing that is held back, while the pause stands."""
    done = switches.settle(call.desk.store, int(number), Held(choice), by=call.person.actor, clock=call.desk.clock)
    chosen = {
        Held.SEND: Sentence("it is sent now, in your name"),
        Held.DRAFT: Sentence("it is a draft now"),
        Held.DROP: Sentence("it is dropped"),
    }
    return says(
        Sentence(
            "{id}: {what}.", id=number, what=chosen[Held(choice)] if done else Sentence("it is not held back any more")
        )
    )


@BOOK.command("status", Part.CONTROL, Right.LOOK)
def status(call: Call) -> View:
    """Tell how things stand: what waits, channels, whether sending is paused."""
    with call.desk.store.read() as books:
        summary = books.summary()
        paused, crisis = books.switch(PAUSED), books.switch(CRISIS)
        slipped = books.slipped(now=call.desk.clock())
        alerts = books.open_alerts([AlertKind.SPIKE, AlertKind.RAID])
        promises = books.sla_counts()
        faulty = books.switch(FAULTY)
        resting = books.switches_on(RESTING)
        channels = [one for one in books.channels() if one.state is not ChannelState.OFF]
    lines: list[Line] = []
    if crisis.is_on and crisis.by is not None and crisis.since is not None:
        runs = Sentence("A crisis runs, declared by {person}.", person=crisis.by.name)
        lines.append(dotted(bold(runs), When(crisis.since)))
    if paused.is_on and paused.by is not None:
        lines.append(line(bold(Sentence("Automatic sending is paused by {person}.", person=paused.by.name))))
    if faulty.is_on and faulty.since is not None:
        stays = Sentence("The files of the rules are faulty, so what was in force stays. Look: vigie rules check")
        lines.append(dotted(bold(stays), When(faulty.since)))
    lines.append(
        dotted(
            Sentence("waiting for a label: {n}", n=summary.waiting),
            Sentence("conversations: {n}", n=summary.conversations),
            Sentence("drafts waiting: {n}", n=summary.drafts_open),
            Sentence("on their way: {n}", n=summary.sends.get(SendState.WAITING, 0)),
            Sentence("not sent: {n}", n=summary.sends.get(SendState.FAILED, 0)),
        )
    )
    if any(promises.values()):
        lines.append(
            dotted(
                bold(Sentence("late: {n} (/inbox late)", n=promises[SlaState.BREACHED])),
                Sentence("due soon: {n} (/inbox soon)", n=promises[SlaState.DUE_SOON]),
            )
        )
    lines += [dotted(bold(in_short(alert)), When(alert.raised_at)) for alert in alerts]
    if slipped:
        numbers = ", ".join(f"#{one}" for one in slipped[:_SHOWN])
        lines.append(
            line(bold(Sentence("Complaints without an owner: {n} ({numbers})", n=len(slipped), numbers=numbers)))
        )
    lines += [dotted(one.name, said(one.state), one.why) for one in channels]
    for one in resting:
        rests = Sentence("{channel} does not answer: its queue rests.", channel=resting_channel(one.name))
        lines.append(dotted(bold(rests), None if one.since is None else When(one.since)))
    lines.append(line(Sentence("model {model}", model=call.desk.classifier.version)))
    return View(tuple(lines))


@BOOK.command("stats", Part.CONTROL, Right.LOOK)
def stats(call: Call, days: Length | None = None) -> View:
    """Count what came in and how fast it was answered, with a picture."""
    found = count(call.desk, length=days or _WEEK)
    picture = call.tools.draw_stats(found, call.person.lang) if call.tools.draw_stats is not None else None
    return View(_stats_told(found), picture=picture)


class RulesVerb(StrEnum):
    """What `/rules` does."""

    LIST = "list"
    TEST = "test"
    BACKTEST = "backtest"
    MODES = "modes"
    PROMOTE = "promote"
    DEMOTE = "demote"


@BOOK.command("rules", Part.CONTROL, Right.LOOK)
def rules(call: Call, what: RulesVerb = RulesVerb.LIST, text: Words | None = None) -> View:
    """List the rules, test them, replay the last days, show their record (modes), promote or demote one."""
    if what is RulesVerb.LIST:
        with call.desk.store.read() as books:
            counted = books.summary().rules
        names = call.desk.rules.names
        return View(
            (
                line(bold(Sentence("Rules, in the order they are asked"))),
                *(
                    line(f"{number}. ", Sentence.of_name(name), f" · {counted.get(name, 0)} ×")
                    for number, name in enumerate(names, 1)
                ),
            )
        )
    if what is RulesVerb.BACKTEST:
        return _replay(call, text)
    if what is RulesVerb.MODES:
        return modes_told(call)
    if what in {RulesVerb.PROMOTE, RulesVerb.DEMOTE}:
        return step_offered(call, text, down=what is RulesVerb.DEMOTE)
    if text is None:
        raise BadInput(Sentence("Which text? Write: /rules test your text"))
    return _try(call, text)


@BOOK.command("help", Part.CONTROL, Right.LOOK)
def show_help(call: Call, name: Words | None = None) -> View:
    """List the commands, or explain one."""
    if name is not None:
        found = BOOK.find(name.strip().removeprefix("/"))
        if found is None:
            raise BadInput(Sentence("There is no command {name}. List them: /help", name=name.strip()))
        command, _ = found
        lines = [line(Span(command.usage, Style.CODE)), line(command.help, ".")]
        lines += [line(Span(one.name, Style.CODE), ": ", one.help, ".") for one in command.parameters]
        if command.aliases:
            lines.append(line(Sentence("Also: {names}", names=", ".join(f"/{alias}" for alias in command.aliases))))
        if command.prefixes:
            lines.append(
                line(
                    Sentence(
                        "With a d before its name it also deletes the message; with an s the author is told nothing."
                    )
                )
            )
        lines.append(line(Sentence("It takes the role {role}.", role=ROLE_NAMES[NEEDS[command.right]])))
        return View(tuple(lines))
    lines = []
    for part in Part:
        commands = [one for one in BOOK.commands.values() if one.part is part and call.person.may(one.right)]
        if commands:
            names = " ".join(f"/{one.name}" for one in commands)
            lines.append(line(bold(PART_NAMES[part]), " ", Span(names, Style.CODE)))
    lines.append(line(Sentence("What one of them does: /help name.")))
    lines.append(
        line(Sentence("Answer a card or a message to say what you mean; the number of a conversation does it too."))
    )
    return View(tuple(lines))


def _held_told(held: list[SendView]) -> list[Line]:
    if not held:
        return [line(Sentence("Nothing is held back."))]
    lines = [line(Sentence("Held back: {n}", n=len(held)))]
    lines += [quote(f"{send.id} · {send.channel} · {excerpt(send.text, 90)}") for send in held[:_SHOWN]]
    if len(held) > _SHOWN:
        lines.append(line(Sentence("and {n} more", n=len(held) - _SHOWN)))
    return lines


def _replay(call: Call, text: str | None) -> View:
    length = _WEEK if text is None else duration(text)
    if length is None:
        raise BadInput(Sentence("How far back? Write a length such as 30d: /rules backtest 30d"))
    if length > _LONGEST_REPLAY:
        raise BadInput(Sentence("Here, 90 days at most. For more, at the shell: vigie rules backtest --since 365d"))
    now = call.desk.clock()
    return replay_told(backtest(call.desk, since=now - length, until=now))


def _try(call: Call, text: str) -> View:
    desk = call.desk
    tried = try_text(
        text,
        rules=desk.rules,
        classifier=desk.classifier,
        channel=call.channel,
        hours=desk.brand.hours,
        now=desk.clock(),
    )
    prediction, decision = tried.prediction, tried.decision
    lines = [quote(excerpt(text, 200))]
    lines.append(
        line(
            Sentence("labels: {labels}", labels=told(prediction.labels)),
            *([Sentence(" (not sure)")] if prediction.is_unsure else []),
        )
    )
    for asked in decision.trace:
        if asked.held:
            lines.append(line("✓ ", bold(Sentence.of_name(asked.rule))))
            lines += [line(f"    {'✓' if one.held else '✗'} ", Span(one.says, Style.CODE)) for one in asked.conditions]
    passed = sum(not asked.held for asked in decision.trace)
    lines.append(line(Sentence("{n} rules do not hold.", n=passed)))
    lines += [
        line(f"→ {plan.action.word} ", Span(f"({plan.rule}, {plan.mode.value})", Style.ITALIC))
        for plan in decision.actions
    ]
    lines += [line("  ", remark) for remark in decision.notes]
    if not decision.because:
        lines.append(line(Sentence("No rule holds: a person decides.")))
    lines.append(line(Sentence("Nothing was done.")))
    return View(tuple(lines))


def _stats_told(found: Stats) -> tuple[Line, ...]:
    labels = [
        Sentence("{label}: {n}", label=_kind_told(kind), n=found.kinds.get(kind, 0))
        for kind in KINDS
        if found.kinds.get(kind, 0)
    ]
    answered = found.responses
    lines = [
        line(bold(Sentence("messages: {n}", n=found.messages)), Sentence(", since "), When(found.since)),
        dotted(*labels) if labels else line(Sentence("No label.")),
        dotted(
            Sentence("without an answer: {n}", n=found.unanswered),
            Sentence("answers by people: {n}", n=found.replies_by_people),
            Sentence("automatic: {n}", n=found.replies_automatic),
            Sentence("cases: {n}", n=found.cases_opened),
        ),
    ]
    if answered.median is not None and answered.p90 is not None:
        waited = Sentence(
            "first answer: half within {median}, nine in ten within {p90}",
            median=lasting(answered.median),
            p90=lasting(answered.p90),
        )
        lines.append(line(waited))
    return tuple(lines)


def _kind_told(kind: str) -> Sentence:
    if kind in set(Label):
        return said(Label(kind))
    return Sentence("not sure") if kind == UNSURE else Sentence("other")

"""Alerts in the team's chat: how they are told, with their buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.commands.book import BOOK
from bot.commands.calling import Call
from bot.commands.crisis import call_told
from bot.commands.views import Button, Line, Press, Tone, View, When, bold, dotted, italic, line, quote, says
from inbox import raids, spikes
from inbox.alerts import Alert, AlertKind, AlertPost, Raid, Spike
from inbox.cases import lasting
from inbox.desk import Desk
from inbox.figures import Figures
from inbox.gist import Gist
from inbox.outgoing import OutboxKind
from inbox.people import Right
from inbox.samples import Sample
from inbox.sentences import Sentence
from inbox.telling import HIDDEN
from inbox.text import excerpt
from inbox.watching import see

_SHOWN = 160


def alert_told(
    post: AlertPost, desk: Desk, *, samples: Sequence[Sample], crisis_runs: bool, called: Mapping[str, str]
) -> View:
    """An alert as it stands on a board: what it is about, and what can be done about it.

    `called` are the people who are called, with the channel's ids of them.
    """
    alert = post.alert
    if alert.kind is AlertKind.CRISIS:
        return call_told(alert, called=called)
    lines = _spike_told(alert, samples) if alert.kind is AlertKind.SPIKE else _raid_told(alert, desk, samples)
    rows: tuple[tuple[Button, ...], ...] = ()
    if post.is_outgrown:
        lines.append(line(italic(Sentence("It has grown further: see below."))))
    elif alert.ended_at is not None:
        lines.append(dotted(Sentence("✓ It is over"), When(alert.ended_at)))
    else:
        if alert.seen_at is not None:
            lines.append(dotted(Sentence("✓ {person} has seen it", person=alert.seen_by), When(alert.seen_at)))
        rows = _buttons(alert, desk, crisis_runs=crisis_runs)
    return View(tuple(lines), rows=rows, is_for_all=True, mentions=called)


def report_told(alert: Alert, words: Figures) -> View:
    """The report of a week as it stands on a board, its figures written as `words` writes them."""
    gist = Gist.from_facts(alert.facts)
    lines = [line(bold(Sentence("The week"))), line(gist.title(words)), *(line(one) for one in gist.lines(words))]
    where = line(italic(Sentence("All of it: Reports on the page, or vigie report --week.")))
    return View((*lines, where), is_for_all=True)


def _spike_told(alert: Alert, samples: Sequence[Sample]) -> list[Line]:
    spike = Spike.from_facts(alert.facts)
    lines = [dotted(bold(spikes.said_of(spike, alert.subject)), When(alert.raised_at)), line(spikes.usual_told(spike))]
    if spike.words:
        lines.append(line(Sentence("Words that stand out: {words}.", words=", ".join(spike.words))))
    return lines + _quoted(samples)


def _raid_told(alert: Alert, desk: Desk, samples: Sequence[Sample]) -> list[Line]:
    raid = Raid.from_facts(alert.facts)
    lines = [dotted(bold(raids.said_of(raid)), When(alert.raised_at))]
    if raid.calmed_by is not None:
        lines.append(line(Sentence("{person} has ended the slow mode.", person=raid.calmed_by)))
    elif raid.slow_until is not None:
        slowed = Sentence(
            "Slow mode is on: {seconds} seconds between two messages. Threads: {n}. It goes back by itself",
            seconds=raid.seconds,
            n=len(raid.slowed),
        )
        lines.append(dotted(slowed, When(raid.slow_until)))
    elif desk.abilities_of(raid.channel).can(OutboxKind.SLOW_MODE):
        lines.append(line(Sentence("Nothing has been done by itself.")))
    else:
        cannot = Sentence(
            "A bot cannot set slow mode on {channel}: an administrator can, in the settings of the group.",
            channel=raid.channel,
        )
        lines.append(line(cannot))
    lines.append(line(Sentence("Nobody was banned.")))
    return lines + _quoted(samples)


def _quoted(samples: Sequence[Sample]) -> list[Line]:
    lines: list[Line] = []
    for sample in samples:
        lines.append(line(Sentence("Conversation {id}", id=sample.conversation_id)))
        lines.append(quote(HIDDEN if sample.text is None else excerpt(sample.text, _SHOWN)))
    return lines


def _buttons(alert: Alert, desk: Desk, *, crisis_runs: bool) -> tuple[tuple[Button, ...], ...]:
    number = (str(alert.id),)
    buttons = []
    if alert.kind is AlertKind.RAID:
        raid = Raid.from_facts(alert.facts)
        if raid.slowed and raid.calmed_by is None:
            buttons.append(Button(Sentence("End slow mode"), Press("raid-calm", number), Tone.MAIN))
        elif not raid.slowed and desk.abilities_of(raid.channel).can(OutboxKind.SLOW_MODE):
            label = Sentence("Slow down for {time}", time=lasting(desk.alerts.slow_for))
            buttons.append(Button(label, Press("raid-slow", number), Tone.MAIN))
    if not crisis_runs:
        buttons.append(Button(Sentence("Declare a crisis"), Press("crisis-ask"), Tone.MAIN))
    if alert.seen_at is None:
        buttons.append(Button(Sentence("Seen"), Press("alert-seen", number)))
    return (tuple(buttons),) if buttons else ()


@BOOK.tap("raid-calm", Right.MODERATE)
def calm(call: Call, number: str) -> View:
    """End the slow mode of a raid."""
    raids.calm(call.desk, int(number), by=call.person.actor)
    return says(Sentence("Slow mode is ended."))


@BOOK.tap("raid-slow", Right.MODERATE)
def slow(call: Call, number: str) -> View:
    """Slow the threads of a raid down."""
    slowed = Raid.from_facts(raids.slow(call.desk, int(number), by=call.person.actor).facts)
    return says(Sentence("Slowed down. Threads: {n}.", n=len(slowed.slowed)))


@BOOK.tap("alert-seen", Right.WORK)
def seen(call: Call, number: str) -> View:
    """Say that one has seen an alert."""
    see(call.desk, int(number), by=call.person.actor)
    return says(Sentence("The others see that you have seen it."))

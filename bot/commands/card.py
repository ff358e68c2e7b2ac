"""The card of a conversation: what the team sees of it, and what it can tap. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.commands.telling import (
    case_told,
    draft_told,
    escalation_told,
    head_told,
    labels_told,
    priority_told,
    reasons_told,
    status_told,
    text_told,
)
from bot.commands.views import Button, Line, Press, Tone, View, When, bold, dotted, italic, line, mark_of
from inbox.abilities import Abilities
from inbox.audit import AuditLine
from inbox.care import is_blurred
from inbox.cases import CaseView
from inbox.findings import blocking
from inbox.hours import OpeningHours
from inbox.model import Label, Status
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.telling import HIDDEN
from inbox.text import excerpt
from inbox.views import ConversationView, DraftView, MessageView, SendState, SendView
from inbox.windows import window_view

_CONTEXT, _ANSWER = 80, 120


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card is made of.

    `cases` are those of the conversation, newest first. `abilities` are those of the channel it came by.
    """

    view: ConversationView
    cases: Sequence[CaseView]
    abilities: Abilities
    now: datetime
    hours: OpeningHours


def card(facts: CardFacts) -> View:
    """The card of a conversation as it stands."""
    view, shown = facts.view, facts.view.subject
    lines: list[Line] = [head_told(view, now=facts.now)]
    if shown is not None:
        lines += _message_told(view, shown)
    if not is_closed(view):
        lines.append(priority_told(view.priority, view.priority_parts))
    lines += escalation_told(view, now=facts.now, hours=facts.hours)
    draft = view.offered if is_closed(view) else _draft(view)
    if draft is not None and _on_its_way(view) is None:
        length = facts.abilities.measure(draft.text)
        lines += draft_told(draft, length=length, longest=facts.abilities.longest)
    lines += _window_told(facts)
    lines += _team_told(view, facts.now)
    lines += _done_told(facts)
    return View(tuple(lines), rows=_rows(facts), is_for_all=True)


def is_closed(view: ConversationView) -> bool:
    """Whether nothing is asked of anybody: answered, put off or resolved."""
    return view.status is not Status.OPEN


def digest(view: View) -> str:
    """What tells whether a card reads otherwise than it did."""
    return hashlib.sha256(repr((view.lines, view.rows)).encode()).hexdigest()[:32]


def undo_press(facts: CardFacts) -> tuple[Press, Sentence] | None:
    """What can be taken back of what was done last, and what it would do; None for nothing."""
    view, send, shown = facts.view, _on_its_way(facts.view), facts.view.subject
    corrected = shown.id if shown is not None and shown.corrected is not None else None
    cases = {case.number for case in facts.cases if case.stands and case.reversible and case.act.kind is not None}
    rests = view.status in {Status.RESOLVED, Status.SNOOZED}
    for done in reversed(view.audit):
        match done.what:
            case "draft.approved" if send is not None:
                return Press("undo-send", (str(send.id),)), Sentence("Undo")
            case "case.opened" if (number := done.facts["number"]) in cases:
                return Press("undo-case", (str(number),)), Sentence("Undo case {number}", number=number)
            case "conversation.resolved" | "conversation.snoozed" if rests:
                return Press("reopen", (str(view.id), moment_of(done))), Sentence("Undo")
            case "conversation.spam" if rests and done.facts["case"] not in cases:
                return Press("reopen", (str(view.id), moment_of(done))), Sentence("Undo")
            case "message.corrected" if done.subject_id == corrected:
                return Press("undo-label", (str(corrected),)), Sentence("Undo the labels")
    return None


def moment_of(done: AuditLine) -> str:
    """What a button keeps of an act that it undoes, so that it undoes no later one: milliseconds since 1970."""
    return str(round(done.at.timestamp() * 1_000))


def _message_told(view: ConversationView, last: MessageView) -> list[Line]:
    lines: list[Line] = []
    if last.parent is not None:
        blurred = is_blurred([Label.OFFENSIVE], last.parent.offends)
        parent = HIDDEN if blurred else excerpt(last.parent.text, _CONTEXT)
        lines.append(line(italic(Sentence("answers {person}: {text}", person=last.parent.author, text=parent))))
    lines.append(text_told(last, blurred=is_blurred(last.labels, last.severity)))
    latest = view.last
    if latest is not None and latest.id != last.id and latest.deleted_at is None:
        blurred = is_blurred(latest.labels, latest.severity)
        text = HIDDEN if blurred else excerpt(latest.text, _CONTEXT)
        lines.append(line(italic(Sentence("then: {text}", text=text))))
    marks = [Sentence("edited")] if last.edited_at else []
    if last.deleted_at:
        removed = any(send.kind == OutboxKind.DELETE and send.state is SendState.SENT for send in view.sends)
        marks.append(Sentence("deleted by us") if removed else Sentence("deleted by author"))
    earlier = sum(not one.is_ours and (one.sent_at, one.id) < (last.sent_at, last.id) for one in view.messages)
    if earlier:
        marks.append(Sentence("1 message before") if earlier == 1 else Sentence("{n} messages before", n=earlier))
    if view.reports:
        marks.append(Sentence("reports: {n}", n=view.reports))
    if last.attachments and last.text:
        marks.append(Sentence("files: {n}", n=len(last.attachments)))
    if marks:
        lines.append(dotted(*(italic(mark) for mark in marks)))
    lines.append(labels_told(last))
    if (why := reasons_told(last)) is not None:
        lines.append(why)
    return lines


def _window_told(facts: CardFacts) -> list[Line]:
    """How long the channel lets the contact be answered alone, where it sets a time."""
    view, last = facts.view, facts.view.last
    if last is None:
        return []
    window = window_view(facts.abilities.windows, view.visibility, since=last.sent_at, now=facts.now)
    if window is None:
        return []
    return [dotted(italic(window.says), None if window.until is None else When(window.until))]


def _team_told(view: ConversationView, now: datetime) -> list[Line]:
    lines: list[Line] = []
    holder = view.held_by(now)
    who = [
        None if view.assignee is None else Sentence("with {person}", person=view.assignee),
        None if holder is None else Sentence("{person} is at it", person=holder),
        None if view.queue is None or view.escalation is not None else Sentence("queue {queue}", queue=view.queue),
        *(f"#{tag}" for tag in view.tags),
    ]
    if any(one is not None for one in who):
        lines.append(dotted(*who))
    if view.notes:
        note = view.notes[-1]
        lines.append(line(bold(Sentence("Note by {person}: ", person=note.author)), excerpt(note.text, 200)))
    return lines


def _done_told(facts: CardFacts) -> list[Line]:
    """What has become of it: the answer, cases, how it stands."""
    view = facts.view
    lines: list[Line] = []
    for send in view.sends[-3:]:
        told = _send_told(send, facts.now)
        if told is not None:
            lines.append(told)
    lines += [case_told(case) for case in facts.cases[:2]]
    if is_closed(view):
        lines.append(status_told(view))
    elif view.status_reason is not None:
        lines.append(line(italic(view.status_reason)))
    return lines


def _send_told(send: SendView, now: datetime) -> Line | None:
    if send.kind != OutboxKind.REPLY:
        return None
    match send.state:
        case SendState.WAITING | SendState.SENDING if send.actor.is_person:
            leaves = Sentence("leaves") if send.not_before > now else Sentence("is leaving")
            says = Sentence("{person} answers: {text}", person=send.actor.name, text=excerpt(send.text, _ANSWER))
            return dotted(says, leaves, When(send.not_before))
        case SendState.SENT:
            says = Sentence("✓ {person} has answered: {text}", person=send.actor.name, text=excerpt(send.text, _ANSWER))
            return line(says)
        case SendState.FAILED if send.error is not None:
            return line("⚠ ", Sentence("not sent: {why}", why=send.error))
        case _:
            return None


def _on_its_way(view: ConversationView) -> SendView | None:
    """The latest reply of a person that has not left."""
    for send in reversed(view.sends):
        if send.kind == OutboxKind.REPLY and send.actor.is_person and send.state is SendState.WAITING:
            return send
    return None


def _draft(view: ConversationView) -> DraftView | None:
    return next(iter(view.open_drafts), None)


def _rows(facts: CardFacts) -> tuple[tuple[Button, ...], ...]:
    view, last = facts.view, facts.view.subject
    undo = undo_press(facts)
    undoing = () if undo is None else (Button(undo[1], undo[0]),)
    number = str(view.id)
    sending = _on_its_way(view) is not None
    if is_closed(view) or last is None:
        offered = () if view.offered is None or sending else _offered(view.offered)
        return (row,) if (row := (*offered, *undoing)) else ()
    draft = _draft(view)
    first: list[Button] = []
    if not sending and draft is not None:
        first += _offered(draft)
    elif not sending:
        first.append(Button(Sentence("Write"), Press("write", (number,)), Tone.MAIN))
    if view.escalation is None or view.escalation.acknowledged_at is not None:
        first.append(Button(Sentence("Escalate"), Press("escalate", (number,)), Tone.MAIN))
    first.append(Button(Sentence("Resolve"), Press("resolve", (number,))))
    first.append(Button(Sentence("More…"), Press("more", (number,))))
    rows = [tuple(first)]
    if Label.OFFENSIVE in last.labels:
        rows.append(_against(last, facts))
    elif last.corrected is None and last.prediction is not None and Label.OFFENSIVE in last.prediction.unsure:
        rows.append(_in_doubt(last))
    extra: list[Button] = []
    if is_blurred(last.labels, last.severity):
        extra.append(Button(Sentence("Show the text"), Press("reveal", (str(last.id),))))
    extra += undoing
    if extra:
        rows.append(tuple(extra))
    return tuple(rows)


def _offered(draft: DraftView) -> tuple[Button, ...]:
    """What can be done with words that wait for a person: sent, where nothing speaks against it, and changed."""
    edit = Button(Sentence("Edit"), Press("edit", (str(draft.id),)), Tone.MAIN)
    if blocking(draft.findings, insists=True):
        return (edit,)
    says = Sentence("Approve and send") if draft.awaits_approval else Sentence("Send draft")
    return (Button(says, Press("send", (str(draft.id), mark_of(draft.text))), Tone.GOOD), edit)


def _in_doubt(last: MessageView) -> tuple[Button, ...]:
    """What a person says of what perhaps offends; only then is anything done about it."""
    number = str(last.id)
    offends = Press("toggle", (number, Label.OFFENSIVE.value, "on"))
    return (
        Button(Sentence("Offensive"), offends, Tone.MAIN),
        Button(Sentence("Not offensive"), Press("inoffensive", (number,))),
    )


def _against(last: MessageView, facts: CardFacts) -> tuple[Button, ...]:
    """What can be done about what offends, the mildest first."""
    number = str(last.id)
    buttons: list[Button] = []
    removal = facts.abilities.removal
    if removal is not None and last.deleted_at is None:
        label = Sentence("Hide") if removal is OutboxKind.HIDE else Sentence("Delete")
        buttons.append(Button(label, Press("remove", (number,)), Tone.GRAVE))
    if facts.abilities.can(OutboxKind.NOTICE):
        buttons.append(Button(Sentence("Warn"), Press("warn", (number,))))
    if facts.view.place is not None and facts.abilities.can(OutboxKind.TIMEOUT):
        buttons.append(Button(Sentence("Timeout 1 h"), Press("timeout", (number,))))
    if facts.view.place is not None and facts.abilities.can(OutboxKind.BAN):
        buttons.append(Button(Sentence("Ban"), Press("ban", (number,)), Tone.GRAVE))
    buttons.append(Button(Sentence("Not offensive"), Press("inoffensive", (number,))))
    return tuple(buttons)

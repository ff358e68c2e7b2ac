"""How the shell shows the queue and one conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from app.cases import kind_told
from app.cli.output import (
    BLURRED,
    age,
    due,
    indented,
    labels_text,
    moment,
    named,
    out,
    percent,
    prediction_text,
    quoted,
    word,
)
from app.cli.surroundings import context_lines, line_to_json, message_lines
from app.cli.surroundings import to_json as surroundings_to_json
from app.words import _, tell
from inbox.abilities import NOTHING, Abilities
from inbox.actions_told import action_told
from inbox.care import is_blurred
from inbox.hours import OpeningHours
from inbox.model import Label, Priority, Severity, Signal, SlaState, Visibility
from inbox.promises import Clock
from inbox.sla import Promise, stands
from inbox.text import excerpt
from inbox.views import (
    ConversationView,
    DecisionView,
    DraftState,
    DraftView,
    EscalationView,
    MessageView,
    QueueItem,
    SendState,
    SendView,
    TicketView,
)
from inbox.windows import WindowView, window_view


def queue_view(items: Iterable[QueueItem], now: datetime, *, hours: OpeningHours, width: int) -> list[Text]:
    """The queue, two lines a conversation: what it is, then what was said. Text that offends is blurred."""
    lines = []
    for item in items:
        head = Text(f"{item.conversation_id:>5}  ")
        head += labels_text(item.labels, item.scores, unsure=item.unsure, severity=item.severity)
        told = [f"{item.channel}, {word(item.visibility)}", item.queue or "", age(item.last_message_at, now)]
        head += Text(f"   {excerpt(item.contact, 24)}", "bold")
        head += Text("".join(f" · {one}" for one in told if one), "dim")
        if promised := next(iter(stands(item, now=now, hours=hours)), None):
            head += Text(" · ", "dim")
            head += _promise(promised, now)
        if item.reports:
            head += Text(f" · {_('reports: {n}').format(n=item.reports)}", "red")
        head += Text(f" · {_('priority')} {item.priority}", "dim")
        lines += [head, Text(f"       {_said(item, width - 16)}")]
    return lines


def _said(item: QueueItem, width: int) -> str:
    if is_blurred(item.labels, item.severity):
        return _("{blurred} (vigie show {id} --reveal)").format(blurred=BLURRED, id=item.conversation_id)
    more = f" (+{item.messages - 1})" if item.messages > 1 else ""
    return (excerpt(item.text, max(width, 40)) or _("(no text)")) + more


def queue_to_json(item: QueueItem, *, now: datetime, hours: OpeningHours) -> dict[str, Any]:
    """A line of the queue for machines."""
    promised = next(iter(stands(item, now=now, hours=hours)), None)
    return {
        "id": item.conversation_id,
        "channel": item.channel,
        "kind": item.kind,
        "visibility": item.visibility,
        "author": item.contact,
        "text": item.text,
        "lang": item.lang,
        "labels": list(item.labels),
        "scores": {label.value: round(score, 4) for label, score in item.scores.items()},
        "unsure": item.unsure,
        "severity": item.severity,
        "status": item.status,
        "priority": item.priority,
        "priority_parts": dict(item.priority_parts),
        "queue": item.queue,
        "tags": list(item.tags),
        "messages": item.messages,
        "open_drafts": item.open_drafts,
        "due_at": item.due_at,
        "sla": None if promised is None else promised.state,
        "last_message_at": item.last_message_at,
        "reports": item.reports,
    }


def show_conversation(
    view: ConversationView, *, now: datetime, hours: OpeningHours, reveal: bool, abilities: Abilities = NOTHING
) -> None:
    """Print one conversation with its trace; `abilities` are those of its channel."""
    place = f"{view.channel} · {word(view.visibility)} · {view.thread}"
    out.print(Text(f"{_('Conversation {id}').format(id=view.id)}  {view.contact}", style="bold"))
    out.print(Text(f"{place} · {word(view.status)}{_why(view)}", style="dim"))
    parts = " + ".join(f"{_part(name)} {points}" for name, points in view.priority_parts.items())
    out.print(Text(f"{_('priority')} {view.priority}" + (f" = {parts}" if parts else ""), style="dim"))
    if view.queue or view.tags:
        words = [f"{_('queue')} {view.queue}"] if view.queue else []
        words += [f"#{tag}" for tag in view.tags]
        out.print(Text(" · ".join(words), style="dim"))
    if view.reports:
        out.print(Text(_("reports: {n}").format(n=view.reports), style="red"))
    if window := window_of(view, abilities, now=now):
        until = "" if window.until is None else f" {moment(window.until)}"
        out.print(Text(f"{tell(window.says)}{until}", style="dim"))
    for line in context_lines(view):
        out.print(line)
    removed = {send.message_id for send in view.sends if send.kind == "delete" and send.state is SendState.SENT}
    for message in view.messages:
        out.print()
        _show_message(message, reveal=reveal, removed=message.id in removed)
    for escalation in view.escalations:
        out.print()
        _show_escalation(escalation, stands(view, now=now, hours=hours), now)
    for draft in view.drafts:
        out.print()
        _show_draft(draft)
    for send in view.sends:
        out.print()
        _show_send(send)
    out.print()
    out.print(Text(_("Audit log"), style="bold"))
    for entry in view.audit:
        out.print(Text(f"  {moment(entry.at)}  {entry.actor}  {entry.what}  {tell(entry.reason)}", style="dim"))


def window_of(view: ConversationView, abilities: Abilities, *, now: datetime) -> WindowView | None:
    """How long the contact can be answered alone; None where the channel sets no time."""
    if view.last is None:
        return None
    return window_view(abilities.windows, view.visibility, since=view.last.sent_at, now=now)


def decision_lines(view: ConversationView) -> list[Text]:
    """What was made of the last message of a contact, in a few lines: labels, rule, draft."""
    last = next((message for message in reversed(view.messages) if not message.is_ours), None)
    if last is None or last.prediction is None or last.decision is None:
        return []
    rule = quoted(_(last.decision.because[0])) if last.decision.because else _("no rule holds: a person decides")
    lines = [Text(f"{view.contact}  ", "bold") + prediction_text(last.prediction) + Text(f"  {rule}", "dim")]
    if view.queue:
        lines.append(Text(f"  {_('queue')} {view.queue} · vigie show {view.id}", "dim"))
    ours = [draft for draft in view.drafts if draft.message_id == last.id and draft.state is DraftState.OPEN]
    return lines + [Text(f"  {named(_('Draft {id}').format(id=draft.id), draft.text)}", "italic") for draft in ours]


def _why(view: ConversationView) -> str:
    return f" ({tell(view.status_reason)})" if view.status_reason else ""


def _part(name: str) -> str:
    kind, _colon, detail = name.partition(":")
    if kind == "rule":
        return f"{_('rule')} ({word(Priority(detail))})"
    if kind == Label.OFFENSIVE:
        return f"{word(Label.OFFENSIVE)} ({word(Severity(detail))})"
    if kind in set(SlaState):
        return word(SlaState(kind))
    others = {"unsure": _("not sure"), "reported": _("reported"), "crisis": _("crisis")}
    if kind in others:
        return others[kind]
    return word(Visibility.PUBLIC) if kind == "public" else word(Signal.URGENT if kind == "urgent" else Label(kind))


def _show_message(message: MessageView, *, reveal: bool, removed: bool) -> None:
    who = _("us") if message.is_ours else message.author
    marks = [_("edited")] if message.edited_at else []
    if message.deleted_at:
        marks.append(_("deleted by us") if removed else _("deleted by author"))
    head = Text(f"{moment(message.sent_at)}  {who}", style="bold")
    head.append(f"  {', '.join(marks)}" if marks else "", style="magenta")
    head.append(f"  {_('message {id}').format(id=message.id)}", style="not bold dim")
    out.print(head)
    thought = message.prediction
    hidden = not reveal and thought is not None and is_blurred(thought.labels, thought.severity)
    out.print(Text(indented(BLURRED if hidden else message.text or _("(no text)"))))
    for line in message_lines(message):
        out.print(line)
    for former in message.former_texts:
        out.print(Text(indented(_("before: {text}").format(text=BLURRED if hidden else former)), style="dim"))
    if message.prediction is not None:
        prediction = message.prediction
        out.print(
            Text("  → ") + prediction_text(prediction) + Text(f"  ({prediction.lang}, {prediction.model})", "dim")
        )
        every = "  ".join(f"{word(label)} {percent(score)}" for label, score in prediction.scores.items())
        out.print(Text(f"    {every}", style="dim"))
        for label, reasons in prediction.reasons.items():
            words = ", ".join(quoted(BLURRED if hidden else reason) for reason in reasons)
            if words:
                out.print(Text(f"    {named(word(label), words)}", style="dim"))
        if not prediction.lang_known:
            out.print(Text(_("    not sure: a language this model does not know"), style="magenta"))
    if message.decision is not None:
        _show_decision(message.decision)


def _show_decision(decision: DecisionView) -> None:
    because = ", ".join(quoted(_(rule)) for rule in decision.because) or _("no rule holds: a person decides")
    out.print(Text("  → ") + Text(_("rule book {n}: {rules}").format(n=decision.rule_book_version, rules=because)))
    for action in decision.actions:
        out.print(Text(f"    {action_words(action)}"))
    for remark in decision.notes:
        out.print(Text(f"    {tell(remark)}", style="dim"))


def action_words(action: Mapping[str, Any]) -> str:
    """An action of a decision in the reader's words."""
    return tell(action_told(action))


def _promise(promised: Promise, now: datetime) -> Text:
    """How long a promise has still to run, or since when it is broken; whether it is due soon, or stands still."""
    match promised.state:
        case SlaState.PAUSED:
            return Text(word(promised.state), style="dim")
        case SlaState.DUE_SOON:
            return due(promised.due_at, now) + Text(f" ({word(promised.state)})", style="yellow")
        case _:
            return due(promised.due_at, now)


def _ticket_json(ticket: TicketView) -> dict[str, object]:
    trouble = None if ticket.trouble is None else tell(ticket.trouble)
    return {
        "desk": ticket.desk,
        "status": ticket.status,
        "external_id": ticket.external_id,
        "url": ticket.url,
        "assignee": ticket.assignee,
        "since": ticket.since,
        "trouble": trouble,
    }


def _show_ticket(ticket: TicketView) -> None:
    if ticket.external_id is None:
        where = _("Ticket for {desk}, not open yet").format(desk=ticket.desk)
    else:
        who = ticket.assignee or _("nobody has it there")
        stands = _("{status} since {moment}").format(
            status=word(ticket.status), moment="?" if ticket.since is None else moment(ticket.since)
        )
        where = _("Ticket {id} in {desk}").format(id=ticket.external_id, desk=ticket.desk) + f", {who}, {stands}"
    out.print(Text(f"  {where}  {ticket.url or ''}".rstrip()))
    if ticket.trouble is not None:
        out.print(Text(f"  {tell(ticket.trouble)}", style="red"))


def _show_escalation(escalation: EscalationView, promised: Iterable[Promise], now: datetime) -> None:
    severity = word(escalation.severity)
    head = _("Escalated to {queue} (severity {severity})").format(queue=escalation.queue, severity=severity)
    out.print(Text(head, style="bold"))
    if (ticket := escalation.ticket) is not None:
        _show_ticket(ticket)
    if escalation.resolved_at is not None:
        out.print(Text(f"  {_('resolved {moment}').format(moment=moment(escalation.resolved_at))}", style="dim"))
        return
    names = {
        Clock.FIRST: _("first response"),
        Clock.NEXT: _("next response"),
        Clock.RESOLUTION: _("resolution"),
    }
    clocks = sorted(promised, key=lambda one: [*names].index(one.clock))
    line = Text("  ")
    for number, one in enumerate(clocks):
        line += Text(f"{' · ' if number else ''}{names[one.clock]} ") + _promise(one, now)
    out.print(line)
    if escalation.accepted_at is not None:
        seen = _("acknowledged by {person}, {moment}")
        out.print(
            Text(f"  {seen.format(person=escalation.accepted_by, moment=moment(escalation.accepted_at))}", style="dim")
        )


def _show_draft(draft: DraftView) -> None:
    head = _("Draft {id}").format(id=draft.id)
    size = _("{n} characters").format(n=len(draft.text))
    out.print(Text(f"{head} ({word(draft.state)}, {draft.response or ''}, {size})", style="bold"))
    out.print(Text(indented(draft.text), style="italic"))
    blocked = False
    for finding in draft.findings:
        blocked = blocked or finding.blocking
        out.print(Text(f"  {tell(finding.sentence)}", style="red" if finding.blocking else "yellow"))
    if draft.state is DraftState.OPEN and not blocked:
        out.print(Text(f"  {_('To send it: vigie send {id}').format(id=draft.id)}", style="dim"))


def _show_send(send: SendView) -> None:
    states = {
        "waiting": _("waits until {moment}").format(moment=moment(send.not_before)),
        "sending": _("being sent"),
        "sent": _("sent"),
        "failed": _("failed, no further attempt"),
        "refused": _("not sent, became a draft"),
        "cancelled": _("taken back"),
    }
    head = Text(_("Outbox {id}: {state}").format(id=send.id, state=states[send.state]), style="bold")
    if send.kind != "reply":
        head.append(f"  {kind_told(send.kind)}", style="not bold dim")
    out.print(head)
    if send.text:
        out.print(Text(indented(send.text), style="italic"))
    if send.error is not None:
        out.print(Text(f"  {tell(send.error)}", style="red"))


def conversation_to_json(view: ConversationView, *, now: datetime, hours: OpeningHours) -> dict[str, Any]:
    """One conversation for machines."""
    return {
        "id": view.id,
        "channel": view.channel,
        "thread": view.thread,
        "author": view.contact,
        "visibility": view.visibility,
        "status": view.status,
        "priority": view.priority,
        "priority_parts": dict(view.priority_parts),
        "queue": view.queue,
        "tags": list(view.tags),
        "reports": view.reports,
        "place": view.place,
        "context": [line_to_json(line) for line in view.context],
        "messages": [_message_to_json(message) for message in view.messages],
        "promises": [
            {"clock": one.clock, "due_at": one.due_at, "state": one.state} for one in stands(view, now=now, hours=hours)
        ],
        "escalations": [
            {
                "id": escalation.id,
                "queue": escalation.queue,
                "severity": escalation.severity,
                "rule": escalation.rule,
                "opened_at": escalation.opened_at,
                "first_response_due_at": escalation.first_response_due_at,
                "resolution_due_at": escalation.resolution_due_at,
                "next_response_due_at": escalation.next_response_due_at,
                "paused_at": escalation.paused_at,
                "answered_at": escalation.acknowledged_at,
                "acknowledged_at": escalation.accepted_at,
                "acknowledged_by": escalation.accepted_by,
                "resolved_at": escalation.resolved_at,
                "ticket": None if escalation.ticket is None else _ticket_json(escalation.ticket),
            }
            for escalation in view.escalations
        ],
        "drafts": [
            {
                "id": draft.id,
                "message": draft.message_id,
                "text": draft.text,
                "lang": draft.lang,
                "response": draft.response,
                "rule": draft.rule,
                "state": draft.state,
                "findings": [
                    {"blocking": finding.blocking, "text": tell(finding.sentence)} for finding in draft.findings
                ],
            }
            for draft in view.drafts
        ],
        "outbox": [
            {
                "id": send.id,
                "kind": send.kind,
                "text": send.text,
                "by": str(send.actor),
                "state": send.state,
                "attempts": send.attempts,
            }
            for send in view.sends
        ],
        "audit": [
            {"at": line.at, "by": str(line.actor), "what": line.what, "why": tell(line.reason), "facts": line.facts}
            for line in view.audit
        ],
    }


def _message_to_json(message: MessageView) -> dict[str, Any]:
    from app.classify import to_object

    told: dict[str, Any] = {
        "id": message.id,
        "ours": message.is_ours,
        "author": message.author,
        "text": message.text,
        "former_texts": list(message.former_texts),
        "kind": message.kind,
        "sent_at": message.sent_at,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
        "prediction": None,
        "decision": None,
        **surroundings_to_json(message),
    }
    if message.prediction is not None:
        told["prediction"] = to_object(message.prediction, message.id, explain=True)
    if message.decision is not None:
        told["decision"] = {
            "rule_book": message.decision.rule_book_version,
            "because": list(message.decision.because),
            "actions": list(message.decision.actions),
            "notes": [tell(remark) for remark in message.decision.notes],
            "trace": list(message.decision.trace),
        }
    return told

"""How conversations, messages and cases are told in a chat: the lines that cards and answers share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.commands.views import Line, Span, Style, Text, When, bold, dotted, italic, line, plain, quote
from inbox.care import is_blurred
from inbox.cases import CaseView, name_of
from inbox.hours import OpeningHours
from inbox.model import Label, SlaState, Status
from inbox.sentences import Sentence
from inbox.sla import Promise, stands
from inbox.telling import (
    CLOCKS,
    HIDDEN,
    KINDS,
    cases_told,
    channel_name,
    known_since_told,
    label_told,
    language_told,
    part_told,
    percent,
    reasons,
    visibility_told,
)
from inbox.text import excerpt
from inbox.views import ConversationView, DraftView, MessageView, QueueItem, TicketView
from inbox.wording import said

LONGEST = 700
"""The most characters of a message, or of a draft, that a card shows."""

_MARKS = {"discord": "🟣", "telegram": "🔵"}


def labels_told(message: MessageView) -> Line:
    """What a message is, how sure that is, its language, and the words that it rests on."""
    thought = message.prediction
    if thought is None:
        return line(italic(Sentence("not labelled yet")))
    spans: list[Span | Text | None] = []
    if message.corrected is not None:
        names = [bold(said(label)) for label in message.corrected] or [bold(Sentence("no label"))]
        spans += [*names, Sentence("a person said so")]
    else:
        for label in message.labels:
            spans += [bold(label_told(label, thought))]
        for label in thought.unsure:
            doubt = Sentence("perhaps {label} {percent}", label=said(label), percent=percent(thought.confidence(label)))
            spans.append(italic(doubt))
        if not spans:
            spans.append(Sentence("no label"))
    spans += [said(signal) for signal, score in thought.signals.items() if score >= 0.5]
    spans.append(language_told(thought))
    return dotted(*spans)


def reasons_told(message: MessageView) -> Line | None:
    """The words that the labels rest on; None where none were found."""
    found = reasons(message)
    if not found or is_blurred(message.labels, message.severity):
        return None
    told: list[Span | Text] = [Sentence("why: ")]
    for number, piece in enumerate(found):
        told += [", " if number else "", Sentence("«{piece}»", piece=piece)]
    return line(*told)


def text_told(message: MessageView, *, blurred: bool) -> Line:
    """What somebody said, or that it is kept from view."""
    if blurred:
        return quote(HIDDEN)
    if not message.text:
        names = ", ".join(file.name for file in message.attachments)
        return quote(Sentence("(no text: {files})", files=names) if names else Sentence("(no text)"))
    return quote(_cut(message.text))


def head_told(view: ConversationView, *, now: datetime) -> Line:
    """The head of a card: where, who, how known, of what kind, public or private, when, which number."""
    last = view.subject
    return dotted(
        f"{_MARKS.get(view.channel, '⚪')} {channel_name(view.channel)}",
        bold(view.contact),
        known_since_told(view.known_since, now=now),
        cases_told(view.cases),
        KINDS[last.kind] if last else None,
        bold(visibility_told(view.visibility)),
        Span(When(last.sent_at), link=last.permalink) if last else None,
        f"#{view.id}",
    )


def priority_told(priority: int, parts: Mapping[str, int]) -> Line:
    """The order of the queue, with its parts."""
    told: list[Span | Text] = [Sentence("priority {n}", n=priority)]
    for number, (name, points) in enumerate(parts.items()):
        told += [" = " if number == 0 else " + ", part_told(name), f" {points}"]
    return line(*told)


def draft_told(draft: DraftView, *, length: int, longest: int) -> tuple[Line, ...]:
    """A draft with its length, and what the checks found."""
    head = line(
        bold(Sentence("Draft {id}", id=draft.id)),
        Sentence(" ({n} of {longest} characters)", n=length, longest=longest),
    )
    findings = [line("⚠ ", finding.sentence) for finding in draft.findings]
    if draft.awaits_approval:
        findings.insert(0, line("⏳ ", Sentence("{person} asks for approval", person=draft.asked_by)))
    return (head, quote(_cut(draft.text), Style.ITALIC), *findings)


def escalation_told(view: ConversationView, *, now: datetime, hours: OpeningHours) -> list[Line]:
    """A conversation in the hands of customer service: until when, how that stands, who has it, who has seen it."""
    escalation = view.escalation
    promised = next(iter(stands(view, now=now, hours=hours)), None)
    if escalation is None or promised is None:
        return []
    told = dotted(
        Sentence("with {queue}", queue=escalation.queue),
        CLOCKS[promised.clock],
        When(promised.due_at),
        state_told(promised),
    )
    lines = [told] if escalation.ticket is None else [told, *_ticket_told(escalation.ticket)]
    if escalation.accepted_at is None:
        return lines
    seen = Sentence("✓ {person} has acknowledged it", person=escalation.accepted_by)
    return [*lines, dotted(italic(seen), When(escalation.accepted_at))]


def _ticket_told(ticket: TicketView) -> list[Line]:
    """A ticket in its help desk: which, who has it there, how it stands since when."""
    if ticket.external_id is None:
        return []
    return [
        dotted(
            Span(Sentence("ticket {id} in {desk}", id=ticket.external_id, desk=ticket.desk), link=ticket.url),
            ticket.assignee,
            said(ticket.status),
            *(() if ticket.since is None else (Sentence("since"), When(ticket.since))),
        )
    ]


def state_told(promised: Promise | None) -> Span | None:
    """How a promise stands, where it is not simply on track."""
    if promised is None or promised.state is SlaState.ON_TRACK:
        return None
    return italic(said(promised.state)) if promised.state is SlaState.PAUSED else bold(said(promised.state))


def item_told(item: QueueItem, *, now: datetime, hours: OpeningHours) -> tuple[Line, ...]:
    """One conversation in two lines, as a list shows it."""
    promised = next(iter(stands(item, now=now, hours=hours)), None)
    labels = [said(label) for label in item.labels] + ([Sentence("not sure")] if item.unsure else [])
    head = dotted(
        bold(f"#{item.conversation_id}"),
        bold(excerpt(item.contact, 30)),
        *(labels or [Sentence("no label")]),
        f"{channel_name(item.channel)}",
        visibility_told(item.visibility),
        When(item.last_message_at),
        None if item.assignee is None else Sentence("with {person}", person=item.assignee),
        state_told(promised),
        Sentence("priority {n}", n=item.priority),
    )
    if is_blurred(item.labels, item.severity) or is_blurred([Label.OFFENSIVE], item.offends):
        return head, quote(HIDDEN)
    return head, quote(excerpt(item.text, 140) or Sentence("(no text)"))


def case_told(case: CaseView) -> Line:
    """A case in one line."""
    return dotted(
        bold(Sentence("Case {number}", number=case.number)),
        name_of(case.act),
        case.contact,
        When(case.opened_at),
        Sentence("by {person}", person=case.by.name),
        None if not case.points else Sentence("points: {n}", n=case.points),
        None if case.until is None else Span(Sentence("until")),
        None if case.until is None else When(case.until),
        None if case.stands else italic(Sentence("undone")),
        plain(case.reason),
    )


def status_told(view: ConversationView) -> Line:
    """Where a conversation stands, and why."""
    back_at = view.snooze_until if view.status is Status.SNOOZED else None
    # That somebody has answered stands above it, with his words.
    reason = None if view.status is Status.PENDING else view.status_reason
    told = dotted(bold(said(view.status)), reason)
    return (
        told
        if back_at is None
        else Line((*told.spans, Span(" "), Span(Sentence("It comes back")), Span(" "), Span(When(back_at))))
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

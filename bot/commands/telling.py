"""How conversations, messages and cases are told in a chat: the lines that cards and answers share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.commands.views import Line, Span, Style, Text, When, bold, dotted, italic, line, plain, quote
from inbox.care import is_blurred
from inbox.cases import CaseView, name_of
from inbox.hours import OpeningHours
from inbox.model import Kind, Label, Priority, Severity, Signal, SlaState, Status, Visibility
from inbox.sentences import Sentence
from inbox.sla import Clock, Promise, stands
from inbox.text import excerpt
from inbox.views import ConversationView, DraftView, MessageView, QueueItem
from inbox.wording import said

HIDDEN = Sentence("▒▒▒ Offensive text, hidden until you ask for it ▒▒▒")
"""What stands in the place of a text that is blurred."""

LONGEST = 700
"""The most characters of a message, or of a draft, that a card shows."""

_REASONS = 3

KINDS: Mapping[Kind, Sentence] = {
    Kind.COMMENT: Sentence("comment"),
    Kind.THREAD_REPLY: Sentence("reply in a thread"),
    Kind.MENTION: Sentence("mention"),
    Kind.DM: Sentence("private message"),
    Kind.REVIEW: Sentence("review"),
    Kind.NO_TEXT: Sentence("no text"),
}
CHANNELS = {"discord": "Discord", "telegram": "Telegram"}
MARKS = {"discord": "🟣", "telegram": "🔵"}
_LANGUAGES = {
    "fr": Sentence("French"),
    "en": Sentence("English"),
    "de": Sentence("German"),
    "es": Sentence("Spanish"),
    "it": Sentence("Italian"),
    "pt": Sentence("Portuguese"),
    "nl": Sentence("Dutch"),
}

_CLOCKS = {
    Clock.FIRST: Sentence("first answer due"),
    Clock.NEXT: Sentence("next answer due"),
    Clock.RESOLUTION: Sentence("due"),
}
_PARTS = {
    SlaState.DUE_SOON: said(SlaState.DUE_SOON),
    SlaState.BREACHED: said(SlaState.BREACHED),
    "unsure": Sentence("not sure"),
    "reported": Sentence("reported"),
    "crisis": Sentence("crisis"),
    "public": said(Visibility.PUBLIC),
    "urgent": said(Signal.URGENT),
}


def channel_name(name: str) -> str:
    """A channel as people call it."""
    return CHANNELS.get(name, name)


def visibility_told(visibility: Visibility) -> Sentence:
    """Whether others can read it, so that nobody overlooks it."""
    return Sentence("PUBLIC") if visibility is Visibility.PUBLIC else Sentence("private")


def percent(score: float) -> Sentence:
    """A probability."""
    return Sentence("{n}%", n=round(100 * score))


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
            spans += [_label_told(label, message)]
        for label in thought.unsure:
            doubt = Sentence("perhaps {label} {percent}", label=said(label), percent=percent(thought.confidence(label)))
            spans.append(italic(doubt))
        if not spans:
            spans.append(Sentence("no label"))
    spans += [said(signal) for signal, score in thought.signals.items() if score >= 0.5]
    spans.append(_LANGUAGES.get(thought.lang, thought.lang) if thought.lang_known else Sentence("language not known"))
    return dotted(*spans)


def reasons_told(message: MessageView) -> Line | None:
    """The words that the labels rest on; None where none were found."""
    thought = message.prediction
    if thought is None or message.corrected is not None:
        return None
    words = [piece for label in (*message.labels, *thought.unsure) for piece in thought.reasons.get(label, ())]
    found = list(dict.fromkeys(words))[:_REASONS]
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
        f"{MARKS.get(view.channel, '⚪')} {channel_name(view.channel)}",
        bold(view.contact),
        _known_since(view, now),
        _cases_told(view.cases),
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


def part_told(name: str) -> Sentence:
    """One part of a priority in words."""
    kind, _, detail = name.partition(":")
    if kind == "rule":
        return Sentence("rule ({level})", level=said(Priority(detail)))
    if kind == Label.OFFENSIVE:
        return Sentence("{label} ({severity})", label=said(Label.OFFENSIVE), severity=said(Severity(detail)))
    return _PARTS[kind] if kind in _PARTS else said(Label(kind))


def draft_told(draft: DraftView, *, length: int, longest: int) -> tuple[Line, ...]:
    """A draft with its length, and what the checks found."""
    head = line(
        bold(Sentence("Draft {id}", id=draft.id)),
        Sentence(" ({n} of {longest} characters)", n=length, longest=longest),
    )
    findings = [line("⚠ ", finding.sentence) for finding in draft.findings]
    return (head, quote(_cut(draft.text), Style.ITALIC), *findings)


def escalation_told(view: ConversationView, *, now: datetime, hours: OpeningHours) -> list[Line]:
    """A conversation in the hands of customer service: until when, how that stands, who has acknowledged it."""
    escalation = view.escalation
    promised = next(iter(stands(view, now=now, hours=hours)), None)
    if escalation is None or promised is None:
        return []
    ticket = escalation.ticket
    is_open = ticket is not None and ticket.external_id is not None
    told = dotted(
        Sentence("with {queue}", queue=escalation.queue),
        Span(Sentence("ticket {id}", id=ticket.external_id), link=ticket.url)
        if ticket is not None and is_open
        else None,
        _CLOCKS[promised.clock],
        When(promised.due_at),
        state_told(promised),
    )
    if escalation.accepted_at is None:
        return [told]
    seen = Sentence("✓ {person} has acknowledged it", person=escalation.accepted_by)
    return [told, dotted(italic(seen), When(escalation.accepted_at))]


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


def _label_told(label: Label, message: MessageView) -> Span:
    assert message.prediction is not None  # noqa: S101  # asked by whoever calls
    sure = percent(message.prediction.confidence(label))
    if label is not Label.OFFENSIVE or message.severity is None:
        return bold(Sentence("{label} {percent}", label=said(label), percent=sure))
    target = message.prediction.target
    bad = said(message.severity)
    if target is None:
        return bold(Sentence("{label} {percent} ({severity})", label=said(label), percent=sure, severity=bad))
    return bold(
        Sentence(
            "{label} {percent} ({severity}, against {target})",
            label=said(label),
            percent=sure,
            severity=bad,
            target=said(target),
        )
    )


def _known_since(view: ConversationView, now: datetime) -> Sentence | None:
    if view.known_since is None:
        return None
    days = (now - view.known_since).days
    if days < 1:
        return Sentence("new here")
    return Sentence("known for 1 day") if days == 1 else Sentence("known for {n} days", n=days)


def _cases_told(cases: int) -> Sentence | None:
    if not cases:
        return None
    return Sentence("1 case") if cases == 1 else Sentence("{n} cases", n=cases)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

"""Asking the rule book what to do when a promise is due soon or was broken, and doing it.

It is asked once for each, in the transaction in which that is told. What it does then is asked about by nobody: a rule
triggers no rule. Nothing leaves, nothing is closed and nothing is proposed because time has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.actions import (
    NOT_BY_THE_CLOCK,
    Assign,
    Draft,
    Escalate,
    Notify,
    Planned,
    SetPriority,
    SetQueue,
    Tag,
    to_words,
)
from inbox.audit import AuditLine
from inbox.background import UNKNOWN
from inbox.books import Books
from inbox.calling import put_on_record
from inbox.calls import call_for, named, stands_in
from inbox.decisions import Facts
from inbox.desk import Desk
from inbox.model import Actor, Prediction, WaitingMessage
from inbox.outcome import NewEscalation, variables
from inbox.promises import ClockEvent
from inbox.proofreading import proofread
from inbox.responses import draft_from
from inbox.sentences import Sentence
from inbox.sla import ClockRow, Promise, passed_over


@dataclass(frozen=True, slots=True)
class _Asked:
    """A promise of which rules are asked: what it is about, and the sentence in which it is told."""

    desk: Desk
    books: Books
    row: ClockRow
    message: WaitingMessage
    prediction: Prediction
    event: ClockEvent
    told: Sentence
    now: datetime

    def note(self, rule: str, what: str, why: Sentence, **facts: object) -> None:
        by = Actor.rule(rule)
        self.books.write_audit([AuditLine(self.now, by, what, "conversation", self.row.conversation_id, why, facts)])


def ask_rules(
    desk: Desk, books: Books, row: ClockRow, news: Sequence[tuple[Promise, Sentence]], *, now: datetime
) -> None:
    """Ask the rules about each promise that has come to something, and do what they ask for.

    Args:
        desk: The desk, with the rules that are in force now.
        books: The transaction in which the news are told. The conversation is locked, and the clocks are written.
        row: The escalation as it stands now.
        news: Each promise with the sentence that tells what has come of it.
        now: When it is.
    """
    if not news or not desk.rules.needs.clocks:
        return
    found = books.subject_of(row.conversation_id)
    if found is None:
        return
    message, prediction = found
    around = books.backgrounds([message], desk.rules.needs).get(message.id, UNKNOWN)
    for promise, told in news:
        event = ClockEvent(promise.clock, promise.state)
        facts = Facts.of(message, prediction, hours=desk.brand.hours, background=around, event=event)
        decision = desk.rules.decide(facts)
        if not decision.because and not decision.notes:
            continue
        asked = _Asked(desk, books, row, message, prediction, event, told, now)
        kept_back = [_do(asked, plan) for plan in decision.actions]
        notes = (*decision.notes, *(note for note in kept_back if note is not None))
        _put_on_record(asked, decision.because, decision.actions, notes)


def _put_on_record(
    asked: _Asked, because: Sequence[str], actions: Sequence[Planned], notes: Sequence[Sentence]
) -> None:
    why = (
        Sentence("{event} The rule book asks for it: {rules}.", event=asked.told, rules=", ".join(because))
        if because
        else Sentence("{event} No rule that acts holds.", event=asked.told)
    )
    facts = {
        "event": str(asked.event),
        "rule_book": asked.desk.rule_book_version,
        "actions": [to_words(plan.action) | {"rule": plan.rule, "mode": plan.mode.value} for plan in actions],
        "notes": [note.to_json() for note in notes],
    }
    by = Actor.rule(because[0]) if because else Actor.vigie("clock")
    line = AuditLine(asked.now, by, "escalation.decided", "conversation", asked.row.conversation_id, why, facts)
    asked.books.write_audit([line])


def _do(asked: _Asked, plan: Planned) -> Sentence | None:
    """Do one thing that a rule asks for; why it was not done, or None where it was."""
    match plan.action:
        case Notify():
            _call(asked, plan.action, plan.rule)
        case Tag(tag):
            if asked.books.add_tag(asked.row.conversation_id, tag=tag):
                asked.note(plan.rule, "conversation.tagged", asked.told, tag=tag)
        case SetPriority(level):
            if asked.books.want_priority(asked.row.escalation.id, level=level):
                asked.note(plan.rule, "conversation.weighed", asked.told, level=level.value)
        case SetQueue(queue):
            _move(asked, queue)
            why = Sentence('The rule "{rule}" puts it in the queue {queue}.', rule=plan.rule, queue=queue)
            asked.note(plan.rule, "conversation.assigned", why, queue=queue)
        case Assign(to):
            return _assign(asked, to, plan.rule)
        case Escalate():
            _escalate(asked, plan.action, plan.rule)
        case Draft(response):
            return _draft(asked, response, plan.rule)
        case _:
            assert isinstance(plan.action, NOT_BY_THE_CLOCK)  # noqa: S101  # whatever else there is stands above
            word = plan.action.word
            return Sentence(
                '"{action}" is not done when a clock runs out (rule "{rule}").', action=word, rule=plan.rule
            )
    return None


def _call(asked: _Asked, action: Notify, rule: str) -> None:
    call = call_for(
        action,
        rule=rule,
        conversation_id=asked.row.conversation_id,
        why=asked.told,
        team=asked.books.moderators(),
        chains=asked.desk.chains,
        event=asked.event,
    )
    put_on_record(asked.books, call, now=asked.now)


def _move(asked: _Asked, queue: str) -> None:
    """Have an escalation wait in another queue."""
    escalation, chain = asked.row.escalation, asked.desk.chain_of(queue)
    asked.books.set_queue(asked.row.conversation_id, queue=queue)
    if queue == escalation.queue:
        return
    climbed = asked.row.climbed
    if chain is not asked.desk.chain_of(escalation.queue):
        climbed = passed_over(chain, escalation, now=asked.now, hours=asked.desk.brand.hours)
    asked.books.move_escalation(escalation.id, queue=queue, climbed=climbed)


def _assign(asked: _Asked, to: str, rule: str) -> Sentence | None:
    team = asked.books.moderators()
    member = named(team, to)
    if member is None:
        return Sentence("Nobody of the team is called {name}: given to nobody.", name=to)
    given = stands_in(team, member) or member
    if not asked.books.give(asked.row.conversation_id, to=given.name):
        return Sentence("Somebody has it already: not given to {other}.", other=given.name)
    why = Sentence('The rule "{rule}" gives it to {other}.', rule=rule, other=given.name)
    asked.note(rule, "conversation.assigned", why, to=given.name)
    return None


def _escalate(asked: _Asked, action: Escalate, rule: str) -> None:
    """Make the escalation as strict as the rule asks, counted from the message, in the queue that it names."""
    labels, channel = asked.prediction.labels, asked.message.channel
    promised = asked.desk.targets.of(action.severity, labels=labels, channel=channel)
    due = asked.desk.brand.hours.add_open_time
    new = NewEscalation(
        action.queue,
        action.severity,
        rule,
        due(asked.message.sent_at, action.first_response or promised.first_response),
        due(asked.message.sent_at, action.resolution or promised.resolution),
        answer_within=action.first_response or promised.next_response,
    )
    asked.books.hand_to(asked.row.conversation_id, new, now=asked.now)
    _move(asked, action.queue)
    why = Sentence('The rule "{rule}" hands it to {queue}.', rule=rule, queue=action.queue)
    asked.note(rule, "conversation.escalated", why, queue=action.queue, severity=action.severity.value)


def _draft(asked: _Asked, code: str, rule: str) -> Sentence | None:
    response = asked.desk.responses.get(code)
    if response is None:
        return Sentence("There is no response {response}.", response=code)
    if asked.books.has_words(asked.row.conversation_id, code):
        return Sentence("The response {response} is in this conversation already.", response=code)
    brand, message = asked.desk.brand, asked.message
    variant = response.wording(
        lang=asked.prediction.lang, languages=brand.languages, key=message.id, voice=brand.voice_on(message.channel)
    )
    blanks = variables(message, brand=brand, lang=variant.lang, queue=asked.row.escalation.queue)
    words = proofread(
        draft_from(response, variant, blanks),
        response=response,
        message=message,
        labels=asked.prediction.labels,
        brand=brand,
        now=asked.now,
    )
    number = asked.books.keep_draft(
        message.id, text=words.text, lang=words.lang, response=code, now=asked.now, findings=words.findings
    )
    line = AuditLine(asked.now, Actor.rule(rule), "draft.offered", "draft", number, asked.told)
    asked.books.write_audit([line])
    return None

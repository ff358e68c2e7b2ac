"""From a decision to what is to be kept of it: drafts, an escalation, a queue, things to send, an audit line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from inbox.abilities import NOTHING, Abilities
from inbox.actions import (
    CLOSURE,
    Assign,
    Draft,
    Escalate,
    Lead,
    Mode,
    Once,
    Planned,
    Reply,
    Resolve,
    SetPriority,
    SetQueue,
    Snooze,
    Tag,
    to_words,
)
from inbox.audit import AuditLine
from inbox.brand import Brand
from inbox.checks import name_to_say
from inbox.decisions import Decision
from inbox.disclosure import line_for, room_for
from inbox.findings import CheckKind, Finding
from inbox.lengths import split
from inbox.model import Actor, Label, Prediction, Severity, WaitingMessage
from inbox.outgoing import OutboxKind, part_key
from inbox.priority import priority_parts
from inbox.promises import USUAL, SlaTargets
from inbox.proofreading import proofread
from inbox.responses import CannedResponse, DraftText, draft_from, first_name, order_number
from inbox.sentences import Sentence
from inbox.tickets import NewTicket
from inbox.variety import ALONE, REPEATED, Near, Said, freshest

LEAD, SALES = "lead", "sales"


@dataclass(frozen=True, slots=True)
class NewDraft:
    """Words awaiting a person, and the rule that asked for them.

    With `once_since`, they are prepared only for a contact who has not had them since that moment.
    """

    words: DraftText
    rule: str
    once_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewEscalation:
    """A conversation handed to customer service, with the moments it is due, and the ticket that goes with it.

    Each further message is to be answered within `answer_within` of open time; None leaves that to the severity.
    """

    queue: str
    severity: Severity
    rule: str
    first_response_due_at: datetime
    resolution_due_at: datetime
    ticket: NewTicket | None = None
    answer_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NewSend:
    """One thing to do outside, once, at the earliest at `not_before`; `once_since` as in `NewDraft`."""

    kind: OutboxKind
    words: DraftText
    rule: str
    not_before: datetime
    idempotency_key: str
    once_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that triage keeps of one message, written in one transaction.

    The conversation goes to `assignee` unless somebody has it; it is closed, or put off until `snoozed_until`, where
    nothing in it waits for anybody.
    """

    message: WaitingMessage
    prediction: Prediction
    decision: Decision
    drafts: tuple[NewDraft, ...]
    sends: tuple[NewSend, ...]
    escalation: NewEscalation | None
    queue: str | None
    tags: tuple[str, ...]
    priority_parts: Mapping[str, int]
    audit: AuditLine
    assignee: str | None = None
    resolves: bool = False
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What carrying out a decision needs besides the decision: the brand, its responses, its habits, its channels.

    `tickets_to` names the help desk that takes tickets of a queue, per queue. `targets` is what is promised.
    `disclosures` has per language the line that says that a message is automatic.
    """

    brand: Brand
    responses: Mapping[str, CannedResponse]
    rule_book_version: int
    hold: timedelta
    abilities: Mapping[str, Abilities] = field(default_factory=dict)
    splits_replies: bool = True
    tickets_to: Mapping[str, str] = field(default_factory=dict)
    targets: SlaTargets = USUAL
    disclosures: Mapping[str, str] = field(default_factory=dict)


def carry_out(
    message: WaitingMessage,
    prediction: Prediction,
    decision: Decision,
    *,
    house: House,
    now: datetime,
    near: Near = ALONE,
) -> Outcome:
    """What is to be kept of one message once it has been decided; nothing is done yet.

    Words become a draft for a person, unless a rule that may act by itself asked for a reply and nothing speaks
    against it. They are worded otherwise than what stands `near`, as far as the response has other wordings.
    """
    acts = decision.actions
    escalation = next(
        (
            _escalation(plan.action, plan.rule, message, prediction, house, now=now)
            for plan in acts
            if isinstance(plan.action, Escalate)
        ),
        None,
    )
    queues = [plan.action.queue for plan in acts if isinstance(plan.action, SetQueue)]
    is_lead = any(isinstance(plan.action, Lead) for plan in acts)
    if is_lead and not queues and SALES in house.brand.teams:
        queues = [SALES]
    queue = escalation.queue if escalation else next(iter(queues), None)
    drafts: list[NewDraft] = []
    sends: list[NewSend] = []
    for plan in acts:
        if not isinstance(plan.action, Draft | Reply):
            continue
        worded = _words(plan.action.response, message, prediction, house, queue, near=near, now=now)
        if worded is None:
            continue
        words, is_new = worded
        since = _once_since(plan.action.once, message, house)
        if _sends_by_itself(plan, words, prediction):
            key = f"reply:{message.id}:{message.version}:{plan.rule}"
            parts = _automatic_parts(words, message, house)
            if is_new and (len(parts) == 1 or house.splits_replies):
                sends.extend(
                    NewSend(
                        OutboxKind.REPLY,
                        replace(words, text=part),
                        plan.rule,
                        now + house.hold,
                        part_key(key, number),
                        since,
                    )
                    for number, part in enumerate(parts)
                )
                continue
            if not is_new:
                words = replace(words, findings=(*words.findings, Finding(REPEATED, blocking=False)))
        drafts.append(NewDraft(words, plan.rule, since))
    return Outcome(
        message=message,
        prediction=prediction,
        decision=decision,
        drafts=tuple(drafts),
        sends=tuple(sends),
        escalation=escalation,
        queue=queue,
        tags=tuple(
            dict.fromkeys(
                plan.action.tag if isinstance(plan.action, Tag) else LEAD
                for plan in acts
                if isinstance(plan.action, Tag | Lead)
            )
        ),
        priority_parts=priority_parts(
            prediction,
            visibility=message.visibility,
            wanted=[plan.action.level for plan in acts if isinstance(plan.action, SetPriority)],
        ),
        audit=_audit(message, prediction, decision, rule_book_version=house.rule_book_version, now=now),
        assignee=next((plan.action.to for plan in acts if isinstance(plan.action, Assign)), None),
        resolves=any(isinstance(plan.action, Resolve) for plan in acts),
        snoozed_until=next((now + plan.action.lasts for plan in acts if isinstance(plan.action, Snooze)), None),
    )


def _once_since(once: Once | None, message: WaitingMessage, house: House) -> datetime | None:
    if once is None:
        return None
    if once != CLOSURE:
        return message.sent_at - once
    # To a message that came while the brand was open, nothing was said in this closure: only in this very moment.
    return house.brand.hours.closed_since(message.sent_at) or message.sent_at


def parts_for(text: str, abilities: Abilities) -> tuple[str, ...]:
    """A reply in as many parts as the channel needs for it."""
    return split(text, longest=abilities.longest, measure=abilities.measure)


def variables(message: WaitingMessage, *, brand: Brand, lang: str, queue: str | None) -> dict[str, str | None]:
    """What fills the blanks of a canned response for one message, in one language.

    None where nothing is known, or where what is known offends: nobody's abuse is said again.
    """
    called = message.contact_name if name_to_say(message.contact_name, brand.checks) else ""
    return {
        "brand.name": brand.name or None,
        "channel.name": message.channel,
        "contact.name": called if first_name(called) else None,
        "contact.first_name": first_name(called),
        "conversation.id": str(message.conversation_id),
        "order.number": name_to_say(order_number(message.text), brand.checks),
        "ticket.team": brand.team(queue, lang) if queue else None,
    }


def ticket_for(
    queue: str, tickets_to: Mapping[str, str], *, by: Actor, now: datetime, hold: timedelta
) -> NewTicket | None:
    """The ticket that goes with an escalation to a queue; None where no help desk takes tickets of it."""
    desk = tickets_to.get(queue)
    return None if desk is None else NewTicket(desk, by, now + hold)


def _escalation(
    action: Escalate, rule: str, message: WaitingMessage, prediction: Prediction, house: House, *, now: datetime
) -> NewEscalation:
    promised = house.targets.of(action.severity, labels=prediction.labels, channel=message.channel)
    due = house.brand.hours.add_open_time
    return NewEscalation(
        queue=action.queue,
        severity=action.severity,
        rule=rule,
        first_response_due_at=due(message.sent_at, action.first_response or promised.first_response),
        resolution_due_at=due(message.sent_at, action.resolution or promised.resolution),
        ticket=ticket_for(action.queue, house.tickets_to, by=Actor.rule(rule), now=now, hold=house.hold),
        answer_within=action.first_response or promised.next_response,
    )


def _words(
    code: str,
    message: WaitingMessage,
    prediction: Prediction,
    house: House,
    queue: str | None,
    *,
    near: Near,
    now: datetime,
) -> tuple[DraftText, bool] | None:
    """The words of a response for a message, and whether nobody beside it was told the same; None for no response."""
    response = house.responses.get(code)
    if response is None:
        return None
    voice = house.brand.voice_on(message.channel)
    wordings = response.wordings(lang=prediction.lang, languages=house.brand.languages, key=message.id, voice=voice)
    values = variables(message, brand=house.brand, lang=wordings[0].lang, queue=queue)
    proof = partial(proofread, response=response, message=message, labels=prediction.labels, brand=house.brand, now=now)
    if near == ALONE:
        return proof(draft_from(response, wordings[0], values)), True
    made = [draft_from(response, variant, values) for variant in wordings]
    place, is_new = freshest([Said(words.text, message.contact_name) for words in made], near)
    return proof(made[place]), is_new


def _automatic_parts(words: DraftText, message: WaitingMessage, house: House) -> tuple[str, ...]:
    """An automatic reply in parts that leave room for the line that may have to stand above the first."""
    abilities = house.abilities.get(message.channel, NOTHING)
    line = line_for(words.lang, house.disclosures, house.brand.languages)
    room = room_for(line, longest=abilities.longest, measure=abilities.measure)
    return split(words.text, longest=room, measure=abilities.measure)


def _sends_by_itself(plan: Planned, words: DraftText, prediction: Prediction) -> bool:
    return (
        isinstance(plan.action, Reply)
        and plan.mode in {Mode.LIVE, Mode.SHARE}
        and words.is_sendable
        and not any(finding.kind is CheckKind.ECHO for finding in words.findings)
        and not prediction.is_unsure
        and Label.OFFENSIVE not in prediction.labels
    )


def _audit(
    message: WaitingMessage, prediction: Prediction, decision: Decision, *, rule_book_version: int, now: datetime
) -> AuditLine:
    if decision.rule is None:
        actor, reason = Actor.vigie("triage"), Sentence("No rule holds: a person decides.")
    else:
        actor = Actor.rule(decision.rule)
        reason = Sentence("The rule book asks for it: {rules}.", rules=", ".join(decision.because))
    return AuditLine(
        at=now,
        actor=actor,
        what="message.triaged",
        subject="message",
        subject_id=message.id,
        reason=reason,
        facts={
            "labels": [label.value for label in prediction.labels],
            "unsure": [label.value for label in prediction.unsure],
            "lang": prediction.lang,
            "model": prediction.model,
            "rule_book": rule_book_version,
            "actions": [to_words(plan.action) | {"mode": plan.mode.value} for plan in decision.actions],
        },
    )

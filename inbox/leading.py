"""Keeping leads as messages come, change and go: in the transaction that deals with the message, and on record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from inbox.actions import Lead as LeadAction
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.entities import Entity
from inbox.leadbooks import LeadChange
from inbox.leads import Lead, LeadSource, NewSource, adds, forgotten, lead_from
from inbox.model import Actor, Prediction
from inbox.outcome import Outcome
from inbox.sentences import Sentence

LEADS = Actor.vigie("leads")
"""Who acts where neither a rule nor a person has asked for it."""

_SEEN = ("status", "owner", "products", "place", "email", "phone", "needs", "score")
"""What a change of is on record, by name: the values are people's words, and stay in the lead."""


def note_leads(desk: Desk, books: Books, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Make and update the leads that a batch of triaged messages gives something to.

    A rule's `lead` makes one; what its contact asks after that joins it while it is open. A message that was edited
    gives what it says now, and nothing of what it said before.
    """
    rules = {one.message.id: _rule_of(one) for one in outcomes}
    asked = {message_id for message_id, rule in rules.items() if rule is not None}
    waiting = {one.message.contact_id for one in outcomes if one.message.id not in asked}
    contacts = books.with_open_lead(waiting)
    edited = books.lead_messages([one.message.id for one in outcomes if one.message.version > 1])
    new: list[NewSource] = []
    for one in outcomes:
        makes, quoted = one.message.id in asked, one.message.id in edited
        if not (makes or quoted or one.message.contact_id in contacts):
            continue
        source = _source_of(desk, one)
        if not makes and not adds(source, one.prediction):
            if not quoted:
                continue
            source = forgotten(source)
        if makes:
            contacts.add(one.message.contact_id)
        new.append(NewSource(one.message.contact_id, one.message.conversation_id, source, makes))
    changes = books.keep_sources(new, now=now)
    books.write_audit([_line(one, rules, now=now) for one in changes])
    tell_crm(books, changes, by=LEADS, crm=desk.crm is not None, not_before=now + desk.hold, now=now)


def forget_in_leads(books: Books, messages: Collection[int], *, now: datetime) -> None:
    """Empty what messages have given to leads: their authors have taken them back.

    Whom leads are told to, is told so at once: where no such place is set any more, that is shown to a person.
    """
    changes = books.forget_sources(messages, now=now)
    why = Sentence("The author has deleted the message.")
    books.write_audit([line_about(one, "lead.forgotten", by=LEADS, why=why, now=now) for one in changes])
    books.tell_leads_again([change.after for change in changes], by=LEADS, now=now)


def follow_owner(desk: Desk, books: Books, conversation_id: int, *, owner: str, by: Actor, takes: bool) -> None:
    """Give the open lead that began in a conversation to whoever has the conversation now.

    One that has an owner goes to another only where it `takes` it: an assignment does, a claim for a while does not.
    """
    now = desk.clock()
    lead = books.lead_of(conversation_id)
    if lead is None or not lead.status.is_open or (lead.owner is not None and not takes):
        return
    change = books.set_lead(lead.id, owner=owner, now=now)
    if change is not None:
        why = Sentence("{person} has the lead {id} now.", person=owner, id=lead.id)
        books.write_audit([line_about(change, "lead.owner", by=by, why=why, now=now)])
        tell_crm(books, [change], by=by, crm=desk.crm is not None, not_before=now + desk.hold, now=now)


def hand_over_leads(desk: Desk, books: Books, before: str, after: str, *, by: Actor, why: Sentence) -> None:
    """Give the open leads of one of the team to another."""
    now = desk.clock()
    for lead in books.list_leads(owner=before):
        change = books.set_lead(lead.id, owner=after, now=now) if lead.status.is_open else None
        if change is not None:
            books.write_audit([line_about(change, "lead.owner", by=by, why=why, now=now)])
            tell_crm(books, [change], by=by, crm=desk.crm is not None, not_before=now + desk.hold, now=now)


def source_of(
    desk: Desk, text: str, prediction: Prediction, *, message_id: int, version: int, said_at: datetime
) -> LeadSource:
    """What a message gives to a lead, with what it names."""
    return lead_from(
        text,
        _entities(desk, text, prediction.lang),
        prediction,
        message_id=message_id,
        version=version,
        said_at=said_at,
    )


def line_about(change: LeadChange, what: str, *, by: Actor, why: Sentence, now: datetime) -> AuditLine:
    """What is put on record of a change: what of the lead is another, and of its status and owner, which."""
    before, after = change.before, change.after
    facts: dict[str, object] = {"lead": after.id, "score": after.score, "revision": after.revision}
    if before is not None:
        facts["changed"] = [name for name in _SEEN if getattr(before, name) != getattr(after, name)]
        facts |= {"before": _stands(before), "after": _stands(after)} if _stands(before) != _stands(after) else {}
    return AuditLine(now, by, what, "conversation", after.conversation_id, why, facts)


def tell_crm(
    books: Books, changes: Iterable[LeadChange], *, by: Actor, crm: bool, not_before: datetime, now: datetime
) -> None:
    """Have changed leads told to the CRM, where there is one."""
    if crm:
        books.tell_leads([change.after for change in changes], by=by, not_before=not_before, now=now)


def _stands(lead: Lead) -> dict[str, object]:
    return {"status": lead.status.value, "owner": lead.owner}


def _rule_of(one: Outcome) -> str | None:
    return next((plan.rule for plan in one.decision.actions if isinstance(plan.action, LeadAction)), None)


def _source_of(desk: Desk, one: Outcome) -> LeadSource:
    said = one.message
    return source_of(desk, said.text, one.prediction, message_id=said.id, version=said.version, said_at=said.sent_at)


def _entities(desk: Desk, text: str, lang: str) -> Sequence[Entity]:
    try:
        return desk.find_entities(text, lang)
    except Exception:  # noqa: BLE001  # a text that cannot be read for names is a lead all the same, and stops no batch
        return ()


def _line(change: LeadChange, rules: Mapping[int, str | None], *, now: datetime) -> AuditLine:
    """Who has changed a lead as messages came: the rule that asked for the latest of them, if one did."""
    before = set(change.before.sources) if change.before is not None else set()
    new = [one.message_id for one in change.after.sources if one not in before]
    rule = next((rules[message_id] for message_id in reversed(new) if rules.get(message_id)), None)
    by = LEADS if rule is None else Actor.rule(rule)
    if change.before is None:
        why = Sentence('The rule "{rule}" makes it a lead.', rule=rule)
        return line_about(change, "lead.made", by=by, why=why, now=now)
    why = Sentence("The contact has said more about what he is looking for.")
    return line_about(change, "lead.updated", by=by, why=why, now=now)

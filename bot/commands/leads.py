"""The commands of sales leads: make one of a conversation, list them, say where one stands."""

from __future__ import annotations

from bot.commands.book import BOOK, Part
from bot.commands.calling import Call, Conversation
from bot.commands.views import Button, Line, Press, Span, Text, View, When, bold, dotted, line, quote, says
from inbox.leads import PARTS_SAID, Lead, LeadStatus
from inbox.leadwork import change_lead, find_lead, list_leads, mark_lead
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.text import excerpt
from inbox.wording import said

_PAGE = 8
_NEEDS = 3
_LONGEST_NEED = 200


@BOOK.command("lead", Part.INBOX, Right.WORK)
def lead(call: Call, conversation: Conversation) -> View:
    """Make a sales lead of a conversation, or bring it up to date, and put it where sales looks."""
    made = mark_lead(call.desk, conversation, by=call.person.actor)
    head = line(Sentence("Conversation {id} is a sales lead.", id=conversation))
    return View((head, *lead_told(made)), rows=(_statuses(made),))


@BOOK.command("leads", Part.INBOX, Right.LOOK)
def leads(call: Call, status: LeadStatus | None = None) -> View:
    """List sales leads: those that are open first, and the highest score first."""
    found = list_leads(call.desk.store, status=status, limit=_PAGE + 1)
    if not found:
        return says(Sentence("There are no leads."))
    lines = [told for one in found[:_PAGE] for told in _item_told(one)]
    if len(found) > _PAGE:
        lines.append(line(Sentence("There are more: vigie leads list")))
    return View(tuple(lines))


@BOOK.tap("lead", Right.WORK)
def mark(call: Call, conversation: str) -> View:
    """Make a sales lead of a conversation."""
    return lead(call, Conversation(int(conversation)))


@BOOK.tap("lead-status", Right.WORK)
def say_status(call: Call, number: str, status: str) -> View:
    """Say where a lead stands; what it was before is one tap away."""
    before = find_lead(call.desk.store, int(number)).status
    changed = change_lead(call.desk, int(number), status=LeadStatus(status), by=call.person.actor)
    told = Sentence("Lead {id} is now: {status}.", id=changed.id, status=said(changed.status))
    undo = Button(Sentence("Undo"), Press("lead-status", (number, before.value)))
    return View((line(told),), rows=((undo,),))


def lead_told(one: Lead) -> tuple[Line, ...]:
    """A lead on a few lines: where it stands, what was given, what was asked, what its score is made of."""
    facts: dict[Sentence, str | None] = {
        Sentence("products"): ", ".join(one.products) or None,
        Sentence("place"): one.place,
        Sentence("e-mail"): one.email,
        Sentence("phone"): one.phone,
        Sentence("owner"): one.owner,
    }
    given = [
        line(Sentence("{name}: {told}", name=name, told=value)) for name, value in facts.items() if value is not None
    ]
    needs = [quote(excerpt(need, _LONGEST_NEED)) for need in one.needs[-_NEEDS:]]
    head = dotted(bold(Sentence("Lead {id}", id=one.id)), one.contact, said(one.status), When(one.updated_at))
    return (head, *given, *needs, _score_told(one))


def _item_told(one: Lead) -> tuple[Line, ...]:
    head = dotted(
        bold(Sentence("Lead {id}", id=one.id)),
        one.contact,
        said(one.status),
        Sentence("score {n}", n=one.score),
        None if one.owner is None else Sentence("with {person}", person=one.owner),
        f"#{one.conversation_id}",
    )
    return (head, quote(excerpt(one.needs[-1], _LONGEST_NEED))) if one.needs else (head,)


def _score_told(one: Lead) -> Line:
    told: list[Span | Text] = [Sentence("score {n}", n=one.score)]
    for place, (part, points) in enumerate(one.score_parts.items()):
        told += [" = " if place == 0 else " + ", PARTS_SAID[part], f" {points}"]
    return line(*told)


def _statuses(one: Lead) -> tuple[Button, ...]:
    labels = {
        LeadStatus.CONTACTED: Sentence("Contacted"),
        LeadStatus.WON: Sentence("Won"),
        LeadStatus.LOST: Sentence("Lost"),
        LeadStatus.DROPPED: Sentence("No lead"),
    }
    return tuple(
        Button(label, Press("lead-status", (str(one.id), status.value)))
        for status, label in labels.items()
        if status is not one.status
    )

"""How a conversation stands and who has it: each act is a form that calls the function the chat calls."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from inbox import work
from inbox.clocks import acknowledge
from inbox.corrections import correct, take_back
from inbox.errors import BadInput
from inbox.leadwork import mark_lead
from inbox.model import Label
from inbox.sentences import Sentence
from web.acts import PREFIX, Working, back, message_of, until
from web.going_on import Done, filters_of, neighbour_of, on_to_next

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.post("/note")
def note(act: Working, conversation: int) -> Response:
    """Write a note for the team."""
    work.add_note(act.desk, conversation, text=act.text("text"), by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/claim")
def claim(act: Working, conversation: int) -> Response:
    """Take the conversation in hand."""
    work.claim(act.desk, conversation, by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/release")
def release(act: Working, conversation: int) -> Response:
    """Give the conversation back to all."""
    work.release(act.desk, conversation, by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/assign")
def assign(act: Working, conversation: int) -> Response:
    """Give the conversation to somebody, or put it in a queue."""
    work.assign(act.desk, conversation, to=act.text("to"), by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/resolve")
def resolve(act: Working, conversation: int) -> Response:
    """Close the conversation, and go on to the next."""
    neighbour = neighbour_of(act.visitor, filters_of(act), conversation)
    work.resolve(act.desk, conversation, by=act.visitor.person.actor)
    return on_to_next(act, Done("resolved", conversation), neighbour=neighbour)


@router.post("/reopen")
def reopen(act: Working, conversation: int) -> Response:
    """Open the conversation again."""
    work.reopen(act.desk, conversation, by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/snooze")
def snooze(act: Working, conversation: int) -> Response:
    """Put the conversation off, for a time or until a moment, and go on to the next."""
    neighbour = neighbour_of(act.visitor, filters_of(act), conversation)
    moment = until(act, act.text("until", "") or act.text("for"))
    work.snooze(act.desk, conversation, until=moment, by=act.visitor.person.actor)
    return on_to_next(act, Done("snoozed", conversation), neighbour=neighbour)


@router.post("/escalate")
def escalate(act: Working, conversation: int) -> Response:
    """Hand the conversation to a queue, with a time by which it is due."""
    queue = act.text("queue", "customer-service")
    work.escalate(act.desk, conversation, by=act.visitor.person.actor, queue=queue)
    return back(act, conversation)


@router.post("/ack")
def ack(act: Working, conversation: int) -> Response:
    """Say that one has seen an escalation."""
    acknowledge(act.desk, conversation, by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/lead")
def lead(act: Working, conversation: int) -> Response:
    """Mark the conversation as a sales lead."""
    mark_lead(act.desk, conversation, by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/label")
def label(act: Working, conversation: int) -> Response:
    """Say what a message is; nothing ticked says that it is none of the labels."""
    ticked = act.all("label")
    if not set(ticked) <= set(Label):
        raise BadInput(Sentence("There is no such label."))
    message = message_of(act, conversation, act.number("message"))
    correct(act.desk, message.id, after=[Label(one) for one in ticked], by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/undo-label")
def undo_label(act: Working, conversation: int) -> Response:
    """Take back what was said about the labels of a message."""
    take_back(act.desk, message_of(act, conversation, act.number("message")).id, by=act.visitor.person.actor)
    return back(act, conversation)

"""What people do with one conversation: each act is a form that calls the function the chat calls, and leads back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox import work
from inbox.cases import CaseAct, Order
from inbox.clocks import acknowledge
from inbox.corrections import correct, take_back
from inbox.drafting import change_draft, write_draft
from inbox.durations import duration
from inbox.errors import BadInput, Collision, NotFound, NotPossible, Unsendable
from inbox.leadwork import mark_lead
from inbox.model import Label
from inbox.moderation import moderate, undo
from inbox.people import Right
from inbox.replies import discard_draft, edit_sent, refuse_repeating, retract_sent, send_draft, undo_send
from inbox.sentences import Sentence
from inbox.views import DraftView
from web.filters import Filters
from web.pages.inbox import inbox_page, open_conversation
from web.visitor import Act, acting

router = APIRouter(prefix="/b/{brand}/c/{conversation}", include_in_schema=False)

Working = Annotated[Act, Depends(acting(Right.WORK))]
Moderating = Annotated[Act, Depends(acting(Right.MODERATE))]


@router.post("/reply")
def reply(act: Working, conversation: int) -> Response:
    """Send words: a draft as it was shown, a draft changed, or words of one's own; they leave when the hold is over."""
    by, text = act.visitor.person.actor, act.text("text")
    after, insists = act.text("after", "") or None, bool(act.text("insists", ""))
    if (draft := act.text("draft", "")) and draft.isdigit():
        draft_id = _of_conversation(act, conversation, int(draft))
    else:
        refuse_repeating(act.desk, conversation, text=text, by=by)
        response = act.text("response", "") or None
        draft_id = write_draft(act.desk, conversation, text=text, by=by, response=response).id
    try:
        send_draft(act.desk, draft_id, by=by, text=text, after=after, insists=insists)
    except NotPossible as error:
        kept = change_draft(act.desk, draft_id, text=text, by=by)
        return _kept(act, conversation, kept, error, after=after)
    return _back(act, conversation)


@router.post("/draft")
def draft(act: Working, conversation: int) -> Response:
    """Keep words as a draft: nothing is sent."""
    text, by = act.text("text"), act.visitor.person.actor
    if (known := act.text("draft", "")) and known.isdigit():
        change_draft(act.desk, int(known), text=text, by=by)
    else:
        write_draft(act.desk, conversation, text=text, by=by)
    return _back(act, conversation)


@router.post("/discard")
def discard(act: Working, conversation: int) -> Response:
    """Throw a draft away."""
    discard_draft(act.desk, act.number("draft"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/undo-send")
def take_back_send(act: Working, conversation: int) -> Response:
    """Keep from leaving what has not left yet."""
    undo_send(act.desk, act.number("send"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/edit-sent")
def change_sent(act: Working, conversation: int) -> Response:
    """Change a reply that has left, where the channel allows it."""
    edit_sent(act.desk, act.number("send"), text=act.text("text"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/retract")
def retract(act: Working, conversation: int) -> Response:
    """Take a reply back that has left, where the channel allows it."""
    retract_sent(act.desk, act.number("send"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/reveal")
def reveal(act: Working, conversation: int) -> HTMLResponse:
    """Show a text that is kept from view; that somebody has seen it is counted."""
    shown = act.number("message")
    work.reveal(act.desk, shown, by=act.visitor.person.actor)
    return inbox_page(act.visitor, Filters(), opened=open_conversation(act.visitor, conversation, revealed=shown))


@router.post("/note")
def note(act: Working, conversation: int) -> Response:
    """Write a note for the team."""
    work.add_note(act.desk, conversation, text=act.text("text"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/claim")
def claim(act: Working, conversation: int) -> Response:
    """Take the conversation in hand."""
    work.claim(act.desk, conversation, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/release")
def release(act: Working, conversation: int) -> Response:
    """Give the conversation back to all."""
    work.release(act.desk, conversation, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/assign")
def assign(act: Working, conversation: int) -> Response:
    """Give the conversation to somebody, or put it in a queue."""
    work.assign(act.desk, conversation, to=act.text("to"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/resolve")
def resolve(act: Working, conversation: int) -> Response:
    """Close the conversation."""
    work.resolve(act.desk, conversation, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/reopen")
def reopen(act: Working, conversation: int) -> Response:
    """Open the conversation again."""
    work.reopen(act.desk, conversation, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/snooze")
def snooze(act: Working, conversation: int) -> Response:
    """Put the conversation off."""
    until = act.visitor.now() + length(act.text("for"))
    work.snooze(act.desk, conversation, until=until, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/escalate")
def escalate(act: Working, conversation: int) -> Response:
    """Hand the conversation to a queue, with a time by which it is due."""
    queue = act.text("queue", "customer-service")
    work.escalate(act.desk, conversation, by=act.visitor.person.actor, queue=queue)
    return _back(act, conversation)


@router.post("/ack")
def ack(act: Working, conversation: int) -> Response:
    """Say that one has seen an escalation."""
    acknowledge(act.desk, conversation, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/lead")
def lead(act: Working, conversation: int) -> Response:
    """Mark the conversation as a sales lead."""
    mark_lead(act.desk, conversation, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/label")
def label(act: Working, conversation: int) -> Response:
    """Say what a message is; nothing ticked says that it is none of the labels."""
    ticked = act.all("label")
    if not set(ticked) <= set(Label):
        raise BadInput(Sentence("There is no such label."))
    message_id = act.number("message")
    correct(act.desk, message_id, after=[Label(one) for one in ticked], by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/undo-label")
def undo_label(act: Working, conversation: int) -> Response:
    """Take back what was said about the labels of a message."""
    take_back(act.desk, act.number("message"), by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/moderate")
def act_on(act: Moderating, conversation: int) -> Response:
    """Do something about a message or its author."""
    kind = act.text("act")
    if kind not in set(CaseAct):
        raise BadInput(Sentence("There is no such act."))
    lasts = act.text("for", "")
    order = Order(
        CaseAct(kind),
        act.number("message"),
        act.text("reason", ""),
        duration=length(lasts) if lasts else None,
        silent=bool(act.text("silent", "")),
    )
    moderate(act.desk, order, by=act.visitor.person.actor)
    return _back(act, conversation)


@router.post("/undo-case")
def undo_case(act: Moderating, conversation: int) -> Response:
    """Take back what was done in a case."""
    undo(act.desk, act.number("case"), by=act.visitor.person.actor)
    return _back(act, conversation)


def _of_conversation(act: Act, conversation: int, draft_id: int) -> int:
    """A draft that is one of the conversation it is named with.

    Raises:
        NotFound: It is not.
    """
    if draft_id not in {one.id for one in work.find(act.desk, conversation).drafts}:
        raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
    return draft_id


def length(text: str) -> timedelta:
    """A length of time such as 30m, 2h, 3d or 1w.

    Raises:
        BadInput: It is none.
    """
    found = duration(text)
    if found is None:
        raise BadInput(Sentence('"{text}" is no length of time. Write 30m, 2h, 3d or 1w.', text=text))
    return found


def _back(act: Act, conversation: int) -> RedirectResponse:
    return act.back(f"inbox/{conversation}")


def _kept(act: Act, conversation: int, draft: DraftView, error: NotPossible, *, after: str | None) -> HTMLResponse:
    """Say why words were not sent; they are kept as a draft, to be changed or, where that may be, sent all the same.

    A colleague who was first is passed over by naming his answer, the checks by insisting.
    """
    answer = error.answer if isinstance(error, Collision) else None
    insists = isinstance(error, Unsendable) and error.may_insist
    return act.visitor.page(
        "kept.html.jinja",
        status=409,
        conversation=conversation,
        draft=draft,
        reasons=error.findings if isinstance(error, Unsendable) else (error.sentence,),
        answer=answer,
        after=answer or after or "",
        insists=insists,
        may_send=insists or answer is not None,
    )

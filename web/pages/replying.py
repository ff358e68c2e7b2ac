"""Answering a conversation: send, keep, check, change and take back words. What was typed is never lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox import work
from inbox.checks import mended
from inbox.drafting import change_draft, write_draft
from inbox.errors import AwaitsApproval, NotPossible
from inbox.people import Right
from inbox.proofreading import spoken_in
from inbox.replies import discard_draft, edit_sent, refuse_repeating, retract_sent, send_draft, undo_send
from inbox.sentences import Sentence
from inbox.text import fold
from inbox.views import SendView
from web.acts import PREFIX, Working, back, draft_of, send_of, shown_again
from web.going_on import Done, filters_of, neighbour_of, on_to_next
from web.opened import Box, Change, checked, prepare, prepared, reasons_of, refused
from web.pages.inbox import TOLD
from web.visitor import Act, Visitor, looking

router = APIRouter(prefix=PREFIX, include_in_schema=False)

Answering = Annotated[Visitor, Depends(looking(Right.WORK))]


@router.post("/reply")
def reply(act: Working, conversation: int) -> Response:
    """Send words: a draft as it was shown, a draft changed, or words of one's own; they leave when the hold is over.

    With `then` they also close the conversation.
    """
    neighbour = neighbour_of(act.visitor, filters_of(act), conversation) if act.text("then", "") else None
    box = _box(act, conversation)
    try:
        box = _drafted(act, conversation, box)
        sent = _send(act, box)
    except AwaitsApproval:
        return back(act, conversation)
    except NotPossible as error:
        return shown_again(act, conversation, box=refused(_kept(act, box), error))
    if not act.text("then", ""):
        return back(act, conversation)
    work.resolve(act.desk, conversation, by=act.visitor.person.actor)
    return on_to_next(act, Done("sent", conversation, sent.id), neighbour=neighbour)


@router.post("/draft")
def draft(act: Working, conversation: int) -> Response:
    """Keep words as a draft: nothing is sent."""
    box = _box(act, conversation)
    try:
        if box.draft_id is not None:
            change_draft(act.desk, box.draft_id, text=box.text, by=act.visitor.person.actor)
        else:
            _drafted(act, conversation, box)
    except NotPossible as error:
        return shown_again(act, conversation, box=refused(box, error))
    return back(act, conversation)


@router.post("/check")
def check(act: Working, conversation: int) -> HTMLResponse:
    """Say what the checks find in the words, and keep them in the box; with `mend` the spacing is set right first."""
    box = _box(act, conversation)
    view = work.find(act.desk, conversation)
    if act.text("mend", ""):
        lang = spoken_in(view, view.last.id if view.last else None, brand=act.desk.brand)
        box = replace(box, text=mended(box.text, checked(act.visitor, view, box.text), lang=lang))
    found = checked(act.visitor, view, box.text, response=box.response)
    good = () if found else (Sentence("The checks find nothing."),)
    return shown_again(act, conversation, status=200, box=replace(box, findings=found, remarks=good))


@router.get("/responses")
def responses(who: Answering, conversation: int, q: str = "") -> HTMLResponse:
    """Show the canned responses, filled for this conversation, to choose from."""
    view = work.find(who.desk, conversation)
    wanted = fold(q.strip())
    found = [one for one in prepared(who, view) if wanted in fold(f"{one.code} {one.title} {one.text}")]
    return who.page("responses.html.jinja", **TOLD, conversation=conversation, view=view, found=found, q=q)


@router.post("/discard")
def discard(act: Working, conversation: int) -> Response:
    """Throw a draft away."""
    discard_draft(act.desk, draft_of(act, conversation), by=act.visitor.person.actor)
    return back(act, conversation)


@router.post("/undo-send")
def take_back_send(act: Working, conversation: int) -> Response:
    """Keep from leaving what has not left yet; with `reopen` the conversation is open again too."""
    by = act.visitor.person.actor
    undo_send(act.desk, send_of(act, conversation), by=by)
    if act.text("reopen", ""):
        work.reopen(act.desk, conversation, by=by)
    return back(act, conversation)


@router.post("/edit-sent")
def change_sent(act: Working, conversation: int) -> Response:
    """Change a reply that has left, where the channel allows it."""
    send_id, text, insists = send_of(act, conversation), act.text("text"), bool(act.text("insists", ""))
    try:
        edit_sent(act.desk, send_id, text=text, by=act.visitor.person.actor, insists=insists)
    except NotPossible as error:
        return shown_again(act, conversation, change=Change(send_id, text, reasons_of(error)))
    return back(act, conversation)


@router.post("/retract")
def retract(act: Working, conversation: int) -> Response:
    """Take a reply back that has left, where the channel allows it."""
    retract_sent(act.desk, send_of(act, conversation), by=act.visitor.person.actor)
    return back(act, conversation)


def _box(act: Act, conversation: int) -> Box:
    """What was filled in.

    Raises:
        NotFound: The draft is not one of the conversation.
    """
    draft_id = draft_of(act, conversation) if act.text("draft", "") else None
    return Box(
        text=act.text("text"),
        draft_id=draft_id,
        response=act.text("response", "") or None,
        after=act.text("after", ""),
        insists=bool(act.text("insists", "")),
        privately=act.text("how", "") == "private",
    )


def _drafted(act: Act, conversation: int, box: Box) -> Box:
    """The box with its words kept as a draft, where they are none yet.

    Raises:
        NotPossible: They were sent already, or nobody can be answered.
    """
    if box.draft_id is not None:
        return box
    by = act.visitor.person.actor
    refuse_repeating(act.desk, conversation, text=box.text, by=by)
    view = work.find(act.desk, conversation)
    chosen = prepare(act.visitor, view, box.response) if box.response else None
    # Words that were changed are somebody's own, and no longer those of the response.
    response = box.response if chosen is not None and chosen.text.strip() == box.text else None
    made = write_draft(act.desk, conversation, text=box.text, by=by, response=response)
    return replace(box, draft_id=made.id)


def _send(act: Act, box: Box) -> SendView:
    assert box.draft_id is not None  # noqa: S101  # words are drafted before they are sent
    return send_draft(
        act.desk,
        box.draft_id,
        by=act.visitor.person.actor,
        text=box.text,
        after=box.after or None,
        insists=box.insists,
        privately=box.privately,
    )


def _kept(act: Act, box: Box) -> Box:
    """The box with its words in its draft; without a draft where that is not open any more."""
    if box.draft_id is None:
        return box
    try:
        kept = change_draft(act.desk, box.draft_id, text=box.text, by=act.visitor.person.actor)
    except NotPossible:
        return replace(box, draft_id=None)
    return replace(box, findings=kept.findings)

"""What programs do with conversations: each act calls the function that the page and the chat call."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from inbox import drafting, work
from inbox.corrections import correct, take_back
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.programs import Scope
from inbox.replies import discard_draft, refuse_repeating, send_draft, undo_send
from inbox.sentences import Sentence
from inbox.switches import PAUSED
from inbox.views import ConversationView, SendView
from web.api.answers import DraftOut, LabelsOut, SendOut, WholeOut
from web.api.door import Door, Program, holding
from web.api.reading import draft_told, whole
from web.api.shapes import (
    AssignmentIn,
    DraftChange,
    DraftIn,
    EscalationIn,
    Id,
    LabelsIn,
    NoteIn,
    ReplyIn,
    StatusIn,
)
from web.problems import Refused

router = APIRouter(route_class=Door)

Working = Annotated[Program, Depends(holding(Scope.CONVERSATIONS_WRITE))]
Replying = Annotated[Program, Depends(holding(Scope.REPLIES_WRITE))]
Labelling = Annotated[Program, Depends(holding(Scope.LABELS_WRITE))]


@router.post("/conversations/{conversation}/replies", status_code=201, tags=["Replies"])
def reply(program: Replying, conversation: Id, reply: ReplyIn) -> SendOut:
    """Send words to the contact. They leave when the hold is over, and are looked at again as they do.

    While sending is paused nothing is taken, and a person has to decide. Refused words are kept as a draft, whose
    number the problem names; where a colleague was first, it names his words: send them as `after` to answer after all.
    """
    desk, by = program.desk, program.actor
    _refuse_paused(program)
    view = work.find(desk, conversation)
    draft_id = reply.draft
    if draft_id is None:
        refuse_repeating(desk, conversation, text=reply.text, by=by)
        draft_id = drafting.write_draft(desk, conversation, text=reply.text, by=by).id
    elif draft_id not in {one.id for one in view.drafts}:
        raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
    try:
        sent = send_draft(
            desk,
            draft_id,
            by=by,
            text=reply.text,
            after=reply.after,
            insists=reply.insists,
            privately=reply.privately,
        )
    except NotPossible as error:
        raise Refused.of(error, draft=draft_id) from error
    return _sent(program, sent)


@router.post("/sends/{send}/undo", tags=["Replies"])
def undo(program: Replying, send: Id) -> SendOut:
    """Take back something that has not left yet; its draft is open again."""
    return _sent(program, undo_send(program.desk, send, by=program.actor))


@router.post("/conversations/{conversation}/drafts", status_code=201, tags=["Drafts and notes"])
def write_draft(program: Working, conversation: Id, draft: DraftIn) -> DraftOut:
    """Keep words for a person to send."""
    by = program.actor
    response = draft.response if draft.response in program.desk.responses else None
    if draft.response is not None and response is None:
        raise NotFound(Sentence("There is no canned response {code}.", code=draft.response))
    made = drafting.write_draft(program.desk, conversation, text=draft.text, by=by, response=response)
    return draft_told(program, made.id, work.find(program.desk, conversation))


@router.patch("/drafts/{draft}", tags=["Drafts and notes"])
def change_draft(program: Working, draft: Id, change: DraftChange) -> DraftOut:
    """Give an open draft other words."""
    changed = drafting.change_draft(program.desk, draft, text=change.text, by=program.actor)
    return draft_told(program, draft, work.find(program.desk, changed.conversation_id))


@router.delete("/drafts/{draft}", status_code=204, tags=["Drafts and notes"])
def drop_draft(program: Working, draft: Id) -> None:
    """Throw a draft away."""
    discard_draft(program.desk, draft, by=program.actor)


@router.post("/conversations/{conversation}/notes", status_code=201, tags=["Drafts and notes"])
def write_note(program: Working, conversation: Id, note: NoteIn) -> WholeOut:
    """Write a note for the team. It never leaves."""
    view, _ = work.add_note(program.desk, conversation, text=note.text, by=program.actor)
    return whole(program, view)


@router.post("/conversations/{conversation}/status", tags=["Conversations"])
def set_status(program: Working, conversation: Id, asked: StatusIn) -> WholeOut:
    """Open, snooze or resolve a conversation."""
    desk, by = program.desk, program.actor
    view: ConversationView
    if asked.status == "snoozed":
        if asked.until is None:
            raise BadInput(Sentence("Say until when: until."))
        view = work.snooze(desk, conversation, until=asked.until, by=by)
    elif asked.status == "resolved":
        view = work.resolve(desk, conversation, by=by)
    else:
        view = work.reopen(desk, conversation, by=by)
    return whole(program, view)


@router.post("/conversations/{conversation}/assignment", tags=["Conversations"])
def assign(program: Working, conversation: Id, asked: AssignmentIn) -> WholeOut:
    """Give a conversation to somebody of the team, or put it in a queue."""
    return whole(program, work.assign(program.desk, conversation, to=asked.to, by=program.actor))


@router.post("/conversations/{conversation}/escalation", tags=["Conversations"])
def escalate(program: Working, conversation: Id, asked: EscalationIn) -> WholeOut:
    """Hand a conversation to a queue, with the moments at which it is due."""
    desk, by = program.desk, program.actor
    return whole(program, work.escalate(desk, conversation, by=by, queue=asked.queue, severity=asked.severity))


@router.put("/messages/{message}/labels", tags=["Labels"])
def set_labels(program: Labelling, message: Id, asked: LabelsIn) -> LabelsOut:
    """Say what a message is; the same as the model confirms it. Models may learn from it where the channel allows."""
    done = correct(program.desk, message, after=asked.labels, by=program.actor, why=asked.why)
    return LabelsOut(message=message, before=[*done.before], labels=[*done.after])


@router.delete("/messages/{message}/labels", tags=["Labels"])
def reset_labels(program: Labelling, message: Id) -> LabelsOut:
    """Take a correction back: the model's labels stand again."""
    with program.desk.store.read() as books:
        stood = books.labels_of(message)
    stands = take_back(program.desk, message, by=program.actor)
    return LabelsOut(message=message, before=[*stood.labels] if stood else [], labels=[*stands.labels])


def _refuse_paused(program: Program) -> None:
    with program.desk.store.read() as books:
        paused = books.switch(PAUSED)
    if paused.is_on:
        raise NotPossible(Sentence("Sending is paused: nothing is taken from programs. Keep a draft for a person."))


def _sent(program: Program, send: SendView) -> SendOut:
    return SendOut(
        id=send.id,
        kind=send.kind,
        text=send.text,
        by=send.actor.name,
        state=send.state,
        not_before=send.not_before,
        external_id=send.external_id,
        error=None if send.error is None else program.tell(send.error),
    )

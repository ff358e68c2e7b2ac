"""Conversations as programs read them: the queue page by page, one of them, its messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from inbox import work
from inbox.errors import BadInput
from inbox.model import Label
from inbox.programs import Scope
from inbox.sentences import Sentence
from inbox.views import ConversationView, MessageView, QueueItem, Spot
from web.api.answers import (
    ConversationOut,
    ConversationsOut,
    DraftOut,
    EscalationOut,
    MessageOut,
    MessagesOut,
    NoteOut,
    SendOut,
    TokenOut,
    WholeOut,
)
from web.api.door import Door, Program, holding, known
from web.api.shapes import Id, MessagesAsked, QueueAsked
from web.filters import Filters, read_spot, write_spot

router = APIRouter(route_class=Door, tags=["Conversations"])

Reading = Annotated[Program, Depends(holding(Scope.CONVERSATIONS_READ))]


@router.get("/token", tags=["Token"])
def show_token(program: Annotated[Program, Depends(known)]) -> TokenOut:
    """Show which token asks, for which brand, and what it may be used for."""
    token = program.token
    return TokenOut(name=token.name, brand=token.brand, scopes=sorted(token.scopes))


@router.get("/conversations")
def list_conversations(program: Reading, asked: Annotated[QueueAsked, Query()]) -> ConversationsOut:
    """List conversations in the order of the queue everywhere, with the filters of the page."""
    filters = Filters.of(asked.model_dump(mode="json", exclude={"cursor", "limit"}, exclude_none=True))
    wanted = filters.wanted(me=program.actor.name, zone=program.desk.brand.hours.zone, limit=asked.limit + 1)
    if asked.cursor is not None:
        wanted = replace(wanted, after=_place(asked.cursor))
    with program.desk.store.read() as books:
        items = books.queue(wanted)
    page = items[: asked.limit]
    return ConversationsOut(
        conversations=[_listed(one) for one in page],
        next=write_spot(page[-1].spot) if len(items) > asked.limit else None,
    )


@router.get("/conversations/{conversation}")
def show_conversation(program: Reading, conversation: Id) -> WholeOut:
    """Show one conversation, with its drafts, what is on its way, and the notes of the team."""
    return whole(program, work.find(program.desk, conversation))


@router.get("/conversations/{conversation}/messages")
def list_messages(program: Reading, conversation: Id, asked: Annotated[MessagesAsked, Query()]) -> MessagesOut:
    """List the messages of a conversation, ours too, the oldest first."""
    messages = work.find(program.desk, conversation).messages
    begins = 0
    if asked.after is not None:
        places = [place for place, one in enumerate(messages) if one.id == asked.after]
        if not places:
            raise BadInput(Sentence("There is no message {id}.", id=asked.after))
        begins = places[0] + 1
    page = messages[begins : begins + asked.limit]
    more = len(messages) > begins + asked.limit
    return MessagesOut(messages=[_message(one) for one in page], next=page[-1].id if more else None)


def whole(program: Program, view: ConversationView) -> WholeOut:
    """A conversation as it is told."""
    tell, escalation = program.tell, view.escalation
    return WholeOut(
        id=view.id,
        channel=view.channel,
        thread=view.thread,
        contact=view.contact,
        contact_id=view.contact_id,
        visibility=view.visibility,
        status=view.status,
        priority=view.priority,
        queue=view.queue,
        tags=list(view.tags),
        assignee=view.assignee,
        claimed_by=view.held_by(program.desk.clock()),
        snooze_until=view.snooze_until,
        escalation=None if escalation is None else EscalationOut.model_validate(escalation),
        drafts=[draft_told(program, one.id, view) for one in view.drafts],
        sends=[
            SendOut(
                id=one.id,
                kind=one.kind,
                text=one.text,
                by=one.actor.name,
                state=one.state,
                not_before=one.not_before,
                external_id=one.external_id,
                error=None if one.error is None else tell(one.error),
            )
            for one in view.sends
        ],
        notes=[NoteOut.model_validate(one) for one in view.notes],
    )


def draft_told(program: Program, draft_id: int, view: ConversationView) -> DraftOut:
    """One draft of a conversation as it is told."""
    one = next(draft for draft in view.drafts if draft.id == draft_id)
    return DraftOut(
        id=one.id,
        text=one.text,
        lang=one.lang,
        response=one.response,
        rule=one.rule,
        state=one.state,
        findings=[program.tell(finding.sentence) for finding in one.findings],
        created_at=one.created_at,
    )


def _listed(item: QueueItem) -> ConversationOut:
    names = [name for name in ConversationOut.model_fields if name not in {"id", "claimed_by"}]
    told = {name: getattr(item, name) for name in names}
    return ConversationOut.model_validate(told | {"id": item.conversation_id, "claimed_by": item.claimed_by})


def _message(one: MessageView) -> MessageOut:
    read = one.prediction
    return MessageOut(
        id=one.id,
        external_id=one.external_id,
        is_ours=one.is_ours,
        author=one.author,
        text=one.text,
        kind=one.kind,
        visibility=one.visibility,
        sent_at=one.sent_at,
        edited_at=one.edited_at,
        deleted_at=one.deleted_at,
        lang=None if read is None else read.lang,
        labels=[label.value for label in one.labels],
        scores={} if read is None else {Label(label).value: round(score, 4) for label, score in read.scores.items()},
        is_unsure=one.is_unsure,
        is_corrected=one.corrected is not None,
        severity=one.severity,
        rules=[] if one.decision is None else list(one.decision.because),
    )


def _place(cursor: str) -> Spot:
    """The place in the queue that a cursor names.

    Raises:
        BadInput: It is none of ours.
    """
    found = read_spot(cursor)
    if found is None:
        raise BadInput(Sentence("This cursor is none of ours. Begin again without one."))
    return found

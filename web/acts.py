"""What all acts on a conversation share: where they are, who may do them, and where they lead back to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from inbox import work
from inbox.errors import BadInput, NotFound
from inbox.moments import moment_to_come
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.views import MessageView
from web.going_on import filters_of
from web.opened import Box, Change, open_conversation
from web.pages.inbox import inbox_page
from web.visitor import Act, acting, within

PREFIX = "/b/{brand}/c/{conversation}"
"""Where everything is that is done with a conversation."""

Working = Annotated[Act, Depends(acting(Right.WORK))]
Moderating = Annotated[Act, Depends(acting(Right.MODERATE))]


def back(act: Act, conversation: int) -> RedirectResponse:
    """To where the form stood, else to the conversation."""
    return act.back(f"inbox/{conversation}")


def shown_again(
    act: Act,
    conversation: int,
    *,
    status: int = 409,
    box: Box | None = None,
    change: Change | None = None,
    revealed: int | None = None,
    exposures: int = 0,
) -> HTMLResponse:
    """The conversation as an answer to a form: with the words that were typed, and what is to be said of them."""
    # Forms on this page lead back to where the conversation is, not to the act that showed it.
    here = within(act.text("next", ""), act.visitor.url(f"inbox/{conversation}"))
    who = replace(act.visitor, address=here)
    opened = open_conversation(who, conversation, box=box, change=change, revealed=revealed, exposures=exposures)
    return inbox_page(who, filters_of(act), opened=opened, status=status)


def message_of(act: Act, conversation: int, message_id: int) -> MessageView:
    """A message that is one of the conversation it is named with.

    Raises:
        NotFound: It is not.
    """
    found = next((one for one in work.find(act.desk, conversation).messages if one.id == message_id), None)
    if found is None:
        raise NotFound(Sentence("There is no message {id}.", id=message_id))
    return found


def send_of(act: Act, conversation: int) -> int:
    """The number of what is sent, which the form names, where it is sent in the conversation that it is named with.

    Raises:
        NotFound: It is not.
    """
    send_id = act.number("send")
    if send_id not in {one.id for one in work.find(act.desk, conversation).sends}:
        raise NotFound(Sentence("There is no number {id} in the outbox.", id=send_id))
    return send_id


def draft_of(act: Act, conversation: int) -> int:
    """The number of the draft that the form names, where it is one of the conversation that it is named with.

    Raises:
        NotFound: It is not.
    """
    draft_id = act.number("draft")
    if draft_id not in {one.id for one in work.find(act.desk, conversation).drafts}:
        raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
    return draft_id


def until(act: Act, text: str) -> datetime:
    """A moment to come, such as `4h`, `Monday 9:00` or a date, by the clock of the brand.

    Raises:
        BadInput: It is none.
    """
    found = moment_to_come(text, now=act.visitor.now(), zone=act.desk.brand.hours.zone)
    if found is None:
        raise BadInput(
            Sentence('"{text}" is no moment. Write 4h, 2d, Monday 9:00, tomorrow, or 2026-12-24 9:00.', text=text)
        )
    return found

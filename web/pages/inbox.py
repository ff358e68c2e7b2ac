"""The inbox: the list, the conversation that is open, and what surrounds it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from inbox import work
from inbox.audit import AuditLine
from inbox.care import is_blurred
from inbox.cases import CaseView, name_of
from inbox.drafting import Suggestion, suggest
from inbox.model import Label, Status
from inbox.moderation import list_cases
from inbox.proposals import proposals
from inbox.sla import Promise, stands
from inbox.team import list_members
from inbox.telling import (
    CLOCKS,
    HIDDEN,
    KINDS,
    cases_told,
    channel_name,
    known_since_told,
    label_told,
    language_told,
    part_told,
    percent,
    reasons,
    visibility_told,
)
from inbox.views import ConversationView, MessageView, QueueItem
from web.filters import ANY, ME, PAGE, UNSURE, Filters
from web.visitor import Visitor, looking

router = APIRouter(include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]

TOLD: Mapping[str, Any] = {
    "CLOCKS": CLOCKS,
    "HIDDEN": HIDDEN,
    "KINDS": KINDS,
    "cases_told": cases_told,
    "channel_name": channel_name,
    "known_since_told": known_since_told,
    "label_told": label_told,
    "language_told": language_told,
    "part_told": part_told,
    "percent": percent,
    "proposals": proposals,
    "reasons": reasons,
    "visibility_told": visibility_told,
    "is_blurred": is_blurred,
    "Label": Label,
    "Status": Status,
    "case_name": name_of,
}
"""What the templates of the inbox tell with."""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list, with the promise that is due next and whether its text is kept from view."""

    item: QueueItem
    promise: Promise | None
    is_blurred: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation that is open, with all that surrounds it.

    `revealed` is a message that this person has asked to see.
    """

    view: ConversationView
    suggestions: Sequence[Suggestion]
    cases: Sequence[CaseView]
    promise: Promise | None
    history: Sequence[AuditLine]
    revealed: int | None

    @property
    def subject(self) -> MessageView | None:
        """The message that has to be seen of it."""
        return self.view.subject


@router.get("/b/{brand}/inbox")
def show_list(request: Request, who: Looking) -> HTMLResponse:
    """Show the list alone."""
    return inbox_page(who, Filters.of(request.query_params), opened=None)


@router.get("/b/{brand}/inbox/{conversation}")
def show_conversation(request: Request, who: Looking, conversation: int) -> HTMLResponse:
    """Show the list with a conversation open."""
    return inbox_page(who, Filters.of(request.query_params), opened=open_conversation(who, conversation))


def open_conversation(who: Visitor, conversation_id: int, *, revealed: int | None = None) -> Opened:
    """A conversation with all that surrounds it; `revealed` is a message that is shown though it is blurred.

    Raises:
        NotFound: There is no such conversation.
    """
    view = work.find(who.desk, conversation_id)
    return Opened(
        view=view,
        suggestions=suggest(who.desk, view),
        cases=list_cases(who.desk, conversation_id=view.id, limit=10),
        promise=next(iter(stands(view, now=who.now(), hours=who.desk.brand.hours)), None),
        history=view.audit[-12:],
        revealed=revealed,
    )


def list_rows(who: Visitor, filters: Filters, *, limit: int = PAGE) -> list[Row]:
    """The conversations that are asked for, the most pressing first."""
    with who.desk.store.read() as books:
        items = books.queue(filters.wanted(me=who.person.name, limit=limit))
    hours = who.desk.brand.hours
    return [
        Row(
            item,
            next(iter(stands(item, now=who.now(), hours=hours)), None),
            is_blurred(item.labels, item.severity) or is_blurred([Label.OFFENSIVE], item.offends),
        )
        for item in items
    ]


def inbox_page(who: Visitor, filters: Filters, *, opened: Opened | None) -> HTMLResponse:
    """The list, with a conversation open or with none."""
    rows = list_rows(who, filters, limit=PAGE + 1)
    with who.desk.store.read() as books:
        channels = [one.name for one in books.channels()]
    return who.page(
        "inbox.html.jinja",
        **TOLD,
        filters=filters,
        views=_views(filters),
        rows=rows[:PAGE],
        has_more=len(rows) > PAGE,
        opened=opened,
        channels=channels,
        queues=sorted(who.desk.brand.teams),
        members=[one.name for one in list_members(who.desk)],
        abilities=who.desk.abilities_of(opened.view.channel) if opened else None,
        ANY=ANY,
        UNSURE=UNSURE,
    )


def _views(filters: Filters) -> list[tuple[str, str, bool]]:
    """The ready-made views as name, address and whether it is the one shown; names are translated by the template."""
    ready = (
        ("all", Filters()),
        ("mine", Filters(assignee=ME)),
        ("complaints", Filters(label=Label.COMPLAINT.value)),
        ("leads", Filters(label=Label.SALES_LEAD.value)),
        ("offensive", Filters(label=Label.OFFENSIVE.value)),
        ("praise", Filters(label=Label.PRAISE.value)),
        ("unsure", Filters(label=UNSURE)),
        ("pending", Filters(status=Status.PENDING.value)),
        ("snoozed", Filters(status=Status.SNOOZED.value)),
        ("resolved", Filters(status=Status.RESOLVED.value)),
    )
    return [(name, one.query(), one == filters) for name, one in ready]

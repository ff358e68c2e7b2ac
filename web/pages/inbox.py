"""The inbox: the list, the conversation that is open, and what surrounds it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from inbox.care import is_blurred
from inbox.cases import CaseAct, name_of, to_do
from inbox.keeping_views import views_for
from inbox.model import Kind, Label, SlaState, Status, Visibility
from inbox.outgoing import OutboxKind
from inbox.people import Right
from inbox.proposals import proposals
from inbox.saved_views import SavedView
from inbox.sla import Promise, stands
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
from inbox.views import QueueItem
from web.filters import ANY, ME, NOBODY, PAGE, UNSURE, Filters, write_spot
from web.going_on import Done, done_in
from web.many import BULK_NAMES, acts_for
from web.opened import Opened, open_conversation, team_of
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
    "Kind": Kind,
    "Label": Label,
    "Status": Status,
    "case_name": name_of,
    "to_do": to_do,
    "CaseAct": CaseAct,
    "OutboxKind": OutboxKind,
    "Visibility": Visibility,
}
"""What the templates of the inbox tell with."""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list, with the promise that is due next and whether its text is kept from view."""

    item: QueueItem
    promise: Promise | None
    is_blurred: bool


@router.get("/b/{brand}/inbox")
def show_list(request: Request, who: Looking) -> HTMLResponse:
    """Show the list alone."""
    asked = request.query_params
    return inbox_page(who, Filters.of(asked), opened=None, done=done_in(asked))


@router.get("/b/{brand}/inbox/{conversation}")
def show_conversation(request: Request, who: Looking, conversation: int) -> HTMLResponse:
    """Show the list with a conversation open; `take` names a canned response to write with."""
    asked = request.query_params
    opened = open_conversation(who, conversation, take=asked.get("take", ""))
    return inbox_page(who, Filters.of(asked), opened=opened, done=done_in(asked))


def list_rows(who: Visitor, filters: Filters, *, limit: int = PAGE, among: Sequence[int] | None = None) -> list[Row]:
    """The conversations that are asked for, the most pressing first; only those `among` some where they are given."""
    wanted = filters.wanted(me=who.person.name, zone=who.desk.brand.hours.zone, limit=limit)
    with who.desk.store.read() as books:
        items = books.queue(wanted if among is None else replace(wanted, among=tuple(among)))
    hours = who.desk.brand.hours
    return [
        Row(
            item,
            next(iter(stands(item, now=who.now(), hours=hours)), None),
            is_blurred(item.labels, item.severity) or is_blurred([Label.OFFENSIVE], item.offends),
        )
        for item in items
    ]


def inbox_page(
    who: Visitor,
    filters: Filters,
    *,
    opened: Opened | None,
    done: Done | None = None,
    status: int = 200,
    frame: str = "page.html.jinja",
) -> HTMLResponse:
    """The list, with a conversation open or with none, and above it what was done just before.

    `frame` is the template that says which parts of it are shown.
    """
    with who.desk.store.read() as books:
        place = books.last_sealed()  # before the rows: what changes meanwhile is told, and not lost
    rows = list_rows(who, filters, limit=PAGE + 1)
    team = team_of(who)
    with who.desk.store.read() as books:
        channels = [one.name for one in books.channels()]
    return who.page(
        "inbox.html.jinja",
        status=status,
        **TOLD,
        frame=frame,
        place=place,
        go_on=who.url("inbox" if opened is None else f"inbox/{opened.view.id}") + filters.query(),
        done=done,
        filters=filters,
        views=_views(filters),
        rows=rows[:PAGE],
        next_page=filters.query(after=write_spot(rows[PAGE - 1].item.spot)) if len(rows) > PAGE else None,
        opened=opened,
        channels=channels,
        queues=sorted(who.desk.brand.teams),
        team=team,
        members=[one.name for one in team],
        abilities=who.desk.abilities_of(opened.view.channel) if opened else None,
        kept=_kept(who, filters),
        bulk_acts=acts_for(who),
        BULK_NAMES=BULK_NAMES,
        ANY=ANY,
        ME=ME,
        NOBODY=NOBODY,
        UNSURE=UNSURE,
        SLA_STATES=(SlaState.DUE_SOON, SlaState.BREACHED),
    )


def _views(filters: Filters) -> list[tuple[str, str, bool]]:
    """The ready-made views as name, address and whether it is the one shown; names are translated by the template."""
    ready = (
        ("all", Filters()),
        ("mine", Filters(assignee=ME)),
        ("free", Filters(assignee=NOBODY)),
        ("late", Filters(sla=SlaState.BREACHED.value)),
        ("complaints", Filters(label=Label.COMPLAINT.value)),
        ("leads", Filters(label=Label.SALES_LEAD.value)),
        ("offensive", Filters(label=Label.OFFENSIVE.value)),
        ("unsure", Filters(label=UNSURE)),
        ("praise", Filters(label=Label.PRAISE.value)),
        ("pending", Filters(status=Status.PENDING.value)),
        ("snoozed", Filters(status=Status.SNOOZED.value)),
        ("resolved", Filters(status=Status.RESOLVED.value)),
    )
    return [(name, one.query(), one == filters.whole) for name, one in ready]


@dataclass(frozen=True, slots=True)
class Kept:
    """A view that is kept, its address, whether it is the one shown, and whether he may remove it."""

    view: SavedView
    query: str
    is_here: bool
    may_remove: bool


def _kept(who: Visitor, filters: Filters) -> list[Kept]:
    """The views that the team has kept, then his own."""
    may_work = who.may(Right.WORK)
    kept = [(one, Filters.of_query(one.query)) for one in views_for(who.desk, who.person)]
    return [Kept(one, asked.query(), asked == filters.whole, may_work or one.owner is not None) for one, asked in kept]

"""One act on many conversations: chosen in the list, looked at, done, and taken back together."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.alike import find_alike
from inbox.bulk import MOST, BulkAct, BulkOrder, BulkState
from inbox.bulkwork import carry_out, find_bulk, list_bulks, look, take_back
from inbox.care import is_blurred
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.model import Label
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.team import require
from inbox.telling import HIDDEN, channel_name
from inbox.views import QueueItem
from web.acts import until
from web.going_on import filters_of
from web.many import BULK_NAMES, acts_for
from web.opened import team_of
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]

_STATES = {
    BulkState.PLANNED: Sentence("not reached: the program stopped before"),
    BulkState.DONE: Sentence("done"),
    BulkState.REFUSED: Sentence("not done"),
    BulkState.UNDONE: Sentence("taken back"),
    BulkState.STAYS: Sentence("could not be taken back"),
}


@router.get("/alike")
def show_alike(who: Looking) -> HTMLResponse:
    """Show which open conversations say the same."""
    return who.page("alike.html.jinja", groups=find_alike(who.desk), **_told(who))


@router.get("/bulk")
def show_bulks(who: Looking) -> HTMLResponse:
    """Show what was done with many, the latest first."""
    return who.page("bulks.html.jinja", found=list_bulks(who.desk), **_told(who))


@router.get("/bulk/{bulk}")
def show_bulk(who: Looking, bulk: int) -> HTMLResponse:
    """Show what became of each conversation."""
    return who.page("bulk_done.html.jinja", found=find_bulk(who.desk, bulk), **_told(who))


@router.post("/bulk")
def do_with_many(act: Working) -> Response:
    """Show what an act comes to; once that was seen, do it."""
    kind = act.text("act")
    if kind not in set(BulkAct):
        raise BadInput(Sentence("There is no such act."))
    require(act.desk, act.visitor.person, BulkAct(kind).right, what=f"bulk {kind}")
    chosen, trouble = _chosen(act), None
    if act.text("sure", ""):
        try:
            done = carry_out(act.desk, _order(act, BulkAct(kind)), chosen, by=act.visitor.person.actor)
            return RedirectResponse(act.visitor.url(f"bulk/{done.id}"), 303)
        except (NotPossible, NotFound, BadInput) as error:
            trouble = error.sentence
    return _preview(act, BulkAct(kind), chosen, trouble=trouble)


@router.post("/bulk/{bulk}/undo")
def undo_bulk(act: Working, bulk: int) -> RedirectResponse:
    """Take back what was done."""
    require(act.desk, act.visitor.person, find_bulk(act.desk, bulk).act.right, what=f"bulk {bulk}")
    take_back(act.desk, bulk, by=act.visitor.person.actor)
    return RedirectResponse(act.visitor.url(f"bulk/{bulk}"), 303)


def _chosen(act: Act) -> list[int]:
    """The conversations that were ticked, else all that the list shows which the form stands on."""
    if act.text("all", ""):
        who = act.visitor
        asked = filters_of(act).whole.wanted(me=who.person.name, zone=act.desk.brand.hours.zone, limit=MOST)
        with act.desk.store.read() as books:
            return [one.conversation_id for one in books.queue(asked)]
    return [int(one) for one in act.all("conversation") if one.isascii() and one.isdigit() and len(one) <= 18]


def _order(act: Act, kind: BulkAct) -> BulkOrder:
    return BulkOrder(
        kind,
        to=act.text("to", ""),
        until=until(act, act.text("until")) if kind is BulkAct.SNOOZE else None,
        reason=act.text("reason", ""),
        silent=bool(act.text("silent", "")),
        closes=bool(act.text("closes", "")),
    )


def _preview(act: Act, kind: BulkAct, chosen: list[int], *, trouble: Sentence | None) -> HTMLResponse:
    who = act.visitor
    lines = look(act.desk, BulkOrder(kind), chosen, by=who.person.actor)
    return who.page(
        "bulk.html.jinja",
        status=200 if trouble is None else 409,
        kind=kind,
        lines=lines,
        able=[one for one in lines if one.refusal is None],
        lost=next((one.lost for one in lines if one.refusal is None and one.lost), None),
        trouble=trouble,
        filled={name: act.text(name, "") for name in ("to", "until", "reason")},
        is_first=not act.text("sure", ""),
        silent=bool(act.text("silent", "")),
        closes=not act.text("sure", "") or bool(act.text("closes", "")),
        go_on=act.text("next", "") or who.url("inbox"),
        members=[one.name for one in team_of(who)],
        queues=sorted(act.desk.brand.teams),
        **_told(who),
    )


def _told(who: Visitor) -> dict[str, Any]:
    return {
        "BULK_NAMES": BULK_NAMES,
        "states": _STATES,
        "acts": acts_for(who),
        "channel_name": channel_name,
        "HIDDEN": HIDDEN,
        "is_kept_from_view": _is_kept_from_view,
        "BulkState": BulkState,
        "MOST": MOST,
    }


def _is_kept_from_view(item: QueueItem) -> bool:
    return is_blurred(item.labels, item.severity) or is_blurred([Label.OFFENSIVE], item.offends)

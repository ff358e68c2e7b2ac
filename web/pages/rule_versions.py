"""The versions of the rule book on the page: who changed what when and why, side by side, and back again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.errors import InboxError
from inbox.people import Right
from inbox.rulework import bring_back
from inbox.sentences import Sentence
from inbox.sidebyside import count, side_by_side
from inbox.versions import count_changes, find_version
from web.rulebench import LONGEST_WHY, TOLD, bench_of, in_force
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/rules/versions", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Steering = Annotated[Act, Depends(acting(Right.STEER))]

PAGE = 50


@router.get("")
def show_list(who: Looking, before: int = 0) -> HTMLResponse:
    """List the versions, the latest first; those before a number where it is given."""
    bench = bench_of(who)
    with who.desk.store.read() as books:
        found, reasons = books.rule_books(), books.why_rule_books()
    asked = [one for one in found if not before or one.version < before]
    shown = asked[-PAGE:]
    texts = {one.version: one.text for one in found}
    rows = [
        (one, count_changes(texts.get(one.version - 1, ""), one.text), reasons.get(one.version))
        for one in reversed(shown)
    ]
    more = shown[0].version if len(asked) > PAGE else None
    return who.page(
        "rules_versions.html.jinja", **TOLD, bench=bench, rows=rows, more=more, latest=found[-1].version if found else 0
    )


@router.get("/{version}")
def show_one(who: Looking, version: int, to: int = 0) -> HTMLResponse:
    """Show what a version changed, or what differs between it and another one."""
    return _page(who, version, to)


@router.post("/{version}/back")
def back(act: Steering, version: int) -> Response:
    """Bring a version back, as a new one in one's name."""
    who = act.visitor
    why = act.text("why", "")[:LONGEST_WHY]
    try:
        done = bring_back(
            act.desk.store, in_force(act.desk), version, by=who.person.actor, why=why, clock=act.desk.clock
        )
    except InboxError as error:
        return _page(who, version, 0, refused=error.sentence, why=why, status=409)
    return RedirectResponse(who.url(f"rules?saved={done.version}"), 303)


def _page(
    who: Visitor, version: int, to: int, *, refused: Sentence | None = None, why: str = "", status: int = 200
) -> HTMLResponse:
    bench = bench_of(who)
    with who.desk.store.read() as books:
        found, reasons = books.rule_books(), books.why_rule_books()
        asked = find_version(books, version)
        # Without another one, what it changed is shown: what stood before it on the left.
        first, second = (asked, find_version(books, to)) if to else (None, asked)
        if first is None and version > 1:
            first = find_version(books, version - 1)
    rows = [] if first is None else side_by_side(first.text, second.text)
    return who.page(
        "rules_version.html.jinja",
        status=status,
        **TOLD,
        bench=bench,
        asked=asked,
        first=first,
        second=second,
        rows=rows,
        counted=count(rows),
        why_asked=reasons.get(asked.version),
        latest=found[-1].version,
        is_in_force=asked.text == bench.now.rules.text,
        refused=refused,
        why=why,
    )

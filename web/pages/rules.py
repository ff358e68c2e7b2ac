"""The rules on the page: what each asks and does, how far it goes, its record, and another mode for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.errors import BadInput, InboxError, NotFound, NotPossible
from inbox.people import Right
from inbox.promotion import Step, against, find_record, next_mode, take_step
from inbox.record import LOOK_BACK, Record, records
from inbox.rulesheets import Remark, RuleSheet
from inbox.sentences import Sentence
from inbox.text import fold
from web.rulebench import LONGEST_WHY, TOLD, Bench, bench_of, in_force, rule_url
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/rules", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Steering = Annotated[Act, Depends(acting(Right.STEER))]

PREPARING, SENDING = ("shadow", "draft"), ("share:10", "share:25", "share:50", "live")
"""The modes that the page offers, the second ones where a rule has a reply to send; the shell takes any share."""

PAGE = 100
"""Rules on one page of the list."""

_SAMPLES = 8


@router.get("")
def show_list(who: Looking, q: str = "", saved: str = "", first: int = 1) -> HTMLResponse:
    """Show the rules in the order they are asked, those alone that hold some words where `q` asks for them."""
    bench = bench_of(who)
    found = records(who.desk.store, bench.files, now=who.now())
    known = {one.rule: one for one in found}
    wanted, begin = fold(q.strip()), max(first, 1)
    shown = [one for one in bench.sheets.rules if wanted in fold(f"{_name(who, one.name)}\n{one.name}\n{one.text}")]
    return who.page(
        "rules.html.jinja",
        **TOLD,
        bench=bench,
        shown=[(one, known.get(one.name)) for one in shown[begin - 1 :][:PAGE]],
        further=begin + PAGE if len(shown) >= begin + PAGE else None,
        q=q,
        saved=saved if saved.isdecimal() else "",
        look_back=LOOK_BACK.days,
        url_of=lambda name: rule_url(who, name),
    )


@router.get("/rule")
def show_rule(who: Looking, name: str = "") -> HTMLResponse:
    """Show one rule: what it says, its record, the messages that it held for lately, and what another mode takes."""
    return _rule_page(who, name)


@router.post("/step")
def take(act: Steering) -> Response:
    """Give a rule another mode, if it still stands as it was shown; against its record only for a reason."""
    who = act.visitor
    files, name, to = in_force(act.desk), act.text("rule"), act.text("to")
    record = find_record(act.desk.store, files, name, clock=act.desk.clock)
    why = act.text("why", "")[:LONGEST_WHY]
    try:
        if (record.mode, record.since.isoformat()) != (act.text("from"), act.text("since")):
            raise NotPossible(Sentence("The rules have changed since. Look at its record again."))
        if to == record.mode:
            raise NotPossible(Sentence('Rule "{rule}" has the mode {mode} already.', rule=record.rule, mode=to))
        step = Step(record, to, against(record, to))
        in_spite = bool(act.text("in_spite", ""))
        if step.against and in_spite and not why:
            raise BadInput(Sentence("If you want it all the same, say why."))
        take_step(act.desk.store, files, step, by=who.person.actor, why=why, in_spite=in_spite, clock=act.desk.clock)
    except InboxError as error:
        refused = Remark(error.sentence)
        return _rule_page(who, record.rule, refused=refused, to=to, why=why, status=409)
    return RedirectResponse(rule_url(who, record.rule), 303)


def _rule_page(
    who: Visitor, name: str, *, refused: Remark | None = None, to: str = "", why: str = "", status: int = 200
) -> HTMLResponse:
    bench = bench_of(who)
    sheet = bench.sheets.sheet(name)
    if sheet is None:
        raise NotFound(Sentence("There is no such rule, or not any more."))
    record = find_record(who.desk.store, bench.files, sheet.name, clock=who.desk.clock)
    with who.desk.store.read() as books:
        samples = books.held_lately(sheet.name, limit=_SAMPLES)
    return who.page(
        "rule.html.jinja",
        status=status,
        **TOLD,
        bench=bench,
        rule=sheet,
        record=record,
        samples=samples,
        doubts=[one.says for one in bench.sheets.doubts if one.rule == sheet.name],
        steps=_steps(record),
        refused=refused,
        chosen=to or _next(record),
        why=why,
        look_back=LOOK_BACK.days,
        around=_around(bench, sheet),
        url_of=lambda other: rule_url(who, other),
    )


def _steps(record: Record) -> list[Step]:
    """Every other mode, with what the record says against it."""
    modes = (*PREPARING, *SENDING) if record.can_reply else PREPARING
    return [Step(record, mode, against(record, mode)) for mode in modes if mode != record.mode]


def _next(record: Record) -> str:
    try:
        return next_mode(record)
    except NotPossible:
        return ""


def _around(bench: Bench, sheet: RuleSheet) -> tuple[RuleSheet | None, RuleSheet | None]:
    """The rules that are asked before and after one."""
    rules = bench.sheets.rules
    place = sheet.number - 1
    return (rules[place - 1] if place > 0 else None, rules[place + 1] if place + 1 < len(rules) else None)


def _name(who: Visitor, name: str) -> str:
    return who.tell(Sentence.of_name(name))

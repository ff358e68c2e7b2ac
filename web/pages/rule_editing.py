"""Writing the rule book on the page: checked as a whole, tried, and saved as a version once nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.errors import BadInput, BadRuleBook, Collision, InboxError
from inbox.people import Right
from inbox.rulework import LONGEST, save_rules
from inbox.sentences import Sentence
from inbox.sidebyside import side_by_side
from inbox.trying import Tried, try_text
from web.pages.rule_trying import LONGEST_TEXT, trying_of
from web.rulebench import LONGEST_WHY, TOLD, bench_of, in_force
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/rules/edit", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking(Right.STEER))]
Steering = Annotated[Act, Depends(acting(Right.STEER))]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the rule book and the version it began as, the reason for it, and a text to try it on."""

    text: str
    version: int
    why: str = ""
    sample: str = ""


@router.get("")
def show(who: Looking, line: int = 0) -> HTMLResponse:
    """Show the rule book to be changed; `line` is where to begin."""
    bench = bench_of(who)
    return _page(who, Typed(bench.now.rules.text, bench.now.version), line=line)


@router.post("/check")
def check(act: Steering) -> HTMLResponse:
    """Say what is wrong or doubtful in what was typed; nothing is saved."""
    return _page(act.visitor, _typed(act), is_checked=True)


@router.post("/try")
def try_it(act: Steering) -> HTMLResponse:
    """Try what was typed on a text; nothing is saved, and nothing is done."""
    typed = _typed(act)
    return _page(act.visitor, typed, tried=_tried(act, typed) if typed.sample else None, is_checked=not typed.sample)


@router.post("")
def save(act: Steering) -> Response:
    """Put in force what was typed, as a version in one's name; nothing while it has faults, or others were faster."""
    who, typed = act.visitor, _typed(act)
    try:
        saved = save_rules(
            act.desk.store,
            in_force(act.desk),
            typed.text,
            edited_from=typed.version,
            by=who.person.actor,
            why=typed.why,
            clock=act.desk.clock,
        )
    except BadRuleBook:
        return _page(who, typed, status=422, is_checked=True)
    except Collision as error:
        return _page(who, typed, refused=error.sentence, is_beside=True, status=409)
    except InboxError as error:
        return _page(who, typed, refused=error.sentence, status=409)
    return RedirectResponse(who.url(f"rules?saved={saved.version}"), 303)


def _page(
    who: Visitor,
    typed: Typed,
    *,
    is_checked: bool = False,
    tried: Tried | None = None,
    refused: Sentence | None = None,
    is_beside: bool = False,
    line: int = 0,
    status: int = 200,
) -> HTMLResponse:
    """The rule book in its box. With `is_beside`, what is in force stands beside what was typed."""
    bench = bench_of(who)
    checked = bench.files.checked(typed.text)
    lines = typed.text.splitlines() or [""]
    remarks = [*((one, True) for one in checked.faults), *((one, False) for one in checked.doubts)]
    return who.page(
        "rules_edit.html.jinja",
        status=status,
        **TOLD,
        bench=bench,
        typed=typed,
        lines=lines,
        marked={one.line: is_fault for one, is_fault in reversed(remarks) if one.line is not None},
        remarks=[(one, is_fault, _line(lines, one.line)) for one, is_fault in remarks],
        checked=checked,
        is_checked=is_checked,
        version=bench.now.version if is_beside else typed.version,
        tried=tried,
        trying=None if tried is None else trying_of(who, tried),
        refused=refused,
        rows=side_by_side(bench.now.rules.text, typed.text) if is_beside else None,
        longest=LONGEST,
        line=line,
    )


def _line(lines: list[str], number: int | None) -> str:
    return lines[number - 1].strip() if number is not None and 0 < number <= len(lines) else ""


def _typed(act: Act) -> Typed:
    """What was typed, the rule book with the line ends that it has in its file: a browser sends others.

    Raises:
        BadInput: There is none, or too much of it.
    """
    text = act.form.get("text")
    if not isinstance(text, str):
        raise BadInput(Sentence("Fill in {field}.", field="text"))
    if len(text) > LONGEST:
        raise BadInput(Sentence("A rule book has at most {n} characters.", n=LONGEST))
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    has_others = "\r\n" in in_force(act.desk).look().rules.text
    return Typed(
        plain.replace("\n", "\r\n") if has_others else plain,
        act.number("version"),
        act.text("why", "")[:LONGEST_WHY],
        act.text("sample", "")[:LONGEST_TEXT],
    )


def _tried(act: Act, typed: Typed) -> Tried | None:
    """A text tried on what was typed; None while that has faults."""
    try:
        rules = in_force(act.desk).read(typed.text)
    except BadRuleBook:
        return None
    desk = act.desk
    return try_text(typed.sample, rules=rules, classifier=desk.classifier, hours=desk.brand.hours, now=desk.clock())

"""The canned responses: what they say and how much each is used; added, changed, retired, and brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.errors import BadInput, BadResponses, BadRuleBook, NotFound, NotPossible
from inbox.people import Right
from inbox.prepared import (
    ResponseFile,
    Written,
    find_responses_version,
    keep_response,
    retire_response,
    roll_back_responses,
)
from inbox.sentences import Sentence
from inbox.text import fold
from inbox.versions import changes, count_changes
from web.response_forms import POLARITIES, from_form, languages_of, previews
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/responses", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Steering = Annotated[Visitor, Depends(looking(Right.STEER))]
Acting = Annotated[Act, Depends(acting(Right.STEER))]

_USED_WITHIN = timedelta(days=90)
_LONGEST_WHY = 500


@router.get("")
def show(who: Looking, q: str = "") -> HTMLResponse:
    """List the responses, with how often each was sent lately."""
    with who.desk.store.read() as books:
        uses = books.response_uses(since=who.now() - _USED_WITHIN)
    wanted = fold(q.strip())
    found = [
        one
        for one in who.desk.responses.values()
        if wanted in fold(" ".join([one.code, *one.title.values(), *(variant.text for variant in one.variants)]))
    ]
    return who.page(
        "prepared.html.jinja",
        found=found,
        uses=uses,
        polarities=POLARITIES,
        q=q,
        today=who.desk.brand.day_of(who.now()),
        can_change=_file(who) is not None and who.may(Right.STEER),
    )


@router.get("/new")
def ask_new(who: Steering) -> HTMLResponse:
    """Show the form for a response that is to be added."""
    _must_have_file(who)
    return _form(who, None, base="")


@router.get("/one")
def show_one(who: Looking, code: str) -> HTMLResponse:
    """Show what a response says to an example contact, and let whoever may change it."""
    written = _written(who, code)
    return _form(who, written, base=written.digest)


@router.post("/check")
def check(act: Acting) -> HTMLResponse:
    """Show what the words would say to an example contact, and what the checks find; nothing is kept."""
    written = _filled(act)
    return _form(act.visitor, written, base=act.text("base", ""), why=act.text("why", ""))


@router.post("/save")
def save(act: Acting) -> Response:
    """Keep a response; where the checks would stop its words, only when that was insisted on."""
    who, base, why = act.visitor, act.text("base", ""), act.text("why", "")[:_LONGEST_WHY]
    written = _filled(act)
    stops = any(finding.blocking for one in previews(who, written) for finding in one.findings)
    if stops and not act.text("insists", ""):
        wrong = Sentence("The checks would stop these words. Change them, or keep them all the same.")
        return _form(who, written, base=base, why=why, status=409, wrong=(wrong,), stops=True)
    try:
        keep_response(act.desk, _must_have_file(who), written, base=base or None, why=why, by=who.person.actor)
    except (BadInput, NotPossible) as error:
        return _form(who, written, base=base, why=why, status=409, wrong=_told(error))
    return RedirectResponse(who.url("responses"), 303)


@router.post("/retire")
def retire(act: Acting) -> Response:
    """Take a response out of use, where no rule needs it."""
    who, code, base = act.visitor, act.text("code"), act.text("base")
    why = act.text("why", "")[:_LONGEST_WHY]
    try:
        retire_response(act.desk, _must_have_file(who), code, base=base, why=why, by=who.person.actor)
    except (BadInput, NotPossible) as error:
        written = _written(who, code)
        return _form(who, written, base=written.digest, why=why, status=409, wrong=_told(error))
    return RedirectResponse(who.url("responses"), 303)


@router.get("/versions")
def versions(who: Looking) -> HTMLResponse:
    """List what the responses were: since when, by whom, why, and how much changed."""
    return _versions(who)


@router.get("/versions/{version}")
def version(who: Looking, version: int) -> HTMLResponse:
    """Show what a version changed."""
    with who.desk.store.read() as books:
        found = find_responses_version(books, version)
        before = find_responses_version(books, version - 1).text if version > 1 else found.text
    lines = changes(before, found.text)[2:]
    return who.page("response_version.html.jinja", one=found, lines=lines)


@router.post("/versions/back")
def bring_back(act: Acting) -> Response:
    """Bring all responses back as they were in a version."""
    who, number, why = act.visitor, act.number("version"), act.text("why", "")[:_LONGEST_WHY]
    try:
        roll_back_responses(act.desk, _must_have_file(who), number, why=why, by=who.person.actor)
    except (BadInput, NotPossible) as error:
        return _versions(who, status=409, wrong=_told(error))
    return act.back("responses/versions")


def _versions(who: Visitor, *, status: int = 200, wrong: tuple[Sentence, ...] = ()) -> HTMLResponse:
    with who.desk.store.read() as books:
        found = books.response_books()
    lines = [
        (one, count_changes(before.text if before else "", one.text))
        for before, one in zip([None, *found], found, strict=False)
    ]
    can_change = _file(who) is not None and who.may(Right.STEER)
    return who.page(
        "response_versions.html.jinja", status=status, lines=lines[::-1], can_change=can_change, wrong=wrong
    )


def _form(
    who: Visitor,
    written: Written | None,
    *,
    base: str,
    why: str = "",
    status: int = 200,
    wrong: tuple[Sentence, ...] = (),
    stops: bool = False,
) -> HTMLResponse:
    shown: dict[str, Any] = {
        "one": written,
        "can_change": who.may(Right.STEER),
        "base": base,
        "why": why,
        "wrong": wrong,
        "stops": stops,
        "previews": [] if written is None else previews(who, written),
        "languages": languages_of(who.desk.brand, written),
        "polarities": POLARITIES,
    }
    return who.page("response.html.jinja", status=status, **shown)


def _filled(act: Act) -> Written:
    who, base = act.visitor, act.text("base", "")
    there = _must_have_file(who).written(_must_have_file(who).text()).get(act.text("code", "")) if base else None
    return from_form(act, languages=languages_of(who.desk.brand, there))


def _written(who: Visitor, code: str) -> Written:
    file = _must_have_file(who)
    found = file.written(file.text()).get(code)
    if found is None:
        raise NotFound(Sentence('There is no response "{code}".', code=code))
    return found


def _file(who: Visitor) -> ResponseFile | None:
    return who.house.response_files.get(who.brand)


def _must_have_file(who: Visitor) -> ResponseFile:
    file = _file(who)
    if file is None:
        raise NotFound(Sentence("There is no such page."))
    return file


def _told(error: BadInput | NotPossible) -> tuple[Sentence, ...]:
    return error.findings if isinstance(error, BadResponses | BadRuleBook) else (error.sentence,)

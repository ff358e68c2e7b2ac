"""Trying rules on the page: on a text with its trace, on the past beside what people did. Nothing is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.actions import to_words
from inbox.backtest import Backtest, backtest
from inbox.durations import duration
from inbox.errors import BadInput, BadRuleBook, InboxError, NotPossible
from inbox.learning import told as labels_told
from inbox.model import Kind, Visibility
from inbox.people import Right
from inbox.ports import RuleBook
from inbox.sentences import Sentence
from inbox.telling import KINDS, language_told
from inbox.trying import Tried, try_text
from web.jobs import JobState, Watch
from web.rulebench import TOLD, bench_of, in_force, rule_url
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/rules", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Trying = Annotated[Act, Depends(acting(Right.LOOK))]

BACKTEST = "backtest"
LONGEST_TEXT = 5_000
LONGEST_PAST = timedelta(days=366)
"""As far as one backtest of the page reaches; the shell goes further."""

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the past that somebody asks for, and the version that it is tried with; None for what he edited."""

    since: datetime
    until: datetime
    channel: str | None
    version: int | None


@router.get("/try")
def show(who: Looking) -> HTMLResponse:
    """Show where a text is tried, and the past."""
    return _page(who)


@router.post("/try")
def try_one(act: Trying) -> HTMLResponse:
    """Try the rules in force on a text."""
    who, text = act.visitor, act.text("sample", "")[:LONGEST_TEXT]
    asked = {name: act.text(name, "") for name in ("channel", "kind", "visibility")}
    if not text:
        return _page(who, asked=asked, refused=Sentence("Write a text to try."), status=422)
    desk = act.desk.as_of_now()
    tried = try_text(
        text,
        rules=desk.rules,
        classifier=desk.classifier,
        channel=asked["channel"] or "console",
        kind=Kind(asked["kind"]) if asked["kind"] in set(Kind) else Kind.COMMENT,
        visibility=Visibility.PRIVATE if asked["visibility"] == Visibility.PRIVATE else Visibility.PUBLIC,
        hours=desk.brand.hours,
        now=desk.clock(),
    )
    return _page(who, tried=tried, sample=text, asked=asked)


@router.post("/backtest")
def begin(act: Trying) -> Response:
    """Begin to replay a stretch of the past, with the rules in force or with a book that somebody edits."""
    who = act.visitor
    typed = act.form.get("text")
    try:
        period = _period(act, is_edited=isinstance(typed, str))
        rules = _read(act, typed) if isinstance(typed, str) else None
        desk = act.desk.as_of_now()

        def work(watch: Watch) -> Backtest:
            return backtest(
                desk, rules=rules, since=period.since, until=period.until, channel=period.channel, watch=watch
            )

        job = who.house.jobs.start(work, kind=BACKTEST, brand=who.brand, owner=who.person.name, asked=period)
    except InboxError as error:
        says = error.findings[0] if isinstance(error, BadRuleBook) else error.sentence
        asked = {name: act.text(name, "") for name in ("since", "until")}
        return _page(who, refused=says, asked=asked, status=422)
    return RedirectResponse(who.url(f"rules/backtests/{job.id}"), 303)


@router.get("/backtests/{number}")
def show_backtest(who: Looking, number: str) -> HTMLResponse:
    """Show how far a backtest is, or what it has found."""
    job = who.house.jobs.find(number, kind=BACKTEST, brand=who.brand).stands()
    return who.page(
        "rules_backtest.html.jinja",
        **TOLD,
        bench=bench_of(who),
        job=job,
        JobState=JobState,
        period=job.asked,
        done=job.result,
        url_of=lambda name: rule_url(who, name),
        known=set(bench_of(who).now.rules.names),
    )


@router.post("/backtests/{number}/stop")
def stop(act: Trying, number: str) -> Response:
    """Stop a backtest."""
    act.visitor.house.jobs.find(number, kind=BACKTEST, brand=act.visitor.brand).stop()
    return act.back("rules/try")


def trying_of(who: Visitor, tried: Tried) -> Mapping[str, Any]:
    """What the template of a trace tells."""
    return {
        "labels": labels_told(tried.prediction.labels),
        "language": language_told(tried.prediction),
        "actions": [(to_words(plan.action), plan) for plan in tried.decision.actions],
        "held": [one for one in tried.decision.trace if one.held],
        "passed": [one for one in tried.decision.trace if not one.held],
        "url_of": lambda name: rule_url(who, name),
    }


def _page(
    who: Visitor,
    *,
    tried: Tried | None = None,
    sample: str = "",
    asked: Mapping[str, str] | None = None,
    refused: Sentence | None = None,
    status: int = 200,
) -> HTMLResponse:
    with who.desk.store.read() as books:
        channels = [one.name for one in books.channels()]
    return who.page(
        "rules_try.html.jinja",
        status=status,
        **TOLD,
        bench=bench_of(who),
        tried=tried,
        trying=None if tried is None else trying_of(who, tried),
        sample=sample,
        asked={"channel": "", "kind": "", "visibility": "", "since": "", "until": "", **(asked or {})},
        channels=channels,
        KINDS=KINDS,
        Visibility=Visibility,
        refused=refused,
    )


def _period(act: Act, *, is_edited: bool) -> Period:
    """The stretch of the past that was filled in; thirty days where nothing was.

    Raises:
        BadInput: It cannot be read.
        NotPossible: It is too long, or ends before it begins.
    """
    now, zone = act.visitor.now(), act.desk.brand.hours.zone
    since = _moment(act.text("since", "30d"), now=now, zone=zone, ends=False)
    until = _moment(act.text("until", ""), now=now, zone=zone, ends=True) if act.text("until", "") else now
    if since >= until:
        raise NotPossible(Sentence("The end of the period is not after its beginning."))
    if until - since > LONGEST_PAST:
        raise NotPossible(Sentence("Here, one year at most. For more, at the shell: vigie rules backtest"))
    version = None if is_edited else act.desk.as_of_now().rule_book_version
    return Period(since, until, act.text("channel", "") or None, version)


def _moment(text: str, *, now: datetime, zone: Any, ends: bool) -> datetime:
    """A moment as it is typed: a length back, or a date by the brand's clock; its day is included where it `ends`."""
    if (length := duration(text)) is not None:
        return now - length
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(Sentence('"{text}" is no date and no length. Write 30d, or 2026-11-20.', text=text)) from error
    return datetime.combine(day + _A_DAY if ends else day, time(), zone)


def _read(act: Act, typed: str) -> RuleBook:
    return in_force(act.desk).read(typed.replace("\r\n", "\n"))

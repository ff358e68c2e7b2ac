"""Moderating on the page: what an act takes is shown before it is done; an offensive text only when asked for."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from inbox import work
from inbox.care import is_blurred
from inbox.cases import CaseAct, Order, name_of, to_do
from inbox.durations import duration
from inbox.errors import BadInput, NotPossible
from inbox.moderation import list_cases, moderate, undo, what_it_takes
from inbox.notices import language_of, notice
from inbox.sentences import Sentence
from inbox.telling import HIDDEN
from web.acts import PREFIX, Moderating, Working, back, message_of, shown_again
from web.visitor import Act

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.post("/reveal")
def reveal(act: Working, conversation: int) -> HTMLResponse:
    """Show a text that is kept from view; that somebody has seen it is counted."""
    message = message_of(act, conversation, act.number("message"))
    seen = work.reveal(act.desk, message.id, by=act.visitor.person.actor)
    return shown_again(act, conversation, status=200, revealed=message.id, exposures=seen)


@router.post("/moderate")
def act_on(act: Moderating, conversation: int) -> Response:
    """Do something about a message or its author; what could not be taken back is shown first, and asked again."""
    order = _order(act, conversation)
    lost = what_it_takes(act.desk, order)
    if act.text("preview", "") or (lost is not None and not act.text("sure", "")):
        return _preview(act, conversation, order, lost)
    try:
        moderate(act.desk, order, by=act.visitor.person.actor)
    except NotPossible as error:
        return _preview(act, conversation, order, lost, trouble=error.sentence)
    return back(act, conversation)


@router.post("/undo-case")
def undo_case(act: Moderating, conversation: int) -> Response:
    """Take back what was done in a case."""
    work.find(act.desk, conversation)
    undo(act.desk, act.number("case"), by=act.visitor.person.actor)
    return back(act, conversation)


def _order(act: Act, conversation: int) -> Order:
    kind = act.text("act")
    if kind not in set(CaseAct):
        raise BadInput(Sentence("There is no such act."))
    lasts = act.text("for", "")
    length = duration(lasts)
    if lasts and length is None:
        raise BadInput(Sentence('"{text}" is no length of time. Write 30m, 2h, 3d or 1w.', text=lasts))
    return Order(
        CaseAct(kind),
        message_of(act, conversation, act.number("message")).id,
        act.text("reason", ""),
        duration=length,
        rule=act.text("rule", "") or None,
        silent=bool(act.text("silent", "")),
    )


def _preview(
    act: Act, conversation: int, order: Order, lost: Sentence | None, *, trouble: Sentence | None = None
) -> HTMLResponse:
    return act.visitor.page(
        "moderating.html.jinja",
        status=200 if trouble is None else 409,
        conversation=conversation,
        order=order,
        length=act.text("for", ""),
        what=name_of(order.act),
        doing=to_do(order.act),
        lost=lost,
        trouble=trouble,
        notice=_notice(act, conversation, order),
        go_on=act.text("next", "") or act.visitor.url(f"inbox/{conversation}"),
    )


def _notice(act: Act, conversation: int, order: Order) -> Sequence[str]:
    """What the author is going to read, in his language; nothing where he is not told."""
    if order.silent or not order.act.concerns_author or not order.reason:
        return ()
    message = message_of(act, conversation, order.message_id)
    lang = language_of(message.prediction.lang if message.prediction else None, act.desk.brand)
    latest = next(iter(list_cases(act.desk, limit=1)), None)
    is_hidden = is_blurred(message.labels, message.severity)
    text = act.desk.tell(HIDDEN, lang) if is_hidden else message.text
    lines = notice(order, number=latest.number + 1 if latest else 1, text=text, policy=act.desk.policy)
    return [act.desk.tell(one, lang) for one in lines]

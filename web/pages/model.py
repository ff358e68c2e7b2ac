"""The model on the page: which one is in use, how well it does, what it doubts, what people said of that."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inbox.care import is_blurred
from inbox.corrections import correct, take_back
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.figures import Figures
from inbox.kpi_tables import KIND_NAMES
from inbox.learning import WHY, told
from inbox.model import UNDETERMINED, Label
from inbox.model_use import AMONG, BEFORE, LATELY, SHOWN, model_use
from inbox.modelcard import ModelShelf
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.telling import HIDDEN, channel_name
from web.house import House
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/model", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]
Steering = Annotated[Act, Depends(acting(Right.STEER))]

NONE, AS_IT_IS = "none", "as-it-is"
"""What may be said of a message besides one label: that none holds; that the model is right."""

_LONGEST_WHY = 500


@router.get("")
def show(who: Looking, judged: str = "") -> HTMLResponse:
    """Show the model in use, its doubts, and what people said; `judged` is the message that one has just judged."""
    shelf = models_of(who.house)
    bands = shelf.bands()
    use = model_use(who.desk, bands)
    languages = [lang for lang in bands if lang != UNDETERMINED]
    number = int(judged) if judged.isascii() and judged.isdigit() and len(judged) <= 18 else None
    with who.desk.store.read() as books:
        lessons = books.count_corrections(languages=languages)
        channels = books.channels()
        last = None if number is None else books.labels_of(number)
    words = Figures(who.lang, who.house.tell)
    return who.page(
        "model.html.jinja",
        card=shelf.card(),
        scores=shelf.scores(),
        bands=bands,
        works_here=who.desk.classifier.version,
        use=use,
        drifts=who.house.reported.drifts(who.brand, who.desk),
        lessons=lessons,
        without=[one for one in channels if one.name not in {lesson.channel for lesson in lessons}],
        last=last if last is not None and last.person is not None else None,
        words=words,
        is_blurred=is_blurred,
        labels_told=lambda labels: who.tell(told(labels)),
        channel_name=channel_name,
        hidden=HIDDEN,
        Label=Label,
        WHY=WHY,
        KIND_NAMES=KIND_NAMES,
        NONE=NONE,
        AS_IT_IS=AS_IT_IS,
        AMONG=AMONG,
        SHOWN=SHOWN,
        lately=LATELY.days,
        before=BEFORE.days,
    )


@router.post("/label")
def label(act: Working) -> Response:
    """Say what a message is, with one click."""
    message, word = act.number("message"), act.text("label")
    if word == AS_IT_IS:
        with act.desk.store.read() as books:
            stood = books.labels_of(message)
        after = () if stood is None else stood.model or ()
    elif word == NONE:
        after = ()
    elif word in set(Label):
        after = (Label(word),)
    else:
        raise BadInput(Sentence("There is no such label."))
    correct(act.desk, message, after=after, by=act.visitor.person.actor)
    return RedirectResponse(act.visitor.url(f"model?judged={message}#doubt"), 303)


@router.post("/undo-label")
def undo_label(act: Working) -> Response:
    """Take back what was said of a message."""
    take_back(act.desk, act.number("message"), by=act.visitor.person.actor)
    return RedirectResponse(act.visitor.url("model#doubt"), 303)


@router.post("/promote")
def promote(act: Steering) -> Response:
    """Put a model in use, unless it would be worse."""
    shelf = models_of(act.visitor.house)
    shelf.promote(act.text("name"), why=_why(act), by=act.visitor.person.actor)
    return act.back("model")


@router.post("/roll-back")
def roll_back(act: Steering) -> Response:
    """Put the former model in use again."""
    models_of(act.visitor.house).roll_back(why=_why(act), by=act.visitor.person.actor)
    return act.back("model")


def models_of(house: House) -> ModelShelf:
    """The models at hand.

    Raises:
        NotFound: There are none here.
    """
    if house.models is None:
        raise NotFound(Sentence("There is no such page."))
    return house.models


def _why(act: Act) -> str:
    why = act.text("why", "")[:_LONGEST_WHY]
    if not why:
        raise NotPossible(Sentence("Say why: it stands in the audit log."))
    return why

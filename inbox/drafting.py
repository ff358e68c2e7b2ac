"""Drafts that people write, choose and change; and up to three that could be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.brand import Brand
from inbox.checks import Context, check_words, mended
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor, Label, WaitingMessage
from inbox.outcome import variables
from inbox.proofreading import findings_in, proofread
from inbox.responses import CannedResponse, DraftText, Polarity, draft_from
from inbox.sentences import Sentence
from inbox.switches import CRISIS
from inbox.text import fold, spaced
from inbox.views import ConversationView, DraftView, MessageView
from inbox.work import must_find

MOST = 3
"""How many suggestions a person is given to choose from."""

_FITS: tuple[tuple[Label, tuple[Polarity, ...]], ...] = (
    (Label.COMPLAINT, (Polarity.HOLDING, Polarity.APOLOGY)),
    (Label.SALES_LEAD, (Polarity.NEUTRAL, Polarity.HOLDING)),
    (Label.PRAISE, (Polarity.THANKS,)),
)
"""What a response may do for a message with a label; the first label that holds settles it."""

_UNLABELLED = (Polarity.NEUTRAL, Polarity.HOLDING)
"""What a response may do for a message without a label, and then only one whose words the message holds."""

HOLDING = "crisis-holding"
"""The response for complaints while a crisis runs."""

_NOT_OFFERED = frozenset({HOLDING, "out-of-hours"})
"""Responses that are for a state of the house, not for a message."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words that could be sent. `draft_id` is the draft they are, `response` the canned response they come from."""

    text: str
    lang: str
    response: str | None = None
    draft_id: int | None = None


def suggest(desk: Desk, view: ConversationView) -> list[Suggestion]:
    """Up to three different texts for a conversation: what is drafted, then other wordings, then fitting responses.

    None where what was said offends or is in doubt, and nothing is drafted, or where nothing fits: then a person finds
    the words.
    """
    found: dict[str, Suggestion] = {}
    for one in _possible(desk, view):
        found.setdefault(one.text, one)
        if len(found) == MOST:
            break
    return list(found.values())


def write_draft(
    desk: Desk, conversation_id: int, *, text: str, by: Actor, lang: str | None = None, response: str | None = None
) -> DraftView:
    """Keep words that a person wrote or chose as a draft on the contact's latest message.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: The words are empty, or the contact has said nothing that is still there.
    """
    now = desk.clock()
    if not text.strip():
        raise NotPossible(Sentence("A draft needs words."))
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        last = _answerable(view)
        spoken = lang or (last.prediction.lang if last.prediction else desk.brand.languages[0])
        canned = desk.responses.get(response or "")
        found = findings_in(
            text.strip(), view, message_id=last.id, lang=spoken, response=canned, brand=desk.brand, now=now
        )
        draft_id = books.keep_draft(last.id, text=text.strip(), lang=spoken, response=response, now=now, findings=found)
        _note(books, by, "draft.written", draft_id, Sentence("A person wrote a draft."), now=now)
        return _must(books.draft(draft_id), draft_id)


def change_draft(desk: Desk, draft_id: int, *, text: str, by: Actor) -> DraftView:
    """Give an open draft other words.

    Raises:
        NotFound: There is no such draft.
        NotPossible: The words are empty, or the draft is not open any more; the error says the words again, so that
            they are not lost.
    """
    if not text.strip():
        raise NotPossible(Sentence("A draft needs words."))
    with desk.store.begin() as books:
        draft = _must(books.draft(draft_id), draft_id)
        view = must_find(books, draft.conversation_id)
        found = findings_in(
            text.strip(),
            view,
            message_id=draft.message_id,
            lang=draft.lang,
            response=None,
            brand=desk.brand,
            now=desk.clock(),
        )
        if not books.change_draft(draft_id, text=text.strip(), findings=found):
            raise NotPossible(
                Sentence("Draft {id} is not open any more. Your words: {text}", id=draft_id, text=text.strip())
            )
        _note(books, by, "draft.changed", draft.id, Sentence("A person changed the draft."), now=desk.clock())
        return _must(books.draft(draft_id), draft_id)


def mended_draft(desk: Desk, draft_id: int, *, text: str | None = None) -> str:
    """The words of a draft, or others for it, with the spaces of French typography set right; nothing is kept.

    Raises:
        NotFound: There is no such draft.
    """
    with desk.store.read() as books:
        draft = _must(books.draft(draft_id), draft_id)
    words = draft.text if text is None else text
    context = Context(today=desk.brand.day_of(desk.clock()), lang=draft.lang)
    return mended(words, check_words(words, context, desk.checks), lang=draft.lang)


def _possible(desk: Desk, view: ConversationView) -> Iterator[Suggestion]:
    for draft in view.open_drafts:
        yield Suggestion(draft.text, draft.lang, draft.response, draft.id)
    last = view.last
    if last is None or last.prediction is None or last.deleted_at is not None:
        return
    is_plain = not last.is_unsure and Label.OFFENSIVE not in last.labels
    if is_plain and Label.COMPLAINT in last.labels and HOLDING in desk.responses and _crisis_runs(desk):
        yield from _wordings(desk, view, last, desk.responses[HOLDING])
    for draft in view.open_drafts:
        response = desk.responses.get(draft.response or "")
        if response is not None:
            yield from _wordings(desk, view, last, response, besides=draft.text)
    if not is_plain:
        return
    wanted = next((fits for label, fits in _FITS if label in last.labels), None)
    responses = (response for response in desk.responses.values() if response.code not in _NOT_OFFERED)
    for response in fitting(responses, last.text, wanted or _UNLABELLED, with_generic=wanted is not None):
        if response.code == "handed-over" and not (view.escalations or view.queue):
            continue
        yield from _wordings(desk, view, last, response)


def fitting(
    responses: Iterable[CannedResponse], text: str, polarities: Sequence[Polarity], *, with_generic: bool = True
) -> list[CannedResponse]:
    """The responses of these polarities that fit a text, the one first of whose words most are in it.

    One without a hit fits only where it is generic, and `with_generic` is set. Of equals, that of the earlier polarity
    comes first, then that which the file has first.
    """
    said = spaced(fold(text))
    hits = [(response, response.hits(said)) for response in responses if response.polarity in polarities]
    found = [(response, n) for response, n in hits if n or (with_generic and response.generic)]
    found.sort(key=lambda pair: (-pair[1], polarities.index(pair[0].polarity)))
    return [response for response, _ in found]


def _wordings(
    desk: Desk, view: ConversationView, last: MessageView, response: CannedResponse, *, besides: str = ""
) -> Iterator[Suggestion]:
    """One wording of a response, or where one of it stands already another; never one with a blank left."""
    assert last.prediction is not None  # noqa: S101  # asked by whoever calls
    said = view.to_waiting(last)
    words = sendable(
        response,
        said,
        brand=desk.brand,
        lang=last.prediction.lang,
        queue=view.queue,
        labels=last.labels,
        now=desk.clock(),
        besides=besides,
    )
    if words is not None:
        yield Suggestion(words.text, words.lang, response.code)


def sendable(
    response: CannedResponse,
    said: WaitingMessage,
    *,
    brand: Brand,
    lang: str | None,
    queue: str | None,
    labels: Sequence[Label],
    now: datetime,
    besides: str = "",
) -> DraftText | None:
    """The wording of a response for a message that no check blocks, other than `besides`; None where there is none.

    It is in `lang`, else in the first language of the brand that the response speaks. The number of the message settles
    which wording is tried first.
    """
    spoken = {variant.lang for variant in response.variants}
    lang = next((one for one in (lang, *brand.languages) if one in spoken), None)
    values = variables(said, brand=brand, lang=lang or "", queue=queue)
    fitting = [variant for variant in response.variants if variant.lang == lang]
    turned = fitting[said.id % len(fitting) :] + fitting[: said.id % len(fitting)] if fitting else []
    made = (
        proofread(
            draft_from(response, variant, values), response=response, message=said, labels=labels, brand=brand, now=now
        )
        for variant in turned
    )
    return next((words for words in made if words.is_sendable and words.text != besides), None)


def _crisis_runs(desk: Desk) -> bool:
    with desk.store.read() as books:
        return books.switch(CRISIS).is_on


def _answerable(view: ConversationView) -> MessageView:
    last = view.last
    if last is None:
        raise NotPossible(Sentence("In conversation {id} there is nobody to answer.", id=view.id))
    if last.deleted_at is not None:
        raise NotPossible(Sentence("The author has deleted the message."))
    return last


def _must(found: DraftView | None, draft_id: int) -> DraftView:
    if found is None:
        raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
    return found


def _note(books: Books, by: Actor, what: str, draft_id: int, why: Sentence, *, now: datetime) -> None:
    books.write_audit([AuditLine(now, by, what, "draft", draft_id, why)])
    books.seal_audit()

"""Drafts that people write, choose and change."""

from __future__ import annotations

from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.checks import Context, check_words, mended
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.proofreading import findings_in
from inbox.sentences import Sentence
from inbox.views import ConversationView, DraftView, MessageView
from inbox.work import must_find


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

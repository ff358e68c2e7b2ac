"""What people do with drafts: send, throw away, undo."""

from __future__ import annotations

from datetime import datetime

from inbox.audit import AuditLine
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.ports import Books
from inbox.responses import check_blanks
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState, SendView
from inbox.wording import said


def send_draft(desk: Desk, draft_id: int, *, by: Actor, text: str | None = None) -> SendView:
    """Put a draft in the outbox in a person's name; it leaves when the hold is over, unless undone.

    Args:
        desk: The desk.
        draft_id: The draft.
        by: Who sends.
        text: Other words than the draft's.

    Raises:
        NotFound: There is no such draft.
        NotPossible: A blank is not filled, or the draft is not open any more.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        draft = books.draft(draft_id)
        if draft is None:
            raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
        words = draft.text if text is None else text
        if blanks := check_blanks(words):
            raise NotPossible(blanks[0].sentence)
        send_id = books.approve(draft_id, text=words, by=by, not_before=now + desk.hold, now=now)
        if send_id is None:
            raise NotPossible(_not_open(draft_id, draft.state))
        why = (
            Sentence("A person approved the draft.") if words == draft.text else Sentence("A person edited the draft.")
        )
        _note(books, by, "draft.approved", draft_id, why, now=now, outbox=send_id)
        return _must(books.send(send_id), send_id)


def discard_draft(desk: Desk, draft_id: int, *, by: Actor) -> None:
    """Throw a draft away.

    Raises:
        NotFound: There is no such draft.
        NotPossible: The draft is not open any more.
    """
    with desk.store.begin() as books:
        draft = books.draft(draft_id)
        if draft is None:
            raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
        if not books.discard(draft_id):
            raise NotPossible(_not_open(draft_id, draft.state))
        why = Sentence("A person threw the draft away.")
        _note(books, by, "draft.discarded", draft_id, why, now=desk.clock())


def undo_send(desk: Desk, send_id: int, *, by: Actor) -> SendView:
    """Take back something that has not left yet; its draft is open again.

    Raises:
        NotFound: There is no such row in the outbox.
        NotPossible: It has left, or is leaving right now.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        send = _must(books.send(send_id), send_id)
        if send.state is SendState.CANCELLED:
            raise NotPossible(Sentence("Number {id} was taken back already.", id=send_id))
        in_time = send.state is SendState.WAITING and (now < send.not_before or send.attempts > 0)
        why = Sentence("A person took it back.")
        if not in_time or not books.cancel(send_id, why=why):
            raise NotPossible(Sentence("Too late: number {id} has left, or is leaving now.", id=send_id))
        _note(books, by, "outbox.undone", send_id, why, now=now)
        return _must(books.send(send_id), send_id)


def _not_open(draft_id: int, state: DraftState) -> Sentence:
    return Sentence("Draft {id} is not open any more: it is {state}.", id=draft_id, state=said(state))


def _must(send: SendView | None, send_id: int) -> SendView:
    if send is None:
        raise NotFound(Sentence("There is no number {id} in the outbox.", id=send_id))
    return send


def _note(
    books: Books, by: Actor, what: str, subject_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    books.write_audit([AuditLine(now, by, what, what.partition(".")[0], subject_id, why, facts)])
    books.seal_audit()

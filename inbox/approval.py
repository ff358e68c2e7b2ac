"""Replies that a second person has to approve: whose, to what, and who may. Nobody approves his own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import NotAllowed, NotFound, NotPossible
from inbox.model import Actor, Label
from inbox.people import ROLE_NAMES, Moderator
from inbox.sentences import Sentence
from inbox.views import DraftView


def has_to_ask(
    desk: Desk, books: Books, draft: DraftView, *, by: Actor, labels: Collection[Label], channel: str
) -> bool:
    """Whether a reply waits for a colleague's approval, rather than leaving in the name of who sends it.

    Raises:
        NotAllowed: He has asked for the approval himself, or may not approve what a colleague has asked for.
    """
    policy = desk.approval
    sender = _member(books.moderators(), by.name)
    asks = policy.asks(sender, by=by, labels=labels, channel=channel)
    if draft.asked_by is None or draft.asked_by == by.name:
        if draft.asked_by is not None and not asks:
            raise NotAllowed(Sentence("Nobody approves what he has asked for himself: a colleague has to."))
        return asks
    if asks or not policy.lets_approve(sender):
        role = ROLE_NAMES[policy.approver]
        raise NotAllowed(
            Sentence("This reply waits for an approval. That takes the role {role}, and nobody's own.", role=role)
        )
    return False


def ask_approval(
    desk: Desk, books: Books, draft: DraftView, words: str, *, by: Actor, privately: bool, **passed: object
) -> None:
    """Keep words as a draft that waits for a colleague; what he passed over is for the colleague to look at again."""
    books.ask_approval(draft.id, text=words, by=by, privately=privately, now=desk.clock())
    why = Sentence("{person} wants to send it: a colleague has to approve it.", person=by.name)
    note(books, by, "draft.asked", draft.id, why, now=desk.clock(), **passed)


def awaiting(desk: Desk, *, limit: int = 50) -> list[DraftView]:
    """The drafts that wait for somebody to approve them, the oldest first."""
    with desk.store.read() as books:
        return books.awaiting_approval(limit=limit)


def decline(desk: Desk, draft_id: int, *, by: Actor, why: str) -> DraftView:
    """Give a reply that waits for approval back to who wrote it, with the reason; it is a draft like any other again.

    Raises:
        NotFound: There is no such draft.
        NotPossible: It does not wait for approval, or there is no reason.
    """
    if not why.strip():
        raise NotPossible(Sentence("Say why: whoever wrote it has to know."))
    with desk.store.begin() as books:
        draft = books.draft(draft_id)
        if draft is None:
            raise NotFound(Sentence("There is no draft {id}.", id=draft_id))
        asked_by = draft.asked_by
        if not books.end_waiting(draft_id):
            raise NotPossible(Sentence("Draft {id} waits for nobody's approval.", id=draft_id))
        told = Sentence("{person} does not approve it: {why}", person=by.name, why=why.strip())
        books.add_note(
            draft.conversation_id, author=by.name, text=why.strip(), mentions=[asked_by or ""], now=desk.clock()
        )
        note(books, by, "draft.declined", draft_id, told, now=desk.clock(), asked_by=asked_by)
        found = books.draft(draft_id)
    assert found is not None  # noqa: S101  # it was there in the same transaction
    return found


def note(books: Books, by: Actor, what: str, draft_id: int, why: Sentence, *, now: datetime, **facts: object) -> None:
    """Put on record what was done with a draft."""
    books.write_audit([AuditLine(now, by, what, "draft", draft_id, why, facts)])
    books.seal_audit()


def _member(team: Iterable[Moderator], name: str) -> Moderator | None:
    return next((one for one in team if one.name == name), None)

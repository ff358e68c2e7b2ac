"""Somebody leaves the team: his work goes to another, he is known no more, and signs in no more."""

from __future__ import annotations

from inbox.admins import refuse_last
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.leading import hand_over_leads
from inbox.model import Actor, Status
from inbox.people import Moderator
from inbox.sentences import Sentence
from inbox.team import find_member
from inbox.views import QueueFilter

_UNRESOLVED = (Status.OPEN, Status.PENDING, Status.SNOOZED)


def remove_member(desk: Desk, name: str, *, heir: str | None, by: Actor) -> list[int]:
    """Take somebody out of the team of the brand; the conversations that went to his heir.

    What the records say of him stays. His login goes too, unless another brand knows him by it. A role that he still
    has on Discord or Telegram lets him in again: it is theirs to take.

    Raises:
        NotFound: There is nobody of one of these names.
        NotPossible: He is the last administrator, or has work that nobody is named to take over.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        books.take_turn()
        one = find_member(books, name)
        refuse_last(books, one)
        after = None if heir is None else find_member(books, heir)
        if after is not None and after.id == one.id:
            raise NotPossible(Sentence("Nobody can stand in for himself."))
        if after is None and _has_work(books, one):
            raise NotPossible(
                Sentence(
                    "{person} has conversations or leads that are not closed. Say who takes over.", person=one.name
                )
            )
        why = Sentence("{person} is no longer in the team.", person=one.name)
        moved = [] if after is None else books.hand_over(one.name, after.name)
        if after is not None:
            hand_over_leads(desk, books, one.name, after.name, by=by, why=why)
        _forget(books, one)
        facts = {"conversations": moved, "heir": None if after is None else after.name}
        lines = [AuditLine(now, by, "team.removed", "moderator", one.id, why, facts)]
        lines += [AuditLine(now, by, "conversation.assigned", "conversation", place, why) for place in moved]
        books.write_audit(lines)
        books.seal_audit()
    return moved


def _has_work(books: Books, one: Moderator) -> bool:
    has = any(books.queue(QueueFilter(status=status, assignee=one.name, limit=1)) for status in _UNRESOLVED)
    return has or any(lead.status.is_open for lead in books.list_leads(owner=one.name))


def _forget(books: Books, one: Moderator) -> None:
    for other in books.moderators():
        if other.deputy == one.name:
            books.change_moderator(other.id, deputy=None)
    books.remove_moderator(one.id)
    login = None if one.login is None else books.login_called(one.login)
    if login is not None:
        books.remove_login(login.id)

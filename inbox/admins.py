"""Every team keeps an administrator: nobody takes the role of the last one, or removes him."""

from __future__ import annotations

from inbox.books import Books
from inbox.errors import NotPossible
from inbox.invitations import invitation_in
from inbox.people import Moderator, Role
from inbox.sentences import Sentence


def refuse_last(books: Books, member: Moderator) -> None:
    """See that somebody may lose the role he has, in a transaction that has taken its turn.

    Whoever signs in to the page counts as an administrator there only while somebody else does who has chosen his
    password: the team must not lose the page for its chat.

    Raises:
        NotPossible: He is the last administrator.
    """
    if member.stands is not Role.ADMIN:
        return
    others = [one for one in books.moderators() if one.id != member.id and one.stands is Role.ADMIN]
    if _signs_in(books, member):
        others = [one for one in others if _signs_in(books, one)]
    if not others:
        raise NotPossible(
            Sentence("{person} is the last administrator. Make somebody else one first.", person=member.name)
        )


def _signs_in(books: Books, member: Moderator) -> bool:
    login = None if member.login is None else books.login_called(member.login)
    return login is not None and invitation_in(login.password) is None

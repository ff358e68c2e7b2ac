"""Whose login is whose business: an administrator of one brand has no say over somebody who works for another too."""

from __future__ import annotations

from inbox.errors import NotAllowed, NotFound
from inbox.logins import find_login, person_of
from inbox.people import Moderator, Right
from inbox.sentences import Sentence
from inbox.sessions import Login
from inbox.team import find_member
from web.visitor import Visitor


def member_called(who: Visitor, name: str) -> Moderator:
    """One of the team of the brand.

    Raises:
        NotFound: There is nobody of this name.
    """
    with who.desk.store.read() as books:
        return find_member(books, name)


def login_of(who: Visitor, member: Moderator) -> Login:
    """The login of one of the team, for whoever may change it: he steers every brand that it opens.

    Raises:
        NotFound: He does not sign in to the page.
        NotAllowed: It opens another brand, which this visitor does not steer.
    """
    if member.login is None:
        raise NotFound(Sentence("{person} does not sign in to the page.", person=member.name))
    login = find_login(who.desk.store, member.login)
    if not steers_all_of(who, login):
        raise NotAllowed(
            Sentence("{person} works for another brand too: its administrator has to agree.", person=member.name)
        )
    return login


def steers_all_of(who: Visitor, login: Login) -> bool:
    """Whether a visitor steers every brand that a login opens."""
    if who.house.served.open_to_all:
        return True
    mine = find_login(who.desk.store, who.person.caller.external_id)
    opens = (desk for desk in who.house.desks.values() if person_of(desk, login, lang=None).role is not None)
    return all(person_of(desk, mine, lang=None).may(Right.STEER) for desk in opens)

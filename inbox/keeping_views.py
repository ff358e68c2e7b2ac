"""Keeping a list of the inbox under a name, for oneself or for all of the team."""

from __future__ import annotations

from inbox.audit import AuditLine
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.people import Person, Right
from inbox.saved_views import SavedView
from inbox.sentences import Sentence
from inbox.team import require

LONGEST_NAME = 60
MOST = 50
"""So many views for the team, and so many for each of it."""


def views_for(desk: Desk, person: Person) -> list[SavedView]:
    """The views that somebody is offered: the team's, then his own."""
    with desk.store.read() as books:
        return [*books.saved_views(owner=None), *books.saved_views(owner=person.name)]


def save_view(desk: Desk, name: str, query: str, *, for_all: bool, by: Person) -> SavedView:
    """Keep a list under a name, for oneself or for the team; it takes the place of one of the same name.

    Raises:
        NotPossible: The name is empty or too long, or there are too many.
        NotAllowed: It is to be for all, and he only looks on.
    """
    name, owner = " ".join(name.split()), None if for_all else by.name
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotPossible(Sentence("Give the view a name of at most {n} letters.", n=LONGEST_NAME))
    if for_all:
        require(desk, by, Right.WORK, what=f"view {name}")
    now = desk.clock()
    with desk.store.begin() as books:
        books.take_turn()
        kept = books.saved_views(owner=owner)
        if len(kept) >= MOST and all(one.name != name for one in kept):
            raise NotPossible(Sentence("There are {n} views. Remove one first.", n=MOST))
        number = books.save_view(name, query, owner=owner, now=now)
        why = Sentence("{person} keeps the view {view}.", person=by.name, view=name)
        books.write_audit([AuditLine(now, by.actor, "view.saved", "view", number, why, {"query": query})])
        books.seal_audit()
    return SavedView(number, name, query, owner)


def remove_view(desk: Desk, view_id: int, *, by: Person) -> None:
    """Keep a view no longer.

    Raises:
        NotFound: There is none, or it is somebody else's.
        NotAllowed: It is for all, and he only looks on.
    """
    with desk.store.read() as books:
        found = books.saved_view(view_id)
    if found is None or found.owner not in {None, by.name}:
        raise NotFound(Sentence("There is no such page."))
    if found.owner is None:
        require(desk, by, Right.WORK, what=f"view {found.name}")
    why = Sentence("{person} removes the view {view}.", person=by.name, view=found.name)
    with desk.store.begin() as books:
        books.remove_view(view_id)
        books.write_audit(
            [AuditLine(desk.clock(), by.actor, "view.removed", "view", view_id, why, {"query": found.query})]
        )
        books.seal_audit()

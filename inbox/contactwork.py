"""What people do with contacts: say that two are one person, or not; have one come first; note something about him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.contacts import MOST_FOUND, ContactCard, ContactLine
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.sentences import Sentence


def find_card(desk: Desk, contact_id: int) -> ContactCard:
    """All that is known of a person, by any of the contacts that he is.

    Raises:
        NotFound: There is no such contact.
    """
    with desk.store.read() as books:
        return _must_find(books, contact_id)


def search_contacts(desk: Desk, text: str, *, besides: int | None = None) -> Sequence[ContactLine]:
    """The people who are called so, besides one; none for nothing."""
    if not text.strip():
        return []
    with desk.store.read() as books:
        found = books.find_contacts(text, limit=MOST_FOUND + 1)
    return [one for one in found if one.id != besides][:MOST_FOUND]


def merge(desk: Desk, contact_id: int, other_id: int, *, by: Actor) -> ContactCard:
    """Have two contacts be one person, under the name of the first; it can be undone at any time.

    Raises:
        NotFound: There is no such contact.
        NotPossible: They are one person already.
    """
    with desk.store.begin() as books:
        kept, gone = _must_find(books, contact_id), _must_find(books, other_id)
        if not books.merge_contacts(kept.id, gone.id):
            raise NotPossible(Sentence("They are one person already: {contact}.", contact=kept.name))
        why = Sentence(
            "{person} says that {other} and {contact} are one person.",
            person=by.name,
            other=gone.name,
            contact=kept.name,
        )
        _note(books, by, "contact.merged", kept.id, why, now=desk.clock(), other=gone.id)
        return _must_find(books, kept.id)


def unmerge(desk: Desk, contact_id: int, *, by: Actor) -> ContactCard:
    """Let a contact that was merged be himself again: all that was his, and what he said since, is his.

    Raises:
        NotFound: There is no such contact.
        NotPossible: He was not merged into anybody.
    """
    with desk.store.begin() as books:
        person = _must_find(books, contact_id)
        one = next((other for other in person.merged if other.id == contact_id), None)
        if one is None or not books.unmerge_contact(contact_id):
            raise NotPossible(Sentence("{contact} is merged with nobody.", contact=person.name))
        why = Sentence("{person} says that {other} is somebody else.", person=by.name, other=one.name)
        _note(books, by, "contact.unmerged", person.id, why, now=desk.clock(), other=one.id)
        return _must_find(books, contact_id)


def mark_vip(desk: Desk, contact_id: int, *, is_vip: bool, by: Actor) -> ContactCard:
    """Have somebody come first in the queue from now on, on whatever channel he writes, or not any more.

    Raises:
        NotFound: There is no such contact.
        NotPossible: It stands so already.
    """
    with desk.store.begin() as books:
        card = _must_find(books, contact_id)
        if not books.set_vip(card.id, is_vip=is_vip):
            raise NotPossible(Sentence("This stands so already."))
        why = (
            Sentence("{person} has {contact} come first.", person=by.name, contact=card.name)
            if is_vip
            else Sentence("{contact} comes first no more, says {person}.", person=by.name, contact=card.name)
        )
        _note(books, by, "contact.vip", card.id, why, now=desk.clock(), vip=is_vip)
        return _must_find(books, card.id)


def note_contact(desk: Desk, contact_id: int, *, text: str, by: Actor) -> ContactCard:
    """Write down something about a contact, for the team. A note never leaves.

    Raises:
        NotFound: There is no such contact.
        NotPossible: The note is empty.
    """
    if not text.strip():
        raise NotPossible(Sentence("A note needs words."))
    now = desk.clock()
    with desk.store.begin() as books:
        card = _must_find(books, contact_id)
        number = books.add_contact_note(contact_id, author=by.name, text=text.strip(), now=now)
        why = Sentence("{person} has written a note.", person=by.name)
        _note(books, by, "contact.noted", card.id, why, now=now, note=number)
        return _must_find(books, card.id)


def _must_find(books: Books, contact_id: int) -> ContactCard:
    found = books.contact_card(contact_id)
    if found is None:
        raise NotFound(Sentence("There is no contact {id}.", id=contact_id))
    return found


def _note(
    books: Books, by: Actor, what: str, contact_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    books.write_audit([AuditLine(now, by, what, "contact", contact_id, why, facts)])
    books.seal_audit()

"""The team: known by what channels tell of people, let do what their role allows, covered while they are away."""

from __future__ import annotations

from inbox.admins import refuse_last
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import NotAllowed, NotFound, NotPossible
from inbox.leading import hand_over_leads
from inbox.model import Actor
from inbox.people import NEEDS, ROLE_NAMES, Caller, Moderator, Person, Right, Role, role_of
from inbox.sentences import Sentence

VIGIE = Actor.vigie("team")


def identify(desk: Desk, caller: Caller) -> Person:
    """Who a caller is to the brand; somebody of the team who is new is remembered under his name.

    The role that he was given here counts; else the one that his roles on the channel come to. The language he chose
    counts before that of his client.
    """
    seen = role_of(caller, desk.roles)
    with desk.store.read() as books:
        known = books.moderator_of(caller.channel, caller.external_id)
    if known is None:
        if seen is None:
            return Person(caller.name, None, caller.lang, caller)
        known = _remember(desk, caller, seen)
    elif known.seen_role is not seen:
        with desk.store.begin() as books:
            books.change_moderator(known.id, seen_role=seen)
    return Person(known.name, known.role or seen, known.lang or caller.lang, caller)


def require(desk: Desk, person: Person, right: Right, *, what: str) -> None:
    """Let somebody go on who has a right; an attempt without it is put on record.

    Args:
        desk: The desk.
        person: Who asks.
        right: What it takes.
        what: What he asked for, by the name of the command or button.

    Raises:
        NotAllowed: His role does not allow it.
    """
    if person.may(right):
        return
    role = ROLE_NAMES[NEEDS[right]]
    with desk.store.begin() as books:
        why = Sentence("{person} may not do this: it takes the role {role}.", person=person.name, role=role)
        facts = {"what": what, "channel": person.caller.channel, "caller": person.caller.external_id}
        books.write_audit([AuditLine(desk.clock(), person.actor, "team.refused", "moderator", 0, why, facts)])
        books.seal_audit()
    if person.role is None:
        raise NotAllowed(Sentence("This is for the team of {brand}.", brand=desk.brand.name or "Vigie"))
    raise NotAllowed(
        Sentence(
            "This takes the role {role}; yours is {yours}. Ask an administrator.",
            role=role,
            yours=ROLE_NAMES[person.role],
        )
    )


def add_member(desk: Desk, name: str, *, role: Role, by: Actor) -> Moderator:
    """Add somebody to the team with a role, or give somebody who is there another one.

    Raises:
        NotPossible: It would leave the team without an administrator.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        books.take_turn()
        found = _find(books, name)
        if found is not None and role is not Role.ADMIN:
            refuse_last(books, found)
        if found is None:
            found = books.meet(name, role=role, now=now)
        else:
            books.change_moderator(found.id, role=role)
        why = Sentence("{person} has the role {role}.", person=found.name, role=ROLE_NAMES[role])
        books.write_audit([AuditLine(now, by, "team.role", "moderator", found.id, why, {"role": role.value})])
        books.seal_audit()
        return _must_find(books, found.name)


def link_member(desk: Desk, name: str, channel: str, external_id: str, *, by: Actor) -> Moderator:
    """Have a channel's own id mean one of the team.

    Raises:
        NotFound: There is nobody of this name.
    """
    with desk.store.begin() as books:
        found = _must_find(books, name)
        books.link(found.id, channel, external_id)
        why = Sentence("{person} is known on {channel}.", person=found.name, channel=channel)
        facts = {"channel": channel, "id": external_id}
        books.write_audit([AuditLine(desk.clock(), by, "team.linked", "moderator", found.id, why, facts)])
        books.seal_audit()
        return _must_find(books, name)


def list_members(desk: Desk) -> list[Moderator]:
    """Everyone of the team, by name."""
    with desk.store.read() as books:
        return books.moderators()


def speak(desk: Desk, person: Person, lang: str) -> None:
    """Have somebody be spoken to in a language from now on."""
    with desk.store.begin() as books:
        books.change_moderator(_must_find(books, person.name).id, lang=lang)


def go_away(desk: Desk, name: str, *, deputy: str | None, by: Actor) -> list[int]:
    """Mark somebody absent; what he has that is not resolved goes to his deputy. The conversations that went.

    Raises:
        NotFound: There is nobody of one of these names.
        NotPossible: The deputy is himself, or away as well.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        one = _must_find(books, name)
        stands_in = _must_find(books, deputy) if deputy is not None else None
        if stands_in is not None and stands_in.id == one.id:
            raise NotPossible(Sentence("Nobody can stand in for himself."))
        if stands_in is not None and stands_in.absent_since is not None:
            raise NotPossible(Sentence("{person} is absent too. Name somebody else.", person=stands_in.name))
        books.change_moderator(one.id, absent_since=now, deputy=stands_in.name if stands_in else None)
        moved = books.hand_over(one.name, stands_in.name) if stands_in is not None else []
        why = (
            Sentence("{person} is absent; {deputy} stands in.", person=one.name, deputy=stands_in.name)
            if stands_in is not None
            else Sentence("{person} is absent; nobody stands in.", person=one.name)
        )
        if stands_in is not None:
            hand_over_leads(desk, books, one.name, stands_in.name, by=by, why=why)
        facts = {"conversations": moved, "deputy": stands_in.name if stands_in else None}
        lines = [AuditLine(now, by, "team.absent", "moderator", one.id, why, facts)]
        lines += [AuditLine(now, by, "conversation.assigned", "conversation", place, why) for place in moved]
        books.write_audit(lines)
        books.seal_audit()
    return moved


def come_back(desk: Desk, name: str, *, by: Actor) -> None:
    """Mark somebody present again; what went to a deputy stays there.

    Raises:
        NotFound: There is nobody of this name.
        NotPossible: He was not absent.
    """
    with desk.store.begin() as books:
        one = _must_find(books, name)
        if one.absent_since is None:
            raise NotPossible(Sentence("{person} is not absent.", person=one.name))
        books.change_moderator(one.id, absent_since=None, deputy=None)
        why = Sentence("{person} is back.", person=one.name)
        books.write_audit([AuditLine(desk.clock(), by, "team.back", "moderator", one.id, why)])
        books.seal_audit()


def find_member(books: Books, name: str) -> Moderator:
    """One of the team by his name, with or without an @ before it, whatever its case.

    Raises:
        NotFound: There is nobody of this name; says who there is.
    """
    return _must_find(books, name)


def whoever_stands_in(books: Books, member: Moderator) -> Moderator:
    """Who has the work of one of the team: himself, or while he is away his deputy."""
    seen = {member.name}
    while member.absent_since is not None and member.deputy is not None and member.deputy not in seen:
        seen.add(member.deputy)
        member = _must_find(books, member.deputy)
    return member


def _find(books: Books, name: str) -> Moderator | None:
    wanted = name.strip().removeprefix("@")
    found = [one for one in books.moderators() if one.name.casefold() == wanted.casefold()]
    # Two may be told apart by their capitals alone.
    return next((one for one in found if one.name == wanted), found[0] if found else None)


def _must_find(books: Books, name: str) -> Moderator:
    found = _find(books, name)
    if found is None:
        names = ", ".join(one.name for one in books.moderators()) or "-"
        raise NotFound(
            Sentence("There is nobody called {name} in the team. It has: {names}.", name=name.strip(), names=names)
        )
    return found


def _remember(desk: Desk, caller: Caller, seen: Role) -> Moderator:
    with desk.store.begin() as books:
        books.take_turn()  # he may ask for two things at once
        known = books.moderator_of(caller.channel, caller.external_id)
        if known is not None:
            return known
        made = books.meet(caller.name, now=desk.clock())
        books.link(made.id, caller.channel, caller.external_id)
        books.change_moderator(made.id, seen_role=seen)
        why = Sentence("{person} is known on {channel}.", person=made.name, channel=caller.channel)
        facts = {"channel": caller.channel, "id": caller.external_id, "role": seen.value}
        books.write_audit([AuditLine(desk.clock(), VIGIE, "team.met", "moderator", made.id, why, facts)])
        books.seal_audit()
        return made

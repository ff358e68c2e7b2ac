"""Who is who: contacts that are one person, and those of them who come first. Nothing of a contact moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select, update

from data.many import is_among, update_many
from data.standing import lock_conversations, stand_anew
from data.tables import contact, conversation
from data.transaction import Transaction, word
from inbox.model import Status

_ONE_AT_A_TIME = 0x6D657267  # with the brand's number, the lock of whoever merges contacts


@dataclass(frozen=True, slots=True)
class People:
    """Which contacts are one person, of those that were asked about; `vips` are marked as coming first."""

    person_of: Mapping[int, int]
    vips: Collection[int] = ()

    def members(self, contacts: Collection[int]) -> set[int]:
        """These contacts, and whoever is the same person as one of them."""
        return {*contacts, *self.person_of}

    def person(self, contact_id: int) -> int:
        """What stands for the person that a contact is."""
        return self.person_of.get(contact_id, contact_id)


def people_among(tx: Transaction, contacts: Collection[int]) -> People:
    """Which contacts are one person with one of these, and which come first."""
    mine = select(contact.c.person_id).where(is_among(tx, contact.c.id, contacts), contact.c.person_id.is_not(None))
    is_marked = is_among(tx, contact.c.id, contacts) & contact.c.is_vip
    wanted = select(contact.c.id, contact.c.person_id, contact.c.is_vip).where(
        or_(contact.c.person_id.in_(mine), is_marked)
    )
    rows = tx.connection.execute(wanted).all()
    return People({row[0]: row[1] for row in rows if row[1] is not None}, [row[0] for row in rows if row[2]])


def contacts_like(contact_id: int | Select[int]) -> Select[int]:
    """The contacts that are the same person as one, itself among them, to ask for in another statement."""
    wanted = contact_id if isinstance(contact_id, int) else contact_id.scalar_subquery()
    its_person = select(contact.c.person_id).where(contact.c.id == wanted).scalar_subquery()
    return select(contact.c.id).where(or_(contact.c.id == wanted, contact.c.person_id == its_person))


def same_person(tx: Transaction, contact_id: int) -> list[int]:
    """The contacts that are the same person, this one among them; only this one where he is nobody else."""
    return sorted({contact_id, *tx.connection.scalars(contacts_like(contact_id))})


def merge_contacts(tx: Transaction, contact_id: int, other_id: int) -> bool:
    """Have two people be one, under the name of the first; False where they are one already, or one is unknown."""
    _take_turn(tx)
    heads = _heads(tx, [contact_id, other_id])
    if len(heads) < 2 or heads[contact_id] == heads[other_id]:
        return False
    kept, gone = heads[contact_id], heads[other_id]
    members = {*same_person(tx, kept), *same_person(tx, gone)}
    update_many(tx, contact, [{"id": gone, "merged_into": kept}])
    update_many(tx, contact, [{"id": one, "person_id": kept} for one in sorted(members)])
    _stand_anew(tx, members)
    return True


def unmerge_contact(tx: Transaction, contact_id: int) -> bool:
    """Let a contact, with those that were merged into it, be himself again; False where he is."""
    _take_turn(tx)
    members = same_person(tx, contact_id)
    rows = tx.connection.execute(
        select(contact.c.id, contact.c.merged_into).where(
            is_among(tx, contact.c.id, members), contact.c.brand_id == tx.brand_id
        )
    )
    into = {row[0]: row[1] for row in rows}
    if into.get(contact_id) is None:
        return False
    into[contact_id] = None
    apart = {one for one in members if _top(one, into) == contact_id}
    update_many(tx, contact, [{"id": contact_id, "merged_into": None}])
    for those in (apart, {*members} - apart):
        head = contact_id if those is apart else _top(min(those), into)
        person = head if len(those) > 1 else None
        update_many(tx, contact, [{"id": one, "person_id": person} for one in sorted(those)])
    _stand_anew(tx, members)
    return True


def set_vip(tx: Transaction, contact_id: int, *, is_vip: bool) -> bool:
    """Mark a person as one who comes first, or not; False where it stands so already. His conversations follow."""
    _take_turn(tx)
    members = same_person(tx, contact_id)
    mine = (is_among(tx, contact.c.id, members)) & (contact.c.brand_id == tx.brand_id)
    stands = {*tx.connection.scalars(select(contact.c.is_vip).where(mine))}
    if (True in stands) is is_vip:
        return False
    marked = (contact.c.id == contact_id) & (contact.c.brand_id == tx.brand_id) if is_vip else mine
    tx.connection.execute(update(contact).where(marked).values(is_vip=is_vip))
    _stand_anew(tx, members)
    return True


def _stand_anew(tx: Transaction, contacts: Iterable[int]) -> None:
    wanted = select(conversation.c.id).where(
        is_among(tx, conversation.c.contact_id, [*contacts]),
        conversation.c.brand_id == tx.brand_id,
        conversation.c.status != word(Status.RESOLVED),
    )
    for one in sorted(lock_conversations(tx, [*tx.connection.scalars(wanted)])):
        stand_anew(tx, one)


def _heads(tx: Transaction, contacts: Collection[int]) -> dict[int, int]:
    """Per contact of the brand the one that stands for the person he is."""
    wanted = select(contact.c.id, func.coalesce(contact.c.person_id, contact.c.id)).where(
        is_among(tx, contact.c.id, contacts), contact.c.brand_id == tx.brand_id
    )
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def _top(one: int, into: Mapping[int, int | None]) -> int:
    while (above := into[one]) is not None:
        one = above
    return one


def _take_turn(tx: Transaction) -> None:
    if tx.is_shared:
        tx.connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME, tx.brand_id)))

"""Who writes in, and by which account: found by the channel's own ids, made as needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from data.many import insert_many, is_among, keys, update_many
from data.tables import channel_account, contact, contact_identity
from data.transaction import Transaction
from inbox.model import Standing

Identity = tuple[int, str]
"""A channel account, and the channel's own id of a contact."""


def keep_accounts(tx: Transaction, names: Collection[str]) -> dict[str, int]:
    """The ids of the brand's channel accounts by name; one that is new is made, and may not train."""
    found = _ids_by_name(tx, names)
    if missing := sorted(set(names) - set(found)):
        rows = [
            {"brand_id": tx.brand_id, "kind": name, "name": name, "settings": {}, "may_train": False}
            for name in missing
        ]
        insert_many(tx, channel_account, rows, skip_conflicts=True)
        found = _ids_by_name(tx, names)
    return found


def _ids_by_name(tx: Transaction, names: Collection[str]) -> dict[str, int]:
    wanted = select(channel_account.c.name, channel_account.c.id).where(
        channel_account.c.brand_id == tx.brand_id, is_among(tx, channel_account.c.name, names)
    )
    return {row.name: row.id for row in tx.connection.execute(wanted)}


@dataclass(frozen=True, slots=True)
class _Known:
    identity_id: int
    contact_id: int
    name: str
    standing: str | None


def keep_contacts(
    tx: Transaction, names: Mapping[Identity, str], standings: Mapping[Identity, Standing], *, now: datetime
) -> dict[Identity, int]:
    """The ids of contacts, made as needed.

    `names` says what each shows, or nothing; the name seen last stays. So does the standing that `standings` tells.
    """
    found = _find(tx, names)
    renamed = {
        one.contact_id: names[identity]
        for identity, one in found.items()
        if names[identity] and names[identity] != one.name
    }
    _rename(tx, renamed)
    known = {identity: one.contact_id for identity, one in found.items()}
    if missing := sorted(set(names) - set(known)):
        known |= _make(tx, {identity: names[identity] for identity in missing}, now=now)
        found |= _find(tx, [one for one in missing if standings.get(one, Standing.MEMBER) is not Standing.MEMBER])
    _stand(tx, found, standings)
    return known


def _stand(tx: Transaction, found: Mapping[Identity, _Known], standings: Mapping[Identity, Standing]) -> None:
    changed = {}
    for identity, one in found.items():
        stands = standings.get(identity, Standing.MEMBER)
        kept = None if stands is Standing.MEMBER else stands.value
        if kept != one.standing:
            changed[one.identity_id] = kept
    if not changed:
        return
    if tx.is_shared:
        mine = is_among(tx, contact_identity.c.id, [*changed])
        tx.connection.execute(
            select(contact_identity.c.id).where(mine).order_by(contact_identity.c.id).with_for_update(key_share=True)
        )
    update_many(tx, contact_identity, [{"id": one, "standing": kept} for one, kept in changed.items()])


def _find(tx: Transaction, identities: Collection[Identity]) -> dict[Identity, _Known]:
    if not identities:
        return {}
    account, external_id = contact_identity.c.channel_account_id, contact_identity.c.external_id
    given = keys(tx, [account, external_id], [*identities])
    rows = tx.connection.execute(
        select(account, external_id, contact_identity.c.id, contact.c.id, contact.c.name, contact_identity.c.standing)
        .select_from(given)
        .join(
            contact_identity,
            (account == given.c.channel_account_id) & (external_id == given.c.external_id),
        )
        .join(contact, contact.c.id == contact_identity.c.contact_id)
    )
    return {(row[0], row[1]): _Known(row[2], row[3], row[4], row[5]) for row in rows}


def _make(tx: Transaction, names: Mapping[Identity, str], *, now: datetime) -> dict[Identity, int]:
    made = insert_many(
        tx,
        contact,
        [{"brand_id": tx.brand_id, "name": name or identity[1], "created_at": now} for identity, name in names.items()],
        returning=[contact.c.id, contact.c.name],
    )
    # New contacts of one name are alike, so any of them will do for any identity of that name.
    free: dict[str, list[int]] = defaultdict(list)
    for contact_id, name in made:
        free[name].append(contact_id)
    chosen = {identity: free[name or identity[1]].pop() for identity, name in names.items()}
    rows = [
        {
            "brand_id": tx.brand_id,
            "channel_account_id": account,
            "external_id": external_id,
            "contact_id": contact_id,
        }
        for (account, external_id), contact_id in chosen.items()
    ]
    columns = [contact_identity.c.channel_account_id, contact_identity.c.external_id, contact_identity.c.contact_id]
    kept = insert_many(tx, contact_identity, rows, skip_conflicts=True, returning=columns)
    known = {(row[0], row[1]): row[2] for row in kept}
    if lost := set(names) - set(known):
        # Another process has made these at the same moment: theirs count.
        tx.connection.execute(delete(contact).where(is_among(tx, contact.c.id, [chosen[one] for one in lost])))
        known |= {identity: one.contact_id for identity, one in _find(tx, lost).items()}
    return known


def _rename(tx: Transaction, names: Mapping[int, str]) -> None:
    if names and tx.is_shared:
        tx.connection.execute(
            select(contact.c.id)
            .where(is_among(tx, contact.c.id, list(names)))
            .order_by(contact.c.id)
            .with_for_update(key_share=True)
        )
    update_many(tx, contact, [{"id": contact_id, "name": name} for contact_id, name in names.items()])

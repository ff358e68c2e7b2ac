"""Sales leads: kept as the sum of what messages give, listed, and put in the outbox for whom they are told."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, select

from data.lead_rows import IS_OPEN, from_lead, from_source, read_leads
from data.many import insert_many, is_among, update_many
from data.tables import conversation, lead, lead_source, outbox
from data.transaction import Transaction, word
from data.waiting import waiting_row
from inbox.errors import NotPossible
from inbox.leadbooks import LeadChange
from inbox.leads import Lead, LeadSource, LeadStatus, NewSource, forgotten, merged, with_sources
from inbox.model import UNDETERMINED, Actor
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendState

_ONE_AT_A_TIME = 0x6C656164  # with the brand's number, the lock of whoever changes leads


def with_open_lead(tx: Transaction, contacts: Collection[int]) -> set[int]:
    """Those of these contacts who have an open lead."""
    if not contacts:
        return set()
    wanted = select(lead.c.contact_id).where(is_among(tx, lead.c.contact_id, contacts), IS_OPEN)
    return set(tx.connection.scalars(wanted))


def lead_messages(tx: Transaction, messages: Collection[int]) -> set[int]:
    """Those of these messages that give something to a lead."""
    if not messages:
        return set()
    wanted = select(lead_source.c.message_id).where(is_among(tx, lead_source.c.message_id, messages))
    return set(tx.connection.scalars(wanted))


def keep_sources(tx: Transaction, new: Sequence[NewSource], *, now: datetime) -> list[LeadChange]:
    """Keep what messages give, each to the lead that it is in, else to the open one of its contact, else to a new."""
    if not new:
        return []
    _take_turn(tx)
    joined = _leads_of(tx, [one.source.message_id for one in new])
    open_leads = _open_leads(tx, {one.contact_id for one in new})
    made = _make(tx, [one for one in new if one.source.message_id not in joined], open_leads, now=now)
    open_leads |= made
    gains: dict[int, list[LeadSource]] = {}
    for one in new:
        lead_id = joined.get(one.source.message_id) or open_leads.get(one.contact_id)
        if lead_id is not None:
            gains.setdefault(lead_id, []).append(one.source)
    changes = []
    new_ids = {*made.values()}
    for stands in _with_ids(tx, gains):
        after = with_sources(stands, merged(stands.sources, gains[stands.id]), now=now)
        if stands.id in new_ids:
            changes.append(LeadChange(None, replace(after, revision=1)))
        elif after != stands:
            changes.append(LeadChange(stands, after))
    return _keep(tx, _owned(tx, changes, now=now))


def forget_sources(tx: Transaction, messages: Collection[int], *, now: datetime) -> list[LeadChange]:
    """Empty what messages have given to leads: their authors have taken them back."""
    if not (gone := lead_messages(tx, messages)):
        return []
    _take_turn(tx)
    changes = []
    for stands in _with_ids(tx, {*_leads_of(tx, gone).values()}):
        sources = [forgotten(one) if one.message_id in gone else one for one in stands.sources]
        after = with_sources(stands, sources, now=now)
        if after != stands:
            changes.append(LeadChange(stands, after))
    return _keep(tx, changes)


def set_lead(
    tx: Transaction, lead_id: int, *, status: LeadStatus | None = None, owner: str | None = None, now: datetime
) -> LeadChange | None:
    """Give a lead another status or owner ("" for nobody); None where it stands so, or there is no such lead.

    Raises:
        NotPossible: It is to be open again, and its contact has another open lead.
    """
    _take_turn(tx)
    stands = find_lead(tx, lead_id)
    if stands is None:
        return None
    wanted = status or stands.status
    after = replace(stands, status=wanted, owner=stands.owner if owner is None else owner or None)
    if after == stands:
        return None
    if wanted.is_open and not stands.status.is_open:
        other = _open_leads(tx, [stands.contact_id]).get(stands.contact_id)
        if other is not None:
            raise NotPossible(Sentence("{contact} has another open lead: {id}.", contact=stands.contact, id=other))
    after = replace(after, revision=stands.revision + 1, updated_at=now)
    return _keep(tx, [LeadChange(stands, after)])[0]


def tell_leads(tx: Transaction, leads: Sequence[Lead], *, by: Actor, not_before: datetime, now: datetime) -> None:
    """Put the telling of leads in the outbox, unless one that has not begun is there: it tells how they stand."""
    if not leads:
        return
    # Locked, so that no worker begins with a row before what it is to tell can be seen.
    waiting = select(outbox.c.lead_id).where(
        is_among(tx, outbox.c.lead_id, [one.id for one in leads]),
        outbox.c.state == word(SendState.WAITING),
        outbox.c.attempts == 0,
        outbox.c.perhaps_sent.is_(False),
    )
    if tx.is_shared:
        waiting = waiting.with_for_update(key_share=True)
    told = set(tx.connection.scalars(waiting))
    places = {one.conversation_id for one in leads}
    its_account = select(conversation.c.id, conversation.c.channel_account_id).where(
        is_among(tx, conversation.c.id, places)
    )
    accounts = {row[0]: row[1] for row in tx.connection.execute(its_account)}
    rows = [
        waiting_row(
            tx,
            kind=OutboxKind.LEAD,
            key=f"{one.key}:{one.revision}",
            by=by,
            conversation_id=one.conversation_id,
            account=accounts[one.conversation_id],
            message_id=None,
            message_version=0,
            text="",
            lang=UNDETERMINED,
            now=now,
            not_before=not_before,
            lead_id=one.id,
        )
        for one in leads
        if one.id not in told
    ]
    insert_many(tx, outbox, rows, skip_conflicts=True)


def tell_leads_again(tx: Transaction, leads: Sequence[Lead], *, by: Actor, now: datetime) -> None:
    """Have those of these leads told at once that were told before, or are about to be."""
    if not leads:
        return
    ever = select(outbox.c.lead_id).where(is_among(tx, outbox.c.lead_id, [one.id for one in leads]))
    known = set(tx.connection.scalars(ever))
    tell_leads(tx, [one for one in leads if one.id in known], by=by, not_before=now, now=now)


def lead_told_in(tx: Transaction, send_id: int) -> Lead | None:
    """The lead that a row of the outbox tells of, as it stands now."""
    mine = (outbox.c.id == send_id) & (outbox.c.brand_id == tx.brand_id)
    lead_id = tx.connection.scalar(select(outbox.c.lead_id).where(mine))
    return None if lead_id is None else find_lead(tx, lead_id)


def find_lead(tx: Transaction, lead_id: int) -> Lead | None:
    """One lead."""
    return next(iter(read_leads(tx, lead.c.id == lead_id)), None)


def lead_of(tx: Transaction, conversation_id: int) -> Lead | None:
    """The lead of the contact of a conversation: the open one, else the latest; None where he has none."""
    its_contact = select(conversation.c.contact_id).where(conversation.c.id == conversation_id).scalar_subquery()
    found = read_leads(tx, lead.c.contact_id == its_contact)
    return max(found, key=lambda one: (one.status.is_open, one.id), default=None)


def list_leads(
    tx: Transaction, *, status: LeadStatus | None = None, owner: str | None = None, limit: int | None = None
) -> list[Lead]:
    """Leads, those that are open first and the highest score first; of one status or owner where it is named."""
    asked: list[ColumnElement[bool]] = []
    if status is not None:
        asked.append(lead.c.status == word(status))
    if owner is not None:
        asked.append(lead.c.owner == owner)
    return read_leads(tx, *asked, limit=limit)


def _take_turn(tx: Transaction) -> None:
    """Wait for whoever else changes leads of the brand: no two find that a contact has none, and none wait in a circle.

    Whoever calls has locked the messages and conversations that he needs: after this, only leads are locked.
    """
    if tx.is_shared:
        tx.connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME, tx.brand_id)))


def _open_leads(tx: Transaction, contacts: Collection[int]) -> dict[int, int]:
    wanted = select(lead.c.contact_id, lead.c.id).where(is_among(tx, lead.c.contact_id, contacts), IS_OPEN)
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def _leads_of(tx: Transaction, messages: Collection[int]) -> dict[int, int]:
    wanted = select(lead_source.c.message_id, lead_source.c.lead_id).where(
        is_among(tx, lead_source.c.message_id, messages)
    )
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def _make(tx: Transaction, new: Sequence[NewSource], there: Mapping[int, int], *, now: datetime) -> dict[int, int]:
    """Make a lead for each contact for whom one is asked and who has none that is open; its number by the contact."""
    first: dict[int, NewSource] = {}
    for one in new:
        if one.makes and one.contact_id not in there:
            first.setdefault(one.contact_id, one)
    rows = [
        {
            "brand_id": tx.brand_id,
            # Other inboxes may use the same CRM, with numbers like ours.
            "key": f"vigie-lead-{secrets.token_hex(8)}",
            "contact_id": contact_id,
            "conversation_id": one.conversation_id,
            "status": LeadStatus.NEW.value,
            "products": [],
            "need": "",
            "score": 0,
            "score_parts": {},
            "revision": 1,
            "created_at": now,
            "updated_at": now,
        }
        for contact_id, one in sorted(first.items())
    ]
    return {row[0]: row[1] for row in insert_many(tx, lead, rows, returning=[lead.c.contact_id, lead.c.id])}


def _owned(tx: Transaction, changes: Sequence[LeadChange], *, now: datetime) -> list[LeadChange]:
    """The changes, in which a lead without an owner has whoever has its conversation, or holds it now."""
    free = {one.after.conversation_id for one in changes if one.after.owner is None}
    if not free:
        return [*changes]
    holder = case((conversation.c.claim_until > now, conversation.c.claimed_by))
    wanted = select(conversation.c.id, func.coalesce(conversation.c.assignee, holder)).where(
        is_among(tx, conversation.c.id, free)
    )
    owners = {row[0]: row[1] for row in tx.connection.execute(wanted)}
    return [
        replace(one, after=replace(one.after, owner=one.after.owner or owners.get(one.after.conversation_id)))
        for one in changes
    ]


def _keep(tx: Transaction, changes: Sequence[LeadChange]) -> list[LeadChange]:
    """Write how leads stand, and what of their sources is new."""
    fresh: list[tuple[int, LeadSource]] = []
    for change in changes:
        before = set(change.before.sources) if change.before is not None else set()
        fresh += [(change.after.id, one) for one in change.after.sources if one not in before]
    if fresh:
        those = is_among(tx, lead_source.c.message_id, [one.message_id for _, one in fresh])
        tx.connection.execute(delete(lead_source).where(those))
    insert_many(tx, lead_source, [from_source(tx, lead_id, one) for lead_id, one in fresh])
    update_many(tx, lead, [from_lead(change.after) for change in changes])
    return [*changes]


def _with_ids(tx: Transaction, ids: Collection[int]) -> list[Lead]:
    return read_leads(tx, is_among(tx, lead.c.id, ids)) if ids else []

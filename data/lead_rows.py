"""Leads between their rows and their values."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select

from data.many import is_among
from data.tables import channel_account, contact, contact_identity, conversation, lead, lead_source
from data.transaction import Transaction, words
from data.types import to_storable
from inbox.leads import OPEN, Lead, LeadSign, LeadSource, LeadStatus

IS_OPEN = lead.c.status.in_(words(*OPEN))
"""Whether something is still to come of a lead."""


def read_leads(tx: Transaction, *asked: ColumnElement[bool], limit: int | None = None) -> list[Lead]:
    """The leads of the brand of which all of this holds, whole: the open ones first, and the highest score first."""
    name_there = (
        select(func.min(contact_identity.c.external_id))
        .where(
            contact_identity.c.contact_id == lead.c.contact_id,
            contact_identity.c.channel_account_id == conversation.c.channel_account_id,
        )
        .scalar_subquery()
    )
    wanted = (
        select(lead, contact.c.name.label("contact"), channel_account.c.name.label("channel"), name_there.label("its"))
        .join(contact, contact.c.id == lead.c.contact_id)
        .join(conversation, conversation.c.id == lead.c.conversation_id)
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .where(lead.c.brand_id == tx.brand_id, *asked)
        .order_by(case((IS_OPEN, 0), else_=1), lead.c.score.desc(), lead.c.id.desc())
        .limit(limit)
    )
    rows = tx.connection.execute(wanted).all()
    sources = _sources(tx, [row.id for row in rows])
    return [_to_lead(row, sources.get(row.id, [])) for row in rows]


def _sources(tx: Transaction, leads: Collection[int]) -> dict[int, list[LeadSource]]:
    if not leads:
        return {}
    wanted = (
        select(lead_source)
        .where(is_among(tx, lead_source.c.lead_id, leads))
        .order_by(lead_source.c.said_at, lead_source.c.message_id)
    )
    found: dict[int, list[LeadSource]] = {}
    for row in tx.connection.execute(wanted):
        found.setdefault(row.lead_id, []).append(
            LeadSource(
                message_id=row.message_id,
                version=row.message_version,
                said_at=row.said_at,
                need=row.need,
                products=tuple(row.products),
                places=tuple(row.places),
                email=row.email,
                phone=row.phone,
                signs=tuple(map(LeadSign, row.signs)),
            )
        )
    return found


def _to_lead(row: Row[Any], sources: Iterable[LeadSource]) -> Lead:
    return Lead(
        id=row.id,
        key=row.key,
        contact_id=row.contact_id,
        contact=row.contact,
        contact_external_id=row.its,
        channel=row.channel,
        conversation_id=row.conversation_id,
        status=LeadStatus(row.status),
        owner=row.owner,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        sources=tuple(sources),
    )


def from_lead(one: Lead) -> dict[str, Any]:
    """The columns of a lead that change."""
    return {
        "id": one.id,
        "status": one.status.value,
        "owner": one.owner,
        "products": list(one.products),
        "need": "\n".join(one.needs),
        "place": one.place,
        "email": one.email,
        "phone": one.phone,
        "score": one.score,
        "score_parts": dict(one.score_parts),
        "revision": one.revision,
        "updated_at": one.updated_at,
    }


def from_source(tx: Transaction, lead_id: int, one: LeadSource) -> dict[str, Any]:
    """The row of what a message gives to a lead."""
    return {
        "message_id": one.message_id,
        "brand_id": tx.brand_id,
        "lead_id": lead_id,
        "message_version": one.version,
        "said_at": one.said_at,
        "need": to_storable(one.need),
        "products": list(one.products),
        "places": list(one.places),
        "email": one.email,
        "phone": one.phone,
        "signs": [sign.value for sign in one.signs],
    }

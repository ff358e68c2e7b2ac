"""Leads for machines: as plain data."""

from __future__ import annotations

from typing import Any

from inbox.leads import Lead


def lead_to_json(lead: Lead) -> dict[str, Any]:
    """A lead as plain data."""
    return {
        "id": lead.id,
        "status": lead.status.value,
        "owner": lead.owner,
        "score": lead.score,
        "score_parts": dict(lead.score_parts),
        "contact": lead.contact,
        "channel": lead.channel,
        "email": lead.email,
        "phone": lead.phone,
        "place": lead.place,
        "products": list(lead.products),
        "needs": list(lead.needs),
        "conversation": lead.conversation_id,
        "messages": [one.message_id for one in lead.sources],
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
    }

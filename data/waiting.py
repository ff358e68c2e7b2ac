"""A row of the outbox as it begins: waiting, not tried yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal

from data.tables import channel_account, outbox, ticket
from data.transaction import Transaction, word
from data.types import to_storable
from inbox.model import Actor
from inbox.outgoing import CRM, OutboxKind
from inbox.views import SendState

GOES_TO = case(
    (outbox.c.lead_id.is_not(None), literal(CRM)), else_=func.coalesce(ticket.c.desk, channel_account.c.name)
).label("channel")
"""Where a row of the outbox goes, joined to its channel and to its ticket, if any: a channel, a help desk, the CRM."""

FREES = and_(outbox.c.kind == word(OutboxKind.SLOW_MODE), outbox.c.seconds == 0)
"""Whether a row of the outbox ends the slow mode of a thread, as `Outgoing.frees` says."""


def waiting_row(
    tx: Transaction,
    *,
    kind: OutboxKind,
    key: str,
    by: Actor,
    conversation_id: int,
    account: int,
    message_id: int | None,
    message_version: int,
    text: str,
    lang: str,
    now: datetime,
    not_before: datetime,
    **more: Any,
) -> dict[str, Any]:
    """The columns of something to do outside; `more` are columns that only some kinds have.

    What has to be done in order goes in by statements of its own: on PostgreSQL the rows of one are numbered in no
    given order.
    """
    return {
        "brand_id": tx.brand_id,
        "conversation_id": conversation_id,
        "channel_account_id": account,
        "message_id": message_id,
        "message_version": message_version,
        "kind": kind.value,
        "text": to_storable(text),
        "lang": lang,
        "idempotency_key": key,
        "actor_kind": by.kind,
        "actor_name": by.name,
        "queued_at": now,
        "not_before": not_before,
        "attempts": 0,
        "state": SendState.WAITING.value,
        **more,
    }

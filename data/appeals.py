"""Appeals: opened once per case at a time, judged once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from data.cases import appeals, to_appeal
from data.many import insert_many
from data.tables import appeal, channel_account, contact_identity
from data.transaction import Transaction
from data.types import to_storable
from inbox.cases import AppealView, Verdict
from inbox.model import Actor


def contact_of(tx: Transaction, channel: str, author: str) -> int | None:
    """A contact by the channel's own id; None where it is not known."""
    wanted = (
        select(contact_identity.c.contact_id)
        .join(channel_account, channel_account.c.id == contact_identity.c.channel_account_id)
        .where(
            channel_account.c.brand_id == tx.brand_id,
            channel_account.c.name == to_storable(channel),
            contact_identity.c.external_id == to_storable(author),
        )
    )
    return tx.connection.scalar(wanted)


def open_appeal(tx: Transaction, case_id: int, *, text: str, now: datetime) -> bool:
    """Keep an appeal against a case; False where one is open."""
    new = {"brand_id": tx.brand_id, "case_id": case_id, "text": to_storable(text), "opened_at": now}
    return bool(insert_many(tx, appeal, [new], skip_conflicts=True, returning=[appeal.c.id]))


def judge_appeal(tx: Transaction, appeal_id: int, verdict: Verdict, *, why: str, by: Actor, now: datetime) -> bool:
    """Close an appeal; False where it is closed already."""
    judged = {"verdict": verdict.value, "why": to_storable(why), "judged_by": by.name, "judged_at": now}
    changed = tx.connection.execute(
        update(appeal)
        .where(appeal.c.id == appeal_id, appeal.c.brand_id == tx.brand_id, appeal.c.judged_at.is_(None))
        .values(judged)
    )
    return changed.rowcount > 0


def list_appeals(tx: Transaction, *, open_only: bool, limit: int) -> list[AppealView]:
    """Appeals, oldest first: those that wait, or all."""
    wanted = appeals(tx).limit(limit)
    if open_only:
        wanted = wanted.where(appeal.c.judged_at.is_(None))
    return [to_appeal(row) for row in tx.connection.execute(wanted).mappings()]

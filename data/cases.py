"""Cases: numbered without gaps, with their evidence, and what is done outside for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, func, insert, select, update

from data.many import insert_many, is_among
from data.merging import contacts_like
from data.rows import from_attachments, to_attachments, to_labels, to_send, to_sentence
from data.tables import (
    appeal,
    brand,
    channel_account,
    contact,
    conversation,
    message,
    moderation_case,
    outbox,
)
from data.transaction import Transaction
from data.types import to_storable
from data.waiting import waiting_row
from inbox.cases import AppealView, CaseAct, CaseView, Evidence, NewAct, NewCase, Verdict
from inbox.model import Actor, Kind
from inbox.sentences import Sentence
from inbox.views import SendView


def take_turn(tx: Transaction) -> None:
    """Wait for whoever else moderates; until the transaction ends, nobody else does."""
    if tx.is_shared:
        # Not so strong a lock that rows which refer to the brand would have to wait for it.
        tx.connection.execute(select(brand.c.id).where(brand.c.id == tx.brand_id).with_for_update(key_share=True))


def keep_case(tx: Transaction, new: NewCase, *, now: datetime) -> CaseView:
    """Open a case under the next number of the brand; the transaction has taken its turn."""
    mine = moderation_case.c.brand_id == tx.brand_id
    last = tx.connection.scalar(select(func.max(moderation_case.c.number)).where(mine))
    number = (last or 0) + 1
    subject = new.subject
    account = select(message.c.channel_account_id).where(message.c.id == subject.message_id).scalar_subquery()
    tx.connection.execute(
        insert(moderation_case).values(
            brand_id=tx.brand_id,
            number=number,
            act=new.act.value,
            channel_account_id=account,
            place=subject.evidence.place,
            contact_id=subject.contact_id,
            conversation_id=subject.conversation_id,
            message_id=subject.message_id,
            evidence=_from_evidence(subject.evidence, withheld=new.withheld),
            reason=to_storable(new.reason),
            rule=None if new.rule is None else to_storable(new.rule),
            lang=new.lang,
            points=new.points,
            until=new.until,
            actor_kind=new.by.kind,
            actor_name=new.by.name,
            opened_at=now,
        )
    )
    kept = find_case(tx, number)
    if kept is None:
        raise LookupError(f"case {number} was not kept")
    return kept


def queue_acts(tx: Transaction, about: CaseView, acts: Sequence[NewAct], *, now: datetime) -> None:
    """Put what is to be done for a case in the outbox, in this order."""
    row = tx.connection.execute(
        select(moderation_case.c.channel_account_id, message.c.version)
        .outerjoin(message, message.c.id == moderation_case.c.message_id)
        .where(moderation_case.c.id == about.id)
    ).one()
    for act in acts:
        queued = waiting_row(
            tx,
            kind=act.kind,
            key=act.key,
            by=act.by,
            conversation_id=about.conversation_id,
            account=row.channel_account_id,
            message_id=about.message_id,
            message_version=row.version or about.evidence.version,
            text=act.text,
            lang=about.lang,
            now=now,
            not_before=act.not_before,
            thread=act.thread,
            target=act.target,
            until=act.until,
            seconds=act.seconds,
            case_id=about.id,
        )
        insert_many(tx, outbox, [queued])


def find_case(tx: Transaction, number: int) -> CaseView | None:
    """One case."""
    return next(iter(_views(tx, _cases(tx).where(moderation_case.c.number == number))), None)


def list_cases(tx: Transaction, *, conversation_id: int | None = None, limit: int) -> list[CaseView]:
    """Cases, newest first: all, or those of the contact of a conversation."""
    wanted = _cases(tx).limit(limit)
    if conversation_id is not None:
        whose = select(conversation.c.contact_id).where(
            conversation.c.id == conversation_id, conversation.c.brand_id == tx.brand_id
        )
        wanted = wanted.where(moderation_case.c.contact_id.in_(contacts_like(whose)))
    return _views(tx, wanted)


def cases_of(tx: Transaction, contact_id: int) -> list[CaseView]:
    """Every case of a contact, newest first, by whichever of the contacts that he is."""
    return _views(tx, _cases(tx).where(moderation_case.c.contact_id.in_(contacts_like(contact_id))))


def mark_undone(tx: Transaction, number: int, *, by: Actor, why: str, now: datetime) -> None:
    """Note that a case was undone."""
    mine = and_(moderation_case.c.brand_id == tx.brand_id, moderation_case.c.number == number)
    undone = {"undone_at": now, "undone_by": by.name, "undone_why": to_storable(why)}
    tx.connection.execute(update(moderation_case).where(mine).values(undone))


def change_reason(tx: Transaction, number: int, *, reason: str) -> None:
    """Give a case another reason."""
    mine = and_(moderation_case.c.brand_id == tx.brand_id, moderation_case.c.number == number)
    tx.connection.execute(update(moderation_case).where(mine).values(reason=to_storable(reason)))


def to_appeal(row: RowMapping) -> AppealView:
    """An appeal; what is said of its case comes joined to it."""
    return AppealView(
        id=row["id"],
        case=row["number"],
        act=CaseAct(row["act"]),
        contact=row["contact"],
        conversation_id=row["conversation_id"],
        moderator=Actor(row["actor_kind"], row["actor_name"]),
        text=row["text"],
        opened_at=row["opened_at"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        why=row["why"],
        judged_by=row["judged_by"],
        judged_at=row["judged_at"],
    )


def appeals(tx: Transaction) -> Select[Any]:
    """Appeals with what is said of their cases, oldest first."""
    return (
        select(
            appeal,
            moderation_case.c.number,
            moderation_case.c.act,
            moderation_case.c.conversation_id,
            moderation_case.c.actor_kind,
            moderation_case.c.actor_name,
            contact.c.name.label("contact"),
        )
        .join(moderation_case, moderation_case.c.id == appeal.c.case_id)
        .join(contact, contact.c.id == moderation_case.c.contact_id)
        .where(appeal.c.brand_id == tx.brand_id)
        .order_by(appeal.c.id)
    )


def _from_evidence(kept: Evidence, *, withheld: Sentence | None) -> dict[str, Any]:
    plain = asdict(kept) | {
        "kind": kept.kind.value,
        "sent_at": kept.sent_at.isoformat(),
        "attachments": from_attachments(kept.attachments),
        "labels": [label.value for label in kept.labels],
    }
    return plain if withheld is None else plain | {"withheld": withheld.to_json()}


def _to_evidence(kept: Mapping[str, Any]) -> Evidence:
    plain = {name: value for name, value in kept.items() if name != "withheld"}
    return Evidence(
        **plain
        | {
            "kind": Kind(kept["kind"]),
            "sent_at": datetime.fromisoformat(kept["sent_at"]),
            "former_texts": tuple(kept["former_texts"]),
            "attachments": to_attachments(kept["attachments"]),
            "labels": to_labels(kept["labels"]),
        }
    )


def _cases(tx: Transaction) -> Select[Any]:
    return (
        select(moderation_case, contact.c.name.label("contact"))
        .join(contact, contact.c.id == moderation_case.c.contact_id)
        .where(moderation_case.c.brand_id == tx.brand_id)
        .order_by(moderation_case.c.number.desc())
    )


def _views(tx: Transaction, wanted: Select[Any]) -> list[CaseView]:
    rows = tx.connection.execute(wanted).mappings().all()
    ids = [row["id"] for row in rows]
    if not ids:
        return []
    sends: dict[int, list[SendView]] = defaultdict(list)
    notices: dict[int, SendView] = {}
    for row in tx.connection.execute(_sends(tx, ids)).mappings():
        sends[row["case_id"]].append(to_send(row))
        if row["idempotency_key"] == f"case:{row['number']}:notice":
            notices[row["case_id"]] = sends[row["case_id"]][-1]
    judged = {
        row["case_id"]: to_appeal(row)
        for row in tx.connection.execute(appeals(tx).where(is_among(tx, appeal.c.case_id, ids))).mappings()
    }
    return [
        _to_case(row, sends[row["id"]], notice=notices.get(row["id"]), appealed=judged.get(row["id"])) for row in rows
    ]


def _sends(tx: Transaction, ids: Sequence[int]) -> Select[Any]:
    return (
        select(outbox, channel_account.c.name.label("channel"), moderation_case.c.number)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .join(moderation_case, moderation_case.c.id == outbox.c.case_id)
        .where(is_among(tx, outbox.c.case_id, ids))
        .order_by(outbox.c.id)
    )


def _to_case(
    row: RowMapping, sends: Sequence[SendView], *, notice: SendView | None, appealed: AppealView | None
) -> CaseView:
    return CaseView(
        id=row["id"],
        number=row["number"],
        act=CaseAct(row["act"]),
        contact_id=row["contact_id"],
        contact=row["contact"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        evidence=_to_evidence(row["evidence"]),
        reason=row["reason"],
        lang=row["lang"],
        points=row["points"],
        by=Actor(row["actor_kind"], row["actor_name"]),
        opened_at=row["opened_at"],
        place=row["place"],
        rule=row["rule"],
        until=row["until"],
        withheld=to_sentence(row["evidence"].get("withheld")),
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
        undone_why=row["undone_why"],
        notice=notice,
        sends=tuple(sends),
        appeal=appealed,
    )

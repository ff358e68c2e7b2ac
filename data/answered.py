"""What people of the team have answered, and what became of their drafts: what suggestions learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, case, exists, func, select

from data.rows import PERSON, to_labels
from data.tables import channel_account, contact, conversation, correction, draft, message, outbox, prediction
from data.transaction import Transaction, word
from inbox.outgoing import OutboxKind, whole_key
from inbox.precedents import Answered, Fate
from inbox.views import DraftState, SendState

_CHUNK = 2_000

_LATEST = 20_000
"""So many of the latest drafts tell what people do with them; what was done long ago was done to other words."""


def answered(tx: Transaction, *, since: datetime | None = None, most: int) -> Iterator[Sequence[Answered]]:
    """The replies that people have sent since a moment, and that stand, in chunks, the latest first.

    Not what was said in parts, nor what was taken back, nor answers to a message that its author has deleted.
    """
    taken = outbox.alias("taken")
    said = and_(
        outbox.c.brand_id == tx.brand_id,
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.sent_at.is_not(None),
    )
    wanted = (
        select(
            outbox.c.id,
            outbox.c.sent_at,
            outbox.c.idempotency_key,
            outbox.c.text.label("reply"),
            outbox.c.lang,
            outbox.c.response,
            message.c.text,
            prediction.c.labels,
            correction.c.after,
            channel_account.c.name.label("channel"),
            contact.c.id.label("contact_id"),
            contact.c.name.label("contact_name"),
        )
        .select_from(outbox)
        .join(message, message.c.id == outbox.c.message_id)
        .join(prediction, and_(prediction.c.message_id == message.c.id, prediction.c.replaced_at.is_(None)))
        .outerjoin(correction, and_(correction.c.message_id == message.c.id, correction.c.replaced_at.is_(None)))
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .where(
            said,
            outbox.c.state == word(SendState.SENT),
            outbox.c.actor_kind == PERSON,
            message.c.deleted_at.is_(None),
            ~exists().where(
                taken.c.conversation_id == outbox.c.conversation_id,
                taken.c.kind == word(OutboxKind.RETRACT),
                taken.c.target == outbox.c.external_id,
            ),
        )
        .order_by(outbox.c.sent_at.desc(), outbox.c.id.desc())
        .limit(most)
    )
    if since is not None:
        wanted = wanted.where(outbox.c.sent_at >= since)
    for rows in tx.connection.execution_options(yield_per=_CHUNK).execute(wanted).mappings().partitions():
        parts = Counter(whole_key(row["idempotency_key"]) for row in rows)
        yield [
            Answered(
                outbox_id=row["id"],
                sent_at=row["sent_at"],
                text=row["text"],
                labels=to_labels(row["labels"] if row["after"] is None else row["after"]),
                channel=row["channel"],
                contact_id=row["contact_id"],
                contact_name=row["contact_name"],
                reply=row["reply"],
                lang=row["lang"],
                response=row["response"],
            )
            for row in rows
            if parts[whole_key(row["idempotency_key"])] == 1
        ]


def fates(tx: Transaction) -> Mapping[str, Fate]:
    """What people did with the latest drafts of each response; what the author of a message overtook does not count."""
    latest = (
        select(draft.c.id, draft.c.text, draft.c.response, draft.c.state)
        .where(
            draft.c.brand_id == tx.brand_id,
            draft.c.response.is_not(None),
            draft.c.state.in_([word(DraftState.APPROVED), word(DraftState.DISCARDED)]),
        )
        .order_by(draft.c.id.desc())
        .limit(_LATEST)
        .subquery("latest")
    )
    sent = and_(
        outbox.c.draft_id == latest.c.id,
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.state == word(SendState.SENT),
        outbox.c.actor_kind == PERSON,
    )
    # A reply in parts has its first row only: its text begins the draft, which is as good as the same.
    same = func.substr(latest.c.text, 1, func.length(outbox.c.text)) == outbox.c.text
    fate = case(
        (latest.c.state == word(DraftState.DISCARDED), "discarded"),
        (outbox.c.id.is_(None), "waits"),
        (same, "sent"),
        else_="changed",
    )
    counted = (
        select(latest.c.response, fate.label("fate"), func.count(latest.c.id.distinct()).label("n"))
        .select_from(latest.outerjoin(outbox, sent))
        .group_by(latest.c.response, fate)
    )
    found: dict[str, Counter[str]] = {}
    for row in tx.connection.execute(counted):
        found.setdefault(row.response, Counter())[row.fate] = row.n
    return {code: Fate(n["sent"], n["changed"], n["discarded"]) for code, n in found.items()}

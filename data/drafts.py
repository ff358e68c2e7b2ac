"""Words awaiting a person: read, sent on, thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update

from data.many import insert_many
from data.rows import from_findings, to_draft
from data.tables import conversation, draft, message, outbox
from data.transaction import Transaction, word
from data.waiting import waiting_row
from inbox.findings import Finding
from inbox.model import Actor
from inbox.outgoing import OutboxKind, part_key
from inbox.responses import check_blanks
from inbox.sentences import Sentence
from inbox.views import DraftState, DraftView


def find_draft(tx: Transaction, draft_id: int) -> DraftView | None:
    """One draft."""
    wanted = select(draft).where(draft.c.id == draft_id, draft.c.brand_id == tx.brand_id)
    row = tx.connection.execute(wanted).mappings().one_or_none()
    return to_draft(row) if row else None


def approve(
    tx: Transaction,
    draft_id: int,
    *,
    parts: Sequence[str],
    by: Actor,
    not_before: datetime,
    now: datetime,
    thread: str | None = None,
) -> int | None:
    """Put an open draft in the outbox, in as many parts as it takes; the id of the first row.

    `thread` is where it is said, when that is not the thread of the conversation. None when somebody was first.
    """
    approved = _leave_open(tx, draft_id, DraftState.APPROVED)
    if not approved:
        return None
    # An approval that was undone has used up its key; the next one is another thing to send.
    earlier = tx.connection.scalar(select(func.count()).where(outbox.c.draft_id == draft_id))
    about = (
        select(
            draft.c.conversation_id,
            draft.c.message_id,
            draft.c.lang,
            draft.c.response,
            conversation.c.channel_account_id,
            message.c.version,
        )
        .join(conversation, conversation.c.id == draft.c.conversation_id)
        .join(message, message.c.id == draft.c.message_id)
        .where(draft.c.id == draft_id)
    )
    row = tx.connection.execute(about).one()
    key = f"draft:{draft_id}:{(earlier or 0) + 1}"
    ids: list[int] = []
    for number, text in enumerate(parts):
        part = waiting_row(
            tx,
            kind=OutboxKind.REPLY,
            key=part_key(key, number),
            by=by,
            conversation_id=row.conversation_id,
            account=row.channel_account_id,
            message_id=row.message_id,
            message_version=row.version,
            text=text,
            lang=row.lang,
            now=now,
            not_before=not_before,
            response=row.response,
            draft_id=draft_id,
            thread=thread,
        )
        ids += [one.id for one in insert_many(tx, outbox, [part], returning=[outbox.c.id])]
    return ids[0]


def discard(tx: Transaction, draft_id: int) -> bool:
    """Throw an open draft away; False when it was not open."""
    return _leave_open(tx, draft_id, DraftState.DISCARDED)


def open_again(tx: Transaction, draft_id: int, *, text: str) -> None:
    """Give an approved draft back to people, with the words that were to be sent."""
    tx.connection.execute(
        update(draft)
        .where(draft.c.id == draft_id, draft.c.brand_id == tx.brand_id, draft.c.state == word(DraftState.APPROVED))
        .values(state=DraftState.OPEN.value, text=text, is_blocked=bool(check_blanks(text)))
    )


def keep_refused(
    tx: Transaction,
    draft_id: int | None,
    *,
    conversation_id: int,
    message_id: int,
    text: str,
    lang: str,
    response: str | None,
    rule: str | None,
    why: Sentence,
    now: datetime,
) -> None:
    """Make words that may not leave an open draft with the reason as a finding: the one they came from, or a new one.

    Words that await a person in this conversation already are not put there twice.
    """
    blanks = check_blanks(text)
    reason = [] if why in [blank.sentence for blank in blanks] else [Finding(why, blocking=False)]
    words = {
        "text": text,
        "findings": from_findings([*reason, *blanks]),
        "is_blocked": bool(blanks),
        "state": DraftState.OPEN.value,
    }
    if draft_id is not None:
        tx.connection.execute(update(draft).where(draft.c.id == draft_id).values(words))
        return
    same = select(draft.c.id).where(
        draft.c.conversation_id == conversation_id, draft.c.text == text, draft.c.state == word(DraftState.OPEN)
    )
    if tx.connection.scalar(same.limit(1)) is None:
        tx.connection.execute(
            insert(draft).values(
                brand_id=tx.brand_id,
                conversation_id=conversation_id,
                message_id=message_id,
                lang=lang,
                response=response,
                rule=rule,
                created_at=now,
                **words,
            )
        )


def _leave_open(tx: Transaction, draft_id: int, state: DraftState) -> bool:
    changed = tx.connection.execute(
        update(draft)
        .where(draft.c.id == draft_id, draft.c.brand_id == tx.brand_id, draft.c.state == word(DraftState.OPEN))
        .values(state=state.value)
    )
    return changed.rowcount > 0

"""What people do with a conversation: take it, pass it on, close it, put it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, insert, select, update

from data.escalations import keep_escalations
from data.many import insert_many
from data.rows import PERSON, from_findings
from data.search import folded
from data.standing import lock_conversations, stand_anew
from data.tables import (
    channel_account,
    contact,
    contact_identity,
    conversation,
    conversation_tag,
    draft,
    escalation,
    message,
    outbox,
)
from data.transaction import Transaction, word, words
from data.types import to_storable
from inbox.findings import Finding
from inbox.model import Status
from inbox.outcome import NewEscalation
from inbox.outgoing import OutboxKind
from inbox.responses import check_blanks
from inbox.sentences import Sentence
from inbox.text import fold
from inbox.views import Answer, DraftState, SendState


def lock(tx: Transaction, conversation_id: int) -> bool:
    """Keep a conversation from other writers until the transaction ends; False where there is none."""
    return conversation_id in lock_conversations(tx, [conversation_id])


def set_holder(tx: Transaction, conversation_id: int, *, holder: str | None, until: datetime | None) -> None:
    """Put a conversation into somebody's hands for a time, or into nobody's."""
    _change(tx, conversation_id, claimed_by=holder, claim_until=until)


def set_assignee(tx: Transaction, conversation_id: int, *, assignee: str | None) -> None:
    """Give a conversation to somebody, or to nobody."""
    _change(tx, conversation_id, assignee=assignee)


def set_queue(tx: Transaction, conversation_id: int, *, queue: str | None) -> None:
    """Put a conversation where a team looks, or nowhere in particular."""
    _change(tx, conversation_id, queue=queue)


def resolve(tx: Transaction, conversation_id: int, *, why: Sentence, now: datetime) -> None:
    """Close a conversation, deal with its messages, and end its escalation. The caller has locked it."""
    mine = (message.c.conversation_id == conversation_id) & message.c.is_ours.is_(False)
    tx.connection.execute(update(message).where(mine, message.c.dealt_at.is_(None)).values(dealt_at=now))
    handed = (escalation.c.conversation_id == conversation_id) & escalation.c.resolved_at.is_(None)
    tx.connection.execute(update(escalation).where(handed).values(resolved_at=now))
    stand_anew(tx, conversation_id)
    _change(
        tx,
        conversation_id,
        status=Status.RESOLVED.value,
        status_reason=why.to_json(),
        resolved_at=now,
        snooze_until=None,
        claimed_by=None,
        claim_until=None,
    )


def unresolve(tx: Transaction, conversation_id: int, *, why: Sentence) -> bool:
    """Take a resolution back as if it had not been; False where the conversation is not resolved."""
    closed_at = tx.connection.scalar(
        select(conversation.c.resolved_at).where(
            conversation.c.id == conversation_id,
            conversation.c.brand_id == tx.brand_id,
            conversation.c.status == word(Status.RESOLVED),
        )
    )
    if closed_at is None:
        return False
    mine = (message.c.conversation_id == conversation_id) & (message.c.dealt_at == closed_at)
    tx.connection.execute(update(message).where(mine).values(dealt_at=None))
    ended = (escalation.c.conversation_id == conversation_id) & (escalation.c.resolved_at == closed_at)
    tx.connection.execute(update(escalation).where(ended).values(resolved_at=None))
    stand_anew(tx, conversation_id)
    _change(tx, conversation_id, status=Status.OPEN.value, status_reason=why.to_json(), resolved_at=None)
    return True


def snooze(tx: Transaction, conversation_id: int, *, until: datetime, why: Sentence) -> None:
    """Put a conversation off until a moment, or until its contact writes again."""
    _change(
        tx,
        conversation_id,
        status=Status.SNOOZED.value,
        status_reason=why.to_json(),
        snooze_until=until,
        claimed_by=None,
        claim_until=None,
    )


def due_snoozes(tx: Transaction, *, now: datetime, limit: int) -> list[int]:
    """Conversations whose time has come back."""
    wanted = (
        select(conversation.c.id)
        .where(
            conversation.c.brand_id == tx.brand_id,
            conversation.c.snooze_until <= now,
            conversation.c.status == word(Status.SNOOZED),
        )
        .order_by(conversation.c.snooze_until)
        .limit(limit)
    )
    if tx.is_shared:
        wanted = wanted.with_for_update(skip_locked=True)
    return list(tx.connection.scalars(wanted))


def add_tag(tx: Transaction, conversation_id: int, *, tag: str) -> bool:
    """Put a tag on a conversation; False where it has it."""
    row = {"conversation_id": conversation_id, "tag": tag, "brand_id": tx.brand_id}
    return bool(insert_many(tx, conversation_tag, [row], skip_conflicts=True, returning=[conversation_tag.c.tag]))


def hand_to(tx: Transaction, conversation_id: int, new: NewEscalation, *, now: datetime) -> None:
    """Hand a conversation to customer service, or make its open escalation stricter. The caller has locked it."""
    keep_escalations(tx, [(conversation_id, new)], now=now)
    queue = tx.connection.scalar(
        select(escalation.c.queue).where(
            escalation.c.conversation_id == conversation_id, escalation.c.resolved_at.is_(None)
        )
    )
    _change(tx, conversation_id, queue=queue)


def keep_draft(
    tx: Transaction,
    message_id: int,
    *,
    text: str,
    lang: str,
    response: str | None,
    now: datetime,
    findings: Sequence[Finding] | None = None,
) -> int:
    """Keep words that a person has written or chosen, as a draft on a message; its number."""
    found = tx.connection.scalar(
        select(message.c.conversation_id).where(message.c.id == message_id, message.c.brand_id == tx.brand_id)
    )
    made = tx.connection.execute(
        insert(draft)
        .values(
            brand_id=tx.brand_id,
            conversation_id=found,
            message_id=message_id,
            lang=lang,
            response=response,
            rule=None,
            state=DraftState.OPEN.value,
            created_at=now,
            **_worded(text, findings),
        )
        .returning(draft.c.id)
    )
    return int(made.scalar_one())


def change_draft(tx: Transaction, draft_id: int, *, text: str, findings: Sequence[Finding] | None = None) -> bool:
    """Give an open draft other words; False where it is not open."""
    mine = (draft.c.id == draft_id) & (draft.c.brand_id == tx.brand_id) & (draft.c.state == word(DraftState.OPEN))
    return tx.connection.execute(update(draft).where(mine).values(**_worded(text, findings))).rowcount > 0


def answer_to(tx: Transaction, conversation_id: int) -> Answer | None:
    """What somebody of the team has said since the contact last wrote, or is about to say; None for nothing."""
    last = tx.connection.scalar(
        select(func.max(message.c.received_at)).where(
            message.c.conversation_id == conversation_id, message.c.is_ours.is_(False)
        )
    )
    if last is None:
        return None
    replies = and_(
        outbox.c.brand_id == tx.brand_id,
        outbox.c.conversation_id == conversation_id,
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.actor_kind == PERSON,
        outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING, SendState.SENT)),
        outbox.c.queued_at >= last,
    )
    row = tx.connection.execute(select(outbox).where(replies).order_by(outbox.c.id).limit(1)).one_or_none()
    if row is not None:
        return Answer(row.actor_name, row.text, row.queued_at, row.id)
    by_hand = and_(
        message.c.conversation_id == conversation_id,
        message.c.is_ours.is_(True),
        message.c.received_at >= last,
        conversation.c.human_replied_at >= last,
    )
    said = (
        select(message.c.author, message.c.text, message.c.sent_at)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(by_hand)
        .order_by(message.c.id.desc())
        .limit(1)
    )
    spoke = tx.connection.execute(said).one_or_none()
    return None if spoke is None else Answer(spoke.author or "", spoke.text, spoke.sent_at)


def conversation_of(tx: Transaction, message_id: int) -> int | None:
    """The conversation of a message."""
    wanted = select(message.c.conversation_id).where(message.c.id == message_id, message.c.brand_id == tx.brand_id)
    return tx.connection.scalar(wanted)


def latest_of(tx: Transaction, channel: str, author: str, *, place: str | None = None) -> int | None:
    """The latest message of somebody by a channel's own id of him, in one place where one is named."""
    wanted = (
        select(message.c.id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .where(
            message.c.brand_id == tx.brand_id,
            channel_account.c.name == channel,
            message.c.author == author,
            message.c.is_ours.is_(False),
        )
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
        .limit(1)
    )
    # What is still there comes first, and what was said here before what was said elsewhere.
    there = message.c.deleted_at.is_(None)
    here = [conversation.c.place == place] if place is not None else []
    for narrowed in ([*here, there], here, [there], []):
        found: int | None = tx.connection.scalar(wanted.where(*narrowed))
        if found is not None:
            return found
    return None


def author_of(tx: Transaction, channel: str, name: str) -> str | None:
    """A channel's own id of somebody by the name that people see; None for nobody, or for more than one."""
    wanted = (
        select(contact_identity.c.external_id)
        .join(channel_account, channel_account.c.id == contact_identity.c.channel_account_id)
        .join(contact, contact.c.id == contact_identity.c.contact_id)
        .where(
            contact_identity.c.brand_id == tx.brand_id,
            channel_account.c.name == channel,
        )
        .limit(2)
    )
    # The id itself, or the whole name: a part of it could be somebody else's.
    for one in (contact_identity.c.external_id == name, folded(tx, contact.c.name) == fold(name)):
        found = list(tx.connection.scalars(wanted.where(one)))
        if found:
            return found[0] if len(found) == 1 else None
    return None


def said_last_in(tx: Transaction, channel: str, thread: str, *, limit: int) -> list[int]:
    """The latest messages of contacts in a thread that are still there, newest first."""
    wanted = (
        select(message.c.id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .where(
            conversation.c.brand_id == tx.brand_id,
            channel_account.c.name == channel,
            conversation.c.thread == thread,
            message.c.is_ours.is_(False),
            message.c.deleted_at.is_(None),
        )
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
        .limit(limit)
    )
    return list(tx.connection.scalars(wanted))


def _change(tx: Transaction, conversation_id: int, **values: object) -> None:
    mine = (conversation.c.id == conversation_id) & (conversation.c.brand_id == tx.brand_id)
    tx.connection.execute(update(conversation).where(mine).values(**values))


def _worded(text: str, findings: Sequence[Finding] | None) -> dict[str, object]:
    """The columns of a draft that go with its words; where nobody has checked them, their blanks at the least."""
    found = check_blanks(text) if findings is None else findings
    return {
        "text": to_storable(text),
        "findings": from_findings(found),
        "is_blocked": any(finding.blocking for finding in found),
    }

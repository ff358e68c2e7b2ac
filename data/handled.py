"""What people did about messages: answered, handed over, thrown away, put right, moderated; in four statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, Text, and_, cast, or_, select

from data.rows import PERSON, to_labels
from data.tables import audit, correction, draft, message, moderation_case, outbox
from data.thoughts import CORRECTED
from data.transaction import Transaction, word
from inbox.model import Label
from inbox.outgoing import OutboxKind
from inbox.past import Handled
from inbox.views import DraftState, SendState

About = Callable[[Column[int]], ColumnElement[bool]]
"""Which messages are meant: a condition on a column that holds their numbers."""


@lru_cache(maxsize=1024)
def read_labels(kept: str) -> tuple[Label, ...]:
    """Labels from the text that they are kept as."""
    return to_labels(json.loads(kept))


def handled(tx: Transaction, about: About) -> dict[int, Handled]:
    """What people did about some messages, by their numbers; those about which nobody did anything are left out."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    here = (message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False), about(message.c.id))
    for row in tx.connection.execute(_moved_by_hand(here)):
        found[row.id]["escalated" if row.what == _ESCALATED else "replied"] = True
    for message_id, replied in _replies(tx, here):
        found[message_id] |= replied
    for message_id, responses in _discarded(tx, about).items():
        found[message_id]["discarded"] = frozenset(responses)
    for row in tx.connection.execute(_judged(here)):
        if row.after is not None:
            found[row.id]["labels"] = read_labels(row.after)
        if row.has_case:
            found[row.id]["has_case"] = True
    return {message_id: Handled(**parts) for message_id, parts in found.items()}


def _waited_until(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a message was still there and nobody had dealt with it, as `data.stats` counts it."""
    return and_(
        or_(message.c.deleted_at.is_(None), message.c.deleted_at > moment),
        or_(message.c.dealt_at.is_(None), message.c.dealt_at >= moment),
    )


_ANSWERED, _ESCALATED = "conversation.answered", "conversation.escalated"


def _moved_by_hand(here: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """What was answered on the channel itself, and what a person handed over: the audit log knows of both.

    An answer on the channel deals at its own moment with all that its author saw.
    """
    answered = and_(audit.c.what == _ANSWERED, audit.c.at == message.c.dealt_at)
    escalated = and_(
        audit.c.what == _ESCALATED,
        audit.c.at >= message.c.received_at,
        _waited_until(audit.c.at),
        # What was dealt with at the very moment had been dealt with before.
        message.c.dealt_at.is_distinct_from(audit.c.at),
    )
    return (
        select(message.c.id, audit.c.what)
        .join(
            audit,
            (audit.c.brand_id == message.c.brand_id)
            & (audit.c.subject == "conversation")
            & (audit.c.subject_id == message.c.conversation_id),
        )
        .where(*here, audit.c.actor_kind == PERSON, or_(answered, escalated))
    )


def _replies(tx: Transaction, here: Sequence[ColumnElement[bool]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The first reply that left from here in a person's name after each message, while it waited."""
    part = outbox.alias("part")
    changed = (
        select(audit.c.id)
        .where(
            audit.c.brand_id == outbox.c.brand_id,
            audit.c.subject == "draft",
            audit.c.subject_id == outbox.c.draft_id,
            audit.c.what == "draft.changed",
        )
        .exists()
    )
    wanted = (
        select(
            message.c.id,
            outbox.c.id.label("reply"),
            outbox.c.response,
            draft.c.text.label("drafted"),
            part.c.text.label("sent"),
            changed.label("changed"),
        )
        .select_from(message)
        .join(outbox, outbox.c.conversation_id == message.c.conversation_id)
        .outerjoin(draft, draft.c.id == outbox.c.draft_id)
        .outerjoin(
            part,
            (part.c.conversation_id == outbox.c.conversation_id)
            & (part.c.draft_id == outbox.c.draft_id)
            & (part.c.queued_at == outbox.c.queued_at)
            & (part.c.kind == word(OutboxKind.REPLY)),
        )
        .where(
            *here,
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.state == word(SendState.SENT),
            outbox.c.actor_kind == PERSON,
            outbox.c.queued_at >= message.c.received_at,
            _waited_until(outbox.c.sent_at),
        )
        .order_by(message.c.id, outbox.c.id, part.c.id)
    )
    parts: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in tx.connection.execute(wanted):
        if not parts[row.id] or parts[row.id][0].reply == row.reply:
            parts[row.id].append(row)
    for message_id, rows in parts.items():
        reply = rows[0]
        other_words = reply.drafted is not None and _letters([reply.drafted]) != _letters([row.sent for row in rows])
        edited = bool(reply.response) and (reply.changed or other_words)
        yield message_id, {"replied": True, "response": reply.response, "edited": edited}


def _letters(texts: Sequence[str]) -> str:
    """The words of a text that may have left in parts, cut between any of them."""
    return "".join("".join(texts).split())


def _discarded(tx: Transaction, about: About) -> dict[int, list[str]]:
    wanted = select(draft.c.message_id, draft.c.response).where(
        draft.c.brand_id == tx.brand_id,
        about(draft.c.message_id),
        draft.c.state == word(DraftState.DISCARDED),
        draft.c.response.is_not(None),
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in tx.connection.execute(wanted):
        found[row.message_id].append(row.response)
    return found


def _judged(here: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """What a person said a message is, and whether a case about it stands."""
    has_case = (
        select(moderation_case.c.id)
        .where(moderation_case.c.message_id == message.c.id, moderation_case.c.undone_at.is_(None))
        .exists()
    )
    return (
        select(message.c.id, cast(correction.c.after, Text).label("after"), has_case.label("has_case"))
        .select_from(message)
        .outerjoin(correction, CORRECTED)
        .where(*here, or_(correction.c.id.is_not(None), has_case))
    )

"""A stretch of the past, streaming: a chunk of messages in one statement, what people did about them in four more."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Text, and_, case, cast, func, or_, select

from data.rows import PERSON, to_labels, to_severity
from data.tables import (
    audit,
    channel_account,
    contact,
    contact_identity,
    conversation,
    correction,
    draft,
    message,
    moderation_case,
    outbox,
    prediction,
)
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction, word
from data.triage import SAID
from inbox.model import Kind, Label, Prediction, Signal, Standing, Target, Visibility, WaitingMessage
from inbox.outgoing import OutboxKind
from inbox.past import NOTHING, Handled, Past, PastCount
from inbox.views import DraftState, SendState

CHUNK = 4_096
"""Messages at a time: large enough that the statements beside it cost little, small enough to forget."""

_GONE = message.c.deleted_at.is_not(None) & (message.c.text == "")

Word = TypeVar("Word", Label, Signal)


def count_past(tx: Transaction, *, since: datetime, until: datetime, channel: str | None = None) -> PastCount:
    """How many messages contacts sent from one moment until before another, and how many cannot be replayed."""
    unread = and_(~_GONE, prediction.c.id.is_(None))
    wanted = (
        select(func.count(), func.sum(case((unread, 1), else_=0)), func.sum(case((_GONE, 1), else_=0)))
        .select_from(message)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(prediction, PREDICTED)
        .where(*_sent(tx, since, until, channel))
    )
    row = tx.connection.execute(wanted).one()
    return PastCount(row[0], row[1] or 0, row[2] or 0)


def read_past(
    tx: Transaction, *, since: datetime, until: datetime, channel: str | None = None
) -> Iterator[Sequence[Past]]:
    """The messages that `count_past` finds to replay, oldest number first, in chunks."""
    streamed = _messages(tx, since, until, channel).execution_options(yield_per=CHUNK)
    # Closed with the generator, so that a reader may stop anywhere.
    with tx.connection.execute(streamed) as found:
        for rows in found.partitions():
            handled = _handled(tx, first=rows[0].id, last=rows[-1].id)
            yield _to_pasts(rows, handled)


def _sent(tx: Transaction, since: datetime, until: datetime, channel: str | None) -> list[ColumnElement[bool]]:
    asked = [
        message.c.brand_id == tx.brand_id,
        message.c.is_ours.is_(False),
        message.c.sent_at >= since,
        message.c.sent_at < until,
    ]
    return asked if channel is None else [*asked, channel_account.c.name == channel]


def _messages(tx: Transaction, since: datetime, until: datetime, channel: str | None) -> Select[Any]:
    # JSON comes as the text it is kept as: a whole column of it is read at once below.
    return (
        select(
            *SAID,
            cast(prediction.c.labels, Text),
            cast(prediction.c.unsure, Text),
            cast(prediction.c.scores, Text),
            cast(prediction.c.signals, Text),
            prediction.c.lang,
            prediction.c.lang_known,
            prediction.c.model,
            prediction.c.severity,
            prediction.c.target,
        )
        .select_from(message)
        .join(prediction, PREDICTED)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(
            contact_identity,
            (contact_identity.c.channel_account_id == message.c.channel_account_id)
            & (contact_identity.c.external_id == message.c.author),
        )
        .where(*_sent(tx, since, until, channel), ~_GONE)
        .order_by(message.c.id)
    )


def _to_pasts(rows: Sequence[Any], handled: Mapping[int, Handled]) -> list[Past]:
    scores = _read_column([row[15] for row in rows], Label)
    signals = _read_column([row[16] for row in rows], Signal)
    return [
        Past(
            WaitingMessage(
                id=row[0],
                conversation_id=row[1],
                contact_id=row[2],
                contact_name=row[3],
                channel=row[4],
                thread=row[5],
                text=row[6],
                kind=_kind(row[7]),
                visibility=_visibility(row[8]),
                lang_hint=row[9],
                sent_at=row[10],
                version=row[11],
                standing=_standing(row[12]),
            ),
            Prediction(
                _labels(row[13]),
                _labels(row[14]),
                scored,
                signalled,
                row[17],
                row[18],
                row[19],
                _severity(row[20]),
                _target(row[21]),
            ),
            handled.get(row[0], NOTHING),
        )
        for row, scored, signalled in zip(rows, scores, signals, strict=True)
    ]


def _read_column(kept: Sequence[str], word_of: type[Word]) -> list[dict[Word, float]]:
    """A column of JSON objects, read as one document; their keys become our words."""
    known = tuple(word_of)
    names = [one.value for one in known]
    return [
        dict(zip(known, one.values(), strict=True))
        if list(one) == names
        else {word_of(name): score for name, score in one.items()}
        for one in json.loads(f"[{','.join(kept)}]")
    ]


@lru_cache(maxsize=1024)
def _labels(kept: str) -> tuple[Label, ...]:
    return to_labels(json.loads(kept))


_kind = lru_cache(Kind)
_visibility = lru_cache(Visibility)


_severity = lru_cache(to_severity)


@lru_cache
def _target(kept: str | None) -> Target | None:
    return Target(kept) if kept else None


@lru_cache
def _standing(kept: str | None) -> Standing:
    return Standing(kept) if kept else Standing.MEMBER


def _handled(tx: Transaction, *, first: int, last: int) -> dict[int, Handled]:
    """What people did about the messages with these numbers and those between."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    here = (message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False), message.c.id.between(first, last))
    for row in tx.connection.execute(_moved_by_hand(here)):
        found[row.id]["escalated" if row.what == _ESCALATED else "replied"] = True
    for message_id, replied in _replies(tx, here):
        found[message_id] |= replied
    for message_id, responses in _discarded(tx, first, last).items():
        found[message_id]["discarded"] = frozenset(responses)
    for row in tx.connection.execute(_judged(here)):
        if row.after is not None:
            found[row.id]["labels"] = _labels(row.after)
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


def _discarded(tx: Transaction, first: int, last: int) -> dict[int, list[str]]:
    wanted = select(draft.c.message_id, draft.c.response).where(
        draft.c.brand_id == tx.brand_id,
        draft.c.message_id.between(first, last),
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

"""Counts over the whole inbox. Equal lists of labels or actions are counted by the database, then taken apart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Text, cast, func, select

from data.standing import UNSURE
from data.tables import channel_account, conversation, decision, draft, message, outbox, prediction
from data.transaction import Transaction, word
from data.triage import count_waiting
from inbox.model import Label
from inbox.views import DraftState, SendState, Summary

MESSAGES = "messages"
"""Counted per channel beside its labels: what contacts said there."""

OTHER = "other"
"""Counted among the labels: no label holds, and nothing is unsure."""


def summary(tx: Transaction) -> Summary:
    """Counts over the whole inbox."""
    labels: Counter[str] = Counter({label.value: 0 for label in Label} | {OTHER: 0})
    languages: Counter[str] = Counter()
    channels = {name: Counter({MESSAGES: times}) for name, times in _messages_by_channel(tx).items()}
    for row in tx.connection.execute(_thoughts(tx)):
        is_unsure = row.unsure != "[]" or not row.lang_known
        words = [*json.loads(row.labels), *([UNSURE] if is_unsure else [])] or [OTHER]
        languages[row.lang] += row.times
        for one in words:
            labels[one] += row.times
            channels[row.channel][one] += row.times
    drafts = _counts(tx, draft, draft.c.is_blocked, draft.c.state == word(DraftState.OPEN))
    return Summary(
        messages=sum(counted[MESSAGES] for counted in channels.values()),
        waiting=count_waiting(tx),
        conversations=sum(_counts(tx, conversation, conversation.c.status).values()),
        unsure=labels.pop(UNSURE, 0),
        labels=labels,
        languages=dict(languages.most_common()),
        channels=channels,
        actions=dict(_actions(tx).most_common()),
        queues=dict(_counts(tx, conversation, conversation.c.queue, conversation.c.queue.is_not(None)).most_common()),
        rules=dict(_rules(tx).most_common()),
        sends={SendState(state): times for state, times in _counts(tx, outbox, outbox.c.state).items()},
        drafts_open=drafts.total(),
        drafts_blocked=drafts[True],
    )


def _counts(tx: Transaction, table: Table, by: ColumnElement[Any], *asked: ColumnElement[bool]) -> Counter[Any]:
    wanted = select(by, func.count()).where(table.c.brand_id == tx.brand_id, *asked).group_by(by)
    return Counter({row[0]: row[1] for row in tx.connection.execute(wanted)})


def _messages_by_channel(tx: Transaction) -> dict[str, int]:
    wanted = (
        select(channel_account.c.name, func.count(message.c.id))
        .join(message, message.c.channel_account_id == channel_account.c.id)
        .where(channel_account.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
        .group_by(channel_account.c.name)
        .order_by(channel_account.c.name)
    )
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def _thoughts(tx: Transaction) -> Select[Any]:
    parts = (
        channel_account.c.name.label("channel"),
        prediction.c.lang,
        prediction.c.lang_known,
        cast(prediction.c.labels, Text).label("labels"),
        cast(prediction.c.unsure, Text).label("unsure"),
    )
    return (
        select(*parts, func.count().label("times"))
        .join(message, message.c.id == prediction.c.message_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(prediction.c.brand_id == tx.brand_id, prediction.c.replaced_at.is_(None))
        .group_by(*parts)
    )


def _actions(tx: Transaction) -> Counter[str]:
    found: Counter[str] = Counter()
    for actions, times in _of_current_decisions(tx, cast(decision.c.actions, Text)):
        for action in json.loads(actions):
            found[action["action"]] += times
    return found


def _rules(tx: Transaction) -> Counter[str]:
    return Counter({rule: times for rule, times in _of_current_decisions(tx, decision.c.rule) if rule is not None})


def _of_current_decisions(tx: Transaction, by: ColumnElement[Any]) -> Iterator[tuple[Any, int]]:
    wanted = (
        select(by, func.count())
        .join(prediction, prediction.c.id == decision.c.prediction_id)
        .where(decision.c.brand_id == tx.brand_id, prediction.c.replaced_at.is_(None))
        .group_by(by)
    )
    for row in tx.connection.execute(wanted):
        yield row[0], row[1]

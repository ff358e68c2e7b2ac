"""What people have said of messages, read for training as far as that is allowed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal, select, update

from data.contacts import keep_accounts
from data.rows import PERSON, to_labels
from data.tables import channel_account, correction, message, prediction
from data.transaction import Transaction, word
from inbox.learning import ChannelLessons, CorrectedExample, LeftOut


def set_may_train(tx: Transaction, channel: str, *, allowed: bool) -> bool:
    """Let models learn from a channel, or not; one that is new is made. False when it stood so already."""
    account = keep_accounts(tx, [channel])[channel]
    changed = tx.connection.execute(
        update(channel_account)
        .where(channel_account.c.id == account, channel_account.c.may_train.is_not(allowed))
        .values(may_train=allowed)
    )
    return changed.rowcount > 0


def corrected_examples(tx: Transaction, *, languages: Sequence[str]) -> Iterator[CorrectedExample]:
    """What people have said of messages and may be learnt from, the latest first; never what a model said.

    Args:
        tx: The transaction.
        languages: ISO 639-1. Those that are learnt.
    """
    wanted = (
        select(message.c.id, channel_account.c.name, message.c.text, prediction.c.lang, correction.c.after)
        .select_from(_said())
        .where(*_by_people(tx), _against(languages).is_(None))
        .order_by(correction.c.corrected_at.desc(), correction.c.id.desc())
    )
    for row in tx.connection.execute(wanted):
        yield CorrectedExample(row[0], row[1], row[2], row[3], to_labels(row[4]))


def count_corrections(tx: Transaction, *, languages: Sequence[str]) -> list[ChannelLessons]:
    """Per channel with corrections how many may be learnt from, and how many not and why; by name."""
    against = _against(languages).label("against")
    wanted = (
        select(channel_account.c.name, channel_account.c.may_train, against, func.count())
        .select_from(_said())
        .where(*_by_people(tx))
        .group_by(channel_account.c.name, channel_account.c.may_train, against)
        .order_by(channel_account.c.name)
    )
    counts: dict[tuple[str, bool], dict[str | None, int]] = defaultdict(dict)
    for name, may_train, why, n in tx.connection.execute(wanted):
        counts[name, may_train][why] = n
    return [
        ChannelLessons(
            channel=name,
            may_train=may_train,
            taken=found.get(None, 0),
            left_out={why: found[why] for why in LeftOut if why in found},
        )
        for (name, may_train), found in counts.items()
    ]


def _said() -> FromClause:
    model = and_(
        prediction.c.message_id == message.c.id,
        prediction.c.replaced_at.is_(None),
        prediction.c.message_version == correction.c.message_version,
    )
    return (
        correction.join(message, message.c.id == correction.c.message_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(prediction, model)
    )


def _by_people(tx: Transaction) -> list[ColumnElement[bool]]:
    """Corrections that are current and were made by a person: a program's word is no ground to learn from."""
    return [
        correction.c.brand_id == tx.brand_id,
        correction.c.replaced_at.is_(None),
        correction.c.actor_kind == PERSON,
    ]


def _against(languages: Sequence[str]) -> ColumnElement[Any]:
    """The first reason not to learn from a correction; NULL where there is none."""
    reasons = (
        (channel_account.c.may_train.is_(False), LeftOut.NO_CONSENT),
        (message.c.deleted_at.is_not(None), LeftOut.DELETED),
        (correction.c.message_version != message.c.version, LeftOut.EDITED),
        (func.trim(message.c.text) == literal(""), LeftOut.NO_TEXT),
        (func.coalesce(prediction.c.lang, literal("")).not_in(languages), LeftOut.LANGUAGE),
    )
    return case(*((holds, word(why)) for holds, why in reasons))

"""What people have said of messages, read for training as far as that is allowed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, case, exists, func, literal, select, update

from data.contacts import keep_accounts
from data.rows import PERSON, to_labels
from data.tables import channel_account, correction, message, moderation_case, prediction, spam_mark
from data.transaction import Transaction, word
from inbox.cases import CaseAct
from inbox.learning import ChannelLessons, CorrectedExample, LeftOut, SpamExample


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
        .select_from(_said(correction))
        .where(*_by_people(tx, correction), _against(correction, languages).is_(None))
        .order_by(correction.c.corrected_at.desc(), correction.c.id.desc())
    )
    for row in tx.connection.execute(wanted):
        yield CorrectedExample(row[0], row[1], row[2], row[3], to_labels(row[4]))


def spam_examples(tx: Transaction, *, languages: Sequence[str]) -> Iterator[SpamExample]:
    """What people have said is spam, or is none, and may be learnt from, the latest first.

    Args:
        tx: The transaction.
        languages: ISO 639-1. Those that are learnt.
    """
    wanted = (
        select(message.c.id, channel_account.c.name, message.c.text, prediction.c.lang, spam_mark.c.is_spam)
        .select_from(_said(spam_mark))
        .where(*_by_people(tx, spam_mark), _against(spam_mark, languages).is_(None))
        .order_by(spam_mark.c.marked_at.desc(), spam_mark.c.id.desc())
    )
    for row in tx.connection.execute(wanted):
        yield SpamExample(row[0], row[1], row[2], row[3], row[4])


def count_corrections(tx: Transaction, *, languages: Sequence[str]) -> list[ChannelLessons]:
    """Per channel with corrections how many may be learnt from, and how many not and why; by name."""
    counts: dict[tuple[str, bool], Counter[str | None]] = defaultdict(Counter)
    for table in (correction, spam_mark):
        against = _against(table, languages).label("against")
        wanted = (
            select(channel_account.c.name, channel_account.c.may_train, against, func.count())
            .select_from(_said(table))
            .where(*_by_people(tx, table))
            .group_by(channel_account.c.name, channel_account.c.may_train, against)
        )
        for name, may_train, why, n in tx.connection.execute(wanted):
            counts[name, may_train][why] += n
    return [
        ChannelLessons(
            channel=name,
            may_train=may_train,
            taken=found.get(None, 0),
            left_out={why: found[why] for why in LeftOut if why in found},
        )
        for (name, may_train), found in sorted(counts.items())
    ]


def _said(table: Table) -> FromClause:
    """What people have said, in one of the tables that keep it, with the message and the model's word on it."""
    model = and_(
        prediction.c.message_id == message.c.id,
        prediction.c.replaced_at.is_(None),
        prediction.c.message_version == table.c.message_version,
    )
    return (
        table.join(message, message.c.id == table.c.message_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(prediction, model)
    )


def _by_people(tx: Transaction, table: Table) -> list[ColumnElement[bool]]:
    """What is current and was said by a person: a program's word is no ground to learn from."""
    return [table.c.brand_id == tx.brand_id, table.c.replaced_at.is_(None), table.c.actor_kind == PERSON]


def _against(table: Table, languages: Sequence[str]) -> ColumnElement[Any]:
    """The first reason not to learn from what was said; NULL where there is none.

    What we have deleted ourselves is learnt from: nobody but its author takes words back.
    """
    by_us = exists().where(
        moderation_case.c.message_id == message.c.id,
        moderation_case.c.act == CaseAct.DELETE.value,
        moderation_case.c.undone_at.is_(None),
    )
    reasons = (
        (channel_account.c.may_train.is_(False), LeftOut.NO_CONSENT),
        (and_(message.c.deleted_at.is_not(None), ~by_us), LeftOut.DELETED),
        (table.c.message_version != message.c.version, LeftOut.EDITED),
        (func.trim(message.c.text) == literal(""), LeftOut.NO_TEXT),
        (func.coalesce(prediction.c.lang, literal("")).not_in(languages), LeftOut.LANGUAGE),
    )
    return case(*((holds, word(why)) for holds, why in reasons))

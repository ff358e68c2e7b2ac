"""A person's labels over the model's: kept, taken back, and read for training as far as that is allowed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, insert, literal, select, update

from data.contacts import keep_accounts
from data.rows import to_labels
from data.standing import add_up, keep_standings, lock_conversations, weights_of
from data.tables import channel_account, correction, message, outbox, prediction
from data.transaction import Transaction, word
from inbox.learning import ChannelLessons, CorrectedExample, Labelled, LeftOut, in_order
from inbox.model import Actor, Label
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendState

_PERSON = Actor.person("").kind


def labels_of(tx: Transaction, message_id: int) -> Labelled | None:
    """The labels of a contact's message as it reads now: the model's, and a person's; None where there is none."""
    model = and_(
        prediction.c.message_id == message.c.id,
        prediction.c.replaced_at.is_(None),
        prediction.c.message_version == message.c.version,
    )
    person = and_(
        correction.c.message_id == message.c.id,
        correction.c.replaced_at.is_(None),
        correction.c.message_version == message.c.version,
    )
    wanted = (
        select(
            message.c.conversation_id,
            message.c.version,
            channel_account.c.name,
            channel_account.c.may_train,
            prediction.c.labels,
            correction.c.after,
        )
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(prediction, model)
        .outerjoin(correction, person)
        .where(message.c.id == message_id, message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
    )
    row = tx.connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return Labelled(
        message_id=message_id,
        conversation_id=row.conversation_id,
        version=row.version,
        channel=row.name,
        may_train=row.may_train,
        model=None if row.labels is None else in_order(to_labels(row.labels)),
        person=None if row.after is None else to_labels(row.after),
    )


def keep_correction(
    tx: Transaction, message_id: int, *, after: Sequence[Label], why: str, by: Actor, now: datetime
) -> bool:
    """Keep what a person says a message is, as it reads now; its conversation then stands in the queue by that.

    To say the same as the model is to confirm it. False when the message is unknown, no model has read it as it is
    now, or a person has said the same.
    """
    found = _locked(tx, message_id)
    labels = in_order(after)
    if found is None or found.model is None or found.person == labels:
        return False
    _replace(tx, message_id, now=now)
    tx.connection.execute(
        insert(correction).values(
            brand_id=tx.brand_id,
            message_id=message_id,
            message_version=found.version,
            before=[label.value for label in found.model],
            after=[label.value for label in labels],
            why=why,
            actor_kind=by.kind,
            actor_name=by.name,
            corrected_at=now,
        )
    )
    _stand_anew(tx, found.conversation_id)
    return True


def drop_correction(tx: Transaction, message_id: int, *, now: datetime) -> bool:
    """Let the model's labels stand again; False when nobody has corrected the message as it reads now."""
    found = _locked(tx, message_id)
    if found is None or found.person is None:
        return False
    _replace(tx, message_id, now=now)
    _stand_anew(tx, found.conversation_id)
    return True


def withdraw_automatic(tx: Transaction, message_id: int, *, why: Sentence) -> int:
    """Cancel the replies to a message that rules have put in the outbox and have not left; how many there were."""
    cancelled = tx.connection.execute(
        update(outbox)
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.message_id == message_id,
            outbox.c.kind == word(OutboxKind.REPLY),
            outbox.c.state == word(SendState.WAITING),
            outbox.c.actor_kind != _PERSON,
        )
        .values(state=SendState.CANCELLED.value, error=why.to_json())
    )
    return int(cancelled.rowcount)


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
        correction.c.actor_kind == _PERSON,
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


def _locked(tx: Transaction, message_id: int) -> Labelled | None:
    """The labels of a message, with its conversation kept from other writers."""
    found = labels_of(tx, message_id)
    if found is None:
        return None
    lock_conversations(tx, [found.conversation_id])
    return labels_of(tx, message_id)


def _replace(tx: Transaction, message_id: int, *, now: datetime) -> None:
    current = (correction.c.message_id == message_id) & correction.c.replaced_at.is_(None)
    tx.connection.execute(update(correction).where(current).values(replaced_at=now))


def _stand_anew(tx: Transaction, conversation_id: int) -> None:
    weights = weights_of(tx, [conversation_id]).get(conversation_id, [])
    keep_standings(tx, {conversation_id: add_up(weights)})

"""What surrounds messages, gathered for a whole batch in one statement for each thing that rules ask about."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import or_, select

from data.crisis import crisis_lines
from data.many import is_among
from data.merging import People, people_among
from data.switches import find_switch
from data.tables import channel_account, conversation, conversation_tag, message, moderation_case
from data.transaction import Transaction, words
from inbox.background import REPEATED_WITHIN, UNKNOWN, Background, Needs
from inbox.cases import CaseAct
from inbox.model import WaitingMessage
from inbox.priority import VIP
from inbox.switches import CRISIS
from inbox.text import fold

LOOKS_BACK = 10_000
"""How many messages before a batch are searched for repeats: more than a raid sends before it is noticed."""

_MOST_STRETCHES = 50  # SQLite takes no expression that is nested much deeper
_SANCTIONS = [act for act in CaseAct if act.is_sanction]
_STARTED, _ENDED = "crisis.started", "crisis.ended"

Moments = Sequence[datetime]


def backgrounds(
    tx: Transaction, messages: Sequence[WaitingMessage], needs: Needs, *, past: bool = False
) -> dict[int, Background]:
    """Per message what surrounds it, as far as it is needed; nothing where nothing is.

    With `past`, whether a crisis ran is told of the moment when each message was sent, else of now.
    """
    if needs.is_nothing or not messages:
        return {}
    people = people_among(tx, {one.contact_id for one in messages})
    contacts = people.members({one.contact_id for one in messages})
    tags = _tags(tx, contacts, people) if needs.tags else {}
    first = _first_messages(tx, contacts, people) if needs.first_message else {}
    written = (
        {} if needs.messages_within is None else _written(tx, messages, contacts, people, within=needs.messages_within)
    )
    sanctioned = {} if needs.sanctions_within is None else _sanctioned(tx, contacts, people)
    repeats = _repeats(tx, messages) if needs.repeated else {}
    crises = _switched(tx, past=past) if needs.crisis else ()
    none: Moments = ()
    return {
        one.id: Background(
            tags=tags.get(people.person(one.contact_id), UNKNOWN.tags),
            is_first=first.get(people.person(one.contact_id)) == one.id,
            messages=written.get(people.person(one.contact_id), none),
            sanctions=sanctioned.get(people.person(one.contact_id), none),
            repeats=repeats.get((one.channel, fold(one.text)), none) if repeats else none,
            # Started and ended in turn: after an odd number of them, one runs.
            crisis=bisect_right(crises, one.sent_at) % 2 == 1 if past else bool(crises),
        )
        for one in messages
    }


def _tags(tx: Transaction, contacts: Collection[int], people: People) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    wanted = (
        select(conversation.c.contact_id, conversation_tag.c.tag)
        .select_from(conversation)
        .join(conversation_tag, conversation_tag.c.conversation_id == conversation.c.id)
        .where(is_among(tx, conversation.c.contact_id, contacts))
    )
    for contact_id, tag in tx.connection.execute(wanted):
        found[people.person(contact_id)].add(tag)
    for contact_id in people.vips:
        found[people.person(contact_id)].add(VIP)
    return {contact_id: frozenset(tags) for contact_id, tags in found.items()}


def _first_messages(tx: Transaction, contacts: Collection[int], people: People) -> dict[int, int]:
    """Per person the number of the first message; one look at the index for each conversation."""
    other = message.alias("other")
    first = (
        select(other.c.id)
        .where(other.c.conversation_id == conversation.c.id, other.c.is_ours.is_(False))
        .order_by(other.c.sent_at, other.c.id)
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(conversation.c.contact_id, message.c.id)
        .select_from(conversation)
        .join(message, message.c.id == first)
        .where(is_among(tx, conversation.c.contact_id, contacts))
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
    )
    return {
        people.person(row[0]): row[1] for row in tx.connection.execute(wanted)
    }  # the last one read is the first one sent


def _written(
    tx: Transaction,
    messages: Sequence[WaitingMessage],
    contacts: Collection[int],
    people: People,
    *,
    within: timedelta,
) -> dict[int, Moments]:
    found: dict[int, list[datetime]] = defaultdict(list)
    moments = [one.sent_at for one in messages]
    wanted = (
        select(conversation.c.contact_id, message.c.sent_at)
        .select_from(conversation)
        .join(message, message.c.conversation_id == conversation.c.id)
        .where(
            is_among(tx, conversation.c.contact_id, contacts),
            message.c.is_ours.is_(False),
            message.c.sent_at > min(moments) - within,
            message.c.sent_at <= max(moments),
        )
    )
    for contact_id, sent_at in tx.connection.execute(wanted):
        found[people.person(contact_id)].append(sent_at)
    return {contact_id: sorted(said) for contact_id, said in found.items()}


def _sanctioned(tx: Transaction, contacts: Collection[int], people: People) -> dict[int, Moments]:
    found: dict[int, list[datetime]] = defaultdict(list)
    wanted = (
        select(moderation_case.c.contact_id, moderation_case.c.opened_at)
        .where(
            is_among(tx, moderation_case.c.contact_id, contacts),
            moderation_case.c.brand_id == tx.brand_id,
            moderation_case.c.act.in_(words(*_SANCTIONS)),
            moderation_case.c.undone_at.is_(None),
        )
        .order_by(moderation_case.c.opened_at)
    )
    for contact_id, opened_at in tx.connection.execute(wanted):
        found[people.person(contact_id)].append(opened_at)
    return dict(found)


def _repeats(tx: Transaction, messages: Sequence[WaitingMessage]) -> Mapping[tuple[str, str], Moments]:
    """When anyone sent each text of the batch on its channel, from an hour before the batch until its end.

    Messages are found by their numbers, which follow the order in which they came: no index on moments is needed.
    """
    said = {(one.channel, fold(one.text)) for one in messages if one.text.strip()}
    if not said:
        return {}
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    moments = [one.sent_at for one in messages]
    wanted = (
        select(channel_account.c.name, message.c.text, message.c.sent_at)
        .select_from(message)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(
            message.c.brand_id == tx.brand_id,
            message.c.is_ours.is_(False),
            or_(*(message.c.id.between(first - LOOKS_BACK, last) for first, last in _stretches(messages))),
            message.c.sent_at > min(moments) - REPEATED_WITHIN,
            message.c.sent_at <= max(moments),
        )
    )
    for channel, text, sent_at in tx.connection.execute(wanted):
        key = (channel, fold(text))
        if key in said:
            found[key].append(sent_at)
    return {key: sorted(sent) for key, sent in found.items()}


def _stretches(messages: Sequence[WaitingMessage]) -> Iterator[tuple[int, int]]:
    """The numbers of a batch from and to, apart where an edited message of long ago is among new ones."""
    numbers = sorted(one.id for one in messages)
    first = last = numbers[0]
    if sum(after - before > LOOKS_BACK for before, after in pairwise(numbers)) > _MOST_STRETCHES:
        numbers = [first, numbers[-1]]
    for number in numbers[1:]:
        if number - last > LOOKS_BACK:
            yield first, last
            first = number
        last = number
    yield first, last


def _switched(tx: Transaction, *, past: bool) -> Moments:
    """When crises were started and ended, in turn; of now, the moment since when one runs, if one does."""
    if past:
        return [line.at for _, line in crisis_lines(tx) if line.what in {_STARTED, _ENDED}]
    state = find_switch(tx, CRISIS)
    return [state.since] if state.is_on and state.since is not None else []

"""The journey of a message: received, triaged, delivered. Each stage is safe to run twice and safe to kill."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.audit import AuditLine
from inbox.background import UNKNOWN, Background
from inbox.books import Books, Store
from inbox.breaker import Breaker
from inbox.calling import call_about
from inbox.decisions import Decision, Facts
from inbox.delivery import LEASE, DueSend
from inbox.desk import Desk
from inbox.leading import note_leads
from inbox.model import Actor, IncomingMessage, Label, Prediction, Standing, Visibility, WaitingMessage
from inbox.outcome import House, Outcome, carry_out
from inbox.outgoing import is_later_part
from inbox.ports import Channels, Clock
from inbox.rates import RateLimiter
from inbox.sending import deliver_all
from inbox.sentences import Sentence
from inbox.switches import PAUSED
from inbox.variety import Neighbourhood, Said

TRIAGE_BATCH = 512
"""The most messages that one transaction triages."""

DELIVERY_BATCH = 32
"""The most rows of the outbox that one worker claims at a time."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch of messages: how many are new, how many had been delivered before."""

    created: int = 0
    skipped: int = 0


def receive(store: Store, said: Sequence[IncomingMessage], *, clock: Clock) -> Received:
    """Take messages in, each once, in one transaction. A redelivery changes nothing.

    What one of the team says is nobody's request: it counts as an answer to whom it answers, else it is passed over.
    """
    ours = [one for one in said if one.standing is Standing.STAFF]
    theirs = [one for one in said if one.standing is not Standing.STAFF]
    with store.begin() as books:
        ids = books.add_messages(theirs, now=clock())
        for one in ours:
            _receive_answer(books, one, now=clock())
    created = sum(message_id is not None for message_id in ids)
    return Received(created=created, skipped=len(ids) - created)


def _receive_answer(books: Books, said: IncomingMessage, *, now: datetime) -> None:
    conversation_id = books.keep_answer(said, now=now)
    if conversation_id is not None:
        why = Sentence("One of the team has answered on {channel}.", channel=said.channel)
        by = Actor.person(said.author_name or said.author)
        books.write_audit([AuditLine(now, by, "conversation.answered", "conversation", conversation_id, why)])
        books.seal_audit()


def triage(desk: Desk, *, limit: int = TRIAGE_BATCH, one_by_one: bool = False) -> int:
    """Bring one batch of waiting messages from words to decisions, in one transaction; how many there were.

    Killed before the commit, nothing happened; after it, all did. With `one_by_one`, a message that cannot be judged is
    left to a person, and costs no other. Rules that have changed since the last batch are taken up first.
    """
    desk = desk.as_of_now()
    with desk.store.begin() as books:
        waiting = books.claim_waiting(limit)
        if not waiting:
            return 0
        around = books.backgrounds(waiting, desk.rules.needs)
        judged = (
            [_judge_or_leave(desk, message, around) for message in waiting]
            if one_by_one
            else _judge(desk, waiting, around)
        )
        now = desk.clock()
        house = House(
            desk.brand,
            desk.responses,
            desk.rule_book_version,
            desk.hold,
            desk.abilities,
            desk.splits_replies,
            desk.tickets_to,
            desk.targets,
            disclosures=desk.disclosures,
        )
        speaks = any(decision.speaks for _, decision in judged)
        beside = books.neighbourhood(now=now) if speaks else Neighbourhood()
        outcomes = [
            _carry_out(message, prediction, decision, house=house, beside=beside, now=now)
            for message, (prediction, decision) in zip(waiting, judged, strict=True)
        ]
        books.keep_outcomes(outcomes, rule_book_version=desk.rule_book_version, now=now)
        call_about(books, outcomes, chains=desk.chains, now=now)
        note_leads(desk, books, outcomes, now=now)
    with desk.store.begin() as books:
        books.seal_audit()
    return len(waiting)


def _carry_out(
    message: WaitingMessage,
    prediction: Prediction,
    decision: Decision,
    *,
    house: House,
    beside: Neighbourhood,
    now: datetime,
) -> Outcome:
    """What is to be kept of one message, in other words than what stands beside it, and beside the next from then on.

    In a private conversation nobody else reads what is said.
    """
    if message.visibility is Visibility.PRIVATE or not decision.speaks:
        return carry_out(message, prediction, decision, house=house, now=now)
    place = (message.channel, message.thread)
    outcome = carry_out(message, prediction, decision, house=house, now=now, near=beside.around(*place))
    for send in outcome.sends:
        if not is_later_part(send.idempotency_key):
            beside.note_sent(Said(send.words.text, message.contact_name, *place))
    for draft in outcome.drafts:
        beside.note_drafted(Said(draft.words.text, message.contact_name, *place))
    return outcome


def _judge(
    desk: Desk, waiting: Sequence[WaitingMessage], around: Mapping[int, Background]
) -> list[tuple[Prediction, Decision]]:
    predictions = desk.classifier.predict(
        [message.text for message in waiting], hints=[message.lang_hint for message in waiting], explain=True
    )
    return [
        (
            prediction,
            desk.rules.decide(
                Facts.of(message, prediction, hours=desk.brand.hours, background=around.get(message.id, UNKNOWN))
            ),
        )
        for message, prediction in zip(waiting, predictions, strict=True)
    ]


def _judge_or_leave(
    desk: Desk, message: WaitingMessage, around: Mapping[int, Background]
) -> tuple[Prediction, Decision]:
    try:
        return _judge(desk, [message], around)[0]
    except Exception:  # noqa: BLE001  # whatever is wrong with one message must not stop the next
        nothing_known = Prediction((), tuple(Label), {}, {}, "und", lang_known=False, model=desk.classifier.version)
        return nothing_known, Decision()


async def deliver(desk: Desk, channels: Channels, limiter: RateLimiter, breaker: Breaker | None = None) -> int:
    """Do outside what is due, each after a last look; how many rows were dealt with.

    The outside world is not in our transaction: a row is claimed under a lease, and where an earlier attempt may have
    got through, the channel is asked what became of it before anything is done again. Channels do not wait for each
    other, and one that does not answer is left alone for a while.

    Args:
        desk: The desk.
        channels: Where things are done.
        limiter: What has left lately.
        breaker: Which channels have not answered; None forgets it after this batch.
    """
    desk, breaker = desk.as_of_now(), breaker or Breaker()
    due = await asyncio.to_thread(_look_at_due, desk, breaker)
    by_channel: dict[str, list[DueSend]] = {}
    for send in due:
        by_channel.setdefault(send.channel, []).append(send)
    ended = await asyncio.gather(
        *(deliver_all(desk, channels, limiter, sends, breaker) for sends in by_channel.values()), return_exceptions=True
    )
    # Told once every channel is done: what one of them is saying must not go on unseen.
    for fault in ended:
        if fault is not None:
            raise fault
    return len(due)


def _look_at_due(desk: Desk, breaker: Breaker) -> list[DueSend]:
    now = desk.clock()
    with desk.store.begin() as books:
        paused = books.switch(PAUSED).is_on
        resting = breaker.resting(now=now)
        claimed = books.claim_due(now=now, limit=DELIVERY_BATCH, lease=LEASE, paused=paused, resting=resting)
        looked_at = [books.due_send(send_id, lately=None) for send_id in claimed]
    return [send for send in looked_at if send is not None]

"""Keeping what triage decided, a batch in a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import select, update

from data.additions import keep_all_additions
from data.arranging import arrange, that_can_be
from data.audit import write_audit
from data.escalations import keep_escalations, queues_of
from data.many import insert_many, is_among
from data.once import had_since
from data.rows import from_findings, from_prediction
from data.standing import Weight, add_up, keep_standings, lock_conversations, weights_of
from data.tables import conversation_tag, decision, draft, message, outbox, prediction
from data.traces import keep_traces
from data.transaction import Transaction, words
from data.waiting import waiting_row
from inbox.actions import to_words
from inbox.model import Actor
from inbox.outcome import NewDraft, NewSend, Outcome
from inbox.outgoing import PART
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState


def keep_outcomes(tx: Transaction, outcomes: Sequence[Outcome], *, rule_book_version: int, now: datetime) -> None:
    """Write all that was decided, and mark the messages triaged."""
    if not outcomes:
        return
    conversations = lock_conversations(tx, {one.message.conversation_id for one in outcomes})
    kept = that_can_be(tx, _without_repeats(tx, outcomes), now=now)
    _keep_thoughts(tx, kept, rule_book_version=rule_book_version, now=now)
    _keep_drafts(tx, kept, now=now)
    _keep_sends(tx, kept, conversations, now=now)
    keep_escalations(tx, [(one.message.conversation_id, one.escalation) for one in kept if one.escalation], now=now)
    _keep_tags(tx, kept)
    _keep_standings(tx, kept, conversations)
    write_audit(tx, [one.audit for one in kept])
    done = is_among(tx, message.c.id, [one.message.id for one in kept])
    tx.connection.execute(update(message).where(done).values(triaged_at=now))
    keep_all_additions(tx, [*conversations], now=now)
    arrange(tx, kept, now=now)


def _without_repeats(tx: Transaction, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes less the words that their conversation has already: on their way, said, or awaiting a person."""
    speaking = {one.message.conversation_id for one in outcomes if one.drafts or one.sends}
    if not speaking:
        return [*outcomes]
    there: set[tuple[int, str, str]] = set()
    awaiting: set[tuple[int, str, str]] = set()
    for table, states in (
        (draft, words(DraftState.OPEN, DraftState.APPROVED)),
        (outbox, words(SendState.WAITING, SendState.SENDING, SendState.SENT)),
    ):
        rows = tx.connection.execute(
            select(table.c.conversation_id, table.c.response, table.c.text, table.c.state).where(
                is_among(tx, table.c.conversation_id, speaking), table.c.state.in_(states)
            )
        )
        for conversation_id, response, text, state in rows:
            said = {(conversation_id, "response", response or ""), (conversation_id, "text", text)}
            there |= said
            if state not in {DraftState.APPROVED.value, SendState.SENT.value}:
                awaiting |= said
    had = had_since(tx, outcomes)
    return [_without_repeats_of(one, there, awaiting, had) for one in outcomes]


def _without_repeats_of(
    outcome: Outcome,
    there: set[tuple[int, str, str]],
    awaiting: set[tuple[int, str, str]],
    had: dict[tuple[int, str], datetime],
) -> Outcome:
    notes: list[Sentence] = []

    def is_new(new: NewDraft | NewSend) -> bool:
        place, response = outcome.message.conversation_id, new.words.response
        said = {(place, "response", response), (place, "text", new.words.text)}
        # What is said once in a time may be said again after it, though it was said here before.
        if said & (there if new.once_since is None else awaiting):
            notes.append(Sentence("The response {response} is in this conversation already.", response=response))
            return False
        last = had.get((outcome.message.contact_id, response))
        if new.once_since is not None and last is not None and last >= new.once_since:
            notes.append(Sentence("This contact has had the response {response}: once is enough.", response=response))
            return False
        had[outcome.message.contact_id, response] = max(outcome.message.sent_at, last or outcome.message.sent_at)
        there.update(said)
        awaiting.update(said)
        return True

    judged: dict[tuple[str, str], bool] = {}

    def is_of_new(send: NewSend) -> bool:
        # What leaves in parts is one reply: its parts all come from one response, and go by the first of them.
        whole = (send.idempotency_key.partition(PART)[0], send.words.response)
        if whole not in judged:
            judged[whole] = is_new(send)
        return judged[whole]

    sends = tuple(send for send in outcome.sends if is_of_new(send))
    drafts = tuple(new for new in outcome.drafts if is_new(new))
    if not notes:
        return outcome
    noted = replace(outcome.decision, notes=(*outcome.decision.notes, *notes))
    return replace(outcome, sends=sends, drafts=drafts, decision=noted)


def _keep_thoughts(tx: Transaction, outcomes: Sequence[Outcome], *, rule_book_version: int, now: datetime) -> None:
    messages = is_among(tx, prediction.c.message_id, [one.message.id for one in outcomes])
    tx.connection.execute(
        update(prediction).where(messages, prediction.c.replaced_at.is_(None)).values(replaced_at=now)
    )
    made = insert_many(
        tx,
        prediction,
        [
            {
                "brand_id": tx.brand_id,
                "message_id": one.message.id,
                "message_version": one.message.version,
                "made_at": now,
                **from_prediction(one.prediction),
            }
            for one in outcomes
        ],
        returning=[prediction.c.message_id, prediction.c.id],
    )
    ids = {row[0]: row[1] for row in made}
    traces = keep_traces(tx, [one.decision.trace for one in outcomes])
    insert_many(
        tx,
        decision,
        [
            {
                "brand_id": tx.brand_id,
                "message_id": one.message.id,
                "prediction_id": ids[one.message.id],
                "rule_book_version": rule_book_version,
                "actions": [
                    to_words(plan.action) | {"rule": plan.rule, "mode": plan.mode.value}
                    for plan in one.decision.actions
                ],
                "notes": [note.to_json() for note in one.decision.notes],
                "priority_parts": dict(one.priority_parts),
                "decided_at": now,
                "rule": one.decision.rule,
                "because": list(one.decision.because),
                "trace": trace,
            }
            for one, trace in zip(outcomes, traces, strict=True)
        ],
    )


def _keep_drafts(tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    insert_many(
        tx,
        draft,
        [
            {
                "brand_id": tx.brand_id,
                "conversation_id": one.message.conversation_id,
                "message_id": one.message.id,
                "text": new.words.text,
                "lang": new.words.lang,
                "response": new.words.response,
                "rule": new.rule,
                "findings": from_findings(new.words.findings),
                "is_blocked": not new.words.is_sendable,
                "state": DraftState.OPEN.value,
                "created_at": now,
            }
            for one in outcomes
            for new in one.drafts
        ],
    )


def _keep_sends(
    tx: Transaction, outcomes: Sequence[Outcome], conversations: Mapping[int, Any], *, now: datetime
) -> None:
    # The first of each message together, then the second of each: what one message gets stays in order.
    for together in zip_longest(*([(one.message, send) for send in one.sends] for one in outcomes)):
        rows = [
            waiting_row(
                tx,
                kind=send.kind,
                key=send.idempotency_key,
                by=Actor.rule(send.rule),
                conversation_id=about.conversation_id,
                account=conversations[about.conversation_id].channel_account_id,
                message_id=about.id,
                message_version=about.version,
                text=send.words.text,
                lang=send.words.lang,
                now=now,
                not_before=send.not_before,
                response=send.words.response,
            )
            for about, send in filter(None, together)
        ]
        insert_many(tx, outbox, rows, skip_conflicts=True)


def _keep_tags(tx: Transaction, outcomes: Sequence[Outcome]) -> None:
    tagged = {(one.message.conversation_id, tag) for one in outcomes for tag in one.tags}
    insert_many(
        tx,
        conversation_tag,
        [{"conversation_id": place, "tag": tag, "brand_id": tx.brand_id} for place, tag in sorted(tagged)],
        skip_conflicts=True,
    )


def _keep_standings(tx: Transaction, outcomes: Sequence[Outcome], conversations: Mapping[int, Any]) -> None:
    escalated = queues_of(tx, [*conversations])
    weights = weights_of(tx, [*conversations], besides=[one.message.id for one in outcomes])
    wanted: dict[int, str] = {}
    for one in outcomes:
        weights.setdefault(one.message.conversation_id, []).append(
            Weight(
                labels=one.prediction.labels,
                is_unsure=one.prediction.is_unsure,
                scores={label.value: score for label, score in one.prediction.scores.items()},
                lang=one.prediction.lang,
                severity=one.prediction.severity,
                priority_parts=one.priority_parts,
            )
        )
        if one.queue is not None:
            wanted[one.message.conversation_id] = one.queue
    keep_standings(
        tx,
        {place: add_up(weighed) for place, weighed in weights.items()},
        extra={
            place: {"queue": escalated.get(place) or wanted.get(place) or row.queue}
            for place, row in conversations.items()
        },
    )

"""What rules ask of a conversation besides words: who has it, whether it is closed or put off.

Told before anything is written what cannot be, so that the decision says so; done after everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from data.audit import write_audit
from data.escalations import queues_of
from data.many import is_among, update_many
from data.people import moderators
from data.standing import Standing, keep_standings
from data.tables import conversation, draft, message, outbox
from data.transaction import Transaction, word, words
from inbox.audit import AuditLine
from inbox.model import Actor, Status
from inbox.outcome import Outcome
from inbox.outgoing import OutboxKind
from inbox.people import Moderator
from inbox.sentences import Sentence
from inbox.text import fold
from inbox.views import DraftState, SendState


def that_can_be(tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> list[Outcome]:
    """The outcomes less what cannot be arranged, each with a note that says why. The conversations are locked."""
    asked = [one for one in outcomes if one.assignee is not None or _closes(one)]
    if not asked:
        return [*outcomes]
    wanted = select(conversation.c.id, conversation.c.assignee, conversation.c.claimed_by, conversation.c.claim_until)
    mine = is_among(tx, conversation.c.id, {one.message.conversation_id for one in asked})
    rows: Mapping[int, Any] = {row.id: row for row in tx.connection.execute(wanted.where(mine))}
    team = {fold(one.name): one for one in moderators(tx)} if any(one.assignee for one in asked) else {}
    busy = _busy(tx, [one for one in asked if _closes(one)])
    taken = {place: row.assignee for place, row in rows.items()}
    return [_that_can_be(one, rows=rows, team=team, busy=busy, taken=taken, now=now) for one in outcomes]


def _closes(one: Outcome) -> bool:
    return one.resolves or one.snoozed_until is not None


def _busy(tx: Transaction, closing: Sequence[Outcome]) -> Collection[int]:
    """The conversations in which something waits for somebody besides the messages that are to close them."""
    if not closing:
        return ()
    places = {one.message.conversation_id for one in closing}
    drafted = select(draft.c.conversation_id).where(
        is_among(tx, draft.c.conversation_id, places), draft.c.state == word(DraftState.OPEN)
    )
    leaving = select(outbox.c.conversation_id).where(
        is_among(tx, outbox.c.conversation_id, places),
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING)),
    )
    waiting = select(message.c.conversation_id, message.c.id).where(
        is_among(tx, message.c.conversation_id, places),
        message.c.is_ours.is_(False),
        message.c.dealt_at.is_(None),
        message.c.deleted_at.is_(None),
    )
    those = {one.message.id for one in closing}
    return {
        *queues_of(tx, places),
        *tx.connection.scalars(drafted),
        *tx.connection.scalars(leaving),
        *(place for place, message_id in tx.connection.execute(waiting) if message_id not in those),
    }


def _that_can_be(
    one: Outcome,
    *,
    rows: Mapping[int, Any],
    team: Mapping[str, Moderator],
    busy: Collection[int],
    taken: dict[int, str | None],
    now: datetime,
) -> Outcome:
    place = one.message.conversation_id
    notes: list[Sentence] = []
    assignee = one.assignee
    if assignee is not None:
        member = team.get(fold(assignee))
        if member is None:
            notes.append(Sentence("Nobody of the team is called {name}: given to nobody.", name=assignee))
            assignee = None
        elif (holder := taken.get(place)) is not None:
            if holder != member.name:
                notes.append(Sentence("{person} has it already: not given to {other}.", person=holder, other=assignee))
            assignee = None
        else:
            deputy = team.get(fold(member.deputy)) if member.absent_since and member.deputy else None
            assignee = taken[place] = (deputy or member).name
    closes = _closes(one)
    if closes:
        row = rows[place]
        held = row.claimed_by if row.claim_until is not None and row.claim_until > now else None
        if place in busy or held is not None:
            notes.append(Sentence("Something else in this conversation waits for a person: it stays open."))
            closes = False
    if not notes and assignee == one.assignee:
        return one
    return replace(
        one,
        assignee=assignee,
        resolves=one.resolves and closes,
        snoozed_until=one.snoozed_until if closes else None,
        decision=replace(one.decision, notes=(*one.decision.notes, *notes)),
    )


def arrange(tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Give conversations to whom they are for, close them and put them off. All else of the outcomes is written."""
    given = {one.message.conversation_id: one.assignee for one in outcomes if one.assignee is not None}
    update_many(tx, conversation, [{"id": place, "assignee": name} for place, name in given.items()])
    resolved = {one.message.conversation_id: _why(one) for one in outcomes if one.resolves}
    snoozed = {
        one.message.conversation_id: (one.snoozed_until, _why(one))
        for one in outcomes
        if one.snoozed_until is not None and one.message.conversation_id not in resolved
    }
    if resolved:
        tx.connection.execute(
            update(message)
            .where(
                is_among(tx, message.c.conversation_id, [*resolved]),
                message.c.is_ours.is_(False),
                message.c.dealt_at.is_(None),
            )
            .values(dealt_at=now)
        )
        closed = {"status": Status.RESOLVED.value, "resolved_at": now, "snooze_until": None}
        keep_standings(
            tx,
            dict.fromkeys(resolved, Standing()),
            extra={place: {**closed, "status_reason": why.to_json()} for place, (_, why) in resolved.items()},
        )
    update_many(
        tx,
        conversation,
        [
            {
                "id": place,
                "status": Status.SNOOZED.value,
                "snooze_until": until,
                "status_reason": why.to_json(),
            }
            for place, (until, (_, why)) in snoozed.items()
        ],
    )
    done = [("conversation.resolved", place, by, why) for place, (by, why) in resolved.items()]
    done += [("conversation.snoozed", place, by, why) for place, (_, (by, why)) in snoozed.items()]
    write_audit(tx, [AuditLine(now, by, what, "conversation", place, why) for what, place, by, why in done])


def _why(one: Outcome) -> tuple[Actor, Sentence]:
    rule = next(plan.rule for plan in one.decision.actions if plan.action.word in {"resolve", "snooze"})
    if one.resolves:
        return Actor.rule(rule), Sentence('The rule "{rule}" closes it.', rule=rule)
    return Actor.rule(rule), Sentence('The rule "{rule}" puts it off.', rule=rule)

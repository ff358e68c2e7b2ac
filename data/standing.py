"""How a conversation stands in the queue: the sum of its messages that nobody has dealt with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, exists, func, or_, select

from data.many import insert_many, is_among, update_many
from data.rows import to_escalation, to_labels, to_severity, to_told
from data.switches import find_switch
from data.tables import (
    contact,
    conversation,
    conversation_label,
    correction,
    decision,
    escalation,
    message,
    prediction,
    report,
)
from data.thoughts import CORRECTED
from data.transaction import Transaction
from inbox.learning import corrected_parts
from inbox.model import Label, Priority, Severity, Visibility
from inbox.priority import CRISIS as CRISIS_PART
from inbox.priority import CRISIS_ADDS, RULE, VIP, VIP_ADDS, wanted_part
from inbox.sla import priority_part, running
from inbox.switches import CRISIS

UNSURE = "unsure"
"""What stands among the labels of a conversation when a person has to look."""

_EACH_REPORT, _MOST_FOR_REPORTS = 10, 50
_WEIGHING = 0x77656967  # with the brand's number, the lock of whoever weighs complaints


@dataclass(frozen=True, slots=True)
class Weight:
    """What one message weighs."""

    labels: tuple[Label, ...]
    is_unsure: bool
    scores: Mapping[str, float]
    lang: str
    severity: Severity | None
    priority_parts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """The labels of all messages, each with its highest score, and the parts of the highest priority."""

    labels: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    lang: str | None = None
    severity: Severity | None = None
    priority_parts: Mapping[str, int] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """The columns of the conversation."""
        return {
            "priority": sum(self.priority_parts.values()),
            "priority_parts": dict(self.priority_parts),
            "scores": dict(self.scores),
            "lang": self.lang,
            "severity": self.severity.value if self.severity else None,
        }


def add_up(weights: Iterable[Weight]) -> Standing:
    """How a conversation with these messages, oldest first, stands."""
    labels: set[str] = set()
    scores: dict[str, float] = {}
    lang, severity = None, None
    parts: Mapping[str, int] | None = None
    for weight in weights:
        labels.update(weight.labels, [UNSURE] if weight.is_unsure else [])
        for label, score in weight.scores.items():
            scores[label] = max(score, scores.get(label, 0.0))
        lang = weight.lang
        if weight.severity and (severity is None or severity < weight.severity):
            severity = weight.severity
        if parts is None or sum(weight.priority_parts.values()) > sum(parts.values()):
            parts = weight.priority_parts
    return Standing(tuple(sorted(labels)), scores, lang, severity, parts or {})


def weights_of(
    tx: Transaction, conversations: Collection[int], *, besides: Collection[int] = ()
) -> dict[int, list[Weight]]:
    """Per conversation what its undealt messages weigh, oldest first, `besides` some that are about to be weighed.

    Where a person has said what a message is, that counts, and not what the model said.
    """
    undealt = select(message.c.id, message.c.conversation_id).where(
        is_among(tx, message.c.conversation_id, conversations),
        message.c.dealt_at.is_(None),
        message.c.is_ours.is_(False),
    )
    weighed_already = set(besides)
    places = {row[0]: row[1] for row in tx.connection.execute(undealt) if row[0] not in weighed_already}
    if not places:
        return {}
    wanted = (
        select(
            message.c.id,
            message.c.visibility,
            prediction.c.labels,
            prediction.c.unsure,
            prediction.c.lang_known,
            prediction.c.scores,
            prediction.c.lang,
            prediction.c.severity,
            decision.c.priority_parts,
            correction.c.after,
        )
        .join(prediction, (prediction.c.message_id == message.c.id) & prediction.c.replaced_at.is_(None))
        .join(decision, decision.c.prediction_id == prediction.c.id)
        .outerjoin(correction, CORRECTED)
        .where(is_among(tx, message.c.id, [*places]))
        .order_by(message.c.sent_at, message.c.id)
    )
    found: dict[int, list[Weight]] = {}
    for row in tx.connection.execute(wanted):
        weight = Weight(
            labels=to_labels(row.labels),
            is_unsure=bool(row.unsure) or not row.lang_known,
            scores=row.scores,
            lang=row.lang,
            severity=to_severity(row.severity),
            priority_parts=row.priority_parts,
        )
        if row.after is not None:
            weight = _corrected(weight, to_labels(row.after), Visibility(row.visibility))
        found.setdefault(places[row.id], []).append(weight)
    return found


def _corrected(weight: Weight, labels: tuple[Label, ...], visibility: Visibility) -> Weight:
    severity = weight.severity if Label.OFFENSIVE in labels else None
    return replace(
        weight,
        labels=labels,
        is_unsure=False,
        scores={label.value: float(label in labels) for label in Label},
        severity=severity,
        priority_parts=corrected_parts(weight.priority_parts, labels, severity=severity, visibility=visibility),
    )


def keep_standings(
    tx: Transaction, standings: Mapping[int, Standing], *, extra: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    """Write how conversations stand, with `extra` columns per conversation, the same ones for each.

    What members have reported adds to the priority, whatever the messages weigh, and so does a promise that is due soon
    or was broken, a contact who comes first, and a crisis to a complaint.
    """
    more = extra or {}
    reports = count_reports(tx, standings)
    weighed = {one: _reported(standing, reports.get(one, 0)) for one, standing in standings.items()}
    weighed |= {one: _pressed(weighed[one], parts) for one, parts in _parts_of_promises(tx, standings).items()}
    waiting = [one for one, standing in standings.items() if standing.lang is not None]
    weighed |= {one: _with_part(weighed[one], VIP, VIP_ADDS) for one in _of_vips(tx, waiting)}
    complaints = [one for one, standing in standings.items() if Label.COMPLAINT.value in standing.labels]
    if complaints and _crisis_runs(tx):
        weighed |= {one: _with_part(weighed[one], CRISIS_PART, CRISIS_ADDS) for one in complaints}
    update_many(
        tx,
        conversation,
        [{"id": one, **standing.columns(), **more.get(one, {})} for one, standing in weighed.items()],
    )
    tx.connection.execute(
        delete(conversation_label).where(is_among(tx, conversation_label.c.conversation_id, [*standings]))
    )
    insert_many(
        tx,
        conversation_label,
        [
            {"conversation_id": one, "label": label, "brand_id": tx.brand_id}
            for one, standing in standings.items()
            for label in standing.labels
        ],
    )


def stand_anew(tx: Transaction, conversation_id: int) -> None:
    """Weigh a conversation again and write how it stands. The caller has locked it."""
    keep_standings(tx, {conversation_id: add_up(weights_of(tx, [conversation_id]).get(conversation_id, []))})


def count_reports(tx: Transaction, conversations: Collection[int]) -> dict[int, int]:
    """Per conversation how often members have reported its messages that nobody has dealt with."""
    wanted = (
        select(message.c.conversation_id, func.count())
        .join(report, report.c.message_id == message.c.id)
        .where(is_among(tx, message.c.conversation_id, [*conversations]), message.c.dealt_at.is_(None))
        .group_by(message.c.conversation_id)
    )
    return {row[0]: row[1] for row in tx.connection.execute(wanted)}


def _reported(standing: Standing, reports: int) -> Standing:
    if not reports:
        return standing
    added = {"reported": min(_EACH_REPORT * reports, _MOST_FOR_REPORTS)}
    return replace(standing, priority_parts={**standing.priority_parts, **added})


def _parts_of_promises(tx: Transaction, conversations: Collection[int]) -> dict[int, Mapping[str, int]]:
    """Per conversation that is escalated, what was told of the clocks that run adds, and what rules asked for then."""
    rows = tx.connection.execute(
        select(escalation).where(
            is_among(tx, escalation.c.conversation_id, [*conversations]),
            escalation.c.resolved_at.is_(None),
            escalation.c.told.is_not(None),
        )
    ).mappings()
    found: dict[int, Mapping[str, int]] = {}
    for row in rows:
        told = to_told(row["told"])
        parts = priority_part(told[clock] for clock in running(to_escalation(row)) if clock in told)
        wanted = {} if row["wanted"] is None or not parts else wanted_part([Priority(row["wanted"])])
        found[row["conversation_id"]] = {**parts, **wanted}
    return found


def _pressed(standing: Standing, parts: Mapping[str, int]) -> Standing:
    """With what promises add; of several levels that rules ask for, the highest stands."""
    together = {**standing.priority_parts, **parts}
    asked = sorted((name for name in together if name.startswith(RULE)), key=lambda name: together[name])
    for lower in asked[:-1]:
        del together[lower]
    return replace(standing, priority_parts=together)


def weigh_complaints(tx: Transaction, *, besides: Collection[int] = ()) -> int:
    """Have every complaint that nobody has dealt with stand higher while a crisis runs, else as it did.

    Returns how many stand otherwise now. They stay locked until the transaction ends, and `besides` some other
    conversations with them: locks that are taken at once are taken in one order, so that no two writers wait for each
    other in a circle.
    """
    higher = _crisis_runs(tx)
    complains = (conversation_label.c.brand_id == tx.brand_id, conversation_label.c.label == Label.COMPLAINT.value)
    places = {*tx.connection.scalars(select(conversation_label.c.conversation_id).where(*complains))}
    lock_conversations(tx, places | {*besides})
    # Asked again now that nobody else can change them.
    still = (
        select(conversation.c.id, conversation.c.priority_parts)
        .join(conversation_label, conversation_label.c.conversation_id == conversation.c.id)
        .where(*complains, is_among(tx, conversation.c.id, places))
    )
    others = [row for row in tx.connection.execute(still) if (CRISIS_PART in row.priority_parts) is not higher]
    changed = []
    for row in others:
        parts = {name: points for name, points in row.priority_parts.items() if name != CRISIS_PART}
        parts |= {CRISIS_PART: CRISIS_ADDS} if higher else {}
        changed.append({"id": row.id, "priority": sum(parts.values()), "priority_parts": parts})
    update_many(tx, conversation, changed)
    return len(changed)


def wait_for_weighing(tx: Transaction) -> None:
    """Wait for all who may weigh conversations by what the switch of the crisis said before it was set."""
    if tx.is_shared:
        tx.connection.execute(select(func.pg_advisory_xact_lock(_WEIGHING, tx.brand_id)))


def _crisis_runs(tx: Transaction) -> bool:
    if tx.is_shared:
        # Held until the end of the transaction, so that `wait_for_weighing` knows that it is over.
        tx.connection.execute(select(func.pg_advisory_xact_lock_shared(_WEIGHING, tx.brand_id)))
    return find_switch(tx, CRISIS).is_on


def _with_part(standing: Standing, part: str, adds: int) -> Standing:
    return replace(standing, priority_parts={**standing.priority_parts, part: adds})


def _of_vips(tx: Transaction, conversations: Collection[int]) -> list[int]:
    """Those of these conversations whose contact comes first, by whichever of the contacts that he is."""
    if not conversations:
        return []
    other = contact.alias("other")
    is_marked = exists().where(other.c.person_id == contact.c.person_id, other.c.is_vip)
    wanted = (
        select(conversation.c.id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(is_among(tx, conversation.c.id, [*conversations]), or_(contact.c.is_vip, is_marked))
    )
    return [*tx.connection.scalars(wanted)]


def lock_conversations(tx: Transaction, conversations: Collection[int]) -> Mapping[int, Any]:
    """The conversations by id; other writers wait, and no two workers wait for each other in a circle."""
    wanted = (
        select(conversation.c.id, conversation.c.channel_account_id, conversation.c.queue, conversation.c.status)
        .where(is_among(tx, conversation.c.id, conversations), conversation.c.brand_id == tx.brand_id)
        .order_by(conversation.c.id)
    )
    if tx.is_shared:
        wanted = wanted.with_for_update(key_share=True)
    rows: Sequence[Any] = tx.connection.execute(wanted).all()
    return {row.id: row for row in rows}

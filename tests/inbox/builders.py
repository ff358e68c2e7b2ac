"""Values of the inbox with everything filled in, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inbox.actions import Action, Mode, Planned, Reply
from inbox.audit import FIRST, AuditLine, SealedLine, chain
from inbox.brand import Brand
from inbox.decisions import Decision
from inbox.delivery import DueSend, Terms
from inbox.hours import OpeningHours
from inbox.model import Actor, Kind, Label, Prediction, Severity, Signal, Visibility, WaitingMessage
from inbox.outcome import House
from inbox.outgoing import OutboxKind, Outgoing, part_key
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.sentences import Sentence

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
"""A Wednesday in summer; 14:00 in Paris."""

OFFICE_DAYS = range(5)
ALWAYS_OPEN = OpeningHours(PARIS)
OFFICE_HOURS = OpeningHours(PARIS, dict.fromkeys(OFFICE_DAYS, ((time(9), time(18)),)))


def in_paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    """A moment by the clocks of Paris, in UTC; `fold=1` is the second of two equal times in autumn."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(UTC)


def a_waiting_message(
    *,
    message_id: int = 1,
    text: str = "Bonjour !",
    contact_name: str = "Camille Rousseau",
    kind: Kind = Kind.COMMENT,
    visibility: Visibility = Visibility.PUBLIC,
    sent_at: datetime = NOON,
    version: int = 1,
) -> WaitingMessage:
    return WaitingMessage(
        id=message_id,
        conversation_id=40,
        contact_id=7,
        contact_name=contact_name,
        channel="discord",
        thread="thread-1",
        text=text,
        kind=kind,
        visibility=visibility,
        lang_hint=None,
        sent_at=sent_at,
        version=version,
    )


def a_prediction(
    *labels: Label,
    unsure: Sequence[Label] = (),
    scores: Mapping[Label, float] | None = None,
    signals: Mapping[Signal, float] | None = None,
    lang: str = "fr",
    lang_known: bool = True,
    severity: Severity | None = None,
) -> Prediction:
    return Prediction(
        labels=labels,
        unsure=tuple(unsure),
        scores=scores or {},
        signals=signals or {},
        lang=lang,
        lang_known=lang_known,
        model="starter-2026.06",
        severity=severity,
    )


def a_decision(*actions: Action, rule: str = "late parcel", mode: Mode = Mode.DRAFT) -> Decision:
    """A decision in which one rule asked for these actions; without actions, one in which no rule held."""
    planned = tuple(Planned(action, rule, mode) for action in actions)
    return Decision(actions=planned, because=(rule,) if planned else ())


def a_live_reply(response: str = "thanks") -> Decision:
    return a_decision(Reply(response), mode=Mode.LIVE)


def a_response(*variants: Variant, code: str = "thanks") -> CannedResponse:
    return CannedResponse(
        code=code,
        polarity=Polarity.THANKS,
        variants=variants or (Variant("fr", "Merci !"), Variant("en", "Thank you!")),
        title={"fr": "Merci", "en": "Thanks"},
    )


def a_house(
    *responses: CannedResponse,
    hours: OpeningHours = ALWAYS_OPEN,
    teams: Mapping[str, Mapping[str, str]] | None = None,
    hold: timedelta = timedelta(seconds=20),
) -> House:
    return House(
        brand=Brand("Loriot", hours, teams=teams or {}),
        responses={response.code: response for response in responses or (a_response(),)},
        rule_book_version=3,
        hold=hold,
    )


def a_due_send(
    *,
    actor: Actor | None = None,
    text: str = "Merci !",
    message_deleted: bool = False,
    message_version_now: int = 1,
    human_replied_at: datetime | None = None,
    unsure_now: bool = False,
    kind: OutboxKind = OutboxKind.REPLY,
    automatic_lately: int = 0,
    part: int = 0,
    **more: Any,
) -> DueSend:
    """Something that may leave: a rule's reply to a message that has not changed since."""
    return DueSend(
        id=1,
        conversation_id=40,
        message_id=1,
        channel="discord",
        outgoing=Outgoing(kind, part_key("reply:1:1:thank", part), "thread-1", NOON, text=text),
        actor=actor or Actor.rule("thank"),
        attempts=0,
        perhaps_sent=False,
        message_deleted=message_deleted,
        message_version_then=1,
        message_version_now=message_version_now,
        human_replied_at=human_replied_at,
        unsure_now=unsure_now,
        automatic_lately=automatic_lately,
        text=text,
        **more,
    )


def some_terms(**more: Any) -> Terms:
    """What holds for a send: three replies an hour to one contact, 200 in all, no windows, no line above."""
    return Terms(now=NOON, today=NOON.date(), **more)


def an_audit_line(number: int = 1) -> AuditLine:
    return AuditLine(
        at=NOON + timedelta(minutes=number),
        actor=Actor.rule("late parcel"),
        what="message.triaged",
        subject="message",
        subject_id=number,
        reason=Sentence("The rule book asks for it: {rules}.", rules="late parcel"),
        facts={"labels": ["complaint"], "rule_book": 3},
    )


def an_audit_log(lines: int = 4) -> list[SealedLine]:
    """A log sealed as it should be; row ids leave room between them, as they do in a database."""
    log: list[SealedLine] = []
    head = FIRST
    for seq in range(1, lines + 1):
        line, row = an_audit_line(seq), 10 * seq
        head = chain(head, row, line)
        log.append(SealedLine(id=row, seq=seq, hash=head, line=line))
    return log

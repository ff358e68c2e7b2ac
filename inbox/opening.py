"""Opening a case inside a transaction: the record, what it does outside, and the line in the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta

from inbox.abilities import Abilities
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.cases import CaseAct, CaseView, NewAct, NewCase, Order, Subject, name_of
from inbox.desk import Desk
from inbox.model import Actor
from inbox.notices import language_of, notice
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence

_ENDING = frozenset({CaseAct.TIMEOUT, CaseAct.BAN})


def open_case(
    books: Books,
    desk: Desk,
    order: Order,
    subject: Subject,
    *,
    by: Actor,
    now: datetime,
    withheld: Sentence | None = None,
) -> int:
    """Keep a case and queue what it does outside, the notice to the author first; the number of the case.

    What can be undone leaves at once, its notice with it. What cannot, and a warning, wait for the hold of the desk.
    """
    lang = language_of(subject.lang, desk.brand)
    until = now + order.duration if order.duration is not None and order.act in _ENDING else None
    case = books.keep_case(
        NewCase(
            act=order.act,
            subject=subject,
            reason=order.reason,
            lang=lang,
            by=by,
            rule=order.rule,
            points=order.points if order.act is CaseAct.WARN else 0,
            until=until,
            withheld=withheld,
        ),
        now=now,
    )
    abilities = desk.abilities_of(subject.channel)
    acts = _acts(order, case, abilities, by=by, now=now, hold=desk.hold)
    if order.act.concerns_author and not order.silent and abilities.can(OutboxKind.NOTICE):
        lines = notice(order, number=case.number, text=case.evidence.text, policy=desk.policy)
        leaves_at = acts[0].not_before if acts else now + desk.hold
        text = "\n".join(desk.tell(line, lang) for line in lines)
        thread = abilities.private_thread(case.evidence.author)
        acts.insert(0, NewAct(OutboxKind.NOTICE, f"case:{case.number}:notice", leaves_at, by, text=text, thread=thread))
    books.queue_acts(case, acts, now=now)
    why = Sentence("Case {number} was opened: {act}.", number=case.number, act=name_of(order.act))
    facts = {"rule": order.rule, "points": case.points, "until": until.isoformat() if until else None}
    note_case(books, case, "case.opened", why, by=by, now=now, withheld=withheld is not None, **facts)
    return case.number


def _acts(
    order: Order, case: CaseView, abilities: Abilities, *, by: Actor, now: datetime, hold: timedelta
) -> list[NewAct]:
    """What leaves for a case besides the notice."""
    kind = order.act.kind
    if kind is None:
        return []
    can_be_undone = kind is OutboxKind.SLOW_MODE or abilities.can_undo(kind)
    pause = round(order.duration.total_seconds()) if order.duration and kind is OutboxKind.SLOW_MODE else 0
    act = NewAct(
        kind,
        f"case:{case.number}:{kind}",
        now if can_be_undone else now + hold,
        by,
        target=case.evidence.external_id,
        until=case.until,
        seconds=pause or order.delete_seconds,
    )
    if kind is not OutboxKind.BAN or case.until is None or abilities.ends_ban(order.duration):
        return [act]
    ends = NewAct(OutboxKind.UNBAN, f"case:{case.number}:unban", case.until, by)
    return [act, ends]


def note_case(
    books: Books, case: CaseView, what: str, why: Sentence, *, by: Actor, now: datetime, **facts: object
) -> None:
    """Write a line about a case to the audit log."""
    # The reason itself stays out: it may quote the message, and the audit log cannot be erased.
    told = {"number": case.number, "act": case.act.value, "message": case.message_id, **facts}
    books.write_audit([AuditLine(now, by, what, "case", case.id, why, told)])

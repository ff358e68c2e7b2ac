"""Moderating: acting on a message or its author under a numbered case, undoing it, telling why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.cases import CaseAct, CaseView, NewAct, Order, Subject, lasting
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.ladder import LADDER, next_step, no_longer_deserved, points_now, warnings_now
from inbox.model import Actor
from inbox.notices import language_of
from inbox.opening import note_case, open_case
from inbox.outgoing import UNDOES, OutboxKind
from inbox.policy import Step
from inbox.refusals import against, spared, takes, undoing
from inbox.sentences import Sentence
from inbox.views import SendState

SPAM = "spam"
"""The house rule that a case against spam names; to undo such a case says that it was none."""


def moderate(desk: Desk, order: Order, *, by: Actor) -> CaseView:
    """Open a case, queue the act and the notice to the author, and take the next step of the ladder, all at once.

    What can be undone leaves at once; the rest waits for the hold of the desk, and can be taken back until then. On the
    team and on whoever is exempt no sanction is carried out: a note is kept, and `withheld` says why.

    Raises:
        NotFound: There is no such message.
        NotPossible: It cannot be done there, or may not be; nothing was stored.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        books.take_turn()
        subject = _must_subject(books, order.message_id)
        cases = books.cases_of(subject.contact_id)
        order = replace(order, reason=order.reason.strip(), rule=order.rule or None)
        order, withheld = spared(order, subject, by=by)
        abilities = desk.abilities_of(subject.channel)
        refusal = against(order, subject, by=by, abilities=abilities, cases=cases, now=now)
        if refusal is not None:
            raise NotPossible(refusal)
        number = open_case(books, desk, order, subject, by=by, now=now, withheld=withheld)
        if order.act is CaseAct.WARN:
            _climb(books, desk, order, subject, cases, by=by, now=now)
        books.seal_audit()
        return _finished(desk, _must_case(books, number))


def what_it_takes(desk: Desk, order: Order) -> Sentence | None:
    """What could not be taken back of an order, to be shown before it is given.

    None where all of it could, and where the channel cannot do it at all: then the refusal says what can be done.

    Raises:
        NotFound: There is no such message.
    """
    with desk.store.read() as books:
        channel = _must_subject(books, order.message_id).channel
    abilities = desk.abilities_of(channel)
    if order.act.kind is not None and not abilities.can(order.act.kind):
        return None
    return takes(order, channel=channel, abilities=abilities)


def what_stops(desk: Desk, order: Order, *, by: Actor) -> Sentence | None:
    """Why an order would be refused, or would come to a note; None where it would be carried out.

    Raises:
        NotFound: There is no such message.
    """
    with desk.store.read() as books:
        subject = _must_subject(books, order.message_id)
        cases = books.cases_of(subject.contact_id)
    order, withheld = spared(order, subject, by=by)
    abilities = desk.abilities_of(subject.channel)
    return withheld or against(order, subject, by=by, abilities=abilities, cases=cases, now=desk.clock())


def undo(desk: Desk, number: int, *, by: Actor, reason: str = "") -> CaseView:
    """Undo a case: cancel what has not left, take back what has.

    Points of a warning are gone, and so is an automatic timeout that they led to, where it still runs.

    Raises:
        NotFound: There is no such case.
        NotPossible: It was undone before, or what was done cannot be undone.
    """
    with desk.store.begin() as books:
        books.take_turn()
        take_back(books, desk, _must_case(books, number), by=by, reason=reason.strip(), now=desk.clock())
        books.seal_audit()
        return _finished(desk, _must_case(books, number))


def change_reason(desk: Desk, number: int, reason: str, *, by: Actor) -> CaseView:
    """Give a case another reason.

    Raises:
        NotFound: There is no such case.
        NotPossible: The reason is empty.
    """
    if not reason.strip():
        raise NotPossible(Sentence("Say why: every act of moderation needs a reason."))
    with desk.store.begin() as books:
        books.take_turn()
        case = _must_case(books, number)
        books.change_reason(number, reason=reason.strip())
        why = Sentence("Case {number} was given another reason.", number=number)
        note_case(books, case, "case.reason_changed", why, by=by, now=desk.clock())
        books.seal_audit()
        return _finished(desk, _must_case(books, number))


def find_case(desk: Desk, number: int) -> CaseView:
    """One case, with its evidence, though the message may be gone.

    Raises:
        NotFound: There is no such case.
    """
    with desk.store.read() as books:
        return _finished(desk, _must_case(books, number))


def list_cases(desk: Desk, *, conversation_id: int | None = None, limit: int = 50) -> list[CaseView]:
    """Cases, newest first: all, or those of the contact of a conversation.

    Raises:
        NotFound: There is no such conversation.
    """
    with desk.store.read() as books:
        if conversation_id is not None and books.conversation(conversation_id) is None:
            raise NotFound(Sentence("There is no conversation {id}. List them with: vigie inbox", id=conversation_id))
        found = books.list_cases(conversation_id=conversation_id, limit=limit)
    return [_finished(desk, case) for case in found]


def list_warnings(desk: Desk, conversation_id: int) -> list[CaseView]:
    """The warnings of a contact that count now, newest first; each fades when `policy.fade_after` has passed.

    Raises:
        NotFound: There is no such conversation.
    """
    cases = list_cases(desk, conversation_id=conversation_id, limit=10_000)
    return warnings_now(cases, now=desk.clock(), fade_after=desk.policy.fade_after)


def take_back(books: Books, desk: Desk, case: CaseView, *, by: Actor, reason: str, now: datetime) -> None:
    """Undo a case inside a transaction that has taken its turn.

    Raises:
        NotPossible: It was undone before, or what was done cannot be undone.
    """
    if not case.stands:
        raise NotPossible(Sentence("Case {number} was undone already.", number=case.number))
    if _is_still_to_end(case):
        # Its time may be over, but nobody has ended it: cancelling that alone would leave it in force for good.
        case = replace(case, until=None)
    _, lost = undoing(case, desk.abilities_of(case.channel), now=now)
    if lost is not None:
        raise NotPossible(lost)
    why = Sentence("Case {number} was undone.", number=case.number)
    told = [case.notice.id] if case.notice else []
    for send in case.sends:
        if send.state is SendState.WAITING and (send.kind != OutboxKind.NOTICE or send.id in told):
            books.cancel(send.id, why=why)
    # Asked after cancelling: a worker may have been faster, and then what it has done is to be taken back.
    after = replace(_must_case(books, case.number), until=case.until)
    kind, lost = undoing(_unless_cancelled(case, after), desk.abilities_of(case.channel), now=now)
    if lost is not None:
        raise NotPossible(lost)
    if kind is not None:
        key = f"case:{case.number}:undo"
        target = case.evidence.external_id if case.act.is_removal else None
        books.queue_acts(case, [NewAct(kind, key, now, by, target=target)], now=now)
    books.mark_undone(case.number, by=by, why=reason, now=now)
    if case.rule == SPAM and case.message_id is not None:
        books.mark_spam(case.message_id, is_spam=False, by=by, now=now)
    note_case(books, case, "case.undone", why, by=by, now=now)
    if case.act is CaseAct.WARN:
        _climb_down(books, desk, case.contact_id, by=by, now=now)


def _is_still_to_end(case: CaseView) -> bool:
    """Whether what ends the act at its time is in the outbox, and has not been done."""
    ends = UNDOES.get(case.act.kind) if case.act.kind else None
    return any(send.kind == ends and send.state is not SendState.SENT for send in case.sends)


def _unless_cancelled(before: CaseView, after: CaseView) -> CaseView:
    """The case after cancelling, in which an act that may have got through before counts as it stood."""
    tried = {send.id: send for send in before.sends if send.attempts}
    sends = tuple(tried.get(send.id, send) if send.state is SendState.CANCELLED else send for send in after.sends)
    return replace(after, sends=sends)


def _climb(
    books: Books, desk: Desk, order: Order, subject: Subject, cases: Sequence[CaseView], *, by: Actor, now: datetime
) -> None:
    """Take the step of the ladder that a warning newly leads to: a timeout, or a word to a person."""
    before = points_now(cases, now=now, fade_after=desk.policy.fade_after)
    points = before + order.points
    step = next_step(before, points, desk.policy.ladder)
    if step is None:
        return
    if step.timeout is None or not by.is_person:
        _propose(books, desk, step, subject, points=points, now=now)
        return
    abilities = desk.abilities_of(subject.channel)
    timeout = min(step.timeout, abilities.longest_timeout or step.timeout)
    if any(_silences(case, subject, now=now, until=now + timeout) for case in cases):
        return
    reason = Sentence("{points} points of warnings within {time}", points=points, time=lasting(desk.policy.fade_after))
    automatic = Order(
        CaseAct.TIMEOUT,
        order.message_id,
        desk.tell(reason, language_of(subject.lang, desk.brand)),
        duration=timeout,
        silent=order.silent,
    )
    if against(automatic, subject, by=LADDER, abilities=abilities, cases=(), now=now) is None:
        open_case(books, desk, automatic, subject, by=LADDER, now=now)
    else:
        _propose(books, desk, step, subject, points=points, now=now)


def _silences(case: CaseView, subject: Subject, *, now: datetime, until: datetime) -> bool:
    """Whether a timeout keeps the author silent at least until a moment already."""
    here = subject.evidence
    is_here = (case.channel, case.place, case.evidence.author) == (here.channel, here.place, here.author)
    return is_here and case.act is CaseAct.TIMEOUT and case.runs(now) and case.until is not None and case.until >= until


def _propose(books: Books, desk: Desk, step: Step, subject: Subject, *, points: int, now: datetime) -> None:
    """Leave the next step to a person: the conversation is open, with the reason."""
    facts = {
        "contact": subject.evidence.author_name or subject.evidence.author,
        "points": points,
        "time": lasting(desk.policy.fade_after),
    }
    why = (
        Sentence("{contact} has {points} points of warnings within {time}. Decide whether to ban them.", **facts)
        if step.timeout is None
        else Sentence(
            "{contact} has {points} points of warnings within {time}. Decide about a timeout of {duration}.",
            duration=lasting(step.timeout),
            **facts,
        )
    )
    books.call_attention(subject.conversation_id, why=why)
    reached = Sentence("A step of the ladder was reached: {points} points.", points=points)
    line = AuditLine(
        now, LADDER, "conversation.step_reached", "conversation", subject.conversation_id, reached, {"points": points}
    )
    books.write_audit([line])


def _climb_down(books: Books, desk: Desk, contact_id: int, *, by: Actor, now: datetime) -> None:
    """Undo the automatic timeouts that the warnings that are left would not have led to."""
    policy = desk.policy
    cases = books.cases_of(contact_id)
    for case in no_longer_deserved(cases, now=now, fade_after=policy.fade_after, ladder=policy.ladder):
        if undoing(case, desk.abilities_of(case.channel), now=now)[1] is None:
            why = desk.tell(Sentence("A warning that led to it was undone."), language_of(case.lang, desk.brand))
            take_back(books, desk, case, by=by, reason=why, now=now)


def _finished(desk: Desk, case: CaseView) -> CaseView:
    """The case with whether it can be undone, and why not."""
    _, lost = undoing(case, desk.abilities_of(case.channel), now=desk.clock())
    return replace(case, reversible=case.stands and lost is None, irreversible=lost)


def _must_subject(books: Books, message_id: int) -> Subject:
    subject = books.find_subject(message_id)
    if subject is None:
        raise NotFound(Sentence("There is no message {id}. The numbers are in: vigie show", id=message_id))
    return subject


def _must_case(books: Books, number: int) -> CaseView:
    case = books.find_case(number)
    if case is None:
        raise NotFound(Sentence("There is no case {number}. List them with: vigie cases list", number=number))
    return case

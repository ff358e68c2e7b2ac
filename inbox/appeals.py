"""Appeals: the author concerned asks for a case to be looked at again; somebody else judges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inbox.books import Books, Store
from inbox.cases import AppealView, CaseAct, CaseView, NewAct, Verdict
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.events import Appealed
from inbox.ladder import LADDER
from inbox.model import Actor, Label
from inbox.moderation import take_back
from inbox.notices import verdict_notice
from inbox.opening import note_case
from inbox.outgoing import OutboxKind
from inbox.ports import Clock
from inbox.refusals import undoing
from inbox.sentences import Sentence


def receive_appeal(store: Store, event: Appealed, *, clock: Clock) -> Sentence:
    """Keep an appeal against a case of the author's; what to tell him.

    A case that is somebody else's is answered like one that does not exist.
    """
    with store.begin() as books:
        books.take_turn()
        told = _keep(books, event, now=clock())
        books.seal_audit()
        return told


def is_about(store: Store, event: Appealed) -> bool:
    """Whether an appeal is about a case of this brand."""
    with store.read() as books:
        return _meant(_cases_of(books, event), event.case) is not None


def judge(desk: Desk, number: int, *, upheld: bool, by: Actor, why: str) -> AppealView:
    """Judge the open appeal against a case: it stands (`upheld`), or it is overturned.

    An overturned case is undone where that can be, and its message is corrected: it does not offend. The author is
    told.

    Raises:
        NotFound: There is no such case, or no appeal against it.
        NotPossible: It was judged before, who judges has opened the case himself, or what was undone is to stand.
    """
    now = desk.clock()
    why = why.strip()
    with desk.store.begin() as books:
        books.take_turn()
        case = books.find_case(number)
        if case is None:
            raise NotFound(Sentence("There is no case {number}. List them with: vigie cases list", number=number))
        appeal = _must_be_open(case)
        if (refusal := _against(case, books.cases_of(case.contact_id), by=by, why=why)) is not None:
            raise NotPossible(refusal)
        if upheld and not case.stands:
            raise NotPossible(Sentence("Case {number} was undone already.", number=number))
        verdict = Verdict.UPHELD if upheld else Verdict.OVERTURNED
        books.judge_appeal(appeal.id, verdict, why=why, by=by, now=now)
        is_undone = verdict is Verdict.OVERTURNED and _overturn(books, desk, case, by=by, why=why, now=now)
        _tell(books, desk, case, appeal, verdict, why=why, is_undone=is_undone, by=by, now=now)
        came = (
            Sentence("The appeal against case {number} was judged: the case stands.", number=number)
            if upheld
            else Sentence("The appeal against case {number} was judged: it is overturned.", number=number)
        )
        note_case(books, case, "appeal.judged", came, by=by, now=now, verdict=verdict.value)
        books.seal_audit()
        return _must_have(books.find_case(number))


def list_appeals(store: Store, *, open_only: bool = True, limit: int = 50) -> list[AppealView]:
    """Appeals, the oldest first: those that wait, or all."""
    with store.read() as books:
        return books.list_appeals(open_only=open_only, limit=limit)


def _keep(books: Books, event: Appealed, *, now: datetime) -> Sentence:
    case = _meant(_cases_of(books, event), event.case)
    if case is None:
        return (
            Sentence("There is nothing that you could appeal against.")
            if event.case is None
            else Sentence("There is no case {number} of yours.", number=event.case)
        )
    if case.appeal is not None:
        return (
            Sentence("Your appeal against case {number} is here. Somebody will look at it.", number=case.number)
            if case.appeal.is_open
            else Sentence("Case {number} has been judged already. That is final.", number=case.number)
        )
    if not case.stands:
        return Sentence("Case {number} has been undone already.", number=case.number)
    if not event.text.strip():
        return Sentence("Please say why, in a few words: /appeal {number} and why.", number=case.number)
    books.open_appeal(case.id, text=event.text.strip(), now=event.at)
    why = Sentence("The contact appeals against case {number}.", number=case.number)
    books.call_attention(case.conversation_id, why=why)
    actor = Actor.vigie(f"channel/{event.channel}")
    note_case(books, case, "appeal.opened", why, by=actor, now=now)
    return Sentence(
        "Your appeal against case {number} is kept. Somebody else than whoever decided will look at it.",
        number=case.number,
    )


def _cases_of(books: Books, event: Appealed) -> list[CaseView]:
    contact_id = books.contact_of(event.channel, event.author)
    return [] if contact_id is None else [case for case in books.cases_of(contact_id) if case.act.concerns_author]


def _meant(cases: Sequence[CaseView], number: int | None) -> CaseView | None:
    """The case of that number; without one, the latest that can be appealed, else the latest."""
    if number is not None:
        return next((case for case in cases if case.number == number), None)
    latest = sorted(cases, key=lambda case: case.number, reverse=True)
    return next((case for case in latest if case.stands and case.appeal is None), next(iter(latest), None))


def _must_be_open(case: CaseView) -> AppealView:
    if case.appeal is None:
        raise NotFound(Sentence("There is no appeal against case {number}.", number=case.number))
    if not case.appeal.is_open:
        raise NotPossible(Sentence("The appeal against case {number} was judged already.", number=case.number))
    return case.appeal


def _against(case: CaseView, cases: Sequence[CaseView], *, by: Actor, why: str) -> Sentence | None:
    if not by.is_person:
        return Sentence("Only a person judges an appeal.")
    if not why:
        return Sentence("Say why: the author is told.")
    deciders = {case.by}
    if case.by == LADDER:
        # Nobody opened it; whoever gave the last warning did lead to it.
        about = (case.message_id, case.opened_at)
        deciders |= {one.by for one in cases if one.act is CaseAct.WARN and (one.message_id, one.opened_at) == about}
    if by in deciders:
        return Sentence(
            "Case {number} is your own decision: somebody else has to judge the appeal.", number=case.number
        )
    return None


def _overturn(books: Books, desk: Desk, case: CaseView, *, by: Actor, why: str, now: datetime) -> bool:
    """Undo the case where that can be, and put the label right; whether it is undone."""
    _, lost = undoing(case, desk.abilities_of(case.channel), now=now)
    if case.stands and lost is None:
        take_back(books, desk, case, by=by, reason=why, now=now)
    subject = None if case.message_id is None else books.find_subject(case.message_id)
    # What the author has edited since is another text, which nobody has judged.
    if subject is not None and subject.evidence.version == case.evidence.version:
        labels = [label for label in subject.evidence.labels if label is not Label.OFFENSIVE]
        books.keep_correction(subject.message_id, after=labels, why=why, by=by, now=now)
    return lost is None


def _tell(
    books: Books,
    desk: Desk,
    case: CaseView,
    appeal: AppealView,
    verdict: Verdict,
    *,
    why: str,
    is_undone: bool,
    by: Actor,
    now: datetime,
) -> None:
    abilities = desk.abilities_of(case.channel)
    if not abilities.can(OutboxKind.NOTICE):
        return
    lines = verdict_notice(verdict, number=case.number, why=why, is_undone=is_undone)
    told = NewAct(
        OutboxKind.NOTICE,
        f"appeal:{appeal.id}:notice",
        now,
        by,
        text="\n".join(desk.tell(line, case.lang) for line in lines),
        thread=abilities.private_thread(case.evidence.author),
    )
    books.queue_acts(case, [told], now=now)


def _must_have(case: CaseView | None) -> AppealView:
    if case is None or case.appeal is None:
        raise NotFound(Sentence("There is no such appeal."))
    return case.appeal

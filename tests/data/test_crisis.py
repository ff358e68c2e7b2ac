"""A crisis: what its start does and its end takes back, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.store import SqlStore, open_store
from inbox import crisis
from inbox.audit import verify
from inbox.crisis import Crisis, CrisisReport, end, report, start
from inbox.drafting import change_draft
from inbox.errors import NotFound, NotPossible
from inbox.learning import Labelled
from inbox.model import Actor, Label, WaitingMessage
from inbox.outcome import Outcome
from inbox.people import Role
from inbox.replies import send_draft, undo_send
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.sentences import Sentence
from inbox.suggesting import suggest
from inbox.switches import CRISIS, PAUSED, pause, resume
from inbox.team import add_member, go_away
from inbox.views import DraftState, QueueFilter
from inbox.work import note, resolve
from tests.builders import a_message, an_outcome, some_words
from tests.data.moderating import Group
from tests.data.steps import a_rule_replies, take_in, the_conversation, the_queue, triage
from tests.data.test_racing import at_once
from tests.inbox.builders import NOON, a_prediction

INES, TOM = Actor.person("Ines"), Actor.person("Tom")
FIRE = "Un chargeur a pris feu"
HOLDING = CannedResponse(
    "crisis-holding",
    Polarity.HOLDING,
    (
        Variant("fr", 'Bonjour {{contact.first_name|default:"à vous"}}, nous vérifions les faits.'),
        Variant("fr", "Votre message a été transmis à {{ticket.team}}."),
        Variant("en", "{{brand.name}} is checking the facts."),
    ),
    {"fr": "Crise"},
)


@pytest.fixture
def group(store: SqlStore) -> Group:
    group = Group(store)
    group.desk = replace(group.desk, responses={"crisis-holding": HOLDING})
    return group


def a_complaint(message: WaitingMessage) -> Outcome:
    return an_outcome(message, a_prediction(Label.COMPLAINT), priority_parts={"complaint": 40})


def complain(group: Group, author: str = "camille", *, drafted: bool = False, label: Label = Label.COMPLAINT) -> int:
    """Somebody writes; the number of the conversation, which is a complaint unless another label is named."""
    said = a_message(f"{FIRE} ! {author}", author=author, author_name=f"{author.title()} Rousseau")
    (message_id,) = take_in(group.store, said, now=group.clock())
    drafts = [some_words()] if drafted else []
    points = {label.value: 40}
    triage(
        group.store,
        lambda message: an_outcome(message, a_prediction(label), priority_parts=points, drafts=drafts),
        now=group.clock(),
    )
    with group.store.read() as books:
        found = books.conversation_of(message_id or 0)
    assert found is not None
    return found


def begin(group: Group, why: str = FIRE) -> Crisis:
    return start(group.desk, by=INES, why=why)


def timeline(told: CrisisReport) -> list[tuple[str, str]]:
    return [(act.actor.name, str(act.reason)) for act in told.acts]


def is_on(group: Group, name: str) -> bool:
    with group.store.read() as books:
        return books.switch(name).is_on


def test_f76_start_does_all_six_and_the_report_says_who_did_what_when(group: Group):
    place = complain(group)
    add_member(group.desk, "Zoé", role=Role.AGENT, by=INES)
    add_member(group.desk, "Tom", role=Role.AGENT, by=INES)
    go_away(group.desk, "Tom", deputy=None, by=TOM)
    at = group.clock()

    begun = begin(group)
    group.clock.advance(timedelta(minutes=5))
    with group.store.begin() as books:
        note(books, TOM, "conversation.claimed", place, Sentence("Tom takes it."), now=group.clock())
    told = report(group.desk)

    assert is_on(group, PAUSED)
    view = the_conversation(group.store, place)
    assert [(one.text, one.response) for one in view.open_drafts] == [
        ("Bonjour Camille, nous vérifions les faits.", "crisis-holding")
    ]
    assert view.sends == ()
    assert view.priority_parts == {"complaint": 40, "crisis": 50}
    assert view.priority == 90
    assert (begun.offered, begun.complaints, begun.people, begun.held) == (1, 1, ("Zoé",), 0)
    assert begun.statement == "Bonjour à vous, nous vérifions les faits."
    assert timeline(told) == [
        ("Ines", f"Ines has declared a crisis: {FIRE}"),
        ("Ines", "Automatic sending was paused."),
        ("Ines", "Complaints that stand higher: 1."),
        ("Ines", "The holding statement was offered as a draft. Conversations: 1."),
        ("Ines", "Called: Zoé."),
        ("Tom", "Tom takes it."),
    ]
    assert [act.at for act in told.acts] == [at] * 5 + [group.clock()]
    assert (told.crisis.number, told.crisis.by, told.crisis.since, told.crisis.why) == (1, INES, at, FIRE)
    assert told.by_itself == {"draft.offered": 1}


def test_f76_the_end_restores_what_was_before(group: Group):
    before = a_rule_replies(group.store, a_message("Bonjour", author="leo"))
    place = complain(group)
    begin(group)
    group.clock.advance(timedelta(hours=2))

    over = end(group.desk, by=TOM)

    assert not is_on(group, CRISIS)
    assert not is_on(group, PAUSED)
    view = the_conversation(group.store, place)
    assert view.open_drafts == ()
    assert [draft.state for draft in view.drafts] == [DraftState.WITHDRAWN]
    assert (view.priority, view.priority_parts) == (40, {"complaint": 40})
    assert (over.held, over.offered, over.complaints, over.was_paused) == (1, 1, 1, False)
    with group.store.read() as books:
        held = books.send(before)
        assert held is not None
        assert held.state == "refused"
    told = report(group.desk)
    assert (told.crisis.ended_by, told.crisis.ended_at) == (TOM, group.clock())
    assert timeline(told)[-4:] == [
        ("Tom", "Complaints that stand as before: 1."),
        ("Tom", "Holding statements that were withdrawn untouched: 1."),
        ("Tom", "Automatic sending was resumed."),
        ("Tom", "Tom has ended the crisis."),
    ]


@pytest.mark.parametrize("resumed_meanwhile", [False, True])
def test_f76_what_was_paused_before_is_paused_after(group: Group, resumed_meanwhile: bool):
    held = a_rule_replies(group.store, a_message("Bonjour"))
    pause(group.store, by=TOM, clock=group.clock)

    begun = begin(group)
    if resumed_meanwhile:
        resume(group.store, held={}, by=TOM, clock=group.clock)
    over = end(group.desk, by=INES)

    assert begun.was_paused
    assert over.was_paused
    assert over.held == 0
    assert is_on(group, PAUSED)
    if not resumed_meanwhile:
        with group.store.read() as books:
            assert [send.id for send in books.waiting_automatic()] == [held]
            assert books.switch(PAUSED).by == TOM


def test_the_holding_statement_is_offered_only_where_nobody_has_answered_or_drafted(group: Group):
    bare = complain(group, "adele")
    drafted = complain(group, "boris", drafted=True)
    praise = complain(group, "chloe", label=Label.PRAISE)
    answered = complain(group, "denis", drafted=True)
    (draft,) = the_conversation(group.store, answered).open_drafts
    group.desk = replace(group.desk, abilities={"telegram": group.desk.abilities["forum"]})
    send_draft(group.desk, draft.id, by=TOM)
    closed = complain(group, "elise")
    resolve(group.desk, closed, by=TOM)

    assert begin(group).offered == 1

    places = (bare, drafted, praise, answered, closed)
    offered = [
        [one.response for one in the_conversation(group.store, place).drafts if one.response == "crisis-holding"]
        for place in places
    ]
    assert offered == [["crisis-holding"], [], [], [], []]


def test_the_holding_statement_goes_to_the_most_pressing_where_there_are_too_many(
    group: Group, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(crisis, "MOST_OFFERED", 1)
    complain(group, "adele")
    said = a_message("Vite !", author="boris")
    take_in(group.store, said)
    triage(
        group.store,
        lambda message: replace(a_complaint(message), priority_parts={"complaint": 40, "urgent": 20}),
    )

    assert begin(group).offered == 1

    top, other = the_queue(group.store)
    assert (top.contact, top.open_drafts) == ("Camille Rousseau", 1)
    assert other.open_drafts == 0


def test_without_the_response_everything_else_is_done(group: Group):
    complain(group)
    group.desk = replace(group.desk, responses={})

    begun = begin(group)

    assert (begun.statement, begun.offered, begun.complaints) == (None, 0, 1)


def test_complaints_that_come_while_it_runs_stand_higher_and_what_else_comes_does_not(group: Group):
    begin(group)
    place = complain(group, "adele")
    praise = complain(group, "boris", label=Label.PRAISE)

    assert the_conversation(group.store, place).priority_parts == {"complaint": 40, "crisis": 50}
    assert the_conversation(group.store, praise).priority_parts == {"praise": 40}
    assert end(group.desk, by=INES).complaints == 1
    assert the_conversation(group.store, place).priority_parts == {"complaint": 40}


def test_a_complaint_that_is_none_any_more_stands_no_higher(group: Group):
    place = complain(group)
    begin(group)
    last = the_conversation(group.store, place).last
    assert last is not None
    with group.store.begin() as books:
        assert isinstance(books.labels_of(last.id), Labelled)
        books.keep_correction(last.id, after=[Label.PRAISE], why="", by=TOM, now=group.clock())

    assert "crisis" not in the_conversation(group.store, place).priority_parts


def test_a_holding_statement_that_somebody_has_touched_stays(group: Group):
    changed, sent, untouched = (complain(group, author) for author in ("adele", "boris", "chloe"))
    group.desk = replace(group.desk, abilities={"telegram": group.desk.abilities["forum"]})
    begin(group)
    (first,) = the_conversation(group.store, changed).open_drafts
    change_draft(group.desk, first.id, text="Nous vérifions, Adèle.", by=TOM)
    (second,) = the_conversation(group.store, sent).open_drafts
    undo_send(group.desk, send_draft(group.desk, second.id, by=TOM).id, by=TOM)

    assert end(group.desk, by=INES).offered == 1

    assert [len(the_conversation(group.store, place).open_drafts) for place in (changed, sent, untouched)] == [1, 1, 0]


def test_the_holding_statement_is_among_the_suggestions_while_it_runs(group: Group):
    place = complain(group, drafted=True)
    before = suggest(group.desk, the_conversation(group.store, place))
    begin(group)
    during = suggest(group.desk, the_conversation(group.store, place))
    end(group.desk, by=INES)
    after = suggest(group.desk, the_conversation(group.store, place))

    assert [one.response for one in before] == ["late"]
    assert [one.response for one in during] == ["late", "crisis-holding"]
    assert after == before


def test_what_cannot_be_done_is_said(group: Group):
    with pytest.raises(NotFound, match="There has been no crisis yet"):
        report(group.desk)
    with pytest.raises(NotPossible, match="No crisis runs"):
        end(group.desk, by=TOM)
    begin(group)
    with pytest.raises(NotPossible, match="A crisis runs already, declared by Ines"):
        start(group.desk, by=TOM, why="Encore")
    end(group.desk, by=TOM)
    with pytest.raises(NotPossible, match="No crisis runs"):
        end(group.desk, by=INES)


def test_each_crisis_has_a_number_and_a_timeline_of_its_own(group: Group):
    begin(group, "Le premier")
    end(group.desk, by=INES)
    add_member(group.desk, "Zoé", role=Role.AGENT, by=TOM)
    begin(group, "")
    second = report(group.desk)

    assert (second.crisis.number, second.crisis.why, second.crisis.runs) == (2, "", True)
    assert timeline(second)[0] == ("Ines", "Ines has declared a crisis.")
    assert not any("premier" in told or "role" in told for _, told in timeline(second))
    with group.store.read() as books:
        assert verify(books.read_audit()).holds


def test_of_two_who_declare_it_at_once_one_does(store: SqlStore, database_url: str):
    def declare(worker: int) -> bool:
        with open_store(database_url, brand="Loriot") as mine:
            try:
                start(Group(mine).desk, by=Actor.person(f"mod-{worker}"))
            except NotPossible:
                return False
        return True

    assert sorted(at_once(declare)) == [False, False, False, True]
    assert report(Group(store).desk).crisis.number == 1


@pytest.mark.parametrize("ends", [False, True])
def test_no_complaint_that_is_triaged_meanwhile_is_missed(store: SqlStore, database_url: str, ends: bool):
    group = Group(store)
    says = [a_message(f"texte {n}", author=f"author-{n}", thread=f"post-{n}") for n in range(60)]
    take_in(store, *says)
    if ends:
        begin(group)

    def work(worker: int) -> None:
        with open_store(database_url, brand="Loriot") as mine:
            if worker == 0:
                desk = Group(mine).desk
                end(desk, by=INES) if ends else start(desk, by=INES)
                return
            while _triage_some(mine):
                pass

    at_once(work)
    while _triage_some(store):
        pass

    items = the_queue(store, QueueFilter(limit=100))
    assert len(items) == 60
    assert {("crisis" in item.priority_parts) for item in items} == {not ends}
    assert {item.priority for item in items} == {40 if ends else 90}


def _triage_some(store: SqlStore) -> int:
    with store.begin() as books:
        waiting = books.claim_waiting(3)
        books.keep_outcomes([a_complaint(message) for message in waiting], rule_book_version=1, now=NOON)
    return len(waiting)

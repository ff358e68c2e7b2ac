"""F73: a lead is made, brought up to date and emptied in the transaction that deals with its messages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from app.entities import entities_in
from data.store import SqlStore
from data.tables import lead, lead_source, message, outbox
from inbox import changes, pipeline, work
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.entities import Entity
from inbox.errors import NotFound, NotPossible
from inbox.leads import Lead, LeadStatus
from inbox.leadwork import change_lead, export_leads, find_lead, list_leads, mark_lead
from inbox.model import Actor, IncomingMessage, Label, Prediction, Severity, Signal
from inbox.people import Role
from inbox.team import go_away
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.data.test_racing import at_once
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

INES, PAUL = Actor.person("Ines"), Actor.person("Paul")
MINUTE = timedelta(minutes=1)
PRICE = "Bonjour ! Vous livrez à Lyon ? C'est combien, le vélo cargo ?"
MAKES = '[[rule]]\nname = "sells"\nwhen = { label = "sales_lead" }\nthen = [{ action = "lead" }]\n'
GIVES = MAKES.replace('{ action = "lead" }', '{ action = "lead" }, { action = "assign", to = "Ines" }')
TOOLS = ("Vélo cargo", "Casque")


class Judge:
    """Finds a sales lead in what asks for a price, a complaint in what is late, a question in what ends with one."""

    version = "judge"

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        return [
            a_prediction(
                *([Label.SALES_LEAD] if "combien" in text else []),
                *([Label.COMPLAINT] if "retard" in text else []),
                signals={Signal.QUESTION: 0.9} if "?" in text else {},
                severity=Severity.LOW,
            )
            for text in texts
        ]


class Sales:
    """A brand that sells bicycles; `told` says whether a CRM is told of its leads."""

    def __init__(self, store: SqlStore, book: str = MAKES, *, told: bool = False) -> None:
        self.store = store
        self.clock = AClock(NOON)
        self.desk = Desk(
            Brand("Loriot", ALWAYS_OPEN, teams={"sales": {}, "customer-service": {}}),
            store,
            Judge(),
            read_rule_book(book),
            1,
            {},
            self.clock,
            find_entities=partial(entities_in, products=TOOLS),
            crm=_Deaf() if told else None,
        )

    def hears(self, *said: IncomingMessage) -> None:
        pipeline.receive(self.store, said, clock=self.clock)
        while pipeline.triage(self.desk):
            pass

    def knows(self, *names: str) -> None:
        with self.store.begin() as books:
            for name in names:
                books.meet(name, role=Role.AGENT, now=NOON)

    @property
    def leads(self) -> Sequence[Lead]:
        return list_leads(self.store)

    @property
    def lead(self) -> Lead:
        (one,) = self.leads
        return one

    def audit(self, conversation_id: int = 1) -> list[tuple[str, str]]:
        return [
            (line.what, line.actor.name)
            for line in work.find(self.desk, conversation_id).audit
            if line.what.startswith("lead")
        ]

    def count(self, table: Any, *asked: Any) -> int:
        with self.store.read() as books:
            return books.connection.scalar(select(func.count()).select_from(table).where(*asked)) or 0


class _Deaf:
    """Is never asked: what is looked at is what stands in the outbox."""

    async def tell_lead(self, lead: Lead, *, key: str) -> Any:
        raise AssertionError

    async def examine(self) -> Any:
        raise AssertionError

    async def close(self) -> None: ...


@pytest.fixture
def sales(store: SqlStore) -> Sales:
    return Sales(store)


def later(text: str, minutes: int = 1, **more: Any) -> IncomingMessage:
    return a_message(text, sent_at=NOON + minutes * MINUTE, **more)


def test_f73_a_question_makes_a_lead_with_city_and_product_and_a_second_one_updates_it(sales: Sales):
    sales.hears(a_message(PRICE))
    first = sales.lead
    sales.hears(later("Et un casque avec, c'est combien ?"))

    assert (first.place, first.products) == ("Lyon", ("Vélo cargo",))
    assert first.needs == ("Vous livrez à Lyon ? C'est combien, le vélo cargo ?",)
    second = sales.lead
    assert (second.id, second.revision) == (first.id, 2)
    assert second.products == ("Vélo cargo", "Casque")
    assert second.needs == (*first.needs, "Et un casque avec, c'est combien ?")
    assert second.score == first.score + 5
    assert sales.count(lead_source) == 2
    assert sales.audit() == [("lead.made", "sells"), ("lead.updated", "sells")]


def test_f73_what_the_contact_says_next_joins_though_no_rule_asks_for_it(sales: Sales):
    sales.hears(a_message(PRICE))
    sales.hears(later("Écrivez-moi à lea@exemple.fr, ou au 06 12 34 56 78", thread="post-9"))
    sales.hears(later("ok merci", 2), later("Trois semaines de retard, à Nantes ?", 3))

    assert (sales.lead.email, sales.lead.phone, sales.lead.place) == ("lea@exemple.fr", "+33612345678", "Lyon")
    assert sales.audit() == [("lead.made", "sells"), ("lead.updated", "leads")]


def test_f73_two_questions_in_one_batch_make_one_lead(sales: Sales):
    sales.hears(a_message(PRICE), later("C'est combien le casque ?"), later("C'est combien ?", author="omar"))

    assert sorted(len(one.sources) for one in sales.leads) == [1, 2]
    assert {one.revision for one in sales.leads} == {1}


def test_what_is_no_lead_makes_none(sales: Sales):
    sales.hears(a_message("Trois semaines de retard"), later("Vous êtes à Lyon ?"))

    assert sales.leads == []
    assert sales.count(lead_source) == 0


def test_entities_are_looked_for_in_leads_alone(sales: Sales):
    read: list[str] = []

    def finds(text: str, lang: str) -> Sequence[Entity]:
        read.append(text)
        return ()

    sales.desk = replace(sales.desk, find_entities=finds)
    sales.hears(*(later(f"merci {n}", author=f"author-{n}") for n in range(20)), a_message(PRICE, author="lea"))

    assert read == [PRICE]


def test_a_text_in_which_nothing_can_be_found_is_a_lead_all_the_same(sales: Sales):
    def stumbles(text: str, lang: str) -> Sequence[Entity]:
        raise RuntimeError(text)

    sales.desk = replace(sales.desk, find_entities=stumbles)
    sales.hears(a_message(PRICE), later("merci", author="omar"))

    assert (sales.lead.place, sales.lead.score_parts) == (None, {"price": 15})


def test_a_lead_that_was_sold_is_left_and_the_next_question_makes_another(sales: Sales):
    sales.hears(a_message(PRICE))
    change_lead(sales.desk, 1, status=LeadStatus.WON, by=INES)
    sales.hears(later("Un deuxième, c'est combien ?"))

    assert [(one.id, one.status) for one in sales.leads] == [(2, LeadStatus.NEW), (1, LeadStatus.WON)]


def test_a_lead_is_not_opened_beside_another_of_its_contact(sales: Sales):
    sales.hears(a_message(PRICE))
    change_lead(sales.desk, 1, status=LeadStatus.LOST, by=INES)
    sales.hears(later("Et à combien celui-ci ?"))

    with pytest.raises(NotPossible, match="Camille Rousseau has another open lead: 2"):
        change_lead(sales.desk, 1, status=LeadStatus.NEW, by=INES)


def test_setting_a_status_back_undoes_it_and_both_are_on_record(sales: Sales):
    sales.knows("Paul")
    sales.hears(a_message(PRICE))
    change_lead(sales.desk, 1, status=LeadStatus.WON, owner="paul", by=INES)
    back = change_lead(sales.desk, 1, status=LeadStatus.NEW, by=PAUL)

    assert (back.status, back.owner, back.revision) == (LeadStatus.NEW, "Paul", 3)
    told = [line for line in work.find(sales.desk, 1).audit if line.what.startswith("lead.")]
    assert [(line.what, line.actor.name) for line in told] == [
        ("lead.made", "sells"),
        ("lead.status", "Ines"),
        ("lead.owner", "Ines"),
        ("lead.status", "Paul"),
    ]
    assert told[-1].facts["before"]["status"] == "won"
    assert told[-1].facts["after"]["status"] == "new"


def test_nothing_that_was_said_stands_in_the_audit_log(sales: Sales):
    sales.hears(a_message(PRICE + " lea@exemple.fr"))
    sales.hears(later("06 12 34 56 78, à Nantes : combien ?"))

    told = " ".join(str([dict(line.facts), str(line.reason)]) for line in work.find(sales.desk, 1).audit)

    assert not any(word in told for word in ("lea@", "Lyon", "Nantes", "+336", "cargo"))


def test_what_is_not_there_or_stands_so_is_said(sales: Sales):
    sales.hears(a_message(PRICE))

    with pytest.raises(NotFound, match="There is no lead 9"):
        change_lead(sales.desk, 9, status=LeadStatus.WON, by=INES)
    with pytest.raises(NotFound, match="There is no lead 9"):
        find_lead(sales.store, 9)
    with pytest.raises(NotFound, match="nobody called Zoe"):
        change_lead(sales.desk, 1, owner="Zoe", by=INES)
    with pytest.raises(NotPossible, match="Lead 1 stands so already"):
        change_lead(sales.desk, 1, status=LeadStatus.NEW, by=INES)


def test_a_rule_that_assigns_gives_the_lead_too(store: SqlStore):
    sales = Sales(store, GIVES)
    sales.knows("Ines")
    sales.hears(a_message(PRICE))

    assert sales.lead.owner == "Ines"


def test_whoever_claims_has_the_lead_that_nobody_has_and_whoever_is_given_it_takes_it(sales: Sales):
    sales.knows("Ines", "Paul")
    sales.hears(a_message(PRICE))
    work.claim(sales.desk, 1, by=INES)
    claimed = sales.lead.owner
    work.release(sales.desk, 1, by=INES)
    work.claim(sales.desk, 1, by=PAUL)
    kept = sales.lead.owner
    work.assign(sales.desk, 1, to="Paul", by=INES)

    assert (claimed, kept, sales.lead.owner) == ("Ines", "Ines", "Paul")


def test_a_claim_that_came_before_the_lead_counts(sales: Sales):
    sales.hears(a_message("Bonjour"))
    work.claim(sales.desk, 1, by=INES)
    sales.hears(later(PRICE))

    assert sales.lead.owner == "Ines"


def test_the_leads_of_somebody_who_is_away_go_to_his_deputy(sales: Sales):
    sales.knows("Ines", "Paul")
    sales.hears(a_message(PRICE), a_message(PRICE, author="omar"))
    change_lead(sales.desk, 1, owner="Ines", by=INES)
    change_lead(sales.desk, 2, owner="Ines", status=LeadStatus.LOST, by=INES)
    go_away(sales.desk, "Ines", deputy="Paul", by=INES)

    assert [(one.id, one.owner) for one in sales.leads] == [(1, "Paul"), (2, "Ines")]


def test_by_hand_a_conversation_becomes_a_lead_and_is_brought_up_to_date(store: SqlStore):
    sales = Sales(store, MAKES.replace("sales_lead", "praise"))
    sales.hears(a_message("Bonjour"), later(PRICE))
    made = mark_lead(sales.desk, 1, by=INES)
    again = mark_lead(sales.desk, 1, by=INES)
    sales.hears(later("Le casque est à combien ?", 2))

    assert (made.place, made.products, made.needs) == ("Lyon", ("Vélo cargo",), sales.lead.needs[:1])
    assert again == made
    assert sales.lead.products == ("Vélo cargo", "Casque")
    view = work.find(sales.desk, 1)
    assert (view.tags, view.queue) == (("lead",), "sales")
    assert sales.audit() == [("lead.made", "Ines"), ("lead.updated", "leads")]


def test_by_hand_what_was_said_last_is_the_lead_where_no_model_finds_one(store: SqlStore):
    sales = Sales(store, MAKES)
    sales.hears(a_message("Bonjour"), later("Le cargo me plaît"))

    assert mark_lead(sales.desk, 1, by=INES).needs == ("Le cargo me plaît",)


def test_of_a_conversation_whose_words_are_gone_no_lead_is_made(sales: Sales):
    said = a_message(PRICE)
    sales.hears(said)
    taken_back(sales, said)

    with pytest.raises(NotPossible, match="nothing left that could be a lead"):
        mark_lead(sales.desk, 1, by=INES)


def taken_back(sales: Sales, said: IncomingMessage, *, keep_text: bool = False) -> None:
    changes.receive_deletion(
        sales.store,
        said.channel,
        [said.external_id],
        deleted_at=sales.clock(),
        keep_text=keep_text,
        clock=sales.clock,
    )


def test_what_the_author_takes_back_is_gone_from_the_lead(sales: Sales):
    first, second = a_message(PRICE), later("lea@exemple.fr : et le casque, combien ?")
    sales.hears(first, second)
    taken_back(sales, second)

    assert (sales.lead.email, sales.lead.products, sales.lead.place) == (None, ("Vélo cargo",), "Lyon")
    assert sales.lead.needs == ("Vous livrez à Lyon ? C'est combien, le vélo cargo ?",)
    with sales.store.read() as books:
        everything = " ".join(
            str(row) for table in (lead, lead_source) for row in books.connection.execute(select(table)).all()
        )
    assert not any(word in everything for word in ("lea@", "Casque", "casque"))
    assert sales.audit()[-1] == ("lead.forgotten", "leads")


def test_words_that_are_kept_stay_in_the_lead(sales: Sales):
    said = a_message(PRICE)
    sales.hears(said)
    taken_back(sales, said, keep_text=True)

    assert sales.lead.place == "Lyon"


def test_what_an_edit_takes_away_is_gone_from_the_lead(sales: Sales):
    said = a_message(PRICE)
    sales.hears(said)
    edited(sales, said, "Combien, livré à Nantes ?", at=1)
    first = sales.lead
    edited(sales, said, "Merci, j'ai trouvé ailleurs", at=2)

    assert (first.place, first.products) == ("Nantes", ())
    assert (sales.lead.needs, sales.lead.place, sales.lead.score) == ((), None, 0)


def edited(sales: Sales, said: IncomingMessage, text: str, *, at: int) -> None:
    moment = NOON + at * MINUTE
    changes.receive_edit(sales.store, said.channel, said.external_id, text=text, edited_at=moment, clock=sales.clock)
    pipeline.triage(sales.desk)


def test_a_batch_that_is_triaged_again_after_a_crash_makes_the_lead_once(sales: Sales):
    pipeline.receive(sales.store, [a_message(PRICE)], clock=sales.clock)

    with pytest.raises(_Killed):
        triage_and_die(sales)
    nothing = [*sales.leads]
    pipeline.triage(sales.desk)

    assert nothing == []
    assert len(sales.lead.sources) == 1


class _Killed(Exception):
    """The process is gone before the commit."""


def triage_and_die(sales: Sales) -> None:
    with sales.store.begin() as books:
        pipeline.triage(replace(sales.desk, store=_Within(books)))
        raise _Killed


class _Within:
    """A store that is inside a transaction already: what is written is lost with it."""

    def __init__(self, books: Any) -> None:
        self._books = books

    def begin(self) -> Any:
        return nullcontext(self._books)

    read = begin


def test_f73_processes_that_race_make_one_lead_of_each_contact(store: SqlStore):
    sales = Sales(store)
    said = [
        later(f"C'est combien, numéro {n} ?", n, author=f"author-{n % 5}", thread=f"post-{n % 3}") for n in range(60)
    ]
    pipeline.receive(store, said, clock=sales.clock)

    def work_on(_: int) -> int:
        done = 0
        while many := pipeline.triage(sales.desk, limit=4):
            done += many
        return done

    assert sum(at_once(work_on)) == 60
    assert sorted(len(one.sources) for one in sales.leads) == [12] * 5
    assert sales.count(message, message.c.triaged_at.is_(None)) == 0


def test_f73_two_people_who_mark_two_conversations_of_one_contact_make_one_lead(store: SqlStore):
    sales = Sales(store, MAKES.replace("sales_lead", "praise"))
    sales.hears(*(later("Le cargo me plaît", n, thread=f"post-{n}") for n in range(4)))

    at_once(lambda worker: mark_lead(sales.desk, worker + 1, by=Actor.person(f"person {worker}")))

    assert len(sales.lead.sources) == 4


def test_deleting_and_triage_do_not_wait_for_each_other_in_a_circle(store: SqlStore):
    sales = Sales(store)
    said = [later(f"C'est combien, numéro {n} ?", n, author=f"author-{n % 3}") for n in range(40)]
    sales.hears(*said[:20])
    pipeline.receive(store, said[20:], clock=sales.clock)

    def work_on(worker: int) -> None:
        if worker % 2:
            for one in said[worker * 4 : worker * 4 + 8]:
                taken_back(sales, one)
        else:
            while pipeline.triage(sales.desk, limit=3):
                pass

    at_once(work_on)

    gone = {*range(4, 20)}
    assert {need for one in sales.leads for need in one.needs} == {
        f"C'est combien, numéro {n} ?" for n in range(40) if n not in gone
    }


def test_a_change_is_put_in_the_outbox_once_until_it_has_begun_to_leave(store: SqlStore):
    sales = Sales(store, told=True)
    sales.hears(a_message(PRICE))
    sales.hears(later("Et le casque, combien ?"))
    waiting = sales.count(outbox)
    with store.begin() as books:
        books.claim_due(now=NOON + 9 * MINUTE, limit=9, lease=MINUTE, paused=False)
    change_lead(sales.desk, 1, status=LeadStatus.CONTACTED, by=INES)

    assert (waiting, sales.count(outbox)) == (1, 2)


def test_a_lead_is_told_in_order_and_stands_in_the_way_of_nothing_else(store: SqlStore):
    sales = Sales(store, told=True)
    sales.hears(a_message(PRICE), a_message(PRICE, author="omar"))
    with store.begin() as books:
        first = books.claim_due(now=NOON + MINUTE, limit=9, lease=9 * MINUTE, paused=True)
    change_lead(sales.desk, 1, status=LeadStatus.CONTACTED, by=INES)
    with store.begin() as books:
        held = books.claim_due(now=NOON + MINUTE, limit=9, lease=9 * MINUTE, paused=False)
        books.mark_sent(first[0], external_id="c-1", now=NOON + MINUTE)
        books.mark_sent(first[1], external_id="c-2", now=NOON + MINUTE)
        then = books.claim_due(now=NOON + MINUTE, limit=9, lease=9 * MINUTE, paused=False)

    assert (len(first), held, len(then)) == (2, [], 1)


def test_without_a_crm_nothing_is_put_in_the_outbox(sales: Sales):
    sales.hears(a_message(PRICE))

    assert sales.count(outbox) == 0


def test_leads_are_listed_by_status_and_owner_the_open_ones_first(sales: Sales):
    sales.knows("Paul")
    sales.hears(*(a_message(PRICE, author=name, author_name=name) for name in ("ana", "ben", "cleo")))
    change_lead(sales.desk, 3, owner="Paul", by=INES)
    change_lead(sales.desk, 2, status=LeadStatus.WON, owner="Paul", by=INES)
    sales.hears(later("06 12 34 56 78", author="ana"))

    assert [one.id for one in sales.leads] == [1, 3, 2]
    assert [one.id for one in list_leads(sales.store, owner="paul")] == [3, 2]
    assert [one.contact for one in list_leads(sales.store, status=LeadStatus.WON)] == ["ben"]
    assert [one.id for one in list_leads(sales.store, limit=1)] == [1]


def test_whoever_takes_leads_out_as_a_file_is_on_record(sales: Sales):
    sales.hears(a_message(PRICE))
    taken = export_leads(sales.store, status=LeadStatus.NEW, by=INES, clock=sales.clock)

    with sales.store.read() as books:
        (line,) = [one.line for one in books.read_audit() if one.line.what == "leads.exported"]
    assert (len(taken), line.actor, line.facts["leads"]) == (1, INES, 1)


def test_a_lead_goes_on_where_its_group_does(sales: Sales):
    def in_group(text: str, group: str, at: int) -> IncomingMessage:
        return replace(later(text, at, thread=group), place=group)

    sales.hears(in_group("Bonjour", "-100", 0), in_group(PRICE, "-5", 1))
    with sales.store.begin() as books:
        books.move_place("telegram", "-5", "-100")
    sales.hears(in_group("Et un casque, combien ?", "-100", 2))

    assert sales.lead.conversation_id == 1
    assert sales.lead.products == ("Vélo cargo", "Casque")


def test_a_lead_of_somebody_with_an_accent_goes_to_his_deputy_too(sales: Sales):
    sales.knows("Éva", "Paul")
    sales.hears(a_message(PRICE))
    change_lead(sales.desk, 1, owner="éva", by=INES)
    hers = list_leads(sales.store, owner="ÉVA")
    go_away(sales.desk, "Éva", deputy="Paul", by=INES)

    assert len(hers) == 1
    assert sales.lead.owner == "Paul"
    with pytest.raises(NotFound, match="nobody called Zoe"):
        list_leads(sales.store, owner="Zoe")

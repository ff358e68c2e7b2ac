"""F50 and F57: what rules ask of a conversation is done with everything else, and an away message leaves once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.settings import BrandSettings
from data.store import SqlStore
from data.tables import message
from inbox import pipeline, work
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.model import Actor, IncomingMessage, Label, Prediction, Severity, Status
from inbox.people import Role
from inbox.responses import CannedResponse, Variant
from inbox.sentences import Sentence
from inbox.views import ConversationView
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.data.steps import MODERATOR, the_conversation
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction, a_response, in_paris

INES = Actor.person("Ines")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CLOSED = ("Nous sommes fermés.", "La boutique dort jusqu'à demain.", "Personne ici en ce moment, hélas !")
AWAY = a_response(*(Variant("fr", said) for said in CLOSED), code="out-of-hours")
THANKS = a_response(*(Variant("fr", said) for said in ("Merci !", "Quelle joie de vous lire.")), code="thanks")
"""Each in several wordings: no two people in a row are told the same."""


class Judge:
    """Finds in a text the labels that it names."""

    version = "judge"

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        return [
            a_prediction(
                *(label for label in Label if label in text),
                unsure=[Label.OFFENSIVE] if "unsure" in text else [],
                severity=Severity.HIGH if Label.OFFENSIVE in text else None,
            )
            for text in texts
        ]


class Shop:
    """A desk with a rule book, at whatever moment the test says."""

    def __init__(self, store: SqlStore, book: str, *, brand: Brand | None = None, **more: Any) -> None:
        self.clock = AClock(NOON)
        self.store = store
        responses: list[CannedResponse] = [AWAY, THANKS]
        self.desk = Desk(
            brand or Brand("Loriot", ALWAYS_OPEN, teams={"sales": {}, "customer-service": {}}),
            store,
            Judge(),
            read_rule_book(book),
            1,
            {one.code: one for one in responses},
            self.clock,
            **more,
        )

    def hears(self, *said: IncomingMessage) -> None:
        self.clock.now = max(one.sent_at for one in said)
        pipeline.receive(self.store, said, clock=self.clock)
        while pipeline.triage(self.desk):
            pass

    def hears_one(self, text: str = "Bonjour", *, sent_at: datetime | None = None, **more: Any) -> ConversationView:
        said = a_message(text, sent_at=sent_at or self.clock.now, **more)
        self.hears(said)
        with self.store.read() as books:
            stored = books.find_message(said.channel, said.external_id)
        assert stored is not None
        return the_conversation(self.store, stored.conversation_id)


def rule(then: str, when: str = "{}", mode: str = "live") -> str:
    return f'[[rule]]\nname = "one"\nwhen = {when}\nthen = [{then}]\nmode = "{mode}"\n'


def notes_of(view: ConversationView) -> list[str]:
    decision = view.messages[-1].decision
    assert decision is not None
    return [str(note) for note in decision.notes]


# --- F50: actions ---


def test_f50_a_rule_closes_a_conversation_in_which_nothing_waits(store: SqlStore):
    shop = Shop(store, rule('{ action = "resolve" }'))

    view = shop.hears_one("praise")

    assert (view.status, view.priority) == (Status.RESOLVED, 0)
    lines = [(line.what, str(line.actor)) for line in view.audit]
    assert ("conversation.resolved", "rule:one") in lines
    work.reopen(shop.desk, view.id, by=INES)
    assert the_conversation(store, view.id).priority > 0


def test_f50_a_conversation_in_which_something_waits_stays_open(store: SqlStore):
    shop = Shop(store, rule('{ action = "resolve" }', '{ label = "praise" }'))
    shop.hears_one("Bonjour ?")

    view = shop.hears_one("praise", sent_at=NOON + HOUR)

    assert view.status is Status.OPEN
    assert notes_of(view) == ["Something else in this conversation waits for a person: it stays open."]


def test_f50_neither_closed_nor_put_off_while_it_is_with_customer_service_or_in_hand(store: SqlStore):
    shop = Shop(store, rule('{ action = "snooze", lasts = "1d" }', '{ label = "praise" }'))
    first = shop.hears_one("praise", thread="one")
    assert (first.status, first.snooze_until) == (Status.SNOOZED, NOON + DAY)

    work.escalate(shop.desk, first.id, by=INES)
    held = shop.hears_one("sales_lead", thread="two")
    work.claim(shop.desk, held.id, by=INES)

    assert shop.hears_one("praise", thread="one").status is Status.OPEN
    assert shop.hears_one("praise", thread="two").status is Status.OPEN


def test_f50_nothing_is_closed_while_a_reply_is_on_its_way(store: SqlStore):
    replies = rule('{ action = "reply", response = "thanks" }', '{ label = "praise" }')
    closes = rule('{ action = "resolve" }', '{ label = "sales_lead" }').replace('"one"', '"two"')
    shop = Shop(store, replies + closes)
    first = shop.hears_one("praise")
    with store.begin() as books:
        books.connection.execute(update(message).values(dealt_at=NOON))

    assert shop.hears_one("sales_lead").status is Status.OPEN
    with store.begin() as books:
        books.cancel(first.sends[0].id, why=Sentence("Not now."))
        books.connection.execute(update(message).values(dealt_at=NOON))
    assert shop.hears_one("sales_lead").status is Status.RESOLVED


@pytest.mark.parametrize("text", ["complaint", "offensive", "unsure"])
def test_f50_no_complaint_no_offence_and_nothing_in_doubt_is_closed(store: SqlStore, text: str):
    assert Shop(store, rule('{ action = "resolve" }')).hears_one(text).status is Status.OPEN


def test_f50_messages_of_one_batch_close_a_conversation_only_together(store: SqlStore):
    shop = Shop(store, rule('{ action = "resolve" }', '{ label = "praise" }'))

    shop.hears(
        a_message("praise"), a_message("praise too"), a_message("praise", thread="b"), a_message("?", thread="b")
    )

    views = [the_conversation(store, one) for one in (1, 2)]
    assert {one.thread: one.status for one in views} == {"post-1": Status.RESOLVED, "b": Status.OPEN}


def test_f50_a_rule_gives_a_conversation_to_one_of_the_team_or_to_his_deputy(store: SqlStore):
    shop = Shop(store, rule('{ action = "assign", to = "ines" }'))
    with store.begin() as books:
        ines = books.meet("Ines", role=Role.AGENT, now=NOON)
        books.meet("Tom", role=Role.AGENT, now=NOON)
    given = shop.hears_one(thread="a")
    work.assign(shop.desk, shop.hears_one(thread="b").id, to="Tom", by=MODERATOR)
    kept = shop.hears_one(thread="b")
    with store.begin() as books:
        books.change_moderator(ines.id, deputy="Tom", absent_since=NOON)

    assert (given.assignee, kept.assignee) == ("Ines", "Tom")
    assert notes_of(kept) == ["Tom has it already: not given to ines."]
    assert shop.hears_one(thread="c").assignee == "Tom"


def test_f50_to_give_it_to_nobody_known_is_noted_and_no_crash(store: SqlStore):
    view = Shop(store, rule('{ action = "assign", to = "Nobody" }, { action = "tag", tag = "t" }')).hears_one()

    assert (view.assignee, view.tags) == (None, ("t",))
    assert notes_of(view) == ["Nobody of the team is called Nobody: given to nobody."]


def test_f50_a_lead_waits_where_sales_looks(store: SqlStore):
    view = Shop(store, rule('{ action = "lead" }')).hears_one("sales_lead")

    assert (view.tags, view.queue) == (("lead",), "sales")


def test_f50_what_is_done_to_people_is_only_proposed(store: SqlStore):
    then = '{ action = "delete", reason = "r" }, { action = "timeout", lasts = "1h", reason = "r" }'
    view = Shop(store, rule(then)).hears_one("offensive")

    decision = view.messages[-1].decision
    assert decision is not None
    assert [one["action"] for one in decision.actions] == ["delete", "timeout"]
    with store.read() as books:
        assert (books.list_cases(limit=9), view.sends, view.status) == ([], (), Status.OPEN)


# --- F57: out of hours, once ---

AWAY_RULE = rule('{ action = "reply", response = "out-of-hours", once = "closure" }', "{ open_hours = false }")
FRENCH = BrandSettings(opening_hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")).to_brand()
BASTILLE_DAY = in_paris(2026, 7, 14, 10)


@pytest.fixture
def shop(store: SqlStore) -> Shop:
    return Shop(store, AWAY_RULE, brand=FRENCH)


def test_f57_on_a_french_public_holiday_at_ten_the_away_message_leaves_once_per_contact_per_closure(shop: Shop):
    before = shop.hears_one(sent_at=in_paris(2026, 7, 13, 10))
    first = shop.hears_one(sent_at=BASTILLE_DAY)
    again = shop.hears_one("Allô ?", sent_at=BASTILLE_DAY + HOUR)
    elsewhere = shop.hears_one("Par ici ?", sent_at=BASTILLE_DAY + 2 * HOUR, thread="post-2")
    somebody = shop.hears_one("Moi aussi", sent_at=BASTILLE_DAY + 3 * HOUR, author="lou", thread="post-3")

    assert [len(one.sends) for one in (before, first, again, elsewhere, somebody)] == [0, 1, 1, 0, 1]
    assert notes_of(elsewhere) == ["This contact has had the response out-of-hours: once is enough."]


def test_f57_a_night_and_the_holiday_after_it_are_one_closure_and_the_next_night_is_another(shop: Shop):
    shop.hears_one(sent_at=in_paris(2026, 7, 13, 22))
    same = shop.hears_one("Allô ?", sent_at=BASTILLE_DAY)
    with shop.store.begin() as books:
        books.mark_sent(same.sends[0].id, external_id="out", now=BASTILLE_DAY)
    opened = shop.hears_one("Et là ?", sent_at=in_paris(2026, 7, 15, 10))
    other = shop.hears_one("Bonsoir", sent_at=in_paris(2026, 7, 15, 19))

    assert [len(one.sends) for one in (same, opened, other)] == [1, 1, 2]


def test_f57_messages_of_one_batch_get_one_away_message(shop: Shop):
    shop.hears(*(a_message(f"{n}", thread=f"t{n}", sent_at=BASTILLE_DAY + n * MINUTE) for n in range(5)))

    with shop.store.read() as books:
        assert len(books.waiting_automatic()) == 1


def test_f57_as_a_draft_it_is_prepared_once_and_not_again_once_thrown_away(store: SqlStore):
    shop = Shop(store, AWAY_RULE.replace("live", "draft"), brand=FRENCH)
    first = shop.hears_one(sent_at=BASTILLE_DAY)
    with store.begin() as books:
        books.discard(first.drafts[0].id)

    again = shop.hears_one("Allô ?", sent_at=BASTILLE_DAY + HOUR)

    assert [len(one.drafts) for one in (first, again)] == [1, 1]


def test_f57_words_may_be_said_once_in_any_time(store: SqlStore):
    shop = Shop(store, rule('{ action = "reply", response = "thanks", once = "7d" }'))
    views = [shop.hears_one(sent_at=NOON + n * DAY, thread=f"t{n}") for n in (0, 3, 6, 8, 10)]

    assert [len(one.sends) for one in views] == [1, 0, 0, 1, 0]

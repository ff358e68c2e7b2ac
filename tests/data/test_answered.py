"""What suggestions learn from: the replies that people have sent and that stand, and what became of drafts."""

from __future__ import annotations

from app.remembering import Memory
from data.store import SqlStore
from inbox.drafting import write_draft
from inbox.model import Actor
from inbox.precedents import Answered, Fate
from inbox.replies import discard_draft, send_draft
from tests.data.steps import send_out
from tests.data.test_rules_at_work import Shop, rule

INES = Actor.person("Ines")
BOOK = rule('{ action = "draft", response = "thanks" }')
ASKED = "Bonjour, mon abonnement a été renouvelé sans prévenir"


def answer(shop: Shop, text: str, *, asked: str = ASKED, response: str | None = None, change: str | None = None) -> int:
    """Somebody new asks, and Ines answers; the number of the row that left."""
    number = sum(1 for _ in kept(shop.store))
    view = shop.hears_one(asked, author=f"a{number}", author_name=f"Camille R{'o' * number}", thread=f"post-{number}")
    draft = write_draft(shop.desk, view.id, text=text, by=INES, response=response)
    sent = send_draft(shop.desk, draft.id, by=INES, text=change)
    send_out(shop.store, sent.id, external_id=f"out-{sent.id}", now=shop.clock.now)
    return sent.id


def kept(store: SqlStore) -> list[Answered]:
    with store.read() as books:
        return [one for some in books.answered(most=100) for one in some]


def test_what_a_person_has_sent_is_remembered_with_what_it_answered(store: SqlStore):
    shop = Shop(store, BOOK)

    answer(shop, "Nous regardons cela.")

    [one] = kept(store)
    assert (one.text, one.reply, one.response, one.lang) == (ASKED, "Nous regardons cela.", None, "fr")


def test_an_answer_to_what_its_author_has_deleted_teaches_nothing(store: SqlStore):
    shop = Shop(store, BOOK)
    sent = answer(shop, "Nous regardons cela.")

    with store.begin() as books:
        books.mark_deleted(the_message(store), deleted_at=shop.clock.now, keep_text=False)

    assert sent
    assert kept(store) == []


def test_the_memory_takes_in_what_is_sent_after_it_was_filled(store: SqlStore):
    shop = Shop(store, BOOK)
    memory = Memory(store, shop.clock)
    assert memory.alike(ASKED) == []

    answer(shop, "Nous regardons cela.")
    answer(shop, "Nous regardons cela de près.")

    found = memory.alike(ASKED + " !")
    assert [one.precedent.words for one in found] == ["Nous regardons cela.", "Nous regardons cela de près."]
    assert all(0.7 < one.likeness <= 1 for one in found)
    assert memory.alike("Quel beau temps") == []


def test_drafts_are_counted_by_what_people_did_with_them(store: SqlStore):
    shop = Shop(store, BOOK)
    answer(shop, "Merci !", response="thanks")
    answer(shop, "Merci !", response="thanks", change="Merci beaucoup !")
    view = shop.hears_one(ASKED, author="z", thread="post-z")
    discard_draft(shop.desk, write_draft(shop.desk, view.id, text="Non", by=INES, response="thanks").id, by=INES)

    with store.read() as books:
        found = books.fates()

    assert found["thanks"] == Fate(sent=1, changed=1, discarded=1)


def the_message(store: SqlStore) -> int:
    """The only message of a contact."""
    with store.read() as books:
        view = books.conversation(1)
    assert view is not None
    assert view.last is not None
    return view.last.id

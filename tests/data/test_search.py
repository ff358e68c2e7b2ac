"""F30: search in all that was said, by the words of the index; what is erased is not found any more."""

from __future__ import annotations

import pytest

from data.few import FEW
from data.search import WORDS
from data.store import SqlStore, open_store
from data.tables import WORD_INDEXES
from inbox.views import QueueFilter
from tests.builders import a_message
from tests.data.steps import take_in, the_queue
from tests.inbox.builders import NOON

SAID = "Ma RÉCLAMATION du 12 mai : l'œuf «arrivé» cassé, colis/retard…"


def found(store: SqlStore, text: str) -> list[str]:
    return [item.text for item in the_queue(store, QueueFilter(text=text))]


@pytest.fixture
def kept(store: SqlStore) -> SqlStore:
    take_in(store, a_message(SAID, thread="a"), a_message("Merci !", thread="b"))
    return store


@pytest.mark.parametrize(
    "words", ["reclamation", "Réclam", "oeuf", "œuf", "ARRIVE", "retard", "cassé réclamation", "l'oeuf", "12"]
)
def test_f30_a_word_is_found_by_its_beginning_whatever_its_case_and_accents(kept: SqlStore, words: str):
    assert found(kept, words) == [SAID]


@pytest.mark.parametrize("words", ["clamation", "merci réclamation", "!", "", "''':*", '"*" OR a', "a) NOT (b"])
def test_what_was_not_said_is_not_found_and_signs_are_no_language(kept: SqlStore, words: str):
    assert found(kept, words) == []


@pytest.mark.parametrize("few", [0, FEW])
def test_many_and_few_are_found_alike(kept: SqlStore, few: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("data.few.FEW", few)

    assert found(kept, "reclamation œuf") == [SAID]
    assert found(kept, "merci") == ["Merci !"]
    assert found(kept, "clamation") == []


def test_what_a_plan_expects_to_be_many_is_found_alike(kept: SqlStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("data.few._SURELY_MANY", -1)
    looked_for: list[object] = []
    monkeypatch.setattr("data.few.few", lambda *asked: looked_for.append(asked))

    assert found(kept, "reclamation œuf") == [SAID]
    assert found(kept, "merci") == ["Merci !"]
    assert bool(looked_for) is (kept.engine.dialect.name != "postgresql")


def test_the_name_of_a_contact_is_found(store: SqlStore):
    take_in(store, a_message("Bonjour", author_name="Zoé Lefèvre"))

    assert found(store, "lefevre") == ["Bonjour"]


def test_names_are_found_beside_words_though_many_bear_them(store: SqlStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("data.few.FEW", 0)
    take_in(store, a_message("Bonjour", author_name="Zoé Lefèvre", thread="a", author="1"))
    take_in(store, a_message("Demandez à Lefèvre", author_name="Tom", thread="b", author="2"))

    assert sorted(found(store, "lefevre")) == ["Bonjour", "Demandez à Lefèvre"]


def test_an_edit_is_found_by_its_new_words_alone(store: SqlStore):
    (number,) = take_in(store, a_message("avant"))
    assert number is not None
    with store.begin() as books:
        books.add_version(number, text="après", edited_at=NOON)

    assert (found(store, "avant"), found(store, "apres")) == ([], ["après"])


@pytest.mark.parametrize("keep_text", [True, False])
def test_what_was_taken_back_is_not_found(store: SqlStore, *, keep_text: bool):
    (number,) = take_in(store, a_message("secret"))
    assert number is not None
    with store.begin() as books:
        books.mark_deleted(number, deleted_at=NOON, keep_text=keep_text)

    assert found(store, "secret") == []


def test_erased_words_have_left_the_index_itself(store: SqlStore):
    """The index is asked directly: nothing but it could still hold the words."""
    (number,) = take_in(store, a_message("secret"))
    assert number is not None
    with store.begin() as books:
        books.mark_deleted(number, deleted_at=NOON, keep_text=False)

    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            asked = f"SELECT rowid FROM {WORD_INDEXES[0]} WHERE {WORD_INDEXES[0]} MATCH 'secret'"  # ours
            assert connection.exec_driver_sql(asked).all() == []


def test_search_stays_within_the_brand(store: SqlStore, database_url: str):
    with open_store(database_url, brand="another") as another:
        take_in(another, a_message("reclamation"))

    assert found(store, "reclamation") == []


def test_postgresql_finds_words_by_the_index(postgres_url: str):
    """Where the expression of the statement were another than that of the index, every text would be read."""
    with open_store(postgres_url, brand="loriot") as store, store.read() as books:
        books.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        asked = f"EXPLAIN SELECT 1 FROM message WHERE to_tsvector('simple', {WORDS.format(column='message.text')})"
        plan = "\n".join(row[0] for row in books.connection.exec_driver_sql(f"{asked} @@ 'colis'::tsquery"))

    assert "ix_message_words" in plan

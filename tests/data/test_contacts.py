"""F36: contacts that are one person, across channels: merged, taken apart again, counted as one meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.store import SqlStore, open_store
from inbox.background import Background, Needs
from inbox.contacts import ContactCard
from inbox.contactwork import find_card, mark_vip, merge, note_contact, search_contacts, unmerge
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.views import QueueFilter
from routing.rulebook import STARTER, read_rule_book
from tests.builders import a_message
from tests.data.steps import take_in, triage
from tests.data.test_backtest import House

BOOK = read_rule_book(STARTER.read_text(encoding="utf-8"))
INES = Actor.person("Ines")
DAY = timedelta(days=1)
EVERYTHING = Needs(True, True, 30 * DAY, timedelta.max, True, True)
PEOPLE = 6
STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "unmerge"]), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
    max_size=25,
)


@pytest.fixture
def house(store: SqlStore) -> House:
    return House(store, BOOK)


def heard(store: SqlStore, name: str, *, channel: str = "telegram", thread: str = "post-1") -> int:
    """Somebody of this name writes; the contact."""
    said = a_message(
        f"Bonjour, c'est {name}.", author=name, author_name=name, channel=channel, thread=f"{channel}-{thread}"
    )
    take_in(store, said)
    with store.read() as books:
        found = books.contact_of(channel, name)
    assert found is not None
    return found


def owners(store: SqlStore) -> dict[int, list[int]]:
    """Per contact the numbers of his own conversations."""
    with store.read() as books:
        return {
            card.id: sorted(one.id for one in card.conversations if one.contact_id == card.id)
            for number in range(1, PEOPLE + 1)
            if (card := books.contact_card(number)) is not None
        }


def cards(store: SqlStore) -> list[ContactCard | None]:
    with store.read() as books:
        return [books.contact_card(number) for number in range(1, PEOPLE + 1)]


def test_two_contacts_who_wrote_in_the_same_thread_are_one_person_and_two_again(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl")
    before = cards(store)

    together = merge(house.desk, lea, pdl, by=INES)
    unmerge(house.desk, pdl, by=INES)

    assert (together.id, together.name) == (lea, "Léa")
    assert {one.contact_id for one in together.conversations} == {lea, pdl}
    assert {one.external_id for one in together.accounts} == {"Léa", "pdl"}
    after = [None if card is None else card.conversations for card in cards(store)]
    assert after == [None if card is None else card.conversations for card in before]


def test_what_a_merged_contact_says_next_is_shown_with_the_person_and_is_his_own_afterwards(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl", channel="discord")
    merge(house.desk, lea, pdl, by=INES)

    heard(store, "pdl", channel="discord", thread="post-2")
    together = find_card(house.desk, lea).conversations
    unmerge(house.desk, pdl, by=INES)

    assert len(together) == 3
    assert len(find_card(house.desk, lea).conversations) == 1
    assert len(find_card(house.desk, pdl).conversations) == 2


def test_a_contact_merged_into_one_that_was_merged_comes_out_alone(house: House):
    store = house.store
    first, second, third = (heard(store, name) for name in ("Anne", "Anna", "Ann"))
    merge(house.desk, first, second, by=INES)
    merge(house.desk, third, first, by=INES)

    unmerge(house.desk, first, by=INES)

    assert find_card(house.desk, third).merged == ()
    assert [one.id for one in find_card(house.desk, first).merged] == [second]


def test_who_is_one_person_already_or_with_nobody_is_refused(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl")
    merge(house.desk, lea, pdl, by=INES)

    with pytest.raises(NotPossible, match="one person already"):
        merge(house.desk, pdl, lea, by=INES)
    with pytest.raises(NotPossible, match="merged with nobody"):
        unmerge(house.desk, lea, by=INES)
    with pytest.raises(NotFound, match="no contact 99"):
        merge(house.desk, lea, 99, by=INES)


def test_rules_count_what_the_person_said_whoever_of_the_contacts_he_was(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl", channel="discord")
    merge(house.desk, lea, pdl, by=INES)
    mark_vip(house.desk, lea, is_vip=True, by=INES)

    with store.begin() as books:
        waiting = books.claim_waiting(10)
        around: dict[int, Background] = books.backgrounds(waiting, EVERYTHING)

    firsts = [around[one.id].is_first for one in waiting]
    assert [len(around[one.id].messages) for one in waiting] == [2, 2]
    assert sorted(firsts) == [False, True]
    assert all("vip" in around[one.id].tags for one in waiting)


def test_who_comes_first_stands_higher_in_the_queue_on_every_channel_until_he_does_not(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl", channel="discord")
    triage(store)

    def priorities() -> list[bool]:
        with store.read() as books:
            items = books.queue(QueueFilter())
        return [item.priority_parts.get("vip") == 30 for item in sorted(items, key=lambda one: one.conversation_id)]

    stood = [priorities()]
    mark_vip(house.desk, lea, is_vip=True, by=INES)
    stood.append(priorities())
    merge(house.desk, lea, pdl, by=INES)
    stood.append(priorities())
    unmerge(house.desk, pdl, by=INES)
    stood.append(priorities())
    mark_vip(house.desk, lea, is_vip=False, by=INES)
    stood.append(priorities())

    assert stood == [[False, False], [True, False], [True, True], [True, False], [False, False]]


def test_people_are_found_by_name_and_by_account_whatever_the_accents(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl_1", channel="discord")
    merge(house.desk, lea, pdl, by=INES)
    heard(store, "Tom")

    assert [one.id for one in search_contacts(house.desk, "LEA")] == [lea]
    assert [(one.id, one.conversations) for one in search_contacts(house.desk, "pdl_")] == [(lea, 2)]
    assert search_contacts(house.desk, "lea", besides=lea) == []
    assert search_contacts(house.desk, "%") == []


def test_each_act_is_on_record_and_a_note_stays_with_the_contact_it_is_about(house: House):
    store = house.store
    lea, pdl = heard(store, "Léa"), heard(store, "pdl")
    merge(house.desk, lea, pdl, by=INES)
    together = note_contact(house.desk, pdl, text=" Préfère le téléphone ", by=INES)
    unmerge(house.desk, pdl, by=INES)

    assert [one.text for one in together.notes] == ["Préfère le téléphone"]
    assert find_card(house.desk, lea).notes == ()
    whats = [line.what for line in find_card(house.desk, lea).history]
    assert whats == ["contact.unmerged", "contact.noted", "contact.merged"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_merging_and_unmerging_in_any_order_returns_everything_to_its_first_owner(
    kind: str, request: pytest.FixtureRequest
):
    template: str | Path = request.getfixturevalue("sqlite_template" if kind == "sqlite" else "postgres_url")

    def play(store: SqlStore, steps: list[tuple[str, int, int]]) -> None:
        house = House(store, BOOK)
        if not owners(store):
            for name in range(PEOPLE):
                heard(store, f"contact-{name}", channel=["telegram", "discord"][name % 2])
        first = owners(store)
        ids = sorted(first)
        into: dict[int, int | None] = dict.fromkeys(ids)

        def top(one: int) -> int:
            while (above := into[one]) is not None:
                one = above
            return one

        for what, a, b in steps:
            one, other = ids[a], ids[b]
            try:
                if what == "merge":
                    merge(house.desk, one, other, by=INES)
                    into[top(other)] = top(one)
                else:
                    unmerge(house.desk, one, by=INES)
                    into[one] = None
            except NotPossible:
                same = top(one) == top(other)
                assert same if what == "merge" else into[one] is None
            with store.read() as books:
                for contact in ids:
                    card = books.contact_card(contact)
                    assert card is not None
                    assert card.id == top(contact)
                    together = {each for each in ids if top(each) == top(contact)}
                    assert {each.contact_id for each in card.conversations} == together
                    assert {*books.same_person(contact)} == together
        for contact in ids:
            if into[contact] is not None:
                unmerge(house.desk, contact, by=INES)
        assert owners(store) == first

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def on_sqlite(steps: list[tuple[str, int, int]]) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "vigie.db"
            copyfile(template, file)
            with open_store(f"sqlite:///{file}", brand="Loriot") as store:
                play(store, steps)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def on_postgresql(steps: list[tuple[str, int, int]]) -> None:
        # Each example leaves everybody apart, as it found them.
        with open_store(str(template), brand="Loriot") as store:
            play(store, steps)

    (on_sqlite if kind == "sqlite" else on_postgresql)()

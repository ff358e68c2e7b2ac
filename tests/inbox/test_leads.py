"""F73: what a message gives to a lead, what several come to, and what is left when one is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inbox.entities import Entity, EntityKind
from inbox.leads import (
    HIDDEN,
    LONGEST_NEED,
    PARTS_SAID,
    POINTS,
    Lead,
    LeadSign,
    LeadSource,
    LeadStatus,
    adds,
    forgotten,
    lead_from,
    merged,
    with_sources,
)
from inbox.model import Label, Prediction, Signal
from tests.inbox.builders import NOON, a_prediction

LEAD, COMPLAINT, OFFENSIVE = Label.SALES_LEAD, Label.COMPLAINT, Label.OFFENSIVE
MINUTE = timedelta(minutes=1)


def named(kind: EntityKind, text: str, whole: str, value: str | None = None) -> Entity:
    start = whole.index(text)
    return Entity(kind, text, start, start + len(text), value)


def a_source(text: str = "C'est combien ?", *entities: Entity, number: int = 1, **more: object) -> LeadSource:
    said = a_prediction(LEAD)
    return lead_from(text, entities, said, message_id=number, version=1, said_at=NOON + number * MINUTE)


def a_lead(*sources: LeadSource, status: LeadStatus = LeadStatus.NEW) -> Lead:
    return Lead(
        id=1,
        key="vigie-lead-1",
        contact_id=7,
        contact="Camille Rousseau",
        contact_external_id="camille",
        channel="discord",
        conversation_id=40,
        status=status,
        owner=None,
        revision=1,
        created_at=NOON,
        updated_at=NOON,
        sources=merged((), sources),
    )


def test_f73_a_question_gives_city_product_and_what_is_asked():
    text = "Bonjour ! Vous livrez à Lyon ? C'est combien, le vélo cargo ?"
    source = a_source(
        text,
        named(EntityKind.PLACE, "Lyon", text, "Lyon"),
        named(EntityKind.PRODUCT, "vélo cargo", text, "Vélo cargo"),
    )

    lead = a_lead(source)

    assert (lead.place, lead.products) == ("Lyon", ("Vélo cargo",))
    assert lead.needs == ("Vous livrez à Lyon ? C'est combien, le vélo cargo ?",)
    assert lead.score_parts == {"price": 15, "product": 15, "place": 10}
    assert lead.score == 40


def test_what_is_given_last_counts_and_what_is_named_twice_is_there_once():
    first, second = "à Lyon, un vélo : a@ex.fr", "plutôt à Nantes, le vélo et un casque : b@ex.fr, 06 12 34 56 78"
    lead = a_lead(
        a_source(
            first,
            named(EntityKind.PLACE, "Lyon", first, "Lyon"),
            named(EntityKind.PRODUCT, "vélo", first, "Vélo"),
            named(EntityKind.EMAIL, "a@ex.fr", first, "a@ex.fr"),
        ),
        a_source(
            second,
            named(EntityKind.PLACE, "Nantes", second, "Nantes"),
            named(EntityKind.PRODUCT, "vélo", second, "Vélo"),
            named(EntityKind.PRODUCT, "casque", second, "Casque"),
            named(EntityKind.EMAIL, "b@ex.fr", second, "b@ex.fr"),
            named(EntityKind.PHONE, "06 12 34 56 78", second, "+33612345678"),
            number=2,
        ),
    )

    assert (lead.place, lead.products) == ("Nantes", ("Vélo", "Casque"))
    assert (lead.email, lead.phone) == ("b@ex.fr", "+33612345678")
    assert lead.score_parts["contact"] == POINTS["contact"]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("C'est combien ?", {LeadSign.PRICE}),
        ("Je voudrais un devis", {LeadSign.PRICE}),
        ("How much is it?", {LeadSign.PRICE}),
        ("Combien coûterait la livraison ?", {LeadSign.PRICE}),
        ("Il m'en faut 12 exemplaires", {LeadSign.QUANTITY}),
        ("une douzaine de pots", {LeadSign.QUANTITY}),
        ("we need two dozen", {LeadSign.QUANTITY}),
        ("Vous vendez en gros ?", {LeadSign.QUANTITY}),
        ("j'en ai besoin d'ici vendredi", {LeadSign.URGENT}),
        ("can you deliver today?", {LeadSign.URGENT}),
        ("Vous l'avez en bleu ?", set()),
        ("1 exemplaire", set()),
        ("le 2 mai, place de la mairie", set()),
    ],
)
def test_words_that_ask_for_a_price_for_several_or_in_a_hurry(text: str, signs: set[LeadSign]):
    assert set(a_source(text).signs) == signs


def test_a_number_before_a_product_is_a_quantity():
    text = "Bonjour, deux vélos seraient disponibles ?"

    source = a_source(text, named(EntityKind.PRODUCT, "vélos", text, "Vélo"))

    assert LeadSign.QUANTITY in source.signs


def test_a_message_that_the_model_finds_urgent_is_in_a_hurry():
    said = a_prediction(LEAD, signals={Signal.URGENT: 0.9})

    assert lead_from("Un vélo ?", (), said, message_id=1, version=1, said_at=NOON).signs == (LeadSign.URGENT,)


def test_every_part_of_the_score_has_its_points_and_its_words_and_they_come_to_a_hundred():
    assert set(PARTS_SAID) == set(POINTS)
    assert sum(POINTS.values()) + 2 * POINTS["repeat"] == 100


def test_asking_again_counts_up_to_three_times():
    scores = [a_lead(*(a_source(number=n) for n in range(many))).score for many in range(1, 7)]

    assert [later - scores[0] for later in scores] == [0, 5, 10, 15, 15, 15]


def test_the_number_of_a_card_or_an_account_is_never_quoted():
    text = "C'est combien ? Ma carte : 4242 4242 4242 4242, mon compte FR76 3000 6000 0112 3456 7890 189 ?"
    card = named(EntityKind.CARD, "4242 4242 4242 4242", text)
    iban = named(EntityKind.IBAN, "FR76 3000 6000 0112 3456 7890 189", text)

    need = a_source(text, card, iban).need

    assert need == f"C'est combien ? Ma carte : {HIDDEN}, mon compte {HIDDEN} ?"


def test_of_a_message_that_asks_nothing_all_is_quoted_and_never_too_much():
    assert a_source("Bonjour. Le bleu me plaît.").need == "Bonjour. Le bleu me plaît."
    assert len(a_source("très " * 400).need) <= LONGEST_NEED


@pytest.mark.parametrize(
    ("text", "said", "joins"),
    [
        ("Et en bleu ?", a_prediction(signals={Signal.QUESTION: 0.9}), True),
        ("Un vélo bleu", a_prediction(LEAD), True),
        ("Ça coûte combien", a_prediction(), True),
        ("ok merci", a_prediction(Label.PRAISE), False),
        ("Toujours rien reçu ?", a_prediction(COMPLAINT, signals={Signal.QUESTION: 0.9}), False),
        ("Combien, espèce de ?", a_prediction(LEAD, unsure=[OFFENSIVE]), False),
        ("Combien pour 5000 abonnés ?", a_prediction(LEAD, signals={Signal.SPAM: 0.9}), False),
    ],
)
def test_what_a_contact_says_next_joins_his_lead_when_it_asks_or_gives_something(
    text: str, said: Prediction, joins: bool
):
    source = lead_from(text, (), said, message_id=2, version=1, said_at=NOON)

    assert adds(source, said) is joins


SOURCES = some.builds(
    LeadSource,
    message_id=some.integers(1, 4),
    version=some.integers(1, 3),
    said_at=some.integers(0, 5).map(lambda n: NOON + n * MINUTE),
    need=some.text(max_size=12),
    products=some.lists(some.sampled_from(["Vélo", "Casque"]), max_size=2).map(tuple),
    places=some.lists(some.sampled_from(["Lyon", "Nantes"]), max_size=2).map(tuple),
    email=some.none() | some.just("a@ex.fr"),
    phone=some.none() | some.just("+33612345678"),
    signs=some.lists(some.sampled_from(LeadSign), unique=True).map(tuple),
)


@given(sources=some.lists(SOURCES, max_size=8))
def test_f73_what_is_told_twice_changes_nothing(sources: list[LeadSource]):
    once = merged((), sources)

    assert merged(once, once) == once
    assert len({one.message_id for one in once}) == len(once)
    assert 0 <= a_lead(*sources).score <= 100


@given(sources=some.lists(SOURCES, max_size=6, unique_by=lambda one: one.message_id), seed=some.randoms())
def test_the_order_in_which_messages_come_in_does_not_matter(sources: list[LeadSource], seed):
    shuffled = [*sources]
    seed.shuffle(shuffled)

    assert merged((), shuffled) == merged((), sources)


@given(sources=some.lists(SOURCES, max_size=6))
def test_a_lead_whose_messages_are_all_taken_back_holds_nothing_that_was_said(sources: list[LeadSource]):
    lead = with_sources(a_lead(), [forgotten(one) for one in merged((), sources)], now=NOON)

    assert (lead.needs, lead.products, lead.place, lead.email, lead.phone, lead.score) == ((), (), None, None, None, 0)


def test_a_lead_that_stands_as_it_did_has_no_other_revision():
    lead = a_lead(a_source())

    same = with_sources(lead, lead.sources, now=NOON + MINUTE)
    other = with_sources(lead, merged(lead.sources, [a_source("En bleu ?", number=2)]), now=NOON + MINUTE)

    assert same is lead
    assert (other.revision, other.updated_at) == (2, NOON + MINUTE)


def test_a_lead_is_open_until_it_is_sold_or_not():
    assert [status for status in LeadStatus if status.is_open] == [LeadStatus.NEW, LeadStatus.CONTACTED]

"""Entities: all that a message names is found, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.entities import find_entities
from classifiers.entities.cards import passes_luhn
from classifiers.entities.ibans import is_iban
from inbox.entities import EntityKind
from tests.classifiers.builders import BEYOND_UNICODE
from tests.classifiers.entity_examples import PRODUCTS, SAID_ON, Marked, marked_messages, read_marked

LANGS = ("fr", "en")
EXAMPLES = [pytest.param(lang, marked, id=marked.text) for lang in LANGS for marked in marked_messages(lang)]

F74 = [
    "Bonjour, ma commande n° [order_number:4581-22] n'est jamais arrivée, rappelez-moi au [phone:06 12 34 56 78]",
    "cmd [order_number:784512] tjs pas reçue... mon tel [phone:0698765432]",
    "commande #[order_number:A12345], joignable après 18h au [phone:07 81 23 45 67]",
    "numéro de suivi [order_number:6A12345678901], bloqué depuis 8 jours à 20 km de chez moi",
    "réf. [order_number:55-XZ-901] : reçu du 42 au lieu du 40, appelez le [phone:01 99 00 12 34]",
    "Ma commande [order_number:458122] passée en 2025 a été facturée 2 fois, [phone:+33 6 12 34 56 78]",
    "Dossier n°[order_number:2024-118], 3 relances, aucune réponse. Tél. : [phone:06.39.98.12.34]",
    "je rappelle le [phone:0 800 123 456] depuis 14h30, ticket [order_number:884213]",
    "contrat n° [order_number:CT-99812] à résilier. Mon numéro : [phone:02-61-91-12-34]",
    "Facture n° [order_number:F-2026-0412] payée, appli en version 2.4.1, ça plante toujours",
    "mes commandes n° [order_number:77412] et [order_number:77413] : rien ! [phone:0033 6 12 34 56 78]",
    "Le numéro de ma commande est le [order_number:4581-23], mon portable le [phone:06 39 98 45 67]",
    "colis [order_number:XY123456789FR] annoncé livré, personne à la maison. [phone:+32 470 12 34 56]",
    "Commande : [order_number:CMD-2026-00871]. Score du service client : 0-3",
    "SAV n° [order_number:77-451], écran 1920x1080 mort, tél [phone:05 36 49 12 34]",
    "num de commande [order_number:99120834], rappel possible au [phone:079 123 45 67] en Suisse",
    "12 000 points de fidélité envolés ! commande n°[order_number:120055] svp",
    "j'ai commandé 3 tailles 38 en 2026, code 75011, et rien : [phone:0612345678]",
    "référence [order_number:AB-4471-K], 24h d'attente, 10/10 en mauvaise foi. [phone:03 53 01 22 33]",
    "n° de commande [order_number:10-20-3045] ; au Québec : [phone:514-555-0199]",
]


def test_f74_order_numbers_and_phones_of_twenty_french_messages_are_found_and_none_invented():
    messages = [read_marked(line) for line in F74]
    kinds = (EntityKind.ORDER_NUMBER, EntityKind.PHONE)

    found = [tuple(one for one in find_entities(message.text, "fr") if one.kind in kinds) for message in messages]

    assert [message.told(one) for message, one in zip(messages, found, strict=True)] == [
        message.entities for message in messages
    ]


@pytest.mark.parametrize(("lang", "marked"), EXAMPLES)
def test_all_that_a_message_names_is_found_and_none_invented(lang: str, marked: Marked):
    found = find_entities(marked.text, lang, products=PRODUCTS[lang], said_on=SAID_ON)

    assert marked.told(found) == marked.entities
    assert [one.value for one, value in zip(found, marked.values, strict=True) if value is not None] == [
        value for value in marked.values if value is not None
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_the_examples_are_many_of_every_kind_and_a_third_of_them_look_alikes(lang: str):
    messages = marked_messages(lang)
    kinds = Counter(kind for message in messages for kind, _, _ in message.entities)

    assert len(messages) >= 120
    assert 3 * sum(not message.entities for message in messages) >= len(messages)
    assert set(kinds) == {kind.value for kind in EntityKind}


@given(text=BEYOND_UNICODE, lang=st.sampled_from(["fr", "en", "und", "de"]), said_on=st.none() | st.dates())
def test_whatever_is_written_the_offsets_are_those_of_the_text_and_nothing_overlaps(
    text: str, lang: str, said_on: date | None
):
    found = find_entities(text, lang, products=("Sac Nomade",), said_on=said_on)

    assert all(text[one.start : one.end] == one.text != "" for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


SCRAPS = """
    commande n° 4581-22 06 12 34 56 78 € 12,50 le lundi 8 mars à 14h Lyon 69003 @ . , # - / ( ) FR14 +33 $ next May 5th
    IBAN 4111 1111 demain 2026 12/11 Sac Nomade 🙂
"""
PIECES = st.sampled_from([*SCRAPS.split(), "\n"])


@given(
    text=st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES, max_size=14).map("".join),
    lang=st.sampled_from(["fr", "en", "und"]),
)
def test_pieces_of_entities_in_any_order_are_read_without_a_fault(text: str, lang: str):
    found = find_entities(text, lang, products=("Sac Nomade",), said_on=SAID_ON)

    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(digits=st.text("0123456789", min_size=12, max_size=19), before=st.sampled_from(["carte ", "", "n° "]))
def test_a_number_that_fails_luhn_is_never_a_card(digits: str, before: str):
    cards = [one for one in find_entities(f"{before}{digits}", "fr") if one.kind is EntityKind.CARD]

    assert all(passes_luhn(one.value or "") for one in cards)


@given(digits=st.text("0123456789", min_size=2, max_size=2), account=st.text("0123456789", min_size=23, max_size=23))
def test_an_account_that_fails_mod_97_is_never_an_iban(digits: str, account: str):
    ibans = [one for one in find_entities(f"FR{digits}{account}", "fr") if one.kind is EntityKind.IBAN]

    assert [one.value for one in ibans] == ([f"FR{digits}{account}"] if is_iban(f"FR{digits}{account}") else [])


def values(text: str, lang: str, said_on: date | None = None) -> list[str | None]:
    return [one.value for one in find_entities(text, lang, said_on=said_on)]


def test_a_relative_day_has_a_value_only_where_the_day_it_was_said_is_known():
    assert values("demain", "fr") == [None]
    assert values("demain", "fr", date(2026, 12, 31)) == ["2027-01-01"]


@pytest.mark.parametrize(
    ("said_on", "next_tuesday", "last_tuesday"),
    [
        (date(2026, 11, 23), "2026-11-24", "2026-11-17"),
        (date(2026, 11, 24), "2026-12-01", "2026-11-17"),
        (date(2026, 11, 25), "2026-12-01", "2026-11-24"),
    ],
)
def test_next_and_last_are_never_the_day_itself(said_on: date, next_tuesday: str, last_tuesday: str):
    assert values("next Tuesday", "en", said_on) == [next_tuesday]
    assert values("last Tuesday", "en", said_on) == [last_tuesday]


def test_the_ends_of_the_calendar_are_no_fault():
    assert values("avant-hier", "fr", date.min) == [None]
    assert values("next Tuesday", "en", date.max) == ["tuesday"]


def test_an_english_date_that_may_be_two_days_has_no_value():
    assert values("ordered 12/11/2026", "en") == [None]
    assert values("ordered 11/13/2026", "en") == ["2026-11-13"]


def test_a_text_of_undetermined_language_is_read_as_both():
    found = find_entities("cmd 784512, ship to Leeds", "und")

    assert [(one.kind, one.value) for one in found] == [
        (EntityKind.ORDER_NUMBER, "784512"),
        (EntityKind.PLACE, "Leeds"),
    ]


def test_in_another_language_only_what_needs_no_words_is_found():
    found = find_entities("Bestellung order 784512 in Berlin, lea@exemple.de, +49 30 901820, 12 €", "de")

    assert [one.kind for one in found] == [EntityKind.EMAIL, EntityKind.PHONE, EntityKind.PRICE]


def test_a_product_is_found_in_a_list_of_any_length_and_an_empty_name_is_no_fault():
    found = find_entities("mes deux lampes-tempête", "fr", products=("", "—", "Lampe tempête", "Lampe-tempête"))

    assert [(one.text, one.value) for one in found] == [("lampes-tempête", "Lampe-tempête")]


def test_labelling_without_entities_does_not_load_spacy():
    loaded = "import sys, app.cli.main, app.classify, app.entities, classifiers.model; sys.exit('spacy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0

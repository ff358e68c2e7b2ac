"""Canned responses: blanks that are filled or named, wordings that take turns, names we would say aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.findings import CheckKind, Finding
from inbox.responses import (
    VARIABLES,
    DraftText,
    Variant,
    check_blanks,
    draft_from,
    fill,
    first_name,
    order_number,
    unknown_blanks,
)
from inbox.sentences import Sentence
from tests.inbox.builders import a_response

LANGUAGES = ("fr", "en")


def what_blocks(text: str) -> list[str]:
    """What the findings say of a text, each in its first sentence."""
    return [str(finding.sentence).split(". ")[0] for finding in check_blanks(text)]


# --- blanks ---


@pytest.mark.parametrize(
    "blank",
    [
        "{{contact.first_name}}",
        "{{ contact.first_name }}",
        '{{contact.first_name|default:"à vous"}}',
        "{{contact.first_name | default: “à vous” }}",
    ],
)
def test_a_blank_is_filled_with_what_is_known(blank: str):
    text, missing = fill(f"Bonjour {blank} !", {"contact.first_name": "Camille"})

    assert (text, missing) == ("Bonjour Camille !", ())


@pytest.mark.parametrize(
    "blank",
    [
        '{{contact.first_name|default:"à vous"}}',
        '{{ contact.first_name | default: "à vous" }}',
        "{{contact.first_name|default:“à vous”}}",
        "{{contact.first_name|default:« à vous »}}",
        "{{contact.first_name|default:«\u202fà vous\u202f»}}",
    ],
)
@pytest.mark.parametrize("known", [{}, {"contact.first_name": None}, {"contact.first_name": ""}])
def test_words_for_want_of_better_stand_in_whatever_their_quotes(blank: str, known: dict[str, str | None]):
    text, missing = fill(f"Bonjour {blank} !", known)

    assert (text, missing) == ("Bonjour à vous !", ())


def test_an_empty_default_leaves_nothing_in_place_of_the_blank():
    text, missing = fill('Bonjour{{contact.first_name|default:""}} !', {})

    assert (text, missing) == ("Bonjour !", ())


def test_a_blank_that_nothing_fills_stays_in_the_text_and_is_named_once():
    text, missing = fill("{{contact.name}}, votre {{order.number}}… {{ contact.name }} ?", {"order.number": None})

    assert text == "{{contact.name}}, votre {{order.number}}… {{ contact.name }} ?"
    assert missing == ("contact.name", "order.number")


def test_what_fills_a_blank_is_not_read_for_blanks_again():
    text, _ = fill("{{brand.name}}", {"brand.name": "{{contact.name}}", "contact.name": "Camille"})

    assert text == "{{contact.name}}"


def test_an_empty_blank_blocks_and_says_what_to_do():
    findings = check_blanks("Bonjour {{ contact.first_name }}, {{contact.first_name}}")

    says = "Nothing fills the blank {blank}. Write the words yourself, or give it a default."
    written = "{{ contact.first_name }}"
    said = Sentence(says, blank="contact.first_name")
    assert findings == [Finding(said, kind=CheckKind.BLANK, start=8, end=32, words=written)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Bonjour {{contact.first_name|upper}} !", "{{contact.first_name|upper}}"),
        ("Bonjour {{contact.first_name|default:à vous}} !", "{{contact.first_name|default:à vous}}"),
        ("Bonjour {{contact.first_name", "{{contact.first_name"),
        ("Bonjour {{contact.first_name}", "{{contact.first_name"),
        ("Bonjour {{}} !", "{{}}"),
    ],
)
def test_a_blank_that_cannot_be_read_blocks_as_it_is_written(text: str, written: str):
    assert what_blocks(text) == [f"Nothing fills the blank {written}"]
    assert unknown_blanks(text) == [written]


@given(text=st.text(st.sampled_from('{}|" \ndefault:x')))
def test_nothing_with_an_opened_blank_passes_unseen(text: str):
    assert bool(check_blanks(text)) == ("{{" in text)


@given(text=st.text(st.sampled_from('{}|" \ndefault:x')))
def test_a_blank_named_as_missing_is_found_again_in_the_text(text: str):
    filled, missing = fill(text, {})

    assert len(check_blanks(filled)) >= len(missing)


@given(text=st.text(st.characters(exclude_characters="{")))
def test_words_without_a_blank_are_left_as_they_are(text: str):
    assert (fill(text, {}), check_blanks(text)) == ((text, ()), [])


def test_a_blank_that_no_message_could_fill_is_unknown():
    unknown = unknown_blanks('{{contact.first_name}} {{contact.nom}} {{ weather | default: "beau" }}')

    assert unknown == ["contact.nom", "weather"]


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_can_be_a_blank(name: str):
    text = f"{{{{{name}}}}}"

    assert (unknown_blanks(text), fill(text, {name: "x"})) == ([], ("x", ()))


# --- drafts ---


def test_a_draft_with_every_blank_filled_can_be_sent():
    wording = Variant("fr", "Bonjour {{contact.first_name}} !")

    draft = draft_from(a_response(wording, code="hello"), wording, {"contact.first_name": "Camille"})

    assert draft == DraftText("Bonjour Camille !", lang="fr", response="hello")
    assert draft.is_sendable


def test_a_draft_with_an_empty_blank_cannot_be_sent_and_says_which():
    wording = Variant("fr", "Bonjour {{contact.first_name}}, {{brand.name}}")

    draft = draft_from(a_response(wording), wording, {"brand.name": "Loriot"})

    assert (draft.text, draft.is_sendable) == ("Bonjour {{contact.first_name}}, Loriot", False)
    assert [finding.sentence.facts for finding in draft.findings] == [{"blank": "contact.first_name"}]


def test_a_finding_that_does_not_block_leaves_a_draft_sendable():
    remark = Finding(Sentence("This is long."), blocking=False)

    assert DraftText("…", lang="fr", response="hello", findings=(remark,)).is_sendable


# --- wordings ---


def test_the_wording_is_in_the_language_of_the_message():
    wording = a_response().wording(lang="en", languages=LANGUAGES, key=1)

    assert wording == Variant("en", "Thank you!")


@pytest.mark.parametrize(
    ("languages", "lang"),
    [(("fr", "en"), "fr"), (("en", "fr"), "en"), (("de", "en", "fr"), "en")],
)
def test_without_a_wording_in_that_language_the_brand_languages_follow_in_order(languages: tuple[str, ...], lang: str):
    wording = a_response().wording(lang="fi", languages=languages, key=1)

    assert wording.lang == lang


def test_without_a_wording_in_any_of_them_the_first_there_is_serves():
    response = a_response(Variant("de", "Danke!"), Variant("nl", "Dank je!"))

    assert response.wording(lang="fi", languages=LANGUAGES, key=1).lang == "de"


@given(key=st.integers(0), wordings=st.integers(2, 5))
def test_neighbours_do_not_read_the_same_words(key: int, wordings: int):
    response = a_response(Variant("en", "Thank you!"), *(Variant("fr", f"Merci {n} !") for n in range(wordings)))

    here, next_to_it = (response.wording(lang="fr", languages=LANGUAGES, key=at) for at in (key, key + 1))

    assert here != next_to_it
    assert here == response.wording(lang="fr", languages=LANGUAGES, key=key)


def test_every_wording_gets_its_turn():
    variants = [Variant("fr", f"Merci {n} !") for n in range(3)]
    response = a_response(*variants)

    used = {response.wording(lang="fr", languages=LANGUAGES, key=key) for key in range(3)}

    assert used == set(variants)


# --- names ---


@pytest.mark.parametrize(
    ("shown", "first"),
    [
        ("Camille Rousseau", "Camille"),
        ("  Camille   Rousseau ", "Camille"),
        ("Jean-Pierre Martin", "Jean-Pierre"),
        ("Éloïse d’Arc", None),
        ("Éloïse D’Arc", "Éloïse"),
        ("Zoë ROUSSEAU", "Zoë"),
    ],
)
def test_a_name_of_two_words_or_more_gives_a_first_name(shown: str, first: str | None):
    assert first_name(shown) == first


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Camille",
        "CAMILLE",
        "CAMILLE ROUSSEAU",
        "camille rousseau",
        "xX_Watt_Xx",
        "BandeDeCons_44",
        "BandeDeCons Officiel",
        "C Rousseau",
        "Camille R.",
        "Camille 🌸",
        "🌸",
        "Camille 44",
        "@Camille Rousseau",
        "Camille {{brand.name}}",
        "Une Phrase Entière En Majuscules",
        f"{'Trop' * 6}long Rousseau",
    ],
)
def test_anything_that_is_not_surely_a_name_gives_none(shown: str):
    assert first_name(shown) is None


@given(shown=st.text())
def test_a_first_name_is_one_capitalised_word_of_the_name_shown(shown: str):
    first = first_name(shown)

    assert first is None or (first in shown.split() and first.istitle())


# --- order numbers ---


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ma commande 48213 n’arrive pas", "48213"),
        ("ma commande n° 48213.", "48213"),
        ("Commande : FR-48213-B", "FR-48213-B"),
        ("commande numéro 48213", "48213"),
        ("Where is order #48213?", "48213"),
        ("order number: AB48213", "AB48213"),
        ("ORDER NO. 48213", "48213"),
        ("(#48213)", "48213"),
    ],
)
def test_an_order_number_is_read_where_it_is_named_as_one(text: str, number: str):
    assert order_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "48213",
        "Appelez-moi au 0612345678",
        "Ma commande est en retard depuis 2023",
        "Commande 12",
        "Je recommande 10000 fois",
        "Un piano 48213",
        "I ordered 2000 of them",
        "",
    ],
)
def test_a_bare_number_is_not_taken_for_an_order(text: str):
    assert order_number(text) is None


@pytest.mark.parametrize("piece", ["order", " ", "order ", "# ", "1-", "{{", "{{ ", '{{x|default:"'])
def test_a_hostile_text_is_read_in_no_time(piece: str):
    text = f"order {piece * 50_000}"

    filled, _ = fill(text, {})

    assert (filled, order_number(text)) == (text, None)

"""The canned responses that ship: complete, set as each language is, and nothing that would shame the brand."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from inbox.model import Label
from inbox.ranking import Asked, rank
from inbox.responses import Polarity, Variant, draft_from, unknown_blanks
from inbox.text import fold, phrase, spaced
from routing.responses import load_responses

RESPONSES = load_responses()
VARIANTS = [
    pytest.param(variant, id=f"{code}-{variant.lang}-{number}")
    for code, response in RESPONSES.items()
    for number, variant in enumerate(response.variants)
]
LANGUAGES = ("fr", "en")


def listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(";")]


FIRST = listed(
    "thanks; thanks-and-sorry; handed-over; late-parcel; refund; bug; lead; lead-appointment; question; suggestion;"
    "crisis-holding; out-of-hours"
)
"""The codes that rules refer to."""

FOR_THE_TEAM_TO_PICK = listed(
    "crisis-holding; out-of-hours; outage; outage-over; update-released; not-reproduced; contest-over; closed;"
    "calm-limit; members-conflict; rules-reminder; off-topic; advert-warning; misinformation; recall; holiday-closure;"
    "other-language; wrong-brand"
)
"""They speak of what only the team knows, and are never suggested."""

ALWAYS = {"brand.name": "Loriot", "ticket.team": "notre service client"}
"""What is known of every message that waits with a team."""

ADVERT = listed(
    "offre exclusive; profitez; offre spéciale; meilleur prix; exceptionnel*; incontournable*; leader; dès maintenant;"
    "cliquez; achetez; commandez vite; succès; buy now; special offer; exclusive; best price; don't miss; limited time;"
    "amazing; unbeatable; hurry; shop now; click here"
)
PROMISE = listed(
    "demain; dans les heures; dans la journée; sous peu; bientôt; rapidement; dès que possible; immédiatement;"
    "au plus vite; garanti*; promis; promettons; sera remboursé*; nous remboursons; gratuit*; tomorrow; shortly;"
    "very soon; as soon as possible; immediately; guarantee*; we promise; will refund; will be refunded; for free;"
    "within the"
)
FAMILIAR = listed("tu; te; toi; ta; tes")
SORRY = listed("désolé*; excuse*; pardon; navré*; regrettons; confus; sorry; apolog*; forgive; regret")
DETAILS = listed(
    "numéro de commande; numéro de suivi; adresse électronique; coordonnées; order number; tracking number;"
    "e-mail address; contact details"
)
IN_PRIVATE = listed("privé; privée; private; privately")

LONGEST, MOSTLY_UNDER, ALIKE = 480, 280, 0.35


def held(text: str, words: list[str]) -> list[str]:
    said = spaced(fold(text))
    return [word for word in words if phrase(word) in said]


def filled(variant: Variant) -> str:
    return draft_from(RESPONSES["thanks"], variant, ALWAYS).text


def shingles(text: str) -> set[tuple[str, ...]]:
    words = spaced(fold(text)).split()
    return set(zip(words, words[1:], words[2:], strict=False))


def sentences(text: str) -> set[str]:
    return {sentence.strip() for sentence in re.split(r"(?<=[.!?…])\s", text) if len(sentence.split()) > 1}


def test_there_are_many_and_the_first_are_still_there():
    assert len(RESPONSES) >= 60
    assert set(RESPONSES) >= set(FIRST)


@pytest.mark.parametrize("code", RESPONSES)
def test_each_has_a_name_three_wordings_and_a_title_in_both_languages(code: str):
    response = RESPONSES[code]

    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert [variant.lang for variant in response.variants] == [lang for lang in LANGUAGES for _ in range(3)]
    assert all(response.title[lang].strip() for lang in LANGUAGES)
    assert response.owner


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_wording_can_be_sent_without_a_name_and_is_short(variant: Variant):
    assert unknown_blanks(variant.text) == []
    assert draft_from(RESPONSES["thanks"], variant, ALWAYS).is_sendable
    assert len(filled(variant)) <= LONGEST


def test_nearly_all_are_short_enough_for_a_public_reply():
    short = [len(filled(param.values[0])) <= MOSTLY_UNDER for param in VARIANTS]  # type: ignore[arg-type]  # Variants

    assert sum(short) / len(short) > 0.98


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_wording_is_set_as_its_language_is(variant: Variant):
    text = filled(variant)

    assert "'" not in text
    assert '"' not in text
    assert re.search(r"  |^\s|\s$|\s[,.]|[,;](?=\w)|(?<!…)[.](?=\w)", text) is None
    assert re.search(r"\b(?!nous|vous)(\w+) \1\b", text, re.IGNORECASE) is None
    assert text[0].isupper()
    assert re.search(r"[.!?…😊]$", text)
    if variant.lang == "fr":
        assert re.search(r"(?<!\u202f)[;:!?](?=\s|$)|(?<!\s)[;:!?]|«[^\u202f]|[^\u202f]»", text) is None
        assert held(text, FAMILIAR) == []
    else:
        assert re.search(r"\s[;:!?]|[«»\u202f]", text) is None


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_wording_neither_advertises_nor_promises_nor_names_a_figure(variant: Variant):
    text = filled(variant)

    assert held(text, ADVERT) == []
    assert held(text, PROMISE) == []
    assert re.search(r"\d|€|\$|£", text) is None
    assert len(re.findall("[\U0001f300-\U0001faff]", text)) <= 1
    assert text.count("!") <= 2


@pytest.mark.parametrize("code", [code for code, one in RESPONSES.items() if one.polarity is Polarity.THANKS])
def test_thanks_do_not_apologise(code: str):
    assert [held(variant.text, SORRY) for variant in RESPONSES[code].variants if held(variant.text, SORRY)] == []


@pytest.mark.parametrize("code", [code for code, one in RESPONSES.items() if one.polarity is Polarity.APOLOGY])
def test_apologies_do(code: str):
    assert [variant.text for variant in RESPONSES[code].variants if not held(variant.text, SORRY)] == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_where_details_are_asked_for_they_are_asked_for_in_private(variant: Variant):
    assert held(variant.text, IN_PRIVATE) or not held(variant.text, DETAILS)


@pytest.mark.parametrize("code", RESPONSES)
def test_no_two_wordings_of_a_response_begin_alike(code: str):
    for lang in LANGUAGES:
        openings = [tuple(spaced(fold(v.text)).split()[:3]) for v in RESPONSES[code].variants if v.lang == lang]
        assert len(set(openings)) == len(openings)


def test_neighbours_share_no_sentence():
    for one, other in pairwise(RESPONSES.values()):
        said, then = (set().union(*(sentences(v.text) for v in each.variants)) for each in (one, other))
        assert said & then == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_wordings_are_nearly_the_same(lang: str):
    cut = [(v.text, shingles(filled(v))) for one in RESPONSES.values() for v in one.variants if v.lang == lang]

    assert [(a, b) for (a, x), (b, y) in combinations(cut, 2) if len(x & y) > ALIKE * len(x | y)] == []


def test_what_only_the_team_can_know_is_never_suggested_and_everything_else_may_be():
    silent = {code for code, one in RESPONSES.items() if not (one.words or one.hints or one.labels or one.generic)}

    assert silent == set(FOR_THE_TEAM_TO_PICK)


@pytest.mark.parametrize(
    ("text", "label", "first"),
    [
        ("Trois semaines et toujours pas de colis !", Label.COMPLAINT, "late-parcel"),
        ("Mon colis est marqué livré mais je n’ai jamais reçu le paquet", Label.COMPLAINT, "lost-parcel"),
        ("Vous m'avez débité deux fois", Label.COMPLAINT, "double-charge"),
        ("The vase arrived broken", Label.COMPLAINT, "damaged-item"),
        ("The waiter was rude to my mother", Label.COMPLAINT, "staff-complaint"),
        ("I have sent several emails and nobody replies", Label.COMPLAINT, "unanswered"),
        ("Where is my refund? Still no refund after a month", Label.COMPLAINT, "refund-pending"),
        ("Le site est en panne, page blanche", Label.COMPLAINT, "site-down"),
        ("Rien ne va chez vous.", Label.COMPLAINT, "handed-over"),
        ("Combien coûte le modèle Alto ?", Label.SALES_LEAD, "price"),
        ("Do you deliver to Lyon?", Label.SALES_LEAD, "delivery-area"),
        ("On peut l’essayer samedi ?", Label.SALES_LEAD, "lead-appointment"),
        ("Il nous faut un devis", Label.SALES_LEAD, "quote"),
        ("J’en veux un !", Label.SALES_LEAD, "lead"),
        ("Votre vendeuse a été adorable", Label.PRAISE, "staff-praise"),
        ("Merci, tout est parfait", Label.PRAISE, "thanks"),
    ],
)
def test_the_first_that_is_suggested_is_about_what_was_said(text: str, label: Label, first: str):
    assert rank(RESPONSES.values(), Asked(text, "fr", (label,)))[0].response.code == first

"""Which prepared answers are suggested, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.brand import Brand
from inbox.desk import Desk
from inbox.entities import EntityKind
from inbox.model import Kind, Label, Prediction, Status, Visibility
from inbox.phrases import to_phrase
from inbox.precedents import Alike, Fate, NoPrecedents, Precedent, impersonal, own_words
from inbox.ranking import Asked, rank
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.suggesting import suggest
from inbox.text import phrase
from inbox.views import ConversationView, MessageView
from tests.builders import AClock
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

COMPLAINT = Label.COMPLAINT
HOLDING, APOLOGY, NEUTRAL, THANKS = Polarity.HOLDING, Polarity.APOLOGY, Polarity.NEUTRAL, Polarity.THANKS


def prepared(
    code: str, polarity: Polarity = HOLDING, words: Sequence[str] = (), *, generic: bool = False
) -> CannedResponse:
    variants = (Variant("fr", f"Bonjour, {code}."), Variant("en", f"Hello, {code}."))
    return CannedResponse(
        code, polarity, variants, {"fr": code}, words=tuple(to_phrase(word) for word in words), generic=generic
    )


LATE = prepared("late", words=["colis", "en retard", "livr*"])
LOST = prepared("lost", words=["colis perdu", "jamais reçu"])
BROKEN = prepared("broken", APOLOGY, ["cassé*", "abîmé*"])
SORRY = prepared("sorry", APOLOGY, generic=True)
OURS = prepared("ours", generic=True)
OUTAGE = prepared("outage")
PRICE = prepared("price", NEUTRAL, ["prix", "combien"])
LEAD = prepared("lead", NEUTRAL, generic=True)
PHOTO = prepared("photo", THANKS, ["photo*"])
GLAD = prepared("glad", THANKS, generic=True)
ALL = (SORRY, OURS, LATE, LOST, BROKEN, OUTAGE, PRICE, LEAD, PHOTO, GLAD)


def fits(text: str, *labels: Label, responses: Sequence[CannedResponse] = ALL, **more: Any) -> list[str]:
    return [fit.response.code for fit in rank(responses, Asked(text, "fr", labels), **more)]


def offered(
    text: str,
    *labels: Label,
    unsure: Sequence[Label] = (),
    responses: Sequence[CannedResponse] = ALL,
    cases: Sequence[Alike] = (),
) -> list[str]:
    """The codes of what is suggested for a conversation in which one thing was said, or words that have none."""
    found = suggest(a_desk(responses, cases), a_conversation(text, a_prediction(*labels, unsure=unsure)))
    return [one.response or one.text for one in found]


def a_desk(responses: Sequence[CannedResponse] = ALL, cases: Sequence[Alike] = (), **more: Any) -> Desk:
    return Desk(
        brand=Brand("Loriot", ALWAYS_OPEN),
        store=None,  # type: ignore[arg-type]  # nothing is looked up
        classifier=None,  # type: ignore[arg-type]  # nothing is classified
        rules=None,  # type: ignore[arg-type]  # nor decided
        rule_book_version=1,
        responses={one.code: one for one in responses},
        clock=AClock(NOON),
        precedents=NoPrecedents(cases),
        **more,
    )


def a_conversation(text: str, prediction: Prediction) -> ConversationView:
    said = MessageView(
        id=3,
        is_ours=False,
        author="Camille Rousseau",
        text=text,
        kind=Kind.COMMENT,
        sent_at=NOON,
        edited_at=None,
        deleted_at=None,
        former_texts=(),
        prediction=prediction,
        decision=None,
    )
    return ConversationView(
        id=40,
        channel="discord",
        thread="thread-1",
        contact="Camille Rousseau",
        visibility=Visibility.PUBLIC,
        status=Status.OPEN,
        status_reason=None,
        priority=50,
        priority_parts={},
        queue=None,
        tags=(),
        messages=(said,),
        drafts=(),
        sends=(),
        escalations=(),
        audit=(),
    )


def test_the_response_whose_words_are_in_the_message_comes_before_the_generic_ones():
    assert fits("Mon COLIS est en retard", COMPLAINT) == ["late", "ours", "sorry"]


def test_the_more_words_are_hit_the_earlier_it_comes_whatever_its_place_in_the_file_and_its_polarity():
    assert fits("Colis perdu, jamais recu", COMPLAINT) == ["lost", "late", "ours", "sorry"]
    assert fits("Colis cassé et abîmé", COMPLAINT) == ["broken", "late", "ours", "sorry"]


def test_of_equals_the_earlier_polarity_comes_first_then_the_place_in_the_file():
    assert fits("Colis cassé", COMPLAINT) == ["late", "broken", "ours", "sorry"]
    assert fits("Bof", COMPLAINT, responses=[prepared("b", generic=True), prepared("a", generic=True)]) == ["b", "a"]


def test_a_response_about_something_else_is_never_offered():
    assert fits("Rien ne va chez vous", COMPLAINT) == ["ours", "sorry"]
    assert "outage" not in fits("outage, panne, colis", COMPLAINT)


def test_a_word_is_hit_whole_unless_a_star_leaves_its_end_open():
    assert fits("Le colistier est jamais reçue") == []
    assert fits("Pas encore LIVRÉE") == ["late"]
    assert fits("Jamais, reçu !") == ["lost"]


def test_a_word_said_twice_counts_once():
    assert fits("colis, colis et colis ; cassé et abîmé", COMPLAINT)[:2] == ["broken", "late"]


def test_a_gap_in_a_phrase_takes_up_to_three_words_and_no_fourth():
    far = prepared("far", words=["pas … livr*"])

    assert fits("pas livré", responses=[far]) == ["far"]
    assert fits("Ce n’est pas encore du tout livrée hélas", responses=[far]) == ["far"]
    assert fits("pas un deux trois quatre livré", responses=[far]) == []
    assert fits("livré, pas mal", responses=[far]) == []


def test_hints_settle_it_for_want_of_better_and_give_way_to_a_word():
    asks = replace(prepared("asks", generic=False), hints=(phrase("comment"), phrase("combien")), polarity=NEUTRAL)

    assert fits("Comment, combien ?", responses=[asks, PRICE]) == ["price", "asks"]
    assert fits("Comment faire ?", responses=[asks, PRICE]) == ["asks"]


def test_a_response_for_labels_held_together_is_only_for_such_a_message_and_first_there():
    mixed = replace(prepared("mixed", APOLOGY), labels=frozenset({Label.PRAISE, COMPLAINT}))

    assert fits("Bof", COMPLAINT, responses=[mixed, OURS]) == ["ours"]
    assert fits("Bof", Label.PRAISE, COMPLAINT, responses=[OURS, mixed]) == ["mixed", "ours"]


def test_what_a_message_names_tells_which_of_two_it_wants():
    plain, numbered = prepared("plain", words=["colis"]), prepared("numbered", words=["colis"])
    numbered = replace(numbered, entities=frozenset({EntityKind.ORDER_NUMBER}))
    named = Asked("Mon colis FR-4412", "fr", (COMPLAINT,), entities=frozenset({EntityKind.ORDER_NUMBER}))

    assert [fit.response.code for fit in rank([plain, numbered], named)] == ["numbered", "plain"]
    assert fits("Mon colis", COMPLAINT, responses=[plain, numbered]) == ["plain", "numbered"]


def test_what_the_team_took_in_like_cases_comes_before_a_single_word_and_is_told():
    taken = [a_case("lost", likeness=0.8) for _ in range(4)]

    found = rank(ALL, Asked("Mon colis ?", "fr", (COMPLAINT,)), alike=taken)

    assert [fit.response.code for fit in found][:2] == ["lost", "late"]
    assert [str(reason) for reason in found[0].why] == ["complaint", "your team said this 4 times in like cases"]
    assert [str(reason) for reason in found[1].why] == ["complaint", "words in it: «colis»"]


def test_what_was_said_in_another_language_or_does_not_suit_the_label_teaches_nothing():
    thanked = [a_case("glad", likeness=0.9), a_case("lost", likeness=0.9, lang="en")]

    assert fits("Mon colis ?", COMPLAINT, alike=thanked) == ["late", "ours", "sorry"]


def test_drafts_that_people_throw_away_sink_below_equals_and_those_sent_unchanged_rise():
    one, other = prepared("one", words=["colis"]), prepared("other", words=["colis"])

    assert fits("colis", responses=[one, other]) == ["one", "other"]
    assert fits("colis", responses=[one, other], fates={"one": Fate(discarded=9)}) == ["other", "one"]
    assert fits("colis", responses=[one, other], fates={"other": Fate(sent=9)}) == ["other", "one"]


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_use_of_drafts_is_a_share_and_each_one_sent_raises_it(sent: int, changed: int, discarded: int):
    fate = Fate(sent, changed, discarded)

    assert 0 < fate.use < 1
    assert Fate(sent + 1, changed, discarded).use > fate.use > Fate(sent, changed, discarded + 1).use


def a_case(response: str | None, *, likeness: float, lang: str = "fr", contact: int = 1, words: str = "") -> Alike:
    about = Precedent(contact, lang, (COMPLAINT,), "discord", response, words or None)
    return Alike(about, likeness)


def test_a_message_is_answered_in_the_polarity_of_its_label():
    text = "Combien pour un colis cassé ? photo"

    assert offered(text, Label.COMPLAINT) == ["late", "broken", "ours"]
    assert offered(text, Label.SALES_LEAD) == ["price", "late", "lead"]
    assert offered(text, Label.PRAISE) == ["photo", "glad"]


def test_without_a_label_only_what_the_message_is_about_is_offered_and_no_thanks_or_apology():
    assert offered("Combien coûte-t-il ? Voici une photo, il est cassé") == ["price"]
    assert offered("Bonjour") == []


def test_what_offends_or_is_in_doubt_gets_none():
    assert offered("Mon colis, abrutis", Label.COMPLAINT, Label.OFFENSIVE) == []
    assert offered("Mon colis", unsure=[Label.COMPLAINT]) == []


def test_what_is_for_a_state_of_the_house_is_not_offered_whatever_its_words():
    house = [prepared("out-of-hours", words=["colis"], generic=True), prepared("crisis-holding", words=["colis"])]

    assert offered("Mon colis ?", Label.SALES_LEAD, responses=house) == []


WORDS = 'Bonjour {{contact.first_name|default:"à vous"}}, nous regardons cela de près.'


def test_words_of_the_teams_own_are_offered_once_they_were_said_to_two_people():
    once = [a_case(None, likeness=0.6, contact=1, words=WORDS)]
    twice = [*once, a_case(None, likeness=0.5, contact=2, words=WORDS)]

    assert offered("Mon colis", Label.COMPLAINT, cases=once)[0] == "late"
    assert offered("Mon colis", Label.COMPLAINT, cases=twice)[0] == "Bonjour Camille, nous regardons cela de près."
    assert offered("Mon colis", Label.PRAISE, cases=twice) == ["glad"]


def test_an_answer_of_the_faq_is_offered_with_its_question_and_to_praise_never():
    faq = Alike(Precedent(0, "fr", (), "", words="Nous ouvrons à 9 h.", faq="Quand ouvrez-vous ?"), 0.8)

    found = suggest(a_desk(cases=[faq]), a_conversation("Quand ouvrez-vous donc ?", a_prediction()))

    assert [(one.text, [str(why) for why in one.why]) for one in found] == [
        ("Nous ouvrons à 9 h.", ["your FAQ: “Quand ouvrez-vous ?”"])
    ]
    assert offered("Vous ouvrez, bravo", Label.PRAISE, cases=[faq]) == ["glad"]


@pytest.mark.parametrize(
    ("text", "for_others"),
    [
        ("Bonjour Camille, c’est noté.", 'Bonjour {{contact.first_name|default:"à vous"}}, c’est noté.'),
        ("C’est noté, merci.", "C’est noté, merci."),
        ("Bonjour Mme Rousseau, c’est noté.", None),
        ("C’est noté, et nous vous rappelons très vite, chère Camille.", None),
        ("Votre commande 4412 est partie.", None),
        ("Écrivez-nous à sav@loriot.example.", None),
        ("Lisez https://loriot.example/aide", None),
    ],
)
def test_what_was_said_to_one_is_for_others_only_without_anything_of_his(text: str, for_others: str | None):
    assert impersonal(text, "Camille Rousseau", "fr") == for_others


def test_a_handle_is_a_name_too():
    assert impersonal("Merci loriot_fan !", "loriot_fan", "fr") is None
    assert impersonal("Thank you!", "loriot_fan", "en") == "Thank you!"


def test_words_that_read_alike_are_one_and_are_counted():
    said = [
        a_case(None, likeness=0.9 - at / 10, contact=at, words=f"Nous regardons cela de près{end}")
        for at, end in enumerate((".", " !", "…"))
    ]

    assert [(own.words, own.times) for own in own_words(said, lang="fr")] == [("Nous regardons cela de près.", 3)]
    assert own_words(said, lang="en") == []

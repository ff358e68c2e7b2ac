"""Which prepared answers are suggested, and in what order."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.brand import Brand
from inbox.desk import Desk
from inbox.drafting import fitting, suggest
from inbox.model import Kind, Label, Prediction, Status, Visibility
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.text import phrase
from inbox.views import ConversationView, MessageView
from tests.builders import AClock
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

HOLDING, APOLOGY, NEUTRAL, THANKS = Polarity.HOLDING, Polarity.APOLOGY, Polarity.NEUTRAL, Polarity.THANKS


def prepared(
    code: str, polarity: Polarity = HOLDING, words: Sequence[str] = (), *, generic: bool = False
) -> CannedResponse:
    variants = (Variant("fr", f"Bonjour, {code}."), Variant("en", f"Hello, {code}."))
    return CannedResponse(
        code, polarity, variants, {"fr": code}, words=tuple(phrase(word) for word in words), generic=generic
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


def fits(
    text: str, *polarities: Polarity, responses: Sequence[CannedResponse] = ALL, with_generic: bool = True
) -> list[str]:
    return [one.code for one in fitting(responses, text, polarities, with_generic=with_generic)]


def offered(
    text: str, *labels: Label, unsure: Sequence[Label] = (), responses: Sequence[CannedResponse] = ALL
) -> list[str]:
    """The codes of what is suggested for a conversation in which one thing was said."""
    desk = Desk(
        brand=Brand("Loriot", ALWAYS_OPEN),
        store=None,  # type: ignore[arg-type]  # nothing is looked up
        classifier=None,  # type: ignore[arg-type]  # nothing is classified
        rules=None,  # type: ignore[arg-type]  # nor decided
        rule_book_version=1,
        responses={one.code: one for one in responses},
        clock=AClock(NOON),
    )
    return [one.response or "" for one in suggest(desk, a_conversation(text, a_prediction(*labels, unsure=unsure)))]


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
    assert fits("Mon COLIS est en retard", HOLDING, APOLOGY) == ["late", "ours", "sorry"]


def test_the_more_words_are_hit_the_earlier_it_comes_whatever_its_place_in_the_file_and_its_polarity():
    assert fits("Colis perdu, jamais recu", HOLDING, APOLOGY) == ["lost", "late", "ours", "sorry"]
    assert fits("Colis cassé et abîmé", HOLDING, APOLOGY) == ["broken", "late", "ours", "sorry"]


def test_of_equals_the_earlier_polarity_comes_first_then_the_place_in_the_file():
    assert fits("Colis cassé", HOLDING, APOLOGY) == ["late", "broken", "ours", "sorry"]
    assert fits("Colis cassé", APOLOGY, HOLDING) == ["broken", "late", "sorry", "ours"]
    assert fits("Bof", HOLDING, responses=[prepared("b", generic=True), prepared("a", generic=True)]) == ["b", "a"]


def test_a_response_about_something_else_is_never_offered():
    assert fits("Rien ne va chez vous", HOLDING, APOLOGY) == ["ours", "sorry"]
    assert "outage" not in fits("outage, panne, colis", HOLDING)


def test_a_word_is_hit_whole_unless_a_star_leaves_its_end_open():
    assert fits("Le colistier est jamais reçue", HOLDING, with_generic=False) == []
    assert fits("Pas encore LIVRÉE", HOLDING, with_generic=False) == ["late"]
    assert fits("Jamais, reçu !", HOLDING, with_generic=False) == ["lost"]


def test_a_word_said_twice_counts_once():
    assert fits("colis, colis et colis ; cassé et abîmé", HOLDING, APOLOGY, with_generic=False) == ["broken", "late"]


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

"""F39: one response, several wordings; which one is said where."""

from __future__ import annotations

from inbox.abilities import Abilities
from inbox.brand import Brand
from inbox.lengths import X_LONGEST, x_weight
from inbox.responses import Address, CannedResponse, Polarity, Tone, Variant, Voice
from inbox.suggesting import sendable
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_waiting_message

PLAIN = Variant("fr", "Merci à vous.")
SHORT = Variant("fr", "Merci !", tone=Tone.SHORT)
FORMAL = Variant("fr", "Nous vous remercions de votre message.", tone=Tone.FORMAL)
TU = Variant("fr", "Merci à toi.", address=Address.TU)
ENGLISH = Variant("en", "Thank you.")
X, LETTER, HERE = Voice("x", Tone.SHORT), Voice("email", Tone.FORMAL), Voice("discord")


def response(*variants: Variant) -> CannedResponse:
    return CannedResponse("thanks", Polarity.NEUTRAL, variants, {})


def said(one: CannedResponse, voice: Voice, lang: str = "fr") -> str:
    return one.wording(lang=lang, languages=("fr", "en"), key=1, voice=voice).text


def test_f39_the_short_form_on_x_the_formal_one_by_e_mail_english_to_an_english_message():
    thanks = response(PLAIN, SHORT, FORMAL, TU, ENGLISH)

    assert said(thanks, X) == "Merci !"
    assert said(thanks, LETTER) == "Nous vous remercions de votre message."
    assert said(thanks, X, lang="en") == "Thank you."
    assert said(thanks, HERE) == "Merci à vous."


def test_f39_without_a_wording_of_the_tone_the_plain_one_is_said_then_whatever_there_is():
    assert said(response(FORMAL, PLAIN), X) == "Merci à vous."
    assert said(response(FORMAL), X) == "Nous vous remercions de votre message."
    assert said(response(ENGLISH), X) == "Thank you."


def test_tu_is_said_only_where_the_brand_says_so_and_what_is_written_for_a_channel_only_there():
    on_x = Variant("fr", "Merci depuis X.", channels=("x",))

    assert said(response(TU, PLAIN), HERE) == "Merci à vous."
    assert said(
        response(TU, Variant("fr", "Merci à vous.", address=Address.VOUS)), Voice("discord", address=Address.TU)
    ) == ("Merci à toi.")
    assert said(response(on_x, PLAIN), HERE) == "Merci à vous."
    assert said(response(PLAIN, on_x), X) == "Merci depuis X."


def test_a_wording_that_fits_into_one_message_comes_before_one_that_does_not():
    long = Variant("fr", "Merci de votre message. " * 20)
    words = sendable(
        response(long, SHORT),
        a_waiting_message(),
        brand=Brand("Loriot", ALWAYS_OPEN),
        lang="fr",
        queue=None,
        labels=(),
        now=NOON,
        abilities=Abilities(longest=X_LONGEST, measure=x_weight),
    )

    assert words is not None
    assert words.text == "Merci !"

"""The checks of words one by one: F43 to F45, and the accidents of other brands that they are there for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.checks import Checks, Level, check_words, mended, name_to_say
from inbox.findings import NEVER_SENT, CheckKind, blocking
from inbox.model import Label
from inbox.responses import Polarity
from tests.inbox.checks.builders import TODAY, a_context, found_in, kinds_in, the_checks

THANKS = "Merci pour votre gentil message, à très vite\u202f!"
SORRY = "Nous sommes sincèrement désolés de cette expérience."


# --- all together ---


def test_f43_a_misspelling_a_card_number_capitals_and_an_expired_offer_are_four_named_findings():
    text = (
        "Bonjour, merci beacoup. La carte 4111 1111 1111 1111 est enregistrée. "
        "NOTRE OFFRE CONTINUE jusqu’au 3 mars 2024."
    )

    found = found_in(text)

    assert {one.kind: text[one.start : one.end] for one in found} == {
        CheckKind.BANK: "4111 1111 1111 1111",
        CheckKind.EXPIRED: "3 mars 2024",
        CheckKind.SPELLING: "beacoup",
        CheckKind.SHOUTING: "NOTRE OFFRE CONTINUE",
    }
    assert [one.kind for one in blocking(found)] == [CheckKind.BANK, CheckKind.EXPIRED]


def test_what_blocks_is_told_first_then_each_in_its_place():
    found = found_in("Merci beacoup, écrivez au 06 12 34 56 78 ou a l’acceuil.")

    assert [one.kind for one in found] == [CheckKind.PERSONAL, CheckKind.SPELLING, CheckKind.SPELLING]
    assert [one.words for one in found[1:]] == ["beacoup", "l’acceuil"]


@pytest.mark.parametrize("kind", [kind for kind in CheckKind if kind not in NEVER_SENT])
def test_a_check_that_is_off_finds_nothing_and_one_may_be_made_to_block_or_to_warn(kind: CheckKind):
    texts = {
        CheckKind.PERSONAL: "Écrivez à jane@example.com.",
        CheckKind.LINK: "Voyez https://example.com.",
        CheckKind.EXPIRED: "Valable jusqu’au 3 mars 2024.",
        CheckKind.PROMISE: "Je vous promets cela.",
        CheckKind.POLARITY: SORRY,
        CheckKind.ECHO: "Bonjour Salope.",
        CheckKind.AGGRESSIVE: "Apprenez à lire.",
        CheckKind.ADVERT: "Cliquez ici.",
        CheckKind.SHOUTING: "Bonjour!!! Merci",
        CheckKind.SPELLING: "Merci beacoup.",
        CheckKind.TYPOGRAPHY: "Merci! Bonjour.",
    }
    context = a_context(Label.PRAISE, contact="Grosse Salope" if kind is CheckKind.ECHO else "Camille Rousseau")

    def stops(level: Level) -> list[bool]:
        found = found_in(texts[kind], context, the_checks(levels={kind: level}))
        return [one.blocking for one in found if one.kind is kind]

    assert stops(Level.OFF) == []
    assert stops(Level.WARN)[:1] == [False]
    assert stops(Level.BLOCK)[:1] == [True]


@pytest.mark.parametrize("kind", sorted(NEVER_SENT))
def test_blanks_and_bank_numbers_block_whatever_is_settled_and_whoever_insists(kind: CheckKind):
    text = "Bonjour {{name}}, votre carte 4111 1111 1111 1111."

    found = found_in(text, checks=the_checks(levels=dict.fromkeys(CheckKind, Level.OFF)))

    assert kind in {one.kind for one in blocking(found, insists=True)}


def test_a_person_may_insist_on_everything_else():
    found = found_in("Apprenez à lire, voyez https://example.com et écrivez à jane@example.com.")

    assert len(blocking(found)) == 3
    assert blocking(found, insists=True) == []


@given(text=st.text(), labels=st.sets(st.sampled_from(Label)), message=st.text(), contact=st.text(max_size=30))
def test_any_words_can_be_checked_and_every_place_is_in_them(text: str, labels: set[Label], message: str, contact: str):
    found = check_words(text, a_context(*labels, message=message, contact=contact), the_checks())

    for one in found:
        if one.start is not None and one.end is not None:
            assert 0 <= one.start < one.end <= len(text)
            assert one.words in {"", text[one.start : one.end]}
        assert str(one.sentence)


@given(text=st.text())
def test_nothing_is_found_without_readers_that_is_not_found_with_them(text: str):
    context = a_context()
    alone = {(one.kind, one.start) for one in check_words(text, context, Checks())}

    assert alone <= {(one.kind, one.start) for one in found_in(text, context)}


# --- spelling ---


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour Kézia, le modèle Zorglub est là.",
        "Écrivez à @zorglub ou suivez #zorglubbe.",
        "La commande FR-48213-B est partie, réf. xk42.",
        "Le SAV et la RGPD vous répondent, par SMS ou par e-mail.",
        "L’équipe s’en occupe dès aujourd’hui, quelqu’un vous rappellera peut-être.",
        "Dites-le-nous, y a-t-il autre chose ?",
        "Notre cœur de métier\u202f: réinitialiser, désinscrire, reconfirmer.",
    ],
)
def test_names_handles_numbers_and_joined_words_are_no_misspellings(text: str):
    assert "spelling" not in kinds_in(text)


def test_a_word_of_the_brand_or_of_the_contact_is_no_misspelling():
    text = "Le Vélobrume et la fixette sont prêts, la zorglubbe aussi."
    checks = the_checks(words=("Loriot", "fixette"))

    assert kinds_in(text, a_context(message="Et ma zorglubbe ?"), checks) == []
    assert kinds_in(text, checks=the_checks()) == ["spelling", "spelling"]


def test_a_text_in_another_language_than_was_said_is_read_in_its_own():
    english = "Thank you for telling us, we are looking into it with the carrier."

    assert kinds_in(english, a_context(lang="fr")) == []
    assert kinds_in("Wir haben Ihre Nachricht erhalten und kümmern uns sofort darum.", a_context(lang="fr")) == []


def test_british_and_american_spelling_are_both_right():
    text = (
        "We apologise for the colour, and apologize for the programme; our organisers realise it, in their judgement."
    )

    assert kinds_in(text, a_context(lang="en")) == []


def test_a_misspelt_word_is_told_once():
    assert kinds_in("Merci beacoup, vraiment beacoup.") == ["spelling"]


# --- typography ---


def test_what_can_be_mended_is_mended_and_nothing_but_spaces_changes():
    text = "Bonjour! Le bouton «Valider» est là: voyez https://loriot.fr/a?b=1;c et 12:30. Bien ?"
    checks = the_checks(allowed_links=("loriot.fr",))

    right = mended(text, found_in(text, checks=checks), lang="fr")

    assert right == (
        "Bonjour\u202f! Le bouton «\u202fValider\u202f» est là\u202f: voyez https://loriot.fr/a?b=1;c et 12:30. "
        "Bien\u202f?"
    )
    assert found_in(right, checks=checks) == ()


@given(text=st.text(st.sampled_from("ab «»!?;:.\u202f")))
def test_what_was_mended_needs_no_mending(text: str):
    right = mended(text, found_in(text), lang="fr")

    assert "typography" not in kinds_in(right)
    assert "".join(right.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text", ["Bonjour :)", "C’est noté;)", "Ah bon ?!", "Merci !", "À 12:30", "Voir loriot.fr/a?b=1;c"]
)
def test_smileys_hours_and_addresses_are_no_faults_of_typography(text: str):
    assert "typography" not in kinds_in(text)


def test_english_has_no_such_spaces():
    assert kinds_in("Hello! Is it right? Yes: it is.", a_context(lang="en")) == []


# --- shouting ---


@pytest.mark.parametrize(
    "text", ["Le SAV et la RATP", "Votre TV OLED", "OK", "Merci\u202f!", "Vraiment\u202f?!", "CV", "Loriot"]
)
def test_acronyms_and_single_signs_do_not_shout(text: str):
    assert "shouting" not in kinds_in(text)


def test_the_brand_may_be_written_in_capitals():
    assert kinds_in("Bienvenue chez VELOBRUME.", checks=the_checks(words=("Velobrume",))) == []


# --- personal data, links ---


@pytest.mark.parametrize(
    "text", ["Appelez le 01 44 55 66 77.", "Appelez le +33 1 44 55 66 77.", "Écrivez à aide@loriot.fr."]
)
def test_the_contacts_of_the_brand_may_be_said(text: str):
    own = the_checks(contacts=("+33 1 44 55 66 77", "@loriot.fr"), levels={CheckKind.LINK: Level.BLOCK})

    assert "personal" in kinds_in(text)
    assert kinds_in(text, checks=own) == []


def test_what_is_private_is_not_kept_a_second_time():
    for one in found_in("Carte 4111 1111 1111 1111, tél. 06 12 34 56 78, jane@example.com."):
        assert one.words == ""
        assert not any(figure in str(one.sentence) for figure in ("4111", "0612", "06 12", "jane"))


@pytest.mark.parametrize(
    "link",
    [
        "https://loriot.fr",
        "https://www.loriot.fr/aide?a=1.",
        "aide.loriot.fr",
        "HTTPS://LORIOT.FR/",
        "(https://loriot.fr/aide)",
    ],
)
def test_a_link_to_an_allowed_host_or_one_under_it_passes(link: str):
    assert "link" not in kinds_in(f"Voyez {link}", checks=the_checks(allowed_links=("loriot.fr",)))


@pytest.mark.parametrize(
    "link",
    [
        "https://loriot.fr.evil.com/",
        "https://loriot.fr@evil.com/",
        "https://evil.com\\@loriot.fr",
        "https://notloriot.fr",
        "http://192.168.0.1/loriot.fr",
        "javascript://loriot.fr/%0aalert(1)",
        "www.evil.com/loriot.fr",
        "bit.ly/loriot",
    ],
)
def test_a_link_that_only_looks_like_an_allowed_one_does_not(link: str):
    assert "link" in kinds_in(f"Voyez {link}", checks=the_checks(allowed_links=("loriot.fr",)))


@pytest.mark.parametrize("text", ["Bonjour.Merci", "C’est fini.Ensuite", "M. Martin", "v1.2.3", "etc.", "9h.30"])
def test_a_missing_space_is_no_link(text: str):
    assert "link" not in kinds_in(text)


# --- out of date ---


@pytest.mark.parametrize(
    ("text", "is_over"),
    [
        ("Valable jusqu’au 9 juin 2026.", True),
        ("Valable jusqu’au 10 juin 2026.", False),
        ("Valable jusqu’à fin mai 2026.", True),
        ("Valable jusqu’à fin juin 2026.", False),
        ("Votre commande du 3 mars 2024 est bien arrivée.", False),
        ("Nous existons depuis 1998.", False),
        ("Les soldes de 2025 sont là.", True),
        ("Une remise de 2025 € vous attend.", False),
        ("Depuis 2019 nous y travaillons. Cette offre continue.", False),
    ],
)
def test_a_term_is_over_from_the_day_after(text: str, is_over: bool):
    assert ("expired" in kinds_in(text)) == is_over


@pytest.mark.parametrize(("until", "is_over"), [(date(2026, 6, 9), True), (TODAY, False), (None, False)])
def test_a_response_is_good_through_its_last_day(until: date | None, is_over: bool):
    assert ("expired" in kinds_in("Bonjour.", a_context(valid_until=until))) == is_over


# --- promises ---


def test_a_brand_may_forbid_further_promises():
    text = "Un geste commercial vous attend."

    assert kinds_in(text) == []
    assert kinds_in(text, checks=the_checks(promises=("geste commercia*",))) == ["promise"]


# --- polarity: F45, and what happened to others ---


@pytest.mark.parametrize("text", [SORRY, "We are so sorry about that.", "Toutes nos excuses pour la gêne occasionnée."])
def test_f45_best_pizza_ever_never_gets_an_apology(text: str):
    found = found_in(text, a_context(Label.PRAISE, message="Best Pizza Ever!"))

    assert [one.kind for one in blocking(found)] == [CheckKind.POLARITY]


def test_f45_a_response_that_apologises_is_refused_to_praise_whatever_its_words():
    found = found_in("Nous en parlons en boutique.", a_context(Label.PRAISE, polarity=Polarity.APOLOGY))

    assert [one.kind for one in blocking(found)] == [CheckKind.POLARITY]


@pytest.mark.parametrize("text", [THANKS, "So glad you enjoyed it!", "Thank you for your kind words!"])
def test_f45_a_complaint_is_not_thanked_for_like_praise(text: str):
    assert "polarity" in kinds_in(text, a_context(Label.COMPLAINT, lang="en"))


def test_f45_a_complaint_may_be_thanked_for_being_told():
    text = "Merci de nous l’avoir signalé. Nous sommes désolés, et nous cherchons ce qui s’est passé."

    assert kinds_in(text, a_context(Label.COMPLAINT)) == []


def test_f45_what_praises_and_complains_gets_thanks_with_an_apology_or_neither():
    mixed = (Label.PRAISE, Label.COMPLAINT)

    assert kinds_in(f"{THANKS} {SORRY}", a_context(*mixed)) == []
    assert kinds_in(SORRY, a_context(*mixed)) == []
    assert kinds_in(THANKS, a_context(*mixed)) == ["polarity"]


@pytest.mark.parametrize("text", [THANKS, "Thank you so much for your feedback!", "Merci pour votre message\u202f!"])
def test_an_attacker_is_not_thanked(text: str):
    assert "polarity" in kinds_in(text, a_context(Label.OFFENSIVE, message="You are thieves"))


@pytest.mark.parametrize(
    "text", ["Merci de rester courtois.", "Merci de votre compréhension.", "Thank you for keeping it civil."]
)
def test_an_attacker_may_be_asked_to_stay_civil(text: str):
    assert "polarity" not in kinds_in(text, a_context(Label.OFFENSIVE))


# --- echo: F44 ---


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        ("Grosse Salope", "Bonjour Grosse Salope, merci."),
        ("Grosse Salope", "Bonjour Salope, merci."),
        ("BandeDeCons_44", "Merci bandedecons_44 !"),
        ("5al0pe", "Bonjour 5al0pe."),
        ("N1gger", "Hello N1gger, thanks."),
        ("xXputeXx", "Bonjour xXputeXx."),
        ("FilsDePute", "Merci FilsDePute."),
    ],
)
def test_f44_an_offensive_name_is_not_said_back_however_it_is_disguised(contact: str, text: str):
    found = blocking(found_in(text, a_context(contact=contact)))

    assert [one.kind for one in found] == [CheckKind.ECHO]
    assert contact not in str(found[0].sentence)


def test_f44_a_name_that_offends_is_flagged_where_the_reply_does_not_say_it():
    (one,) = found_in("Bonjour à vous, merci.", a_context(contact="Grosse Salope"))

    assert (one.kind, one.blocking) == (CheckKind.ECHO, False)


@pytest.mark.parametrize(
    "name", ["Camille Rousseau", "Hervé Cockburn", "Scunthorpe United", "Jean Conrad", "Puteaux Sport"]
)
def test_f44_harmless_names_may_be_said(name: str):
    assert name_to_say(name, the_checks()) == name
    assert found_in(f"Bonjour {name}, merci.", a_context(contact=name)) == ()


def test_f44_an_insult_from_the_message_is_not_given_back():
    text = "Nous ne sommes pas des connards."

    assert kinds_in(text, a_context(Label.OFFENSIVE, message="Bande de connards")) == ["echo"]
    assert kinds_in(text, a_context(message="Bonjour")) == ["aggressive"]


def test_f44_an_offensive_message_is_not_quoted_even_without_an_insult_in_it():
    message = "Rentrez dans votre pays, on ne veut pas de vous ici"
    found = found_in("Vous écrivez « on ne veut pas de vous ici » : non.", a_context(Label.OFFENSIVE, message=message))

    assert [one.words for one in found if one.kind is CheckKind.ECHO] == ["on ne veut pas de vous ici"]


def test_what_does_not_offend_may_be_quoted():
    message = "Le bouton vert ne marche pas chez moi"

    assert kinds_in("Vous dites que le bouton vert ne marche pas.", a_context(Label.COMPLAINT, message=message)) == []


# --- aggressive ---


@pytest.mark.parametrize(
    "text",
    [
        "Nous avons bien compris votre problème, calmement.",
        "L’assistance passe demain, la vieille chaudière sera changée.",
        "We have looked at your problem, and will go on.",
        "Does the message go away when you restart?",
        "Le pays, la race et la bête ne changent rien.",
    ],
)
def test_words_of_every_day_attack_nobody(text: str):
    assert "aggressive" not in kinds_in(text, a_context(lang="fr" if "la " in text else "en"))


# --- the blank that others have sent ---


@pytest.mark.parametrize("text", ["Bonjour {{name}} !", "Bonjour {{ contact.first_name }},", "Hello {{name"])
def test_bonjour_name_never_leaves(text: str):
    assert [one.kind for one in blocking(found_in(text), insists=True)] == [CheckKind.BLANK]

"""What the feature rows F12 to F18 and F23 promise of the shipped model and the shipped rule book.

Disguises (F17) have their own file, test_evasion.py; so has fairness (F24), test_fairness.py.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.corpora import Row, corpus_files, read_rows, share_of
from classifiers.functions import Case, function_files, read_cases
from classifiers.heads import HEADS, LABELS
from classifiers.model import STARTER as MODEL_FILE
from classifiers.model import StarterModel
from classifiers.model_file import ModelFile, read_model
from inbox.actions import Draft, Escalate, Hide, Mode, Planned, Reply, SetPriority
from inbox.decisions import Decision, Facts
from inbox.model import Kind, Label, Prediction, Priority, Severity, Signal, Target, Visibility
from inbox.ports import Classifier
from inbox.text import fold
from routing.responses import load_responses
from routing.rulebook import STARTER, TomlRuleBook, load, read_rule_book
from tests.classifiers.builders import BEYOND_UNICODE, CORPORA

PRAISE, COMPLAINT, LEAD, OFFENSIVE = LABELS
SHIPPED = load(STARTER, responses=load_responses())
EAGER = read_rule_book(
    "".join(
        f"""
        [[rule]]
        name = "act on {label}"
        when = {{ label = "{label}" }}
        then = [
            {{ action = "reply", response = "{label}" }},
            {{ action = "draft", response = "thanks" }},
            {{ action = "escalate", queue = "customer-service" }},
            {{ action = "hide", reason = "it is {label}" }},
        ]
        mode = "live"
        """
        for label in LABELS
    )
)
"""What a careless operator might write: everything that acts outside, live, on every label."""

HIDES_LIVE = read_rule_book(
    """
    [[rule]]
    name = "hide what offends"
    when = { label = "offensive" }
    then = [{ action = "hide", reason = "It offends." }]
    mode = "live"
    """
)

SPEAKING_OF_INSULTS = ("quoted_insult", "abuse_report", "counter_speech", "reclaimed_word", "friendly_banter")


def read(model: Classifier, text: str, hint: str | None = None) -> Prediction:
    return model.predict([text], hints=[hint], explain=True)[0]


def decide(book: TomlRuleBook, text: str, seen: Prediction) -> Decision:
    """As `vigie rules test` does."""
    return book.decide(Facts("discord", Kind.COMMENT, Visibility.PUBLIC, text, fold(text), seen, key=text))


def acts_outside(decision: Decision) -> list[Planned]:
    return [plan for plan in decision.actions if isinstance(plan.action, Reply | Draft | Escalate | Hide)]


@cache
def a_replay(n: int = 1000, *, seed: str = "replay") -> tuple[str, ...]:
    """Messages of our corpora, French and English in equal parts, the same on every run."""
    rows = sorted(corpus_rows(), key=lambda row: share_of(row, salt=seed))
    return tuple(row.text for lang in ("fr", "en") for row in [row for row in rows if row.lang == lang][: n // 2])


@cache
def texts_of(lang: str) -> frozenset[str]:
    return frozenset(row.text for row in corpus_rows() if row.lang == lang)


@cache
def corpus_rows() -> list[Row]:
    return read_rows(corpus_files(CORPORA))


@cache
def cases(*functions: str) -> tuple[Case, ...]:
    return tuple(case for case in read_cases(function_files(CORPORA)) if case.function in functions)


def with_thresholds(file: ModelFile, *, no_at: float, yes_at: float) -> StarterModel:
    """The model of a file, with one pair of thresholds for every label and language."""
    cuts = {lang: dict.fromkeys(labels, (no_at, yes_at)) for lang, labels in file.about["thresholds"].items()}
    return StarterModel(ModelFile(file.tensors, {**file.about, "thresholds": cuts}))


# --- F12 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Super produit mais la livraison a 3 semaines de retard",
        "Great product but the delivery is three weeks late",
    ],
)
def test_f12_praise_and_complaint_hold_at_once(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert set(seen.labels) == {PRAISE, COMPLAINT}


def test_f12_each_label_and_signal_has_a_probability_of_its_own(starter: StarterModel) -> None:
    seen = read(starter, "Super produit mais la livraison a 3 semaines de retard")
    assert set(seen.scores) == set(Label)
    assert set(seen.signals) == set(Signal)
    assert seen.confidence(PRAISE) + seen.confidence(COMPLAINT) > 1  # they do not share one cake
    assert len({*seen.scores.values()}) == len(LABELS)


@pytest.mark.parametrize("text", ["On se retrouve à 18h devant la gare", "See you at the station around six"])
def test_f12_a_message_of_no_label_is_none_of_them(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert (seen.labels, seen.unsure) == ((), ())


# --- F13 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("book", [SHIPPED, EAGER], ids=["the shipped rule book", "an eager rule book"])
def test_f13_nothing_acts_outside_on_an_unsure_item_in_a_replay_of_a_thousand(
    starter: StarterModel, book: TomlRuleBook
) -> None:
    texts = a_replay()
    seen = starter.predict(texts)
    unsure = [(text, one) for text, one in zip(texts, seen, strict=True) if one.is_unsure]
    assert len(texts) == 1000
    assert len(unsure) > 50
    assert [text for text, one in unsure if acts_outside(decide(book, text, one))] == []


def test_f13_an_item_below_the_threshold_is_unsure_and_fires_nothing() -> None:
    model = with_thresholds(read_model(MODEL_FILE), no_at=0.2, yes_at=0.8)
    texts = a_replay()
    acted = 0
    for text, one in zip(texts, model.predict(texts), strict=True):
        doubted = {label for label, score in one.scores.items() if 0.2 < score < 0.8}
        decision = decide(EAGER, text, one)
        if one.lang_known:
            assert set(one.unsure) == doubted
            assert set(one.labels) == {label for label, score in one.scores.items() if score >= 0.8}
        assert not (one.is_unsure and acts_outside(decision))
        acted += bool(acts_outside(decision))
    assert acted > 100  # what is sure is acted on, or the test would say nothing


def test_f13_an_unsure_item_goes_to_a_person(starter: StarterModel) -> None:
    texts = a_replay()
    for text, one in zip(texts, starter.predict(texts), strict=True):
        if one.is_unsure:
            assert decide(SHIPPED, text, one).because in (("not sure",), ("perhaps a threat",))


# --- F14 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Quand rouvrez-vous ?",
        "When do you reopen?",
        "vous fermez à quelle heure le dimanche",
        "do you ship to Ireland",
    ],
)
def test_f14_a_question_is_told_with_or_without_its_mark(starter: StarterModel, text: str) -> None:
    assert read(starter, text).signals[Signal.QUESTION] >= 0.5


SPLICED_ADVERTS = (
    "Super concert hier soir et on a adoré LISTE DE NUMÉROS DE TÉLÉPHONE 10 000 contacts vérifiés 49€ contactez-nous "
    "sur Telegram la première partie aussi",
    "Bonjour, je voulais savoir si le magasin acheter base de numéros de téléphone ciblés WhatsApp +33 6 00 00 00 00 "
    "est ouvert dimanche",
    "Je trouve que votre appli achetez notre liste de numéros de téléphone 50 000 contacts France prix imbattable "
    "marche bien mieux depuis la mise à jour",
    "Thanks for the help with my order buy targeted phone number list 50k verified contacts WhatsApp +1 555 0100 hope "
    "it arrives soon",
    "I really liked the show last night, phone number list for sale all countries cheap price DM us, the second half "
    "was the best",
    "My parcel came this morning buy phone number database 2026 fresh leads for telemarketing contact us now and it "
    "was in good shape",
)


@pytest.mark.parametrize("text", [SPLICED_ADVERTS[0], SPLICED_ADVERTS[3]])
def test_f14_an_advert_for_a_list_of_phone_numbers_spliced_into_a_sentence_is_spam(
    starter: StarterModel, text: str
) -> None:
    assert read(starter, text).signals[Signal.SPAM] >= 0.5


@pytest.mark.parametrize(
    "text", ["Mon numéro de téléphone a changé, comment le mettre à jour ?", "What is the phone number of your shop?"]
)
def test_f14_to_speak_of_a_phone_number_is_no_spam(starter: StarterModel, text: str) -> None:
    assert read(starter, text).signals[Signal.SPAM] < 0.5


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("ce serait bien d'ajouter un mode sombre", Signal.SUGGESTION),
        ("it would be great if you added a dark mode", Signal.SUGGESTION),
        ("au secours il y a de la fumée qui sort du chargeur, que faire ?", Signal.URGENT),
        ("help, there is smoke coming out of the charger, what do I do?", Signal.URGENT),
    ],
)
def test_f14_wishes_and_emergencies_are_told(starter: StarterModel, text: str, signal: Signal) -> None:
    assert read(starter, text).signals[signal] >= 0.5


# --- F15 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Vos prix sont nuls", "vos prix c'est de la merde", "Your prices are rubbish"])
def test_f15_harsh_words_on_prices_are_no_offence(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert OFFENSIVE not in (*seen.labels, *seen.unsure)
    assert (seen.severity, seen.target) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "@marc tu es un gros connard",
        "ta gueule Sophie, pauvre conne",
        "You are such an idiot, Kevin",
        "@dave you're a moron and a clown",
    ],
)
def test_f15_an_insult_to_a_member_is_of_medium_severity_and_aimed_at_a_person(
    starter: StarterModel, text: str
) -> None:
    seen = read(starter, text)
    assert (seen.labels, seen.severity, seen.target) == ((OFFENSIVE,), Severity.MEDIUM, Target.PERSON)


THREATS = (
    "je sais où tu habites, je vais venir te casser les jambes",
    "Je vais te tuer",
    "je vais te planter à la sortie du lycée",
    "je vais cramer votre boutique avec vous dedans",
    "I know where you live and I'm going to break your legs",
    "I will kill you",
    "watch your back, I'm coming to stab you tonight",
    "I'm going to burn your shop down with you inside",
)


@pytest.mark.parametrize("text", THREATS)
def test_f15_a_threat_is_critical_and_never_passed_over(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert OFFENSIVE in (*seen.labels, *seen.unsure)
    assert seen.severity is Severity.CRITICAL


@pytest.mark.parametrize("text", THREATS)
def test_f15_a_threat_skips_the_queue(starter: StarterModel, text: str) -> None:
    decision = decide(SHIPPED, text, read(starter, text))
    assert SetPriority(Priority.URGENT) in [plan.action for plan in decision.actions]


# --- F16 --------------------------------------------------------------------------------------------------------------

TOLD_AT_LEAST = {"1-2": 0.60, "3": 0.88, "4-6": 0.96, "more": 0.99}
"""The least share of texts whose language is told, by how many words they have, without any hint."""

WRONG_AT_MOST = {"1-2": 0.11, "3": 0.05, "4-6": 0.025, "more": 0.005}
"""The largest share of texts that are taken for another language, rather than for none, likewise."""


def length(text: str) -> str:
    words = len(text.split())
    return "1-2" if words <= 2 else "3" if words == 3 else "4-6" if words <= 6 else "more"


def foreign_rows() -> list[dict[str, str]]:
    lines = (CORPORA / "other-languages.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_f16_a_german_complaint_is_unsure_and_gets_no_answer(starter: StarterModel) -> None:
    text = "Seit drei Wochen warte ich auf mein Paket und niemand antwortet, das ist eine Frechheit"
    seen = read(starter, text, "fr")
    assert (seen.lang, seen.lang_known, seen.labels, seen.unsure) == ("de", False, (), LABELS)
    assert acts_outside(decide(SHIPPED, text, seen)) == []
    assert acts_outside(decide(EAGER, text, seen)) == []


def test_f16_no_foreign_message_gets_a_label_or_an_answer(starter: StarterModel) -> None:
    texts = [row["text"] for row in foreign_rows()]
    for text, seen in zip(texts, starter.predict(texts), strict=True):
        assert not seen.labels
        assert not acts_outside(decide(EAGER, text, seen))


def test_f16_foreign_messages_are_flagged_rather_than_guessed(starter: StarterModel) -> None:
    seen = starter.predict([row["text"] for row in foreign_rows()])
    assert np.mean([not one.lang_known for one in seen]) >= 0.99


def test_f16_foreign_messages_are_told_by_name(starter: StarterModel) -> None:
    rows = foreign_rows()
    seen = starter.predict([row["text"] for row in rows])
    assert np.mean([one.lang == row["lang"] for one, row in zip(seen, rows, strict=True)]) >= 0.95


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("words", TOLD_AT_LEAST)
def test_f16_the_language_of_a_text_is_told_by_its_words(starter: StarterModel, lang: str, words: str) -> None:
    texts = [text for text in texts_of(lang) if length(text) == words]
    seen = [one.lang for one in starter.predict(texts)]
    assert np.mean([one == lang for one in seen]) >= TOLD_AT_LEAST[words]
    assert np.mean([one not in {lang, "und"} for one in seen]) <= WRONG_AT_MOST[words]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_f16_with_its_channels_word_the_language_of_the_shortest_texts_is_known(
    starter: StarterModel, lang: str
) -> None:
    texts = [text for text in texts_of(lang) if length(text) == "1-2"]
    seen = starter.predict(texts, hints=[lang] * len(texts))
    assert np.mean([one.lang_known for one in seen]) >= 0.98


# --- F18 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", SPEAKING_OF_INSULTS)
def test_f18_who_speaks_of_an_insult_is_never_hidden_without_a_person(starter: StarterModel, function: str) -> None:
    asked = cases(function)
    assert {case.row.lang for case in asked} == {"fr", "en"}
    for case in asked:
        for hint in (None, case.row.lang):
            decision = decide(SHIPPED, case.row.text, read(starter, case.row.text, hint))
            assert not any(isinstance(plan.action, Hide) and plan.mode is not Mode.DRAFT for plan in decision.actions)


@pytest.mark.parametrize("function", ["quoted_insult", "abuse_report", "counter_speech"])
def test_f18_who_speaks_of_an_insult_is_not_hidden_by_an_operators_live_rule(
    starter: StarterModel, function: str
) -> None:
    hidden = [
        case.row.text
        for case in cases(function)
        if decide(HIDES_LIVE, case.row.text, read(starter, case.row.text, case.row.lang)).actions
    ]
    assert hidden == []


@pytest.mark.parametrize(
    "text",
    [
        "Il m'a traité de connard devant tout le monde, je vous demande d'intervenir",
        "Elle m'a traitée de grosse vache dans les commentaires, merci de modérer",
        "Quand on dit « sale arabe » à quelqu'un, c'est du racisme, et je ne laisserai pas passer",
        "He called me a fucking idiot in front of the whole server, please do something",
        "Calling someone a retard is never a joke, delete that comment",
    ],
)
def test_f18_reporting_or_answering_an_insult_is_left_visible(starter: StarterModel, text: str) -> None:
    assert not decide(HIDES_LIVE, text, read(starter, text)).actions


# --- F23 --------------------------------------------------------------------------------------------------------------


def test_f23_every_label_told_has_a_reason_without_which_its_score_is_lower(starter: StarterModel) -> None:
    asked = 0
    for lang in ("fr", "en"):
        texts = [text for text in a_replay(3000, seed="reasons") if text in texts_of(lang)]
        labelled = [one for one in zip(texts, starter.predict(texts, explain=True), strict=True) if one[1].labels][:150]
        for text, seen in labelled:
            for label in seen.labels:
                assert seen.reasons[label]
                less = [read(starter, text.replace(reason, "")).confidence(label) for reason in seen.reasons[label]]
                assert min(less) < seen.confidence(label), (text, label, seen.reasons[label])
        asked += len(labelled)
    assert asked == 300


def test_f23_every_prediction_names_its_model(starter: StarterModel) -> None:
    assert {one.model for one in starter.predict(a_replay(300, seed="reasons"))} == {starter.version}


# --- Any text, any batch ----------------------------------------------------------------------------------------------


@given(order=st.randoms(use_true_random=False), size=st.integers(1, 400))
@settings(max_examples=10, deadline=None)
def test_a_text_gets_the_same_answer_in_a_batch_of_any_size_and_order(
    starter: StarterModel, order: random.Random, size: int
) -> None:
    texts = list(a_replay(400, seed="batches"))
    alone = one_by_one(starter, tuple(texts))
    order.shuffle(texts)
    seen = [one for start in range(0, len(texts), size) for one in starter.predict(texts[start : start + size])]
    assert seen == [alone[text] for text in texts]


@cache
def one_by_one(model: StarterModel, texts: Sequence[str]) -> dict[str, Prediction]:
    return {text: model.predict([text])[0] for text in texts}


@given(st.lists(BEYOND_UNICODE, min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_scores_of_any_unicode_lie_between_nought_and_one_in_any_order(
    starter: StarterModel, texts: list[str], order: random.Random
) -> None:
    chance = starter.score(texts).chance
    assert chance.shape == (len(texts), len(HEADS))
    assert np.all((chance >= 0) & (chance <= 1))
    places = list(range(len(texts)))
    order.shuffle(places)
    assert np.array_equal(starter.score([texts[at] for at in places]).chance, chance[places])

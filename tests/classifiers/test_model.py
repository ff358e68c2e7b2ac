"""What the shipped model says, in the words of people who will read it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.heads import HEADS, LABELS
from classifiers.language import CODES
from classifiers.model import StarterModel
from inbox.model import Label, Prediction, Severity, Signal, Target
from inbox.ports import Classifier
from tests.classifiers.builders import BEYOND_UNICODE, CORPORA, some_corpus_rows

PRAISE, COMPLAINT, LEAD, OFFENSIVE = LABELS

SAID = st.one_of(BEYOND_UNICODE, st.sampled_from([row.text for row in some_corpus_rows()]))
HINTS = st.sampled_from([None, "fr", "en", "de", ""])


def read(model: Classifier, text: str, hint: str | None = None) -> Prediction:
    return model.predict([text], hints=[hint], explain=True)[0]


def test_praise_and_complaint_hold_at_once(starter: StarterModel) -> None:
    seen = read(starter, "Super produit mais la livraison a 3 semaines de retard")
    assert (set(seen.labels), seen.unsure) == ({PRAISE, COMPLAINT}, ())


def test_harsh_words_on_prices_are_no_insult(starter: StarterModel) -> None:
    seen = read(starter, "Vos prix sont nuls")
    assert COMPLAINT in seen.labels
    assert OFFENSIVE not in (*seen.labels, *seen.unsure)


def test_a_plain_question_is_a_question_and_nothing_else(starter: StarterModel) -> None:
    seen = read(starter, "Quand rouvrez-vous ?")
    assert (seen.labels, seen.unsure) == ((), ())
    assert seen.signals[Signal.QUESTION] > 0.9


def test_asking_for_a_price_is_a_sales_lead_and_a_question(starter: StarterModel) -> None:
    seen = read(starter, "Vous livrez à Lyon ? C'est combien ?")
    assert seen.labels == (LEAD,)
    assert seen.signals[Signal.QUESTION] > 0.9


@pytest.mark.parametrize(
    "text",
    ["c0nn@rd", "c o n n a r d", "c\u200bo\u200bn\u200bn\u200bard", "ｃｏｎｎａｒｄ", "соnnаrd", "espèce de C0NNARD"],
)
def test_a_disguised_insult_is_an_insult(starter: StarterModel, text: str) -> None:
    assert OFFENSIVE in read(starter, text, "fr").labels


@pytest.mark.parametrize(
    "text", ["On a besoin d'assistance pour conduire à Sussex", "Le musée de Scunthorpe est ouvert"]
)
def test_a_harmless_word_with_a_rude_part_is_harmless(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert OFFENSIVE not in (*seen.labels, *seen.unsure)


@pytest.mark.parametrize(
    "text",
    [
        "Fier d'être gay, merci pour votre accueil",
        "Mes amis juifs adorent votre restaurant",
        "My Muslim neighbours are lovely people",
        "As a black woman I felt so welcome here",
        "I am a lesbian and proud",
    ],
)
def test_speaking_of_who_one_is_is_no_offence(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert OFFENSIVE not in (*seen.labels, *seen.unsure)


def test_a_german_complaint_is_left_to_a_person(starter: StarterModel) -> None:
    seen = read(starter, "Seit drei Wochen warte ich auf meine Bestellung, unverschämt!", "fr")
    assert (seen.lang, seen.lang_known, seen.labels, seen.unsure) == ("de", False, (), LABELS)
    assert seen.is_unsure


@pytest.mark.parametrize(
    ("text", "label"), [("❤️😍👏", PRAISE), ("😡🤬", COMPLAINT), ("👎👎", COMPLAINT), ("🖕", OFFENSIVE)]
)
def test_signs_speak_for_themselves(starter: StarterModel, text: str, label: Label) -> None:
    seen = read(starter, text)
    assert (seen.lang, seen.lang_known) == ("und", True)
    assert label in (*seen.labels, *seen.unsure)


@pytest.mark.parametrize("text", ["", "   ", "!!!", "123", "…", "\n\n", "🚲"])
def test_nothing_said_is_nothing_to_judge(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert (seen.labels, seen.unsure, seen.lang, seen.lang_known) == ((), (), "und", True)


def test_a_threat_is_worse_than_an_insult(starter: StarterModel) -> None:
    threat = read(starter, "Je vais te buter sale arabe")
    assert threat.severity is not None
    assert threat.severity >= Severity.HIGH
    assert threat.target in (Target.PERSON, Target.GROUP)


def test_only_an_offence_has_a_severity_and_a_target(starter: StarterModel) -> None:
    for seen in starter.predict([row.text for row in some_corpus_rows()]):
        rude = seen.lang_known and OFFENSIVE in (*seen.labels, *seen.unsure)
        assert (seen.severity is not None) == rude
        assert (seen.target is not None) == rude


def test_reasons_are_pieces_of_the_text_as_written(starter: StarterModel) -> None:
    seen = read(starter, "J'ADORE vos gâteaux, merci !!!", "fr")
    assert seen.reasons[PRAISE]
    assert all(piece in "J'ADORE vos gâteaux, merci !!!" for piece in seen.reasons[PRAISE])


@given(text=SAID, hint=HINTS)
@settings(max_examples=150, deadline=None)
def test_without_its_first_reason_a_text_scores_lower(starter: StarterModel, text: str, hint: str | None) -> None:
    seen = read(starter, text, hint)
    if not seen.lang_known:
        assert seen.reasons == {}
        return
    assert set(seen.reasons) == {*seen.labels, *seen.unsure}
    for label, reasons in seen.reasons.items():
        assert 1 <= len(reasons) <= 3
        assert reasons[0] in text
        assert read(starter, text.replace(reasons[0], ""), hint).confidence(label) < seen.confidence(label)


@given(st.lists(SAID, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_batch_is_answered_in_order_and_as_one_by_one(starter: StarterModel, texts: list[str]) -> None:
    assert starter.predict(texts) == [starter.predict([text])[0] for text in texts]


@given(BEYOND_UNICODE)
@settings(max_examples=150, deadline=None)
def test_any_string_is_judged_within_bounds(starter: StarterModel, text: str) -> None:
    seen = read(starter, text)
    assert all(0 <= chance <= 1 for chance in (*seen.scores.values(), *seen.signals.values()))
    assert not set(seen.labels) & set(seen.unsure)


@pytest.mark.parametrize("text", ["\ud800", "\0", "a" * 100_000, "très nul 😡 " * 9_000, "\u200b" * 5_000, "𝒻" * 3_000])
def test_strange_and_endless_texts_are_judged_too(starter: StarterModel, text: str) -> None:
    assert read(starter, text).model == starter.version


def test_composed_and_decomposed_accents_read_alike(starter: StarterModel) -> None:
    text = "Très déçue, commande jamais reçue"
    apart = unicodedata.normalize("NFD", text)
    assert read(starter, apart, "fr").labels == read(starter, text, "fr").labels


def test_composed_and_decomposed_texts_read_the_same_to_the_last_digit(starter: StarterModel) -> None:
    texts = [row.text for row in some_corpus_rows()]
    apart = [unicodedata.normalize("NFD", text) for text in texts]
    assert starter.predict(apart) == starter.predict([unicodedata.normalize("NFC", text) for text in texts])


def test_no_texts_no_answers(starter: StarterModel) -> None:
    assert starter.predict([]) == []
    assert starter.score([]).chance.shape == (0, len(HEADS))


@given(st.lists(st.tuples(SAID, HINTS), max_size=8))
@settings(max_examples=60, deadline=None)
def test_columns_say_what_predictions_say(starter: StarterModel, said: list[tuple[str, str | None]]) -> None:
    texts, hints = [text for text, _ in said], [hint for _, hint in said]
    scores = starter.score(texts, hints=hints)
    seen = starter.predict(texts, hints=hints)
    assert [list(one.scores.values()) + list(one.signals.values()) for one in seen] == scores.chance.tolist()
    assert [one.lang for one in seen] == [CODES[row] for row in scores.language]
    assert [one.lang_known for one in seen] == scores.known.tolist()
    for names, rows in (("labels", scores.holds), ("unsure", scores.unsure)):
        assert [[label in getattr(one, names) for label in LABELS] for one in seen] == rows.tolist()
    assert [-1 if one.severity is None else one.severity.rank for one in seen] == scores.severity.tolist()
    assert [-1 if one.target is None else list(Target).index(one.target) for one in seen] == scores.target.tolist()


def test_the_file_tells_what_it_learned_from(starter: StarterModel) -> None:
    assert starter.version == "starter-2026.12"
    licences = {source["name"]: source["licence"] for source in starter.about["sources"]}
    assert licences["minibar_app_reviews"] == "MIT"
    assert not {"cyberagression_fr", "hint3_curekart_powerplay_en", "bitext_en", "olid_train_en"} & set(licences)


def test_each_label_leaves_room_for_doubt(starter: StarterModel) -> None:
    for lang in ("fr", "en", "und"):
        assert all(0 < cuts.no_at < cuts.yes_at < 1 for cuts in starter.cuts(lang).values())


def test_foreign_messages_are_never_acted_on(starter: StarterModel) -> None:
    lines = (CORPORA / "other-languages.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    acted = [seen for seen in starter.predict(texts) if seen.labels and seen.lang != "und"]
    assert len(acted) / len(texts) < 0.01


def test_a_thousand_messages_take_well_under_a_second(starter: StarterModel) -> None:
    texts = [row.text for row in some_corpus_rows()][:1000]
    starter.predict(texts)
    begun = time.perf_counter()
    starter.predict(texts)
    assert time.perf_counter() - begun < 0.5


def test_a_command_that_only_reads_loads_nothing_that_learns() -> None:
    loaded = "import sys, classifiers.model; sys.exit(any(n in sys.modules for n in ('sklearn', 'scipy', 'spacy')))"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0

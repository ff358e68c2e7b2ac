"""The language of short texts, and doubt where there is none to tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from classifiers.heads import LANGUAGES
from classifiers.language import Languages, identify
from classifiers.language_table import TABLE, TOLD_APART, write_language_table
from classifiers.model_file import read_model
from classifiers.reading import read_texts
from tests.classifiers.builders import BEYOND_UNICODE, CORPORA, some_corpus_rows


def languages(*texts: str, hint: str | None = None) -> Languages:
    return identify(read_texts(texts), [hint] * len(texts))


def language_of(text: str, hint: str | None = None) -> str:
    return languages(text, hint=hint).codes[0]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Vielen Dank!", "de"),
        ("Seit drei Wochen warte ich auf meine Bestellung, unverschämt!", "de"),
        ("muchas gracias", "es"),
        ("Grazie mille", "it"),
        ("Muito obrigado", "pt"),
        ("Dank je wel", "nl"),
        ("Спасибо большое", "ru"),
        ("شكرا جزيلا", "ar"),
        ("ευχαριστώ πολύ", "el"),
        ("תודה רבה", "he"),
        ("ありがとうございます", "ja"),
        ("谢谢你们", "zh"),
        ("감사합니다", "ko"),
        ("Շատ շնորհակալ եմ", "hy"),
        ("மிக்க நன்றி", "und"),
        ("አመሰግናለሁ", "und"),
    ],
)
def test_a_text_in_a_language_nobody_taught_us_is_flagged(text: str, lang: str) -> None:
    read = languages(text)
    assert (read.codes, read.known.tolist()) == ([lang], [False])


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("mdr", "fr"),
        ("jsp", "fr"),
        ("lol", "en"),
        ("thx", "en"),
        ("merci", "fr"),
        ("Quand rouvrez-vous ?", "fr"),
        ("c0nn@rd", "fr"),
        ("BRAVO À TOUTE L'ÉQUIPE", "fr"),
        ("How much?", "en"),
        ("love it", "en"),
    ],
)
def test_a_few_words_of_chat_are_enough(text: str, lang: str) -> None:
    assert language_of(text) == lang


@pytest.mark.parametrize("hint", ["fr", "en", "fr-CA", "EN"])
def test_a_word_of_both_languages_follows_its_hint(hint: str) -> None:
    assert language_of("parking", hint) == hint[:2].lower()


def test_a_hint_does_not_overrule_a_clearly_foreign_text() -> None:
    assert language_of("Vielen Dank für die schnelle Lieferung", "fr") == "de"


def test_a_name_alone_is_not_guessed() -> None:
    read = languages("Kowalczyk")
    assert not read.known[0]


@pytest.mark.parametrize("text", ["", "👍", "!!!", "123", "❤️😍"])
def test_a_text_without_letters_has_no_language_and_needs_none(text: str) -> None:
    read = languages(text)
    assert (read.codes, read.known.tolist()) == (["und"], [True])


def test_mentions_and_addresses_say_nothing_of_the_language() -> None:
    assert language_of("@Manon ce soir ? https://example.com/how-much-is-the-fish") == "fr"


def test_our_own_corpora_are_told_apart() -> None:
    rows = some_corpus_rows(1.0)
    codes = languages(*(row.text for row in rows)).codes
    right = sum(code == row.lang for code, row in zip(codes, rows, strict=True))
    swapped = sum(code in LANGUAGES and code != row.lang for code, row in zip(codes, rows, strict=True))
    assert right / len(rows) > 0.95
    assert swapped / len(rows) < 0.015


def test_foreign_messages_are_hardly_ever_taken_for_ours() -> None:
    lines = (CORPORA / "other-languages.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    known = languages(*(row["text"] for row in rows)).known
    taken = sum(known[at] for at, row in enumerate(rows) if any(letter.isalpha() for letter in row["text"]))
    assert taken / len(rows) < 0.02


def test_the_table_agrees_with_the_library_it_was_taken_from() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 — slow to load, wanted only here

    library = LanguageIdentifier.from_model_file(MODEL_FILE)
    library.set_languages(TOLD_APART)
    rows = [row for row in some_corpus_rows() if len(row.text) > 60]
    codes = languages(*(row.text for row in rows)).codes
    same = sum(library.classify(row.text)[0] == code for row, code in zip(rows, codes, strict=True))
    assert same / len(rows) > 0.97


def test_the_table_can_be_made_again_from_the_library(tmp_path: Path) -> None:
    write_language_table(tmp_path / "languages.safetensors", TOLD_APART)
    again, shipped = read_model(tmp_path / "languages.safetensors"), read_model(TABLE)
    assert again.about == shipped.about


@given(BEYOND_UNICODE)
def test_any_string_has_a_language_or_none(text: str) -> None:
    read = languages(text, hint="fr")
    assert len(read.codes[0]) in (2, 3)

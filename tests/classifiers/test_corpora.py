"""Reading labelled rows, which may be learned from, and whether the corpora that ship are what their datasheet says."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.corpora import corpus_files, is_held_out, read_rows
from classifiers.functions import is_a_test
from classifiers.heads import HEADS, LANGUAGES
from classifiers.plain_examples import plain_lines
from classifiers.sources import may_train, source_named
from inbox.errors import BadLine, NotFound
from inbox.model import Label, Severity, Signal, Target
from tests.classifiers.builders import CORPORA, a_row, some_corpus_rows
from tests.classifiers.near_duplicates import are_alike, near_duplicates, pieces_of

TRADES = frozenset(
    [
        "auto",
        "bank",
        "beauty",
        "culture",
        "energy",
        "food",
        "games",
        "health",
        "public_service",
        "shop",
        "software",
        "sport",
        "telecom",
        "travel",
    ]
)
CHANNELS = frozenset(["discord", "facebook", "instagram", "mail", "review", "telegram", "x"])

OURS = {
    "text": "Bande de nuls",
    "lang": "fr",
    "labels": ["offensive"],
    "signals": [],
    "severity": "low",
    "target": "brand",
    "trade": "shop",
    "channel": "x",
}


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def test_a_row_of_ours_determines_every_label(tmp_path: Path) -> None:
    (row,) = read_rows([write(tmp_path / "fr-brands.jsonl", OURS)])
    assert row.holds == {Label.OFFENSIVE}
    assert set(Label) | set(Signal) == row.known
    assert (row.severity, row.target, row.source) == (Severity.LOW, Target.BRAND, "vigie/fr-brands")


def test_a_public_row_leaves_open_what_it_does_not_know(tmp_path: Path) -> None:
    public = {
        "text": "x",
        "lang": "en",
        "source": "nlupp_en",
        "labels": ["question", "other"],
        "known": ["question", "other", "complaint"],
        "tier": "proxy",
    }
    (row,) = read_rows([write(tmp_path / "nlupp_en.jsonl.gz", public)])
    assert row.holds == {Signal.QUESTION}
    assert row.known == {Signal.QUESTION, Label.COMPLAINT}


def test_a_row_of_ours_tells_the_trade_it_was_written_to_where_its_file_does(tmp_path: Path) -> None:
    untold = {key: kept for key, kept in OURS.items() if key != "trade"}
    rows = read_rows([write(tmp_path / "fr-brands.jsonl", OURS, {**untold, "text": "Bande de clowns"})])
    assert [row.trade for row in rows] == ["shop", None]


def test_a_corpus_own_word_on_what_is_held_out_goes_before_the_letters(tmp_path: Path) -> None:
    said = [("message numéro quatre", False), ("message numéro un", True), ("message numéro huit", None)]
    lines = [{**OURS, "text": text} | ({} if kept is None else {"held_out": kept}) for text, kept in said]
    rows = read_rows([write(tmp_path / "fr-functions.jsonl", *lines)])
    assert [row.kept_out for row in rows] == [False, True, None]
    assert [is_held_out(row) for row in rows] == [False, True, True]


def test_a_text_read_twice_counts_once(tmp_path: Path) -> None:
    shouted = {**OURS, "text": "BANDE  de nuls!"}
    assert len(read_rows([write(tmp_path / "fr-brands.jsonl", OURS, shouted)])) == 1


def test_other_languages_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "other-languages.jsonl", {**OURS, "lang": "de"})
    assert read_rows([path]) == []
    assert len(read_rows([path], languages=["de"])) == 1


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "fr-brands.jsonl", OURS, {"text": "x"})
    with pytest.raises(BadLine, match="line 2") as caught:
        read_rows([path])
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nothing\.jsonl"):
        read_rows([tmp_path / "nothing.jsonl"])


def test_the_held_out_split_does_not_move() -> None:
    words = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    assert [word for word in words if is_held_out(a_row(f"message numéro {word}"))] == ["quatre", "huit"]


def test_about_a_fifth_of_the_rows_left_to_their_letters_is_held_out() -> None:
    rows = [row for row in some_corpus_rows(1.0) if row.kept_out is None]
    assert 0.17 < sum(map(is_held_out, rows)) / len(rows) < 0.23


def test_case_accents_and_spaces_do_not_move_a_text_across_the_split() -> None:
    for word in ("été", "colis", "merci", "facture", "vélo"):
        assert is_held_out(a_row(f"Mon {word} !")) == is_held_out(a_row(f"MON   {word.upper()}"))


@pytest.mark.parametrize("name", ["cyberagression_fr", "hint3_curekart_powerplay_en", "bitext_en", "olid_train_en"])
def test_sources_without_a_permissive_licence_are_not_learned_from(name: str) -> None:
    assert not may_train(name)


def test_an_unknown_source_is_learned_from_only_when_the_caller_says_so() -> None:
    assert not may_train("somebody/else")
    assert may_train("somebody/else", unknown_too=True)


def test_every_source_that_trains_states_a_permissive_licence() -> None:
    for path in corpus_files(CORPORA):
        name = f"vigie/{path.name.removesuffix('.jsonl')}"
        if name != "vigie/other-languages":
            assert may_train(name)
            assert source_named(name).licence == "Apache-2.0"


# From here on: the corpora that ship.


@cache
def corpus_lines(lang: str) -> tuple[Mapping[str, Any], ...]:
    """Every line of the files of one language as it stands, twins included."""
    files = sorted(CORPORA.glob(f"{lang}-*.jsonl"))
    return tuple(json.loads(line) for file in files for line in file.read_text("utf-8").splitlines())


@cache
def alike(lang: str) -> list[tuple[str, str]]:
    texts = [line["text"] for line in corpus_lines(lang)]
    return [(texts[one], texts[other]) for one, other in near_duplicates(texts)]


def faults_of(line: Mapping[str, Any]) -> list[str]:
    """What is not allowed in one line of a corpus of ours."""
    text, labels, signals = line["text"], line["labels"], line["signals"]
    offends = "offensive" in labels
    rightly = {
        "text": bool(text.strip()) and text == text.strip() and not re.search(r"[^\S \n\xa0\u202f]|\\[nt]", text),
        "labels": set(labels) <= set(Label) and len(set(labels)) == len(labels),
        "signals": set(signals) <= set(Signal) and len(set(signals)) == len(signals),
        "severity": line["severity"] in set(Severity) if offends else line["severity"] is None,
        "target": line["target"] in set(Target) if offends else line["target"] is None,
        "trade": "function" in line or line["trade"] in TRADES,
        "channel": "function" in line or line["channel"] in CHANNELS,
        "somebody's address": not real_addresses(text),
    }
    return [name for name, right in rightly.items() if not right]


def real_addresses(text: str) -> list[str]:
    """E-mail addresses, phone numbers and IBANs in a text that could belong to somebody.

    Domains and numbers set apart for examples cannot: `.example` and `.invalid` (RFC 2606), French numbers in
    06 39 98 (Arcep), North American ones in 555 01, and those that are all but made of zeros.
    """
    mails = re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)
    phones = re.findall(r"(?:\+|\b0)\d(?:[ .-]?\d){7,}|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b", text)
    ibans = re.findall(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}", text)
    no_one = re.compile(r"000|0[67]000000|(?:33|44|234)0?[67]?000000|(?:33|0)63998|\d*55501")
    return [
        *(mail for mail in mails if not mail.endswith((".example", ".invalid"))),
        *(phone for phone in phones if not no_one.match(re.sub(r"\D", "", phone))),
        *ibans,
    ]


def test_the_corpora_are_large_enough_to_learn_from() -> None:
    assert len(corpus_lines("fr")) >= 4000
    assert len(corpus_lines("en")) >= 3000


@pytest.mark.parametrize("path", sorted(CORPORA.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_line_holds_what_it_may(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    faults = {number: faults_of(line) for number, line in enumerate(lines, start=1)}
    assert {number: found for number, found in faults.items() if found} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_line_is_in_the_language_of_its_file(lang: str) -> None:
    assert {line["lang"] for line in corpus_lines(lang)} == {lang}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"text": " "}, "text"),
        ({"text": "Bande\tde nuls"}, "text"),
        ({"text": r"Bande\nde nuls"}, "text"),
        ({"labels": ["offensive", "complain"]}, "labels"),
        ({"signals": ["question", "question"]}, "signals"),
        ({"severity": None}, "severity"),
        ({"labels": [], "target": None}, "severity"),
        ({"target": "dog"}, "target"),
        ({"trade": "zoo"}, "trade"),
        ({"channel": None}, "channel"),
        ({"text": "écrivez à jean@boutique.fr"}, "somebody's address"),
        ({"text": "appelez le 06.12.34.56.78"}, "somebody's address"),
        ({"text": "appelez le +33612345678"}, "somebody's address"),
        ({"text": "versez sur FR76 3000 6000 0112 3456 7890 189"}, "somebody's address"),
    ],
)
def test_a_fault_in_a_line_is_seen(change: Mapping[str, object], fault: str) -> None:
    assert faults_of(OURS) == []
    assert faults_of({**OURS, **change}) == [fault]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_are_truly_of_several_labels(lang: str) -> None:
    several = sum(len(line["labels"]) >= 2 for line in corpus_lines(lang))
    assert several / len(corpus_lines(lang)) >= 0.05


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_trade_and_channel_occurs(lang: str) -> None:
    told = [line for line in corpus_lines(lang) if "function" not in line]
    assert {line["trade"] for line in told} == TRADES
    assert {line["channel"] for line in told} == CHANNELS


@given(st.lists(st.text("abé !", max_size=12), max_size=12))
def test_no_near_duplicate_is_missed(texts: list[str]) -> None:
    pieces = [pieces_of(text) for text in texts]
    pairs = [pair for pair in combinations(range(len(texts)), 2) if are_alike(pieces[pair[0]], pieces[pair[1]])]
    assert near_duplicates(texts) == pairs


def test_case_accents_and_punctuation_do_not_hide_a_near_duplicate() -> None:
    texts = ["Toujours pas livré, c'est long !", "TOUJOURS PAS LIVRE... c est long", "Rien de neuf depuis mardi"]
    assert near_duplicates(texts) == [(0, 1)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hardly_a_message_says_what_another_has_said(lang: str) -> None:
    twins = {other for _, other in alike(lang)}
    assert len(twins) / len(corpus_lines(lang)) < 0.02


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_that_trains_gives_a_held_out_case_away(lang: str) -> None:
    rows = read_rows(sorted(CORPORA.glob(f"{lang}-*.jsonl")))
    exam = {row.text for row in rows if is_a_test(row) and is_held_out(row)}
    trains = {row.text for row in rows if not is_held_out(row)}
    exam_pieces, plain = list(map(pieces_of, exam)), [pieces_of(text) for _, text, _ in plain_lines()]

    assert exam
    assert [pair for pair in alike(lang) if exam.intersection(pair) and trains.intersection(pair)] == []
    assert not any(are_alike(case, line) for case in exam_pieces for line in plain)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_functions_are_many_and_half_of_each_is_held_out(lang: str) -> None:
    cases = [line for line in corpus_lines(lang) if "function" in line]
    of = Counter(case["function"] for case in cases)
    held_out = Counter(case["function"] for case in cases if case["held_out"])

    assert len(of) >= 25
    assert min(of.values()) >= 20
    assert {function: 2 * n for function, n in held_out.items()} == of


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_decides_a_case_agrees_with_its_labels_and_signals(lang: str) -> None:
    for case in corpus_lines(lang):
        if "function" in case:
            held = {*case["labels"], *case["signals"]}
            assert case["decides"]
            assert set(case["decides"]) <= set(HEADS)
            assert case["decides"] == {head: head in held for head in case["decides"]}, case["text"]


def test_both_languages_try_the_same_functions() -> None:
    french, english = ({line["function"] for line in corpus_lines(lang) if "function" in line} for lang in LANGUAGES)
    assert french == english


def test_the_datasheet_counts_the_rows_of_every_file() -> None:
    told = dict(re.findall(r"^\| `([\w-]+\.jsonl)` \|.*?\| ([\d,]+) \|", datasheet(), re.MULTILINE))
    counted = {path.name: f"{len(path.read_text('utf-8').splitlines()):,}" for path in CORPORA.glob("*.jsonl")}
    assert told == counted


def test_the_datasheet_counts_every_label_and_signal_in_both_languages() -> None:
    for head in HEADS:
        n = [sum(head in {*line["labels"], *line["signals"]} for line in corpus_lines(lang)) for lang in LANGUAGES]
        assert f"| {head} | {n[0]:,} | {n[1]:,} |" in datasheet()


def test_the_datasheet_says_what_every_function_tests() -> None:
    for line in corpus_lines("fr"):
        if "function" in line:
            assert f"| `{line['function']}` |" in datasheet()


def datasheet() -> str:
    return (CORPORA / "DATASHEET.md").read_text("utf-8")

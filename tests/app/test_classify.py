"""Labelling a stream: one answer per line, in order, in the words that are documented."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.classify import LARGEST_BATCH, classify_stream, to_line
from bot.channels.lines import LONGEST_LINE
from inbox.model import Label, Prediction, Severity, Signal, Target
from inbox.sentences import as_written


class EchoClassifier:
    """Gives back each text as the reason, so that answers can be told apart."""

    version = "echo-1"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        self.batches.append(len(texts))
        return [
            Prediction(
                labels=(Label.COMPLAINT,),
                unsure=(Label.PRAISE,),
                scores=dict.fromkeys(Label, 0.123456),
                signals=dict.fromkeys(Signal, 0.5),
                lang="fr",
                lang_known=True,
                model=self.version,
                severity=Severity.LOW,
                target=Target.BRAND,
                reasons={Label.COMPLAINT: (text,)} if explain else {},
            )
            for text in texts
        ]


def classify(*lines: str | bytes, explain: bool = True) -> list[dict[str, Any]]:
    raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    told = classify_stream(io.BytesIO(raw), EchoClassifier(), explain=explain, translate=as_written)
    return [json.loads(to_line(one)) for answers in told for one in answers]


def test_an_answer_has_every_field_in_its_place():
    (told,) = classify('{"id": "7", "text": "3 semaines de retard", "likes": 3}')

    assert list(told) == [
        "id", "lang", "labels", "unsure", "scores", "signals", "severity", "target", "reasons", "model",
    ]  # fmt: skip
    assert told["id"] == "7"
    assert told["labels"] == ["complaint"]
    assert told["unsure"] == ["praise"]
    assert list(told["scores"]) == ["praise", "complaint", "sales_lead", "offensive"]
    assert list(told["signals"]) == ["question", "spam", "suggestion", "urgent"]
    assert told["scores"]["praise"] == 0.1235
    assert told["reasons"] == {"complaint": ["3 semaines de retard"]}


def test_reasons_come_only_when_asked_for():
    (told,) = classify('{"text": "bonjour"}', explain=False)

    assert "reasons" not in told
    assert told["id"] is None


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "line 1: this is not JSON"),
        ('"text"', "line 1: this is JSON, but not an object with named fields"),
        ('{"id": 7}', 'line 1: the field "text" is missing'),
        ('{"text": 7}', 'line 1: "text" is not text; put it in quotes'),
        ('{"text": null}', 'line 1: "text" is not text; put it in quotes'),
        ('{"text": "a", "id": [1]}', 'line 1: "id" is neither text nor a whole number'),
        ('{"text": "a", "id": true}', 'line 1: "id" is neither text nor a whole number'),
        ('{"text": "\\ud83d"}', 'line 1: "text" holds half a character'),
        (b'{"text": "caf\xe9"}', "line 1: byte 14 is not UTF-8"),
    ],
)
def test_an_unreadable_line_gives_its_error_in_its_place(line: str | bytes, error: str):
    first, second = classify(line, '{"id": 2, "text": "after"}')

    assert list(first) == ["id", "error"]
    assert first["id"] is None
    assert first["error"].startswith(error)
    assert second["id"] == 2


@pytest.mark.parametrize("message_id", [0, -7, 2**63, 2**64, 10**30, -(10**30), "é", "", "1", None])
def test_an_id_comes_back_as_it_was_given(message_id: int | str | None):
    (told,) = classify(json.dumps({"id": message_id, "text": "a"}))

    assert told["id"] == message_id
    assert type(told["id"]) is type(message_id)


@pytest.mark.parametrize("message_id", ["1.0", "1e3", "-0.0", "NaN", "{}", '"\\ud83d"'])
def test_an_id_that_is_neither_text_nor_a_whole_number_is_refused(message_id: str):
    (told,) = classify(f'{{"id": {message_id}, "text": "a"}}')

    assert "error" in told


def test_a_field_that_is_not_read_may_hold_what_other_programs_write():
    (told,) = classify('{"text": "a", "likes": NaN, "text": "b", "at": 1e999}')

    assert told["reasons"] == {"complaint": ["b"]}


def test_lines_may_end_and_begin_as_other_programs_have_it():
    told = classify(b'\xef\xbb\xbf{"text": "a"}\r', b"", b"  \r", "\u2003", b'{"text": "b"}')

    assert [one["reasons"] for one in told] == [{"complaint": ["a"]}, {"complaint": ["b"]}]


@pytest.mark.parametrize("size", [LONGEST_LINE, LONGEST_LINE + 1, 3 * LONGEST_LINE])
def test_a_line_too_long_is_refused_and_the_next_is_read(size: int):
    told = classify(b'{"text": "a"}', b"x" * size, b'{"text": "b"}', b"y" * size)

    assert [one.get("error") for one in told] == [
        None,
        f"line 2: the line is longer than {LONGEST_LINE} bytes",
        None,
        f"line 4: the line is longer than {LONGEST_LINE} bytes",
    ]


def test_a_line_just_short_enough_is_read():
    long = json.dumps({"text": "a"}).encode().ljust(LONGEST_LINE - 1)

    assert [one["lang"] for one in classify(long, long)] == ["fr", "fr"]


@given(st.lists(st.one_of(st.text(max_size=5).map(lambda text: json.dumps({"text": text})), st.just("{")), max_size=30))
def test_answers_come_in_the_order_of_the_lines(lines: list[str]):
    told = classify(*lines)

    wanted = [None if line == "{" else json.loads(line)["text"] for line in lines]
    assert [one["reasons"]["complaint"][0] if "reasons" in one else None for one in told] == wanted


def test_many_lines_are_read_in_bounded_batches():
    classifier = EchoClassifier()
    raw = b'{"text": "a"}\n' * (3 * LARGEST_BATCH)

    told = list(classify_stream(io.BytesIO(raw), classifier, explain=False, translate=as_written))

    assert sum(map(len, told)) == 3 * LARGEST_BATCH
    assert max(classifier.batches) <= LARGEST_BATCH


def test_a_line_that_trickles_in_is_answered_before_the_next_comes():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb", buffering=0) as typed:
        told = classify_stream(source, EchoClassifier(), explain=True, translate=as_written)
        typed.write(b'{"text": "first"}\n')
        (first,) = next(told)
        typed.write(b'{"text": "second"}\n')
        (second,) = next(told)

    assert [first["reasons"], second["reasons"]] == [{"complaint": ["first"]}, {"complaint": ["second"]}]

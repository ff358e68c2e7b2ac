"""Messages from a file: what goes in, what is refused, and with which words."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.file import FileFormat, format_of, read_messages
from bot.channels.lines import LONGEST_LINE
from inbox.errors import BadInput, BadLine
from inbox.incoming import Reading
from inbox.model import IncomingMessage, Kind, Visibility

HOW = Reading("import", ZoneInfo("Europe/Paris"))
HEADER = "external_id,text,author,sent_at,thread,kind,visibility"


def a_row(**changes: Any) -> dict[str, Any]:
    row = {
        "external_id": "7",
        "text": "Toujours rien reçu",
        "author": "lea.pdl",
        "sent_at": "2026-11-21T09:30:00Z",
        "thread": "post-1",
        "kind": "comment",
        "visibility": "public",
    }
    return {name: value for name, value in {**row, **changes}.items() if value is not ...}


def read_jsonl(*lines: str | bytes, how: Reading = HOW) -> list[IncomingMessage | BadLine]:
    raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\n"
    return list(read_messages(io.BytesIO(raw), how, FileFormat.JSONL))


def read_csv(text: str | bytes, how: Reading = HOW) -> list[IncomingMessage | BadLine]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(read_messages(io.BytesIO(raw), how, FileFormat.CSV))


def refused(rows: Sequence[IncomingMessage | BadLine]) -> list[str]:
    return [str(row) for row in rows if isinstance(row, BadLine)]


def test_a_row_becomes_a_message_with_every_field():
    row = a_row(author_name="Léa", lang="fr", parent="6", kind="dm", visibility="private", likes=12)

    (message,) = read_jsonl(json.dumps(row))

    assert message == IncomingMessage(
        channel="import",
        external_id="7",
        text="Toujours rien reçu",
        author="lea.pdl",
        author_name="Léa",
        thread="post-1",
        sent_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        kind=Kind.DM,
        visibility=Visibility.PRIVATE,
        lang="fr",
        parent="6",
    )


def test_a_time_without_zone_is_told_by_the_clock_of_the_brand():
    (message,) = read_jsonl(json.dumps(a_row(sent_at="2026-07-01T09:30:00")))

    assert isinstance(message, IncomingMessage)
    assert message.sent_at == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)


def test_a_message_without_words_is_kept_as_such():
    (message,) = read_jsonl(json.dumps(a_row(text=" ")))

    assert isinstance(message, IncomingMessage)
    assert message.kind is Kind.NO_TEXT


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"external_id": "7"', "line 1: this is not JSON (Expecting ',' delimiter, column 20)"),
        ("[1, 2]", "line 1: this is JSON, but not an object with named fields"),
        ("[" * 100_000, "line 1: this JSON is nested too deep, or a number in it is too long"),
        (json.dumps(a_row(text=...)), 'line 1: the field "text" is missing'),
        (json.dumps(a_row(text=None)), 'line 1: the field "text" is missing'),
        (json.dumps(a_row(author=..., autor="x")), 'line 1: the field "author" is missing; there is "autor"'),
        (json.dumps(a_row(text=12)), 'line 1: "text" is not text; put it in quotes'),
        (json.dumps(a_row(external_id=7)), 'line 1: "external_id" is not text; put it in quotes'),
        (json.dumps(a_row(external_id="")), 'line 1: "external_id" is empty'),
        (json.dumps(a_row(text="a\0b")), 'line 1: "text" holds a NUL character'),
        (json.dumps(a_row(text="a\ud83d")), 'line 1: "text" holds half a character (a lone surrogate)'),
        (json.dumps(a_row(text="x" * 100_001)), "line 1: the text is longer than 100000 characters"),
        (json.dumps(a_row(text="x" * 1_000_000)), "line 1: the line is longer than 1000000 bytes"),
        (json.dumps(a_row(thread="x" * 501)), 'line 1: "thread" is longer than 500 characters'),
        (json.dumps(a_row(kind="post")), 'line 1: there is no kind "post"; there are: '),
        (json.dumps(a_row(visibility="pubic")), 'line 1: there is no visibility "pubic"; there are: public, private'),
        (json.dumps(a_row(sent_at="hier")), 'line 1: "sent_at" is "hier", not a moment such as'),
        (json.dumps(a_row(sent_at="9999-12-31T23:59:59-12:00")), 'line 1: "sent_at" lies in the year 9999'),
        (json.dumps(a_row(text="é"), ensure_ascii=False).encode("latin-1"), "is not UTF-8; save the file as UTF-8"),
        (json.dumps(a_row()).encode("utf-16"), "line 1: this is UTF-16; save the file as UTF-8"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_reason(line: str | bytes, why: str):
    first, *_rest = read_jsonl(line)

    assert isinstance(first, BadLine)
    assert why in str(first)


def test_the_lines_around_a_bad_one_go_in():
    rows = read_jsonl(json.dumps(a_row(external_id="1")), "{", "", json.dumps(a_row(external_id="2")))

    assert [row.external_id for row in rows if isinstance(row, IncomingMessage)] == ["1", "2"]
    assert refused(rows)[0].startswith("line 2: ")


def test_a_line_after_one_of_many_megabytes_goes_in_under_its_own_number():
    rows = read_jsonl("x" * (3 * LONGEST_LINE), json.dumps(a_row(kind="dm", external_id="2")), "{")

    assert [type(row) for row in rows] == [BadLine, IncomingMessage, BadLine]
    assert [row.line for row in rows if isinstance(row, BadLine)] == [1, 3]


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    (message,) = read_jsonl(b"\xef\xbb\xbf" + json.dumps(a_row()).encode())

    assert isinstance(message, IncomingMessage)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_tells_its_separator_by_its_first_line(separator: str):
    cells = ["1", "bonjour", "lea", "2026-11-21T09:30:00Z", "t", "comment", "public"]

    (message,) = read_csv(f"{HEADER.replace(',', separator)}\r\n{separator.join(cells)}\r\n")

    assert isinstance(message, IncomingMessage)
    assert (message.external_id, message.text) == ("1", "bonjour")


def test_a_quoted_cell_may_hold_separators_quotes_and_line_breaks():
    (message,) = read_csv(f'{HEADER}\n1,"Bonjour,\nje dis ""stop""",lea,2026-11-21T09:30:00Z,t,comment,public\n')

    assert isinstance(message, IncomingMessage)
    assert message.text == 'Bonjour,\nje dis "stop"'


def test_a_quote_that_never_closes_costs_only_its_own_line():
    rows = read_csv(
        f'{HEADER}\n1,"open,lea,2026-11-21T09:30:00Z,t,comment,public\n2,fine,lea,2026-11-21T09:30:00Z,t,comment,public\n'
    )

    assert refused(rows) == ["line 2: a quote is opened and never closed"]
    assert [row.external_id for row in rows if isinstance(row, IncomingMessage)] == ["2"]


def test_too_few_cells_are_refused_with_both_numbers():
    assert refused(read_csv(f"{HEADER}\n1,hello\n")) == ["line 2: there are 2 cells for 7 columns"]


def test_a_column_that_is_missing_is_named_with_what_to_do():
    with pytest.raises(BadInput, match=r"Missing: kind\. Found: .* One value for all rows: --default kind="):
        read_csv("external_id,text,author,sent_at,thread,visibility\n")


def test_a_default_stands_in_for_a_field_that_the_file_lacks():
    how = Reading("import", HOW.zone, {"kind": "review", "visibility": "public"})

    (message,) = read_jsonl(json.dumps(a_row(kind=..., visibility=...)), how=how)

    assert isinstance(message, IncomingMessage)
    assert (message.kind, message.visibility) == (Kind.REVIEW, Visibility.PUBLIC)


@pytest.mark.parametrize(("name", "told"), [("a.JSONL", "jsonl"), ("b.ndjson", "jsonl"), ("c.csv", "csv")])
def test_the_name_of_a_file_tells_its_format(name: str, told: str):
    assert format_of(name) == told


def test_a_name_that_tells_nothing_asks_for_the_format():
    with pytest.raises(BadInput, match="--format csv"):
        format_of("export.xlsx")


@given(st.binary(max_size=400), st.sampled_from(FileFormat))
def test_whatever_a_file_holds_each_line_is_read_or_refused(raw: bytes, file_format: FileFormat):
    try:
        rows = list(read_messages(io.BytesIO(raw), HOW, file_format))
    except BadInput:
        return

    assert all(isinstance(row, IncomingMessage | BadLine) for row in rows)


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=50),
    st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC)),
)
def test_any_words_and_any_moment_come_through_unchanged(text: str, sent_at: datetime):
    (message,) = read_jsonl(json.dumps(a_row(text=text, sent_at=sent_at.isoformat())))

    assert isinstance(message, IncomingMessage)
    assert (message.text, message.sent_at) == (text, sent_at)

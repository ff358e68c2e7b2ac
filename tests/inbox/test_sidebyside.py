"""Two texts side by side: nothing is lost, nothing is made up, and what differs is where it differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inbox.sidebyside import Row, RowKind, count, side_by_side

BEFORE = 'name = "late"\nwhen = { label = "complaint" }\nstop = true\n'

some_lines = st.lists(st.sampled_from(["", "a", "a b", "a b c", "x = 1", "x = 2", "stop = true"]), max_size=12)


def kinds(rows: list[Row]) -> list[RowKind]:
    return [row.kind for row in rows]


def test_texts_that_read_the_same_have_nothing_to_show():
    assert side_by_side(BEFORE, BEFORE) == []


def test_a_line_that_changed_shows_which_of_its_words_did():
    (row,) = [
        one for one in side_by_side(BEFORE, BEFORE.replace("complaint", "praise")) if one.kind is not RowKind.SAME
    ]

    assert row.before is not None
    assert row.after is not None
    assert [piece.text for piece in row.before.pieces if piece.differs] == ["complaint"]
    assert [piece.text for piece in row.after.pieces if piece.differs] == ["praise"]
    assert (row.before.number, row.after.number) == (2, 2)


def test_a_line_that_has_nothing_of_the_other_is_gone_and_another_has_come():
    rows = side_by_side("abc def\n", "12345\n")

    assert kinds(rows) == [RowKind.GONE, RowKind.CAME]
    assert count(rows) == (1, 1)


def test_lines_far_from_what_differs_are_counted_instead():
    text = "\n".join(str(number) for number in range(20))

    rows = side_by_side(text, text.replace("10", "ten"), context=2)

    assert [row.left_out for row in rows if row.kind is RowKind.LEFT_OUT] == [8, 7]
    assert len(rows) == 8


@given(one=some_lines, other=some_lines)
def test_each_side_has_its_lines_in_order_each_once(one: list[str], other: list[str]):
    rows = side_by_side("\n".join(one), "\n".join(other), context=50)
    before = [row.before.text for row in rows if row.before is not None]
    after = [row.after.text for row in rows if row.after is not None]

    if "\n".join(one).splitlines() != "\n".join(other).splitlines():
        assert before == "\n".join(one).splitlines()
        assert after == "\n".join(other).splitlines()
        assert [row.before.number for row in rows if row.before] == list(range(1, len(before) + 1))
    else:
        assert rows == []


@given(one=some_lines, other=some_lines)
def test_what_is_marked_equal_is_equal(one: list[str], other: list[str]):
    for row in side_by_side("\n".join(one), "\n".join(other)):
        if row.before is not None and row.after is not None:
            same = [[piece.text for piece in side.pieces if not piece.differs] for side in (row.before, row.after)]
            assert same[0] == same[1]

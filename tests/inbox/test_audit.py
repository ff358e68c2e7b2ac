"""The audit log shows any change, gap or cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.audit import FIRST, AuditLine, SealedLine, chain, verify
from inbox.model import Actor
from inbox.sentences import Sentence
from tests.inbox.builders import PARIS, an_audit_line, an_audit_log


def in_line(change: Callable[[AuditLine], AuditLine]) -> Callable[[SealedLine], SealedLine]:
    return lambda sealed: replace(sealed, line=change(sealed.line))


CHANGES: dict[str, Callable[[SealedLine], SealedLine]] = {
    "id": lambda sealed: replace(sealed, id=sealed.id + 1),
    "seq": lambda sealed: replace(sealed, seq=sealed.seq + 1),
    "hash": lambda sealed: replace(sealed, hash=FIRST),
    "at": in_line(lambda line: replace(line, at=line.at + timedelta(microseconds=1))),
    "actor.kind": in_line(lambda line: replace(line, actor=Actor("person", line.actor.name))),
    "actor.name": in_line(lambda line: replace(line, actor=Actor.rule("another rule"))),
    "what": in_line(lambda line: replace(line, what="message.edited")),
    "subject": in_line(lambda line: replace(line, subject="conversation")),
    "subject_id": in_line(lambda line: replace(line, subject_id=line.subject_id + 1)),
    "reason.says": in_line(lambda line: replace(line, reason=Sentence("No reason.", **line.reason.facts))),
    "reason.facts": in_line(lambda line: replace(line, reason=Sentence(line.reason.says, rules="another rule"))),
    "facts: changed": in_line(lambda line: replace(line, facts={**line.facts, "labels": ["praise"]})),
    "facts: added": in_line(lambda line: replace(line, facts={**line.facts, "more": None})),
    "facts: removed": in_line(lambda line: replace(line, facts={"labels": line.facts["labels"]})),
}


def some_facts() -> st.SearchStrategy[dict[str, Any]]:
    values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
    return st.dictionaries(st.text(), values)


def test_a_log_sealed_as_it_should_be_holds():
    log = an_audit_log(lines=4)

    verdict = verify(log)

    assert (verdict.holds, verdict.sealed, verdict.head) == (True, 4, log[-1].hash)
    assert (verdict.broken_at, verdict.why) == (None, None)


def test_an_empty_log_holds():
    verdict = verify([])

    assert (verdict.holds, verdict.sealed, verdict.head) == (True, 0, FIRST)


@given(lines=st.integers(1, 6), at=st.integers(0, 5), field=st.sampled_from(sorted(CHANGES)))
def test_any_change_of_any_field_is_named_at_its_line(lines: int, at: int, field: str):
    log = an_audit_log(lines)
    place = at % lines
    row = log[place] = CHANGES[field](log[place])

    verdict = verify(log)

    assert (verdict.holds, verdict.broken_at, verdict.sealed) == (False, row.id, place)


@given(before=some_facts(), after=some_facts())
def test_facts_hash_alike_only_when_they_are_alike(before: dict[str, Any], after: dict[str, Any]):
    line = an_audit_line()

    hashes = [chain(FIRST, 1, replace(line, facts=facts)) for facts in (before, after)]

    # True and 1 are equal in Python, and differ in what is stored.
    assert (hashes[0] == hashes[1]) == (repr(sorted(before.items())) == repr(sorted(after.items())))


def test_the_order_in_which_facts_were_written_does_not_matter():
    line = an_audit_line()
    turned = replace(line, facts={key: line.facts[key] for key in sorted(line.facts, reverse=True)})

    assert chain(FIRST, 1, line) == chain(FIRST, 1, turned)


def test_a_moment_is_the_same_in_any_zone():
    line = an_audit_line()
    elsewhere = replace(line, at=line.at.astimezone(PARIS))

    assert chain(FIRST, 1, line) == chain(FIRST, 1, elsewhere)


def test_a_changed_line_is_named_in_words():
    log = an_audit_log(lines=4)
    log[1] = CHANGES["subject_id"](log[1])

    verdict = verify(log)

    assert (
        str(verdict.why) == "Row 20 (line 2, message.triaged) was changed after it was sealed, or a row before it was."
    )


def test_a_missing_line_is_named_with_the_row_that_follows():
    log = an_audit_log(lines=4)
    del log[1]

    verdict = verify(log)

    assert (verdict.broken_at, verdict.sealed) == (30, 1)
    assert str(verdict.why) == "Line 2 of the audit log is missing: the next one is row 30."


def test_a_gap_that_was_renumbered_shows_all_the_same():
    log = an_audit_log(lines=4)
    renumbered = [log[0], *(replace(sealed, seq=sealed.seq - 1) for sealed in log[2:])]

    assert verify(renumbered).broken_at == 30


def test_a_line_put_in_later_shows():
    log = an_audit_log(lines=3)
    forged = an_audit_line(9)
    log.append(SealedLine(id=40, seq=4, hash=chain(FIRST, 40, forged), line=forged))

    assert verify(log).broken_at == 40


@pytest.mark.parametrize("seq_follows", [False, True])
def test_two_lines_that_changed_places_show(seq_follows: bool):
    log = an_audit_log(lines=4)
    log[1], log[2] = log[2], log[1]
    if seq_follows:
        log[1], log[2] = replace(log[1], seq=2), replace(log[2], seq=3)

    assert verify(log).broken_at == 30


def test_lines_cut_off_the_end_show_only_against_a_head_noted_earlier():
    log = an_audit_log(lines=4)
    noted = log[-1].hash
    cut = log[:2]

    alone, against_noted = verify(cut), verify(cut, expected_head=noted)

    assert (alone.holds, against_noted.holds) == (True, False)
    assert (against_noted.broken_at, against_noted.sealed) == (None, 2)
    assert str(against_noted.why) == f"The chain never passes through {noted}: lines were cut off or written anew."


@given(lines=st.integers(0, 6), more=st.integers(0, 3))
def test_a_log_that_has_grown_still_passes_through_its_former_head(lines: int, more: int):
    noted = verify(an_audit_log(lines)).head

    assert verify(an_audit_log(lines + more), expected_head=noted).holds

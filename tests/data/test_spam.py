"""A person's word that something is spam, or is none: what models may learn from it (row F20)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox import changes, work
from inbox.cases import CaseAct, CaseView
from inbox.learning import ChannelLessons, LeftOut, SpamExample
from inbox.moderation import undo
from tests.data.moderating import INES, Group

PHONES = "10 000 numéros à vendre"


@pytest.fixture
def group(store: SqlStore) -> Group:
    made = Group(store)
    with store.begin() as books:
        books.set_may_train("telegram", allowed=True)
    return made


def spam(group: Group, message_id: int) -> CaseView:
    case = group.act(CaseAct.DELETE, message_id, rule="spam", silent=True)
    work.close_as_spam(group.desk, case.conversation_id, message_id=message_id, case=case.number, by=INES)
    return case


def examples(store: SqlStore) -> list[SpamExample]:
    with store.read() as books:
        return [*books.spam_examples(languages=("fr", "en"))]


def counts(store: SqlStore) -> list[ChannelLessons]:
    with store.read() as books:
        return books.count_corrections(languages=("fr", "en"))


def test_f20_what_was_deleted_as_spam_is_one_row_to_learn_from_though_it_is_gone(store: SqlStore, group: Group):
    message_id = group.say(PHONES)

    spam(group, message_id)
    group.clock.advance(timedelta(minutes=1))
    group.deliver()

    assert examples(store) == [SpamExample(message_id, "telegram", PHONES, "fr", True)]
    assert counts(store) == [ChannelLessons("telegram", True, 1)]


def test_f20_undoing_the_case_teaches_that_it_was_none(store: SqlStore, group: Group):
    message_id = group.say(PHONES)

    case = spam(group, message_id)
    undo(group.desk, case.number, by=INES)

    assert examples(store) == [SpamExample(message_id, "telegram", PHONES, "fr", False)]


def test_f27_where_a_channel_may_not_train_nothing_is_learnt_from_its_spam(store: SqlStore, group: Group):
    with store.begin() as books:
        books.set_may_train("telegram", allowed=False)

    spam(group, group.say(PHONES))

    assert examples(store) == []
    assert counts(store) == [ChannelLessons("telegram", False, 0, {LeftOut.NO_CONSENT: 1})]


def test_what_its_author_took_back_is_not_learnt_from(store: SqlStore, group: Group):
    message_id = group.say(PHONES)
    with store.begin() as books:
        books.mark_spam(message_id, is_spam=True, by=INES, now=group.clock())
        external_id = books.find_subject(message_id).evidence.external_id  # type: ignore[union-attr]  # it is there

    gone = changes.receive_deletion(
        store, "telegram", [str(external_id)], deleted_at=group.clock(), keep_text=True, clock=group.clock
    )

    assert gone == 1
    assert examples(store) == []
    assert counts(store) == [ChannelLessons("telegram", True, 0, {LeftOut.DELETED: 1})]


def test_to_say_the_same_twice_changes_nothing(store: SqlStore, group: Group):
    message_id = group.say(PHONES)

    with store.begin() as books:
        said = [books.mark_spam(message_id, is_spam=True, by=INES, now=group.clock()) for _ in range(2)]
        unknown = books.mark_spam(9_999, is_spam=True, by=INES, now=group.clock())

    assert (said, unknown) == ([True, False], False)
    assert len(examples(store)) == 1

"""What a replay counts, on messages written here: matches, what would be done, and how it compares with people."""

from __future__ import annotations

from typing import Any

import pytest

from inbox.actions import Draft, Mode, Reply
from inbox.backtest import MOST_SAMPLES, Found, Replay, RuleRecord, sample
from inbox.model import Label, Prediction, Severity, Signal
from inbox.past import NOTHING, Handled, Past
from inbox.ports import RuleBook
from inbox.responses import Variant
from routing.rulebook import read_rule_book
from tests.inbox.builders import NOON, a_house, a_prediction, a_response, a_waiting_message

HOUSE = a_house(
    a_response(code="thanks"),
    a_response(code="sorry"),
    a_response(Variant("fr", "Bonjour {{contact.first_name}} !"), code="named"),
)
THANK = """
[[rule]]
name = "thank"
when = {{ label = "praise" }}
then = [{{ action = "{action}", response = "{response}" }}]
mode = "{mode}"
"""
PRAISE = a_prediction(Label.PRAISE)


def thank(action: str = "draft", response: str = "thanks", mode: str = "draft") -> RuleBook:
    return read_rule_book(THANK.format(action=action, response=response, mode=mode))


def a_past(number: int = 1, prediction: Prediction = PRAISE, *, handled: Handled = NOTHING, **said: Any) -> Past:
    return Past(a_waiting_message(message_id=number, **said), prediction, handled)


def replayed(book: RuleBook, *pasts: Past, in_force: RuleBook | None = None) -> Found:
    replay = Replay(book, HOUSE, in_force=in_force, now=NOON)
    replay.take(pasts)
    return replay.found()


def the_rule(book: RuleBook, *pasts: Past) -> RuleRecord:
    (record,) = replayed(book, *pasts).rules
    return record


def test_every_action_is_counted_with_the_rule_that_asks_for_it_and_how_far_it_may_go():
    book = read_rule_book("""
        [[rule]]
        name = "complaint"
        when = { label = "complaint" }
        then = [{ action = "escalate", queue = "sav" }, { action = "tag", tag = "t" }]
        [[rule]]
        name = "threat"
        when = { label = "offensive" }
        then = [{ action = "hide", reason = "A threat." }]
        mode = "live"
        stop = true
        [[rule]]
        name = "never"
        when = { lang = "es" }
        then = [{ action = "queue", queue = "q" }]
    """)
    both = a_prediction(Label.COMPLAINT, Label.OFFENSIVE)

    found = replayed(book, a_past(1, a_prediction(Label.COMPLAINT)), a_past(2, both), a_past(3, a_prediction()))

    assert [(one.rule, one.matches) for one in found.rules] == [("complaint", 2), ("threat", 1), ("never", 0)]
    assert {(one.action, one.mode, one.times) for one in found.actions} == {
        ("escalate", Mode.DRAFT, 2),
        ("tag", Mode.DRAFT, 2),
        ("hide", Mode.LIVE, 1),
    }
    assert (found.replayed, found.no_rule, found.escalated, found.tagged, found.hidden) == (3, 1, 2, 2, 1)


def test_what_would_leave_by_itself_is_what_nothing_speaks_against():
    unsure = a_prediction(Label.PRAISE, unsure=[Label.COMPLAINT])
    live = thank("reply", "named", "live")

    found = replayed(live, a_past(1), a_past(2, contact_name="xX_42_Xx"), a_past(3, unsure))

    assert (found.sent, found.drafted) == (1, 1)
    assert (found.rules[0].matches, found.rules[0].words.prepared, found.rules[0].words.sent) == (3, 2, 1)


@pytest.mark.parametrize(("action", "mode"), [("draft", "live"), ("reply", "draft")])
def test_a_draft_never_leaves_by_itself(action: str, mode: str):
    found = replayed(thank(action, "thanks", mode), a_past())

    assert (found.sent, found.drafted) == (0, 1)


def test_a_share_is_that_of_the_same_messages_as_ever():
    found = replayed(thank("reply", "thanks", "share:10"), *(a_past(number) for number in range(2_000)))

    assert found.sent + found.drafted == 2_000
    assert found.sent == pytest.approx(200, abs=40)


def test_agreement_is_counted_among_the_messages_that_people_answered():
    acts = [
        Handled(replied=True, response="thanks"),
        Handled(replied=True, response="thanks", edited=True),
        Handled(replied=True, response="sorry"),
        Handled(replied=True),
        Handled(discarded=frozenset({"thanks"})),
        Handled(discarded=frozenset({"sorry"})),
        NOTHING,
    ]

    words = the_rule(thank(), *(a_past(number, handled=one) for number, one in enumerate(acts))).words

    assert (words.prepared, words.answered, words.same, words.edited, words.discarded) == (7, 4, 2, 1, 1)
    assert words.share == 0.5


def test_where_people_answered_nothing_no_share_is_claimed():
    assert the_rule(thank(), a_past()).words.share is None


def test_rules_see_what_the_model_said_and_people_only_measure():
    corrected = Handled(labels=(Label.COMPLAINT,))
    confirmed = Handled(labels=(Label.PRAISE,))

    record = the_rule(thank(), a_past(1, handled=corrected), a_past(2, handled=confirmed), a_past(3))

    assert (record.matches, record.judged, record.put_right) == (3, 2, 1)


def test_what_people_handed_over_and_moderated_is_held_against_the_rules():
    book = read_rule_book("""
        [[rule]]
        name = "complaint"
        when = { label = "complaint" }
        then = [{ action = "escalate", queue = "sav" }]
        [[rule]]
        name = "insult"
        when = { label = "offensive" }
        then = [{ action = "hide", reason = "An insult." }]
    """)
    by_hand, moderated = Handled(escalated=True), Handled(has_case=True)

    found = replayed(
        book,
        a_past(1, a_prediction(Label.COMPLAINT), handled=by_hand),
        a_past(2, a_prediction(), handled=by_hand),
        a_past(3, a_prediction(Label.OFFENSIVE), handled=moderated),
        a_past(4, a_prediction(Label.OFFENSIVE)),
        a_past(5, a_prediction(), handled=moderated),
    )

    assert (found.escalated_by_hand, found.of_by_hand) == (2, 1)
    assert (found.with_case, found.of_with_case) == (2, 1)
    complaint, insult = found.rules
    assert (complaint.escalations, complaint.by_hand) == (1, 1)
    assert (insult.hidings, insult.with_case) == (2, 1)


def test_a_rule_in_shadow_is_counted_and_does_nothing():
    found = replayed(thank("reply", "thanks", "shadow"), a_past(1), a_past(2, a_prediction()))

    (record,) = found.rules
    assert (record.matches, record.in_shadow, record.actions, record.words.prepared) == (1, True, (), 0)
    assert (found.no_rule, found.drafted, found.sent) == (2, 0, 0)
    assert len(record.samples) == 1


def test_the_latest_messages_are_the_samples():
    record = the_rule(thank(), *(a_past(number, text=f"Merci {number}") for number in range(10)))

    assert [one.message_id for one in record.samples] == [9, 8, 7]
    assert [one.text for one in record.samples] == ["Merci 9", "Merci 8", "Merci 7"]
    assert len(record.samples) == MOST_SAMPLES


@pytest.mark.parametrize(
    ("prediction", "handled", "is_quoted"),
    [
        (a_prediction(Label.OFFENSIVE, severity=Severity.LOW), NOTHING, True),
        (a_prediction(Label.OFFENSIVE, severity=Severity.MEDIUM), NOTHING, False),
        (a_prediction(unsure=[Label.OFFENSIVE], severity=Severity.CRITICAL), NOTHING, False),
        (a_prediction(Label.COMPLAINT), Handled(labels=(Label.OFFENSIVE,)), False),
    ],
)
def test_what_offends_is_named_and_not_quoted(prediction: Prediction, handled: Handled, is_quoted: bool):
    shown = sample(a_past(7, prediction, handled=handled, text="Bande de voleurs"))

    assert shown.message_id == 7
    assert shown.text == ("Bande de voleurs" if is_quoted else None)


def test_another_book_is_held_against_the_one_in_force():
    question = a_prediction(signals={Signal.QUESTION: 0.9})
    now = read_rule_book(
        THANK.format(action="draft", response="thanks", mode="draft")
        + '[[rule]]\nname = "ask"\nwhen = { signal = "question" }\nthen = [{ action = "queue", queue = "q" }]\n'
    )

    found = replayed(
        thank("reply", "thanks", "live"), a_past(1), a_past(2, question), a_past(3, a_prediction()), in_force=now
    )

    change = found.change
    assert change is not None
    assert change.messages == 2
    assert (change.gained, change.lost) == ({"reply": 1}, {"draft": 1, "queue": 1})
    assert change.matches_before == {"thank": 1, "ask": 1}
    assert [one.sample.message_id for one in change.samples] == [2, 1]
    assert (change.samples[1].before, change.samples[1].after) == ((Draft("thanks"),), (Reply("thanks"),))


def test_a_book_that_says_the_same_in_other_words_changes_nothing():
    renamed = read_rule_book(THANK.format(action="draft", response="thanks", mode="live").replace('"thank"', '"merci"'))

    change = replayed(renamed, a_past(1), a_past(2), in_force=thank()).change

    assert change is not None
    assert (change.messages, change.samples) == (0, ())


def test_nothing_replayed_is_nothing_found():
    assert replayed(thank()).replayed == 0
    assert replayed(thank()).change is None

"""Deciding: top to bottom, explained, and never two things that contradict each other."""

from __future__ import annotations

from hypothesis import given

from inbox.actions import (
    ACTIONS,
    Assign,
    Delete,
    Draft,
    Escalate,
    Hide,
    Mode,
    Planned,
    Proposal,
    Reply,
    Resolve,
    SetPriority,
    SetQueue,
    Snooze,
    Tag,
    Timeout,
    Warn,
)
from inbox.decisions import Decision, Facts
from inbox.model import Label, Priority, Severity
from routing.deciding import decide
from routing.rules import Rule, is_in_share
from tests.routing.builders import a_rule, rule_books, some_facts, some_facts_of

OUTWARD = (Draft, Reply, Escalate, Hide, Delete, Warn, Timeout, Snooze, Resolve)


def actions_of(decision: Decision) -> list[object]:
    return [plan.action for plan in decision.actions]


def notes_of(decision: Decision) -> list[str]:
    return [str(note) for note in decision.notes]


# --- properties ---


@given(rules=rule_books(), facts=some_facts())
def test_a_rule_that_does_not_hold_never_changes_the_decision(rules: list[Rule], facts: Facts) -> None:
    with_all, with_those = decide(rules, facts), decide([rule for rule in rules if rule.when(facts)], facts)

    assert (with_all.actions, with_all.because, with_all.notes) == (
        with_those.actions,
        with_those.because,
        with_those.notes,
    )


@given(rules=rule_books(), facts=some_facts())
def test_without_its_trace_a_decision_is_the_same(rules: list[Rule], facts: Facts) -> None:
    traced, brief = decide(rules, facts), decide(rules, facts, traced=False)

    assert (brief.actions, brief.because, brief.notes) == (traced.actions, traced.because, traced.notes)
    assert [asked.rule for asked in brief.trace] == [asked.rule for asked in traced.trace if asked.held]


@given(rules=rule_books(), facts=some_facts())
def test_unsure_never_yields_words_an_escalation_or_hiding(rules: list[Rule], facts: Facts) -> None:
    decision = decide(rules, facts)

    assert not (facts.prediction.is_unsure and any(isinstance(action, OUTWARD) for action in actions_of(decision)))


@given(rules=rule_books(), facts=some_facts())
def test_no_clash_remains(rules: list[Rule], facts: Facts) -> None:
    actions = actions_of(decide(rules, facts))

    for kind in (SetPriority, Escalate, Assign, Hide | Delete, Warn | Timeout, Snooze | Resolve):
        assert sum(isinstance(action, kind) for action in actions) <= 1
    assert sum(isinstance(action, SetQueue | Escalate) for action in actions) <= 1
    assert sum(isinstance(action, Draft) for action in actions) <= 3
    assert len(actions) == len(set(actions))
    replies = [action for action in actions if isinstance(action, Reply)]
    assert not replies or not any(isinstance(action, Draft | Hide) for action in actions)
    assert len(replies) <= 1


@given(rules=rule_books(), facts=some_facts())
def test_a_complaint_that_offends_nobody_is_never_hidden(rules: list[Rule], facts: Facts) -> None:
    labels = facts.prediction.labels
    hidden = any(isinstance(action, Proposal) for action in actions_of(decide(rules, facts)))

    assert not (hidden and Label.COMPLAINT in labels and Label.OFFENSIVE not in labels)


@given(rules=rule_books(), facts=some_facts())
def test_nothing_is_closed_or_put_off_that_waits_for_anybody(rules: list[Rule], facts: Facts) -> None:
    actions = actions_of(decide(rules, facts))
    closes = any(isinstance(action, Snooze | Resolve) for action in actions)

    assert not (closes and not {Label.COMPLAINT, Label.OFFENSIVE}.isdisjoint(facts.prediction.labels))
    assert not (closes and any(isinstance(action, Draft | Reply | Escalate | Proposal) for action in actions))


@given(rules=rule_books(), facts=some_facts())
def test_a_reply_is_only_ever_planned_by_a_rule_that_may_send(rules: list[Rule], facts: Facts) -> None:
    plans = decide(rules, facts).actions

    assert all(plan.mode in {Mode.LIVE, Mode.SHARE} for plan in plans if isinstance(plan.action, Reply))


@given(rules=rule_books(), facts=some_facts())
def test_deciding_twice_gives_the_same(rules: list[Rule], facts: Facts) -> None:
    assert decide(rules, facts) == decide(rules, facts)


@given(rules=rule_books(), facts=some_facts())
def test_actions_come_mildest_first_and_each_from_a_rule_that_held(rules: list[Rule], facts: Facts) -> None:
    decision = decide(rules, facts)

    places = [ACTIONS.index(type(action)) for action in (plan.action for plan in decision.actions)]
    assert places == sorted(places)
    assert {plan.rule for plan in decision.actions} <= set(decision.because)


@given(rules=rule_books(), facts=some_facts())
def test_the_trace_lists_every_rule_down_to_the_one_that_stopped(rules: list[Rule], facts: Facts) -> None:
    decision = decide(rules, facts)

    stops = [n for n, rule in enumerate(rules) if rule.when(facts) and rule.stop and rule.mode is not Mode.SHADOW]
    asked = rules[: stops[0] + 1] if stops else rules
    assert [(trace.rule, trace.held) for trace in decision.trace] == [(rule.name, rule.when(facts)) for rule in asked]


# --- order and trace ---


def test_every_rule_that_holds_adds_its_actions_until_one_stops() -> None:
    rules = [a_rule("one", Tag("a")), a_rule("two", Tag("b"), stop=True), a_rule("three", Tag("c"))]

    decision = decide(rules, some_facts_of())

    assert (decision.because, actions_of(decision)) == (("one", "two"), [Tag("a"), Tag("b")])


def test_the_trace_says_each_condition_in_the_words_of_the_rule_book() -> None:
    rule = a_rule("late", when='{ label = "complaint", words = ["colis"], not = { channel = "import" } }')

    (trace,) = decide([rule], some_facts_of("où est mon paquet", labels=[Label.COMPLAINT])).trace

    assert [(condition.says, condition.held) for condition in trace.conditions] == [
        ('label = "complaint"', True),
        ('words = ["colis"]', False),
        ('not = { channel = "import" }', True),
    ]
    assert not trace.held


def test_with_no_rule_that_holds_nothing_is_decided() -> None:
    decision = decide([a_rule(when="{ unsure = true }")], some_facts_of())

    assert (decision.actions, decision.because, decision.notes, decision.rule) == ((), (), (), None)


# --- modes ---


def test_a_reply_is_a_draft_unless_its_rule_may_send() -> None:
    drafted = decide([a_rule("r", Reply("thanks"))], some_facts_of())
    sent = decide([a_rule("r", Reply("thanks"), mode=Mode.LIVE)], some_facts_of())

    assert drafted.actions == (Planned(Draft("thanks"), "r", Mode.DRAFT),)
    assert sent.actions == (Planned(Reply("thanks"), "r", Mode.LIVE),)


def test_a_rule_in_shadow_only_says_what_it_would_have_asked_for() -> None:
    shadow = a_rule("new", Tag("a"), Escalate("sales"), mode=Mode.SHADOW, stop=True)

    decision = decide([shadow, a_rule("old", Tag("b"))], some_facts_of())

    assert (decision.because, actions_of(decision)) == (("old",), [Tag("b")])
    assert notes_of(decision) == [
        'In shadow, rule "new" would have asked for: tag "a".',
        'In shadow, rule "new" would have asked for: escalation to "sales" (medium).',
    ]


def test_f53_a_share_of_ten_percent_is_ten_percent_of_ten_thousand_messages() -> None:
    rule = a_rule("r", Reply("thanks"), mode=Mode.SHARE, share=10)

    modes = [decide([rule], some_facts_of(key=str(key))).actions[0].mode for key in range(10_000)]

    assert 900 <= modes.count(Mode.SHARE) <= 1_100
    assert modes.count(Mode.DRAFT) == 10_000 - modes.count(Mode.SHARE)


def test_two_rules_draw_their_shares_apart_and_a_larger_share_contains_the_smaller() -> None:
    keys = [str(key) for key in range(2_000)]
    drawn = {name: {key for key in keys if is_in_share(name, key, percent=50)} for name in ("one", "two")}

    assert 400 <= len(drawn["one"] & drawn["two"]) <= 600
    assert {key for key in keys if is_in_share("one", key, percent=20)} <= drawn["one"]
    assert all(is_in_share("one", key, percent=100) for key in keys)


# --- what is withheld ---


def test_while_unsure_a_person_looks_and_the_queue_the_tag_and_the_priority_stay() -> None:
    rule = a_rule("r", Tag("a"), SetQueue("review"), SetPriority(Priority.HIGH), Draft("thanks"), Hide("rude"))

    decision = decide([rule], some_facts_of(unsure=[Label.PRAISE]))

    assert actions_of(decision) == [Tag("a"), SetPriority(Priority.HIGH), SetQueue("review")]
    assert notes_of(decision) == [
        'Withheld while unsure: draft "thanks" (rule "r"). A person looks first.',
        'Withheld while unsure: hiding (rule "r"). A person looks first.',
    ]


def test_a_language_the_model_does_not_know_is_unsure() -> None:
    rule = a_rule("r", Reply("thanks"), mode=Mode.LIVE)

    assert decide([rule], some_facts_of(lang="de", lang_known=False)).actions == ()


def test_a_complaint_is_answered_never_hidden() -> None:
    rule = a_rule("r", Hide("bad for us"), Draft("handed-over"))

    decision = decide([rule], some_facts_of(labels=[Label.COMPLAINT]))

    assert actions_of(decision) == [Draft("handed-over")]
    assert notes_of(decision) == ['A complaint is answered, never hidden. Withheld: hiding (rule "r").']


def test_an_offensive_complaint_may_be_hidden() -> None:
    decision = decide([a_rule("r", Hide("rude"))], some_facts_of(labels=[Label.COMPLAINT, Label.OFFENSIVE]))

    assert actions_of(decision) == [Hide("rude")]


# --- clashes ---


def test_of_two_queues_that_of_the_first_rule_stands() -> None:
    decision = decide([a_rule("one", SetQueue("a")), a_rule("two", SetQueue("b"))], some_facts_of())

    assert actions_of(decision) == [SetQueue("a")]
    assert notes_of(decision) == ['queue "b" (rule "two") gives way to queue "a" (rule "one").']


def test_of_two_priorities_the_higher_stands() -> None:
    rules = [a_rule("one", SetPriority(Priority.LOW)), a_rule("two", SetPriority(Priority.URGENT))]

    decision = decide(rules, some_facts_of())

    assert actions_of(decision) == [SetPriority(Priority.URGENT)]
    assert notes_of(decision) == ['priority "low" (rule "one") gives way to priority "urgent" (rule "two").']


def test_an_escalation_brings_its_own_queue() -> None:
    decision = decide([a_rule("one", SetQueue("sales")), a_rule("two", Escalate("customer-service"))], some_facts_of())

    assert actions_of(decision) == [Escalate("customer-service")]
    assert notes_of(decision) == [
        'queue "sales" (rule "one") gives way to escalation to "customer-service" (medium) (rule "two").'
    ]


def test_a_queue_beside_an_escalation_to_it_goes_without_a_note() -> None:
    decision = decide([a_rule("r", SetQueue("sales"), Escalate("sales"))], some_facts_of())

    assert (actions_of(decision), decision.notes) == ([Escalate("sales")], ())


def test_of_two_escalations_the_first_stands() -> None:
    rules = [a_rule("one", Escalate("cs", Severity.HIGH)), a_rule("two", Escalate("cs"))]

    decision = decide(rules, some_facts_of())

    assert actions_of(decision) == [Escalate("cs", Severity.HIGH)]
    assert notes_of(decision) == [
        'escalation to "cs" (medium) (rule "two") gives way to escalation to "cs" (high) (rule "one").'
    ]


def test_identical_actions_are_taken_once_in_the_name_of_the_first_rule() -> None:
    decision = decide([a_rule("one", Tag("a")), a_rule("two", Tag("a"))], some_facts_of())

    assert (decision.actions, decision.notes) == ((Planned(Tag("a"), "one"),), ())


def test_a_draft_beats_a_reply_with_the_same_words() -> None:
    rules = [a_rule("live", Reply("thanks"), mode=Mode.LIVE), a_rule("draft", Draft("thanks"))]

    decision = decide(rules, some_facts_of())

    assert actions_of(decision) == [Draft("thanks")]
    assert notes_of(decision) == [
        'The reply "thanks" (rule "live") becomes a draft. Another rule wants these words as a draft.'
    ]


def test_two_different_answers_are_left_to_a_person() -> None:
    rules = [a_rule("one", Reply("thanks"), mode=Mode.LIVE), a_rule("two", Reply("refund"), mode=Mode.LIVE)]

    decision = decide(rules, some_facts_of())

    assert [plan.mode for plan in decision.actions] == [Mode.DRAFT, Mode.DRAFT]
    assert notes_of(decision)[0] == (
        'The reply "thanks" (rule "one") becomes a draft. Several answers were asked for: a person chooses.'
    )


def test_nothing_is_sent_by_itself_to_a_message_that_offends_or_may_be_hidden() -> None:
    reply = a_rule("r", Reply("thanks"), mode=Mode.LIVE)

    offensive = decide([reply], some_facts_of(labels=[Label.OFFENSIVE]))
    hidden = decide([reply, a_rule("h", Hide("spam"))], some_facts_of())

    assert actions_of(offensive) == [Draft("thanks")]
    assert actions_of(hidden) == [Draft("thanks"), Hide("spam")]
    assert notes_of(offensive)[0].endswith("Nothing is sent by itself to a message that offends.")
    assert notes_of(hidden)[0].endswith("Nothing is sent by itself to a message that may be hidden.")


def test_at_most_three_drafts_are_prepared() -> None:
    decision = decide([a_rule("r", *(Draft(code) for code in "abcd"))], some_facts_of())

    assert actions_of(decision) == [Draft("a"), Draft("b"), Draft("c")]
    assert notes_of(decision) == ['Left out: draft "d" (rule "r"). There are 3 drafts already.']

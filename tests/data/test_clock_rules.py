"""F57, F71, F72: rules are asked when a promise is due soon or broken, and people of the team are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import pytest

from data.store import SqlStore
from inbox import pipeline, work
from inbox.brand import Brand
from inbox.clocks import acknowledge, watch
from inbox.desk import Desk
from inbox.hours import QuietHours
from inbox.model import Actor, Label, Prediction, Severity, SlaState, Status
from inbox.people import Role
from inbox.promises import SlaTarget, SlaTargets
from inbox.sla import ChainStep
from inbox.switches import CRISIS
from inbox.views import ConversationView, QueueFilter
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.data.steps import the_conversation
from tests.data.test_racing import at_once
from tests.inbox.builders import ALWAYS_OPEN, NOON, PARIS, a_prediction, a_response

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEA = Actor.person("Léa")
TEAM = ("Léa", "Inès", "Paul")
HANDED = """
[[rule]]
name = "complaints"
when = { label = "complaint" }
then = [{ action = "escalate", queue = "sav", severity = "high" }]
"""
CALLS_PAUL = """
[[rule]]
name = "late"
when = { label = "complaint", sla = "breached", sla_of = "first_response" }
then = [{ action = "notify", to = "paul", text = "Regardez, s'il vous plaît." }]
"""


class Judge:
    """Finds in a text the labels that it names."""

    version = "judge"

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        return [
            a_prediction(
                *(label for label in Label if label in text),
                severity=Severity.CRITICAL if Label.OFFENSIVE in text else None,
            )
            for text in texts
        ]


class Shop:
    """A brand with a team and a rule book, at whatever moment a test says. High means two hours and sixteen."""

    def __init__(self, store: SqlStore, rules: str, **more: Any) -> None:
        self.store = store
        self.clock = AClock(NOON)
        self.desk = Desk(
            Brand(
                "Loriot",
                ALWAYS_OPEN,
                teams={"sav": {}, "chief": {}, "customer-service": {}},
                quiet=more.pop("quiet", None),
            ),
            store,
            Judge(),
            read_rule_book(HANDED + rules, responses=["sorry"]),
            1,
            {"sorry": a_response(code="sorry")},
            self.clock,
            chain=more.pop("chain", ()),
            **more,
        )
        with store.begin() as books:
            for name in TEAM:
                books.meet(name, role=Role.AGENT, now=NOON)

    def hears(self, text: str = "complaint", **more: Any) -> ConversationView:
        said = a_message(text, sent_at=more.pop("sent_at", self.clock.now), **more)
        pipeline.receive(self.store, [said], clock=self.clock)
        while pipeline.triage(self.desk):
            pass
        with self.store.read() as books:
            stored = books.find_message(said.channel, said.external_id)
        assert stored is not None
        return the_conversation(self.store, stored.conversation_id)

    def at(self, after: timedelta) -> ConversationView:
        self.clock.now = NOON + after
        watch(self.desk)
        return self.view

    @property
    def view(self) -> ConversationView:
        return the_conversation(self.store, 1)

    def lines(self, what: str) -> list[dict[str, Any]]:
        return [dict(line.facts) for line in self.view.audit if line.what == what]

    def calls(self, board: str = "discord", *, urgent_only: bool = False) -> int:
        with self.store.read() as books:
            return len(books.wanted_pings(board, limit=99, urgent_only=urgent_only))

    def put_up(self, board: str = "discord") -> list[Any]:
        with self.store.begin() as books:
            for one in books.wanted_pings(board, limit=99):
                books.begin_ping(board, one, now=self.clock())
            return books.pings_on(board)


# --- the rule book is asked when a clock runs out ---


def test_f71_a_broken_promise_is_told_once_and_the_rules_that_ask_for_it_are_asked_once(store: SqlStore):
    shop = Shop(store, CALLS_PAUL)
    shop.hears()
    shop.at(119 * MINUTE)
    before = shop.calls()
    shop.at(2 * HOUR)
    shop.at(3 * HOUR)

    assert before == 0
    assert len(shop.lines("escalation.breached")) == 1
    (decided,) = shop.lines("escalation.decided")
    assert (decided["event"], decided["actions"][0]["action"]) == ("first:breached", "notify")
    (called,) = shop.lines("rule.called")
    assert called["people"] == ["Paul"]
    (call,) = shop.put_up()
    assert (call.rule, call.says, str(call.why)) == ("late", "Regardez, s'il vous plaît.", "The first answer is late.")


def test_f71_several_processes_ask_the_rules_once(store: SqlStore):
    shop = Shop(store, CALLS_PAUL)
    shop.hears()
    shop.clock.now = NOON + 2 * HOUR

    at_once(lambda _: watch(shop.desk))

    assert [len(shop.lines(what)) for what in ("escalation.breached", "escalation.decided", "rule.called")] == [1, 1, 1]


def test_f71_who_is_killed_while_rules_are_asked_has_done_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch):
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    shop = Shop(store, CALLS_PAUL)
    shop.hears()
    with monkeypatch.context() as patched:
        patched.setattr("data.store.SqlBooks.keep_call", die)
        with pytest.raises(KeyboardInterrupt):
            shop.at(2 * HOUR)
    killed = len(shop.lines("escalation.breached")), shop.calls()
    shop.at(2 * HOUR)

    assert killed == (0, 0)
    assert (len(shop.lines("escalation.breached")), shop.calls()) == (1, 1)


def test_f71_each_promise_and_each_of_its_states_is_asked_about_apart(store: SqlStore):
    watched = """
[[rule]]
name = "watch"
when = { sla = ["due_soon", "breached"] }
then = [{ action = "tag", tag = "watched" }]
"""
    shop = Shop(store, watched)
    shop.hears()
    for minutes in (91, 120, 13 * 60, 16 * 60, 20 * 60):
        shop.at(minutes * MINUTE)

    assert [one["event"] for one in shop.lines("escalation.decided")] == [
        "first:due_soon",
        "first:breached",
        "resolution:due_soon",
        "resolution:breached",
    ]
    assert shop.view.tags == ("watched",)


def test_f71_what_a_rule_does_when_a_promise_is_broken_is_done(store: SqlStore):
    does = """
[[rule]]
name = "does"
when = { sla = "breached" }
then = [
  { action = "tag", tag = "late" }, { action = "priority", level = "urgent" }, { action = "assign", to = "INES" },
  { action = "escalate", queue = "chief", severity = "critical" }, { action = "draft", response = "sorry" },
]
""".replace("INES", "Inès")
    shop = Shop(store, does)
    before = shop.hears()
    view = shop.at(2 * HOUR)

    assert (view.tags, view.assignee, view.queue) == (("late",), "Inès", "chief")
    assert view.priority == before.priority + 40 + 60
    assert view.priority_parts["rule:urgent"] == 60
    assert view.escalation is not None
    assert (view.escalation.queue, view.escalation.severity) == ("chief", Severity.CRITICAL)
    assert [draft.response for draft in view.drafts] == ["sorry"]
    assert (len(view.escalations), view.sends) == (1, ())


def test_f71_nothing_is_sent_closed_or_proposed_because_time_has_passed(store: SqlStore):
    does = """
[[rule]]
name = "does"
when = { sla = "breached" }
then = [{ action = "reply", response = "sorry" }, { action = "lead" }]
mode = "live"
"""
    shop = Shop(store, does)
    shop.hears()
    view = shop.at(2 * HOUR)

    assert (view.sends, view.drafts, view.tags, view.status) == ((), (), (), Status.OPEN)
    (decided,) = shop.lines("escalation.decided")
    assert len(decided["notes"]) == 2


def test_f71_a_rule_in_shadow_says_what_it_would_have_done_and_a_persons_label_counts(store: SqlStore):
    shop = Shop(store, CALLS_PAUL + 'mode = "shadow"\n')
    shop.hears()
    shop.at(2 * HOUR)

    assert shop.calls() == 0
    (decided,) = shop.lines("escalation.decided")
    assert (decided["actions"], len(decided["notes"])) == ([], 1)


def test_f71_a_message_meets_no_rule_about_promises_and_a_promise_none_about_messages(store: SqlStore):
    every = '\n[[rule]]\nname = "all"\nwhen = {}\nthen = [{ action = "tag", tag = "seen" }]\nstop = true\n'
    shop = Shop(store, every + CALLS_PAUL)
    view = shop.hears()
    shop.at(2 * HOUR)

    decision = view.messages[-1].decision
    assert decision is not None
    assert decision.because == ("complaints", "all")
    (decided,) = shop.lines("escalation.decided")
    assert [one["rule"] for one in decided["actions"]] == ["late"]


def test_f71_what_is_late_is_listed_and_counted_until_it_is_answered_for(store: SqlStore):
    shop = Shop(store, "")
    shop.hears()
    shop.hears("praise", author="lou", thread="two")
    shop.at(91 * MINUTE)
    with store.read() as books:
        soon = books.queue(QueueFilter(sla=SlaState.DUE_SOON)), books.sla_counts()
    shop.at(2 * HOUR)
    with store.read() as books:
        late = books.queue(QueueFilter(sla=SlaState.BREACHED)), books.sla_counts()
        no_more = books.queue(QueueFilter(sla=SlaState.DUE_SOON))
    work.resolve(shop.desk, 1, by=LEA)
    with store.read() as books:
        done = books.queue(QueueFilter(sla=SlaState.BREACHED)), books.sla_counts()

    assert [[one.conversation_id for one in items] for items, _ in (soon, late, done)] == [[1], [1], []]
    assert no_more == []
    counts = [(told[SlaState.DUE_SOON], told[SlaState.BREACHED]) for _, told in (soon, late, done)]
    assert counts == [(1, 0), (0, 1), (0, 0)]


# --- notify: whom a rule calls ---

VIP = '\n[[rule]]\nname = "vip"\nwhen = {{ label = "praise" }}\nthen = [{{ action = "notify", to = "{to}" }}]\n'


@pytest.mark.parametrize(
    ("to", "people"),
    [
        ("paul", ["Paul"]),
        ("@Paul", ["Paul"]),
        ("Somebody", ["Somebody"]),
        ("team:sav", ["Léa"]),
        ("team:customer-service", ["Inès", "Léa", "Paul"]),
        ("channel:staff", []),
    ],
)
def test_f57_a_rule_calls_one_of_the_team_a_queue_or_the_room(store: SqlStore, to: str, people: list[str]):
    shop = Shop(store, VIP.format(to=to), chains={"sav": (ChainStep(15 * MINUTE, ("Léa",)),)})
    shop.hears("praise")

    assert [one["people"] for one in shop.lines("rule.called")] == [people]
    assert (shop.calls("discord"), shop.calls("telegram")) == (1, 1)
    assert shop.view.sends == ()


def test_f57_the_room_of_one_channel_hears_of_it_alone(store: SqlStore):
    shop = Shop(store, VIP.format(to="channel:telegram"))
    shop.hears("praise")

    assert (shop.calls("discord"), shop.calls("telegram")) == (0, 1)


def test_f72_who_is_absent_has_his_deputy_called_by_a_rule_too(store: SqlStore):
    shop = Shop(store, VIP.format(to="Paul"))
    with store.begin() as books:
        paul = next(one for one in books.moderators() if one.name == "Paul")
        books.change_moderator(paul.id, absent_since=NOON, deputy="Inès")
    shop.hears("praise")

    assert [one["people"] for one in shop.lines("rule.called")] == [["Inès"]]


def test_a_rule_calls_once_while_the_contact_waits_and_again_after_he_was_answered(store: SqlStore):
    shop = Shop(store, VIP.format(to="Paul"))
    shop.hears("praise")
    shop.hears("praise again")
    once = len(shop.lines("rule.called"))
    work.resolve(shop.desk, 1, by=LEA)
    shop.clock.now += HOUR
    shop.hears("praise once more")

    assert (once, len(shop.lines("rule.called"))) == (1, 2)


def test_nobody_is_called_about_what_is_a_day_old_such_as_an_import(store: SqlStore):
    shop = Shop(store, VIP.format(to="Paul"))
    shop.hears("praise", sent_at=NOON - 25 * HOUR)

    assert shop.lines("rule.called") == []


def test_a_call_is_over_once_somebody_has_answered_for_it(store: SqlStore):
    shop = Shop(store, CALLS_PAUL)
    shop.hears()
    shop.at(2 * HOUR)
    (waits,) = shop.put_up()
    shop.clock.advance(MINUTE)
    acknowledge(shop.desk, 1, by=LEA)
    (seen,) = shop.put_up()

    assert (waits.is_over, seen.is_over, seen.accepted_by) == (False, True, "Léa")


def test_a_call_that_was_over_before_it_was_put_up_is_never_put_up(store: SqlStore):
    shop = Shop(store, VIP.format(to="Paul"))
    shop.hears("praise")
    work.resolve(shop.desk, 1, by=LEA)

    assert shop.calls() == 0


# --- F57: quiet hours ---

NIGHT = QuietHours(PARIS, ((time(13), time(15)),))
"""Noon in UTC is two o'clock in Paris."""


def test_f57_calls_wait_until_quiet_hours_end_but_for_what_is_critical_and_in_a_crisis(store: SqlStore):
    shop = Shop(
        store,
        VIP.format(to="Paul") + VIP.format(to="Paul").replace("vip", "rude").replace("praise", "offensive"),
        quiet=NIGHT,
    )
    shop.hears("praise")
    shop.hears("offensive", author="lou", thread="two")

    assert shop.desk.brand.is_quiet(shop.clock())
    assert (shop.calls(), shop.calls(urgent_only=True)) == (2, 1)
    with store.begin() as books:
        books.set_switch(CRISIS, on=True, by=LEA, now=NOON)
    assert not shop.desk.brand.is_quiet(NOON + HOUR)


# --- chains and targets of one's own ---


def test_f72_a_queue_has_its_own_chain(store: SqlStore):
    chains = {"sav": (ChainStep(5 * MINUTE, ("Inès",)), ChainStep(10 * MINUTE, ("Paul",), queue="chief"))}
    shop = Shop(store, "", chain=(ChainStep(15 * MINUTE, ("Léa",)), ChainStep(30 * MINUTE, ("Inès",))), chains=chains)
    shop.hears()
    for minutes in (5, 10, 15, 29, 30, 60):
        shop.at(minutes * MINUTE)

    # In the queue it came to, what the chain there had done by then is behind it.
    assert [one["people"] for one in shop.lines("escalation.called")] == [["Inès"], ["Paul"], ["Léa"], ["Inès"]]
    assert shop.view.queue == "chief"


def test_f71_targets_by_label_and_channel_count_for_rules_people_and_further_answers(store: SqlStore):
    targets = SlaTargets(
        (
            SlaTarget(channels=frozenset({"telegram"}), first_response=HOUR, next_response=30 * MINUTE),
            SlaTarget(labels=frozenset({Label.COMPLAINT}), first_response=5 * HOUR, resolution=9 * HOUR),
        )
    )
    shop = Shop(store, "", targets=targets)
    by_rule = shop.hears().escalations[-1]
    by_hand = work.escalate(shop.desk, shop.hears("praise", channel="discord").id, by=LEA).escalations[-1]

    assert (by_rule.first_response_due_at, by_rule.resolution_due_at) == (NOON + HOUR, NOON + 9 * HOUR)
    assert by_rule.answer_within == 30 * MINUTE
    assert by_hand.first_response_due_at == NOON + 4 * HOUR

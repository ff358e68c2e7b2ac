"""F42: a junior's reply to a complaint waits until a colleague approves it, with his changes or without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.store import SqlStore
from inbox.approval import awaiting, decline
from inbox.approval_policy import ApprovalPolicy
from inbox.corrections import correct
from inbox.drafting import write_draft
from inbox.errors import AwaitsApproval, NotAllowed, NotPossible
from inbox.model import Actor, Label
from inbox.people import Role
from inbox.replies import send_draft
from inbox.views import DraftState
from tests.data.steps import the_conversation
from tests.data.test_rules_at_work import Shop, rule
from tests.inbox.builders import NOON

LEA, INES, NOE = Actor.person("Léa"), Actor.person("Ines"), Actor.person("Noé")
BOOK = rule('{ action = "draft", response = "thanks" }')
JUNIORS = ApprovalPolicy(roles=frozenset({Role.AGENT}), labels=frozenset({Label.COMPLAINT}))


def a_shop(store: SqlStore, *labels: Label, policy: ApprovalPolicy = JUNIORS) -> Shop:
    """A desk where Léa and Noé are agents, Ines moderates, and one message has been said."""
    shop = Shop(store, BOOK)
    shop.desk = replace(shop.desk, approval=policy)
    with store.begin() as books:
        for name, role in (("Léa", Role.AGENT), ("Noé", Role.AGENT), ("Ines", Role.MODERATOR)):
            books.meet(name, role=role, now=NOON)
    shop.hears_one()
    last = the_conversation(store).last
    assert last is not None
    correct(shop.desk, last.id, after=labels, by=INES)
    return shop


def a_reply(shop: Shop, text: str = "Nous regardons cela de près.") -> int:
    return write_draft(shop.desk, the_conversation(shop.store).id, text=text, by=LEA).id


def lines(shop: Shop, what: str) -> list[tuple[str, dict[str, object]]]:
    return [(line.actor.name, dict(line.facts)) for line in the_conversation(shop.store).audit if line.what == what]


def test_f42_a_juniors_reply_to_a_complaint_stays_awaiting_approval(store: SqlStore):
    shop = a_shop(store, Label.COMPLAINT)
    number = a_reply(shop)

    with pytest.raises(AwaitsApproval):
        send_draft(shop.desk, number, by=LEA, text="Nous regardons.")

    [waits] = awaiting(shop.desk)
    assert (waits.id, waits.text, waits.asked_by, waits.awaits_approval) == (number, "Nous regardons.", "Léa", True)
    assert the_conversation(store).sends == ()
    assert [who for who, _ in lines(shop, "draft.asked")] == ["Léa"]


def test_f42_approve_with_edit_sends_the_edited_text_and_logs_both(store: SqlStore):
    shop = a_shop(store, Label.COMPLAINT)
    number = a_reply(shop)
    with pytest.raises(AwaitsApproval):
        send_draft(shop.desk, number, by=LEA)

    sent = send_draft(shop.desk, number, by=INES, text="Nous regardons cela, et revenons vers vous.")

    assert (sent.text, sent.actor) == ("Nous regardons cela, et revenons vers vous.", INES)
    [(who, facts)] = lines(shop, "draft.approved")
    assert (who, facts["asked_by"], facts["changed"]) == ("Ines", "Léa", True)
    assert awaiting(shop.desk) == []


def test_f42_nobody_approves_his_own_nor_another_juniors(store: SqlStore):
    shop = a_shop(store, Label.COMPLAINT)
    number = a_reply(shop)
    with pytest.raises(AwaitsApproval):
        send_draft(shop.desk, number, by=LEA)

    with pytest.raises(NotAllowed):
        send_draft(shop.desk, number, by=NOE)
    with pytest.raises(AwaitsApproval):
        send_draft(shop.desk, number, by=LEA)
    shop.desk = replace(shop.desk, approval=ApprovalPolicy())
    with pytest.raises(NotAllowed):
        send_draft(shop.desk, number, by=LEA)

    assert the_conversation(store).sends == ()


def test_what_is_no_complaint_and_whoever_need_not_ask_send_at_once(store: SqlStore):
    shop = a_shop(store, Label.PRAISE)

    assert send_draft(shop.desk, a_reply(shop), by=LEA).actor == LEA


def test_a_reply_that_is_declined_is_an_open_draft_again_with_a_note_for_who_wrote_it(store: SqlStore):
    shop = a_shop(store, Label.COMPLAINT)
    number = a_reply(shop)
    with pytest.raises(AwaitsApproval):
        send_draft(shop.desk, number, by=LEA)
    with pytest.raises(NotPossible):
        decline(shop.desk, number, by=INES, why=" ")

    kept = decline(shop.desk, number, by=INES, why="Trop sec.")

    assert (kept.state, kept.asked_by) == (DraftState.OPEN, None)
    [told] = the_conversation(store).notes
    assert (told.author, told.text, told.mentions) == ("Ines", "Trop sec.", ("Léa",))
    with pytest.raises(NotPossible):
        decline(shop.desk, number, by=INES, why="Encore.")

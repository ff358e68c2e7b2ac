"""The last look before something leaves, and what happens after a failure."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from inbox.delivery import MOST_ATTEMPTS, DueSend, Look, last_look, next_attempt
from inbox.model import Actor
from inbox.outgoing import OutboxKind
from tests.inbox.builders import NOON, a_due_send

INES = Actor.person("Inès")


@pytest.mark.parametrize(
    ("send", "look", "why"),
    [
        (a_due_send(), Look.GO, None),
        (a_due_send(message_deleted=True), Look.REFUSE, "The author has deleted the message."),
        (a_due_send(message_version_now=2), Look.REFUSE, "The author has edited the message."),
        (a_due_send(unsure_now=True), Look.REFUSE, "The labels of the message are not sure any more."),
        (a_due_send(human_replied_at=NOON), Look.REFUSE, "A person has answered already."),
        (a_due_send(automatic_lately=2), Look.GO, None),
        (
            a_due_send(automatic_lately=3),
            Look.REFUSE,
            "This contact has had 3 automatic replies within the hour: a person goes on.",
        ),
        (
            a_due_send(text="Bonjour {{contact.first_name}}"),
            Look.REFUSE,
            "Nothing fills the blank contact.first_name. Write the words yourself, or give it a default.",
        ),
    ],
)
def test_what_a_rule_sends_leaves_unless_the_world_has_changed(send: DueSend, look: Look, why: str | None):
    looked, said = last_look(send, paused=False, replies_an_hour=3)

    assert (looked, said and str(said)) == (look, why)


@pytest.mark.parametrize(
    ("send", "look"),
    [
        (a_due_send(actor=INES), Look.GO),
        (a_due_send(actor=INES, unsure_now=True), Look.GO),
        (a_due_send(actor=INES, human_replied_at=NOON), Look.GO),
        (a_due_send(actor=INES, automatic_lately=9), Look.GO),
        (a_due_send(actor=INES, message_deleted=True), Look.REFUSE),
        (a_due_send(actor=INES, message_version_now=2), Look.REFUSE),
        (a_due_send(actor=INES, text="Bonjour {{contact.first_name}}"), Look.REFUSE),
    ],
)
def test_what_a_person_sends_is_stopped_only_by_what_that_person_cannot_have_seen(send: DueSend, look: Look):
    looked, _ = last_look(send, paused=False, replies_an_hour=3)

    assert looked is look


@pytest.mark.parametrize("kind", [OutboxKind.DELETE, OutboxKind.TIMEOUT, OutboxKind.NOTICE, OutboxKind.RETRACT])
def test_what_is_no_reply_is_done_though_its_message_is_gone(kind: OutboxKind):
    looked, _ = last_look(a_due_send(actor=INES, kind=kind, message_deleted=True), paused=True, replies_an_hour=3)

    assert looked is Look.GO


def test_a_pause_holds_what_rules_send():
    looked, why = last_look(a_due_send(), paused=True, replies_an_hour=3)

    assert (looked, str(why)) == (Look.HOLD, "Automatic sending is paused.")


def test_a_pause_lets_people_send():
    looked, _ = last_look(a_due_send(actor=INES), paused=True, replies_an_hour=3)

    assert looked is Look.GO


def test_what_must_not_leave_is_refused_during_a_pause_too():
    looked, _ = last_look(a_due_send(message_deleted=True), paused=True, replies_an_hour=3)

    assert looked is Look.REFUSE


def test_the_first_try_again_comes_soon():
    assert next_attempt(1, now=NOON) == NOON + timedelta(seconds=5)


def test_every_wait_is_twice_the_one_before_up_to_an_hour():
    again = [next_attempt(attempts, now=NOON) for attempts in range(1, MOST_ATTEMPTS)]

    waits = [at - NOON for at in again if at is not None]

    assert len(waits) == MOST_ATTEMPTS - 1
    assert all(longer == min(2 * shorter, timedelta(hours=1)) for shorter, longer in pairwise(waits))


def test_after_enough_attempts_a_person_must_look():
    assert next_attempt(MOST_ATTEMPTS, now=NOON) is None

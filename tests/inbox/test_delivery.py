"""The last look before something leaves, and what happens after a failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.abilities import META_WINDOWS, Abilities
from inbox.delivery import (
    MOST_ATTEMPTS,
    DueSend,
    Look,
    Terms,
    disclosure_for,
    last_look,
    leaves_as_person,
    next_attempt,
)
from inbox.lengths import X_LONGEST, x_weight
from inbox.model import Actor, Label, Visibility
from inbox.outgoing import INSIDE, OutboxKind
from inbox.responses import Polarity
from inbox.sentences import Sentence
from inbox.variety import Said
from tests.inbox.builders import NOON, a_due_send, some_terms

INES = Actor.person("Inès")
META = Abilities(windows=META_WINDOWS)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
THANKS = "Merci Camille, toute l’équipe lit votre message avec plaisir !"
PRAISE, COMPLAINT, OFFENSIVE = (Label.PRAISE,), (Label.COMPLAINT,), (Label.OFFENSIVE,)


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
def test_f38_f54_f55_what_a_rule_sends_leaves_unless_the_world_has_changed(send: DueSend, look: Look, why: str | None):
    looked, said = last_look(send, some_terms())

    assert (looked, said and str(said)) == (look, why)


def why_not(send: DueSend, **terms: Any) -> str | None:
    looked, why = last_look(send, some_terms(**terms))
    assert (looked is Look.REFUSE) == (why is not None)
    return None if why is None else str(why)


@pytest.mark.parametrize(
    ("send", "look"),
    [
        (a_due_send(actor=INES), Look.GO),
        (a_due_send(actor=INES, unsure_now=True), Look.GO),
        (a_due_send(actor=INES, human_replied_at=NOON), Look.GO),
        (a_due_send(actor=INES, automatic_lately=9), Look.GO),
        (a_due_send(actor=INES, brand_lately=999), Look.GO),
        (a_due_send(actor=INES, labels_then=PRAISE, labels_now=OFFENSIVE), Look.GO),
        (a_due_send(actor=INES, text=THANKS, before=(Said(THANKS, ""),)), Look.GO),
        (a_due_send(actor=INES, message_deleted=True), Look.REFUSE),
        (a_due_send(actor=INES, message_version_now=2), Look.REFUSE),
        (a_due_send(actor=INES, text="Bonjour {{contact.first_name}}"), Look.REFUSE),
    ],
)
def test_what_a_person_sends_is_stopped_only_by_what_that_person_cannot_have_seen(send: DueSend, look: Look):
    looked, _ = last_look(send, some_terms())

    assert looked is look


# --- the label still stands ---


def test_f45_a_label_that_a_person_has_taken_away_takes_the_reply_back():
    changed = a_due_send(labels_then=PRAISE, labels_now=COMPLAINT)

    assert why_not(changed) == "A person has said since that the message is something else."


def test_a_label_that_a_person_has_added_keeps_nothing_back():
    assert why_not(a_due_send(labels_then=PRAISE, labels_now=(Label.PRAISE, Label.SALES_LEAD))) is None


def test_what_a_person_has_called_offensive_is_not_answered_by_a_rule():
    added = a_due_send(labels_then=PRAISE, labels_now=(Label.PRAISE, Label.OFFENSIVE))

    assert why_not(added) == "The message is offensive: a person decides whether it is answered."


# --- the words ---


def test_f45_an_apology_never_leaves_for_a_praise():
    sorry = a_due_send(
        text="Nous sommes désolés de cette expérience.",
        message_text="Best Pizza Ever!",
        labels_then=PRAISE,
        labels_now=PRAISE,
        lang="fr",
    )

    assert last_look(sorry, some_terms(polarity=Polarity.APOLOGY))[0] is Look.REFUSE


def test_f40_words_that_were_just_said_to_somebody_else_wait_for_a_person():
    again = a_due_send(text=THANKS, contact_name="Camille Roy", before=(Said(THANKS.replace("Camille", "Lou"), "Lou"),))

    assert why_not(again) == "The same words have just been said to somebody else: say it in other words."


def test_f40_the_parts_of_a_long_reply_are_no_repeats():
    assert why_not(a_due_send(text=THANKS, part=1, before=(Said(THANKS, ""),))) is None


def test_what_was_begun_is_said_to_its_end_whatever_the_caps():
    assert why_not(a_due_send(part=1, automatic_lately=3, brand_lately=200)) is None


def test_words_that_are_too_long_for_their_channel_are_refused():
    narrow = Abilities(longest=5)

    assert why_not(a_due_send(text="Merci !"), abilities=narrow) == (
        "The text has 7 characters where the channel takes 5. Shorten it, or let long replies be split."
    )


# --- the caps ---


def test_f54_the_brand_sends_only_so_much_by_itself_within_an_hour():
    assert why_not(a_due_send(brand_lately=199)) is None
    assert why_not(a_due_send(brand_lately=200)) == (
        "200 automatic replies have left within the hour: a person goes on."
    )


# --- the window ---


@pytest.mark.parametrize(
    ("hours", "by", "why"),
    [
        (24, None, None),
        (
            25,
            None,
            "The contact last wrote more than 1 day ago: on this channel only a person may answer now, within 7 days.",
        ),
        (25, INES, None),
        (
            169,
            INES,
            "The contact last wrote more than 7 days ago: on this channel nothing may follow until he writes again.",
        ),
    ],
)
def test_f46_a_private_message_is_answered_within_its_window(hours: int, by: Actor | None, why: str | None):
    send = a_due_send(actor=by, visibility=Visibility.PRIVATE, wrote_at=NOON - hours * HOUR)

    assert why_not(send, abilities=META) == why


def test_f46_a_private_reply_to_a_comment_of_eight_days_ago_is_refused_and_the_public_way_is_shown():
    send = a_due_send(actor=INES, wrote_at=NOON - 8 * DAY, is_private_reply=True)

    assert why_not(send, abilities=META) == (
        "The message is older than 7 days: on this channel no private reply may follow. Answer in public, and ask the"
        " contact to write to you."
    )
    assert why_not(replace(send, is_private_reply=False), abilities=META) is None


@pytest.mark.parametrize(("hours", "by", "told"), [(24, INES, False), (25, INES, True), (25, None, False)])
def test_f46_the_channel_is_told_that_a_person_sends_where_only_people_may(hours: int, by: Actor | None, *, told: bool):
    send = a_due_send(actor=by, visibility=Visibility.PRIVATE, wrote_at=NOON - hours * HOUR)

    assert leaves_as_person(send, some_terms(abilities=META)) is told


def test_a_channel_without_windows_is_never_closed():
    assert why_not(a_due_send(visibility=Visibility.PRIVATE, wrote_at=NOON - 400 * DAY)) is None


# --- the line above ---


@pytest.mark.parametrize(
    ("send", "line"),
    [
        (a_due_send(), "Réponse automatique"),
        (a_due_send(has_spoken=True), None),
        (a_due_send(part=1), None),
        (a_due_send(actor=INES), None),
        (a_due_send(actor=INES, disclosure="Réponse automatique"), None),
        (a_due_send(kind=OutboxKind.NOTICE), None),
        (a_due_send(disclosure="Réponse automatique", has_spoken=True), "Réponse automatique"),
    ],
)
def test_f47_the_first_automatic_message_of_a_conversation_says_so(send: DueSend, line: str | None):
    assert disclosure_for(send, some_terms(disclosure="Réponse automatique")) == line


def test_f47_without_a_line_nothing_is_added():
    assert disclosure_for(a_due_send(), some_terms()) is None


def test_f47_the_line_counts_in_the_length():
    on_x = Abilities(longest=X_LONGEST, measure=x_weight)
    send = a_due_send(text="a" * 275)

    assert why_not(send, abilities=on_x) is None
    assert "295" in (why_not(send, abilities=on_x, disclosure="Réponse automatique") or "")


# --- whatever comes ---


def some_sends() -> st.SearchStrategy[DueSend]:
    """Rows of the outbox in every state of the world that the look knows."""
    labels = st.lists(st.sampled_from(Label), unique=True).map(tuple)
    return st.builds(
        a_due_send,
        actor=st.sampled_from([None, INES]),
        text=st.sampled_from(["Merci !", THANKS, "Bonjour {{contact.first_name}}"]),
        message_deleted=st.booleans(),
        message_version_now=st.integers(1, 2),
        human_replied_at=st.sampled_from([None, NOON]),
        unsure_now=st.booleans(),
        kind=st.sampled_from(OutboxKind),
        automatic_lately=st.integers(0, 4),
        brand_lately=st.integers(0, 3),
        before=st.sampled_from([(), (Said(THANKS, ""),)]),
        labels_then=labels,
        labels_now=labels,
        visibility=st.sampled_from(Visibility),
        wrote_at=st.sampled_from([None, NOON, NOON - 25 * HOUR, NOON - 8 * DAY]),
        part=st.integers(0, 1),
    )


def some_settings() -> st.SearchStrategy[Terms]:
    return st.builds(
        some_terms,
        paused=st.booleans(),
        replies_an_hour=st.integers(0, 4),
        replies_a_brand=st.integers(0, 3),
        abilities=st.sampled_from([Abilities(), META]),
        disclosure=st.sampled_from(["", "Réponse automatique"]),
    )


@given(send=some_sends(), terms=some_settings())
def test_no_rule_speaks_where_anything_speaks_against_it(send: DueSend, terms: Terms):
    looked, _ = last_look(send, terms)

    if send.is_automatic_reply and looked is Look.GO:
        assert not terms.paused
        assert not send.message_deleted
        assert send.message_version_now == send.message_version_then
        assert not send.unsure_now
        assert send.human_replied_at is None
        assert set(send.labels_then) <= set(send.labels_now)
        assert Label.OFFENSIVE not in send.labels_now
        assert "{{" not in send.text
        assert send.is_later_part or send.automatic_lately < terms.replies_an_hour
        assert send.is_later_part or send.brand_lately < terms.replies_a_brand


@given(send=some_sends(), terms=some_settings())
def test_a_refusal_has_a_reason_and_going_has_none(send: DueSend, terms: Terms):
    looked, why = last_look(send, terms)

    assert (why is None) == (looked is Look.GO)


@given(send=some_sends(), terms=some_settings(), reply=st.booleans())
def test_a_worse_world_never_lets_out_what_was_kept(send: DueSend, terms: Terms, *, reply: bool):
    """What was refused stays refused when more speaks against it."""
    worse = replace(send, message_deleted=True) if reply else replace(send, human_replied_at=NOON, unsure_now=True)

    if last_look(send, terms)[0] is Look.REFUSE:
        assert last_look(worse, terms)[0] is Look.REFUSE


@given(send=some_sends(), terms=some_settings())
def test_a_pause_lets_out_only_what_people_ask_for_what_frees_and_what_stays_inside(send: DueSend, terms: Terms):
    looked, _ = last_look(send, replace(terms, paused=True))

    if looked is Look.GO:
        assert send.actor.is_person or send.outgoing.kind in INSIDE or send.outgoing.frees


# --- what is no reply, and pauses ---


@pytest.mark.parametrize("kind", [OutboxKind.DELETE, OutboxKind.TIMEOUT, OutboxKind.NOTICE, OutboxKind.RETRACT])
def test_what_is_no_reply_is_done_though_its_message_is_gone(kind: OutboxKind):
    looked, _ = last_look(a_due_send(actor=INES, kind=kind, message_deleted=True), some_terms(paused=True))

    assert looked is Look.GO


def test_a_pause_holds_what_rules_send():
    assert last_look(a_due_send(), some_terms(paused=True)) == (Look.HOLD, Sentence("Automatic sending is paused."))


def test_a_pause_lets_people_send():
    assert last_look(a_due_send(actor=INES), some_terms(paused=True))[0] is Look.GO


def test_what_must_not_leave_is_refused_during_a_pause_too():
    assert last_look(a_due_send(message_deleted=True), some_terms(paused=True))[0] is Look.REFUSE


# --- after a failure ---


def test_the_first_try_again_comes_soon():
    assert next_attempt(1, now=NOON) == NOON + timedelta(seconds=5)


def test_every_wait_is_twice_the_one_before_up_to_an_hour():
    again = [next_attempt(attempts, now=NOON) for attempts in range(1, MOST_ATTEMPTS)]

    waits = [at - NOON for at in again if at is not None]

    assert len(waits) == MOST_ATTEMPTS - 1
    assert all(longer == min(2 * shorter, timedelta(hours=1)) for shorter, longer in pairwise(waits))


def test_after_enough_attempts_a_person_must_look():
    assert next_attempt(MOST_ATTEMPTS, now=NOON) is None

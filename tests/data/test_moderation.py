"""Acting on messages and their authors: numbered cases with evidence, each act queued once, the mildest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.store import SqlStore, open_store
from inbox.audit import verify
from inbox.cases import CaseAct, Order
from inbox.changes import receive_deletion, receive_edit
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor, Attachment, Label, Standing
from inbox.moderation import change_reason, list_cases, moderate, undo
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import SendState
from tests.builders import a_message
from tests.data.moderating import DAY, DELETES, HIDES, HOLD, HOUR, INES, INSULT, TOM, Group, kinds
from tests.data.steps import a_person_replies, send_out, the_conversation
from tests.data.test_racing import at_once
from tests.inbox.builders import NOON, a_prediction


@pytest.fixture
def group(store: SqlStore) -> Group:
    return Group(store)


def test_f59_each_act_is_queued_once_after_the_notice_and_leaves(group: Group):
    says = [group.say(channel="forum", author=f"author-{n}") for n in range(7)]
    group.act(CaseAct.HIDE, says[0])
    group.act(CaseAct.DELETE, says[1])
    group.act(CaseAct.WARN, says[2])
    group.act(CaseAct.TIMEOUT, says[3], duration=HOUR)
    group.act(CaseAct.KICK, says[4])
    group.act(CaseAct.BAN, says[5])
    group.act(CaseAct.SLOW_MODE, says[6], duration=timedelta(seconds=30))

    at_first = group.deliver()
    group.clock.advance(HOLD)
    later = group.deliver()

    assert sorted(kinds(at_first)) == ["ban", "hide", "notice", "notice", "notice", "slow_mode", "timeout"]
    assert sorted(kinds(later)) == ["delete", "kick", "notice", "notice", "notice"]
    assert group.deliver() == []
    for number in range(1, 7):
        case = group.case(number)
        assert case.notice is not None
        assert case.sends[0] == case.notice
        assert {send.state for send in case.sends} == {SendState.SENT}


def test_f59_where_a_channel_hides_that_is_the_mildest_and_where_it_cannot_the_refusal_says_what_is(group: Group):
    assert (HIDES.removal, DELETES.removal) == (OutboxKind.HIDE, OutboxKind.DELETE)

    with pytest.raises(NotPossible, match=r"to hide a message on telegram\. You can delete a message there"):
        group.act(CaseAct.HIDE, group.say())
    with pytest.raises(NotPossible, match="not possible to slow a thread down on telegram"):
        group.act(CaseAct.SLOW_MODE, group.say(), duration=HOUR)


def test_f59_without_a_reason_nothing_is_done(group: Group):
    with pytest.raises(NotPossible, match="Say why"):
        group.act(CaseAct.DELETE, group.say(), reason="  \n")

    assert list_cases(group.desk) == []
    assert group.deliver() == []


def test_an_act_reaches_the_channel_with_its_target_its_end_and_the_contact(group: Group):
    message_id = group.hear(replace(a_message(INSULT, external_id="g:7"), place="group-1"))
    moderate(group.desk, Order(CaseAct.BAN, message_id, "Insults", duration=DAY, delete_seconds=3600), by=INES)

    with group.store.begin() as books:
        due = [
            books.due_send(send_id, lately=NOON)
            for send_id in books.claim_due(now=NOON, limit=9, lease=HOUR, paused=False)
        ]

    notice, ban = [send.outgoing for send in due if send is not None]
    assert (notice.kind, notice.key, notice.thread) == (OutboxKind.NOTICE, "case:1:notice", "dm/camille")
    assert (ban.kind, ban.key, ban.target, ban.until) == (OutboxKind.BAN, "case:1:ban", "g:7", NOON + DAY)
    assert (ban.contact, ban.place, ban.thread, ban.seconds) == ("camille", "group-1", "post-1", 3600)


def test_a_ban_ends_by_our_doing_only_where_the_channel_does_not_end_it(group: Group):
    ours = group.act(CaseAct.BAN, group.say(channel="forum"), duration=DAY)
    theirs = group.act(CaseAct.BAN, group.say(), duration=DAY)
    group.deliver()

    group.clock.advance(DAY)

    assert kinds(group.deliver()) == ["unban"]
    assert kinds(group.case(ours.number).sends) == ["notice", "ban", "unban"]
    assert kinds(group.case(theirs.number).sends) == ["notice", "ban"]


def test_a_ban_longer_than_the_channel_counts_is_ended_by_us(group: Group):
    case = group.act(CaseAct.BAN, group.say(), duration=400 * DAY)
    group.deliver()

    group.clock.advance(400 * DAY)

    assert kinds(group.deliver()) == ["unban"]
    assert kinds(group.case(case.number).sends) == ["notice", "ban", "unban"]


@pytest.mark.parametrize("act", [CaseAct.TIMEOUT, CaseAct.KICK, CaseAct.BAN, CaseAct.SLOW_MODE])
def test_outside_a_group_nobody_can_be_silenced_or_put_out(group: Group, act: CaseAct):
    message_id = group.say(channel="forum", place=None)

    with pytest.raises(NotPossible, match="was not written in a server or group"):
        group.act(act, message_id, duration=HOUR)


def test_what_the_channel_does_not_allow_is_refused_before_anything_is_stored(group: Group):
    old = group.say()
    group.clock.advance(timedelta(hours=49))

    with pytest.raises(NotPossible, match="too old: telegram deletes only what is younger than 2 days"):
        group.act(CaseAct.DELETE, old)
    with pytest.raises(NotPossible, match="longest timeout here is 28 days"):
        group.act(CaseAct.TIMEOUT, old, duration=timedelta(days=29))
    with pytest.raises(NotPossible, match="how long a timeout is to last"):
        group.act(CaseAct.TIMEOUT, old)
    with pytest.raises(NotPossible, match="On a-file nobody can be told that they are warned"):
        group.act(CaseAct.WARN, group.say(channel="a-file"))
    with pytest.raises(NotFound, match="There is no message 999"):
        group.act(CaseAct.NOTE, 999)
    assert list_cases(group.desk) == []


def test_our_own_message_and_one_that_is_gone_are_left_alone(group: Group):
    gone = group.say(author="leo")
    external_id = the_message(group, gone)
    receive_deletion(
        group.store, "telegram", [external_id], deleted_at=group.clock(), keep_text=False, clock=group.clock
    )
    send_out(group.store, a_person_replies(group.store, a_message("Bonjour")))
    (ours,) = [one.id for one in the_conversation(group.store, 2).messages if one.is_ours]

    with pytest.raises(NotPossible, match="is gone already"):
        group.act(CaseAct.DELETE, gone)
    with pytest.raises(NotPossible, match="is our own"):
        group.act(CaseAct.DELETE, ours)


def the_message(group: Group, message_id: int) -> str:
    with group.store.read() as books:
        subject = books.find_subject(message_id)
    assert subject is not None
    assert subject.evidence.external_id is not None
    return subject.evidence.external_id


def test_a_complaint_that_does_not_offend_is_never_hidden(group: Group):
    complaint = group.say("Toujours rien !", channel="forum", labels=[Label.COMPLAINT])
    both = group.say("Toujours rien, bande d'idiots !", channel="forum", labels=[Label.COMPLAINT, Label.OFFENSIVE])
    perhaps = group.say(
        "Bravo les artistes",
        channel="forum",
        prediction=a_prediction(Label.COMPLAINT, unsure=[Label.OFFENSIVE]),
    )

    for act in (CaseAct.HIDE, CaseAct.DELETE):
        with pytest.raises(NotPossible, match="A complaint is answered, never hidden"):
            group.act(act, complaint)
    assert group.act(CaseAct.HIDE, both).act is CaseAct.HIDE
    assert group.act(CaseAct.HIDE, perhaps).act is CaseAct.HIDE


def test_a_person_who_says_that_it_offends_lets_a_complaint_be_hidden(group: Group):
    complaint = group.say("Toujours rien !", channel="forum", labels=[Label.COMPLAINT])
    with group.store.begin() as books:
        books.keep_correction(complaint, after=[Label.OFFENSIVE], why="", by=INES, now=NOON)

    assert group.act(CaseAct.HIDE, complaint).evidence.labels == (Label.OFFENSIVE,)


def test_the_same_act_is_not_done_twice_while_the_first_stands(group: Group):
    message_id = group.say(channel="forum")
    group.act(CaseAct.HIDE, message_id)
    group.act(CaseAct.TIMEOUT, message_id, duration=HOUR)
    another = group.say(channel="forum")

    with pytest.raises(NotPossible, match="case 1"):
        group.act(CaseAct.HIDE, message_id, by=TOM)
    with pytest.raises(NotPossible, match="case 2"):
        group.act(CaseAct.TIMEOUT, another, duration=DAY, by=TOM)

    undo(group.desk, 1, by=TOM)
    group.clock.advance(HOUR)
    assert group.act(CaseAct.HIDE, message_id).number == 3
    assert group.act(CaseAct.TIMEOUT, another, duration=DAY).number == 4


def test_no_rule_and_no_model_bans_or_kicks(group: Group):
    for act in (CaseAct.BAN, CaseAct.KICK):
        for standing in Standing:
            with pytest.raises(NotPossible, match="Only a person may"):
                group.act(act, group.say(standing=standing), by=Actor.rule("insults"))
    assert group.act(CaseAct.DELETE, group.say(), by=Actor.rule("insults")).by == Actor.rule("insults")


@pytest.mark.parametrize(
    ("standing", "says"), [(Standing.STAFF, "is one of the team"), (Standing.EXEMPT, "is exempt from sanctions")]
)
def test_f62_a_moderator_quoting_a_slur_as_evidence_gets_a_note_and_no_sanction(
    group: Group, standing: Standing, says: str
):
    message_id = group.say("Il a écrit : « sale idiot »", author="tom", standing=standing)

    cases = [
        group.act(CaseAct.WARN, message_id, points=5, by=Actor.rule("insults")),
        group.act(CaseAct.TIMEOUT, message_id, duration=HOUR),
        group.act(CaseAct.BAN, message_id),
    ]

    assert {case.act for case in cases} == {CaseAct.NOTE}
    assert [case.points for case in cases] == [0, 0, 0]
    assert all(says in str(group.case(case.number).withheld) for case in cases)
    group.clock.advance(HOLD)
    assert group.deliver() == []
    with pytest.raises(NotPossible, match="Only a person may remove"):
        group.act(CaseAct.DELETE, message_id, by=Actor.rule("insults"))
    assert group.act(CaseAct.DELETE, message_id).act is CaseAct.DELETE


def test_f61_after_the_author_deletes_the_message_the_case_still_shows_text_time_and_channel(group: Group):
    said = replace(
        a_message(INSULT, external_id="g:1", author_name="Camille"),
        place="group-1",
        permalink="https://t.me/c/1/1",
        attachments=(Attachment("photo.jpg", "image/jpeg", 512),),
    )
    message_id = group.hear(said, prediction=a_prediction(Label.OFFENSIVE))
    receive_edit(group.store, "telegram", "g:1", text="Je rigole", edited_at=NOON, clock=group.clock)
    number = group.act(CaseAct.TIMEOUT, message_id, duration=HOUR, rule="Be kind").number

    receive_deletion(group.store, "telegram", ["g:1"], deleted_at=NOON, keep_text=False, clock=group.clock)

    assert the_conversation(group.store).messages[0].text == ""
    case = group.case(number)
    assert (case.evidence.text, case.evidence.former_texts) == ("Je rigole", (INSULT,))
    assert (case.evidence.sent_at, case.evidence.channel, case.evidence.author_name) == (NOON, "telegram", "Camille")
    assert (case.place, case.evidence.thread, case.evidence.kind) == ("group-1", said.thread, said.kind)
    assert (case.evidence.permalink, case.evidence.attachments) == (said.permalink, said.attachments)
    assert (case.reason, case.rule, case.by, case.opened_at) == ("Insults", "Be kind", INES, NOON)


def test_f61_cases_are_numbered_without_gaps_even_when_one_is_refused(group: Group):
    complaint = group.say("Toujours rien !", labels=[Label.COMPLAINT])

    group.act(CaseAct.NOTE, complaint)
    with pytest.raises(NotPossible):
        group.act(CaseAct.DELETE, complaint)
    group.act(CaseAct.NOTE, complaint)

    assert [case.number for case in list_cases(group.desk)] == [2, 1]


def test_f61_two_processes_that_act_at_once_get_numbers_without_gaps(store: SqlStore):
    group = Group(store)
    says = [group.say(author=f"author-{n}") for n in range(20)]

    def work(worker: int) -> list[int]:
        return [group.act(CaseAct.DELETE, message_id).number for message_id in says[worker::4]]

    numbers = sorted(number for worker in at_once(work) for number in worker)

    assert numbers == list(range(1, 21))


def test_two_moderators_who_press_the_same_button_at_once_act_once(store: SqlStore):
    group = Group(store)
    message_id = group.say()

    def press(_: int) -> int:
        try:
            return group.act(CaseAct.DELETE, message_id).number
        except NotPossible:
            return 0

    assert sorted(at_once(press)) == [0, 0, 0, 1]


def test_each_brand_numbers_its_own_cases(database_url: str):
    with open_store(database_url, brand="loriot") as one, open_store(database_url, brand="brume") as other:
        here, there = Group(one), Group(other)
        first = here.act(CaseAct.NOTE, here.say())
        second = there.act(CaseAct.NOTE, there.say())

        assert (first.number, second.number) == (1, 1)
        with pytest.raises(NotFound):
            there.act(CaseAct.NOTE, first.message_id or 0)


def test_f61_the_history_of_a_contact_is_that_of_all_his_threads_and_nobody_elses(group: Group):
    first = group.act(CaseAct.NOTE, group.say())
    group.act(CaseAct.NOTE, group.say(author="leo"))
    elsewhere = group.hear(replace(a_message(INSULT, author="camille", thread="post-2"), place="group-1"))
    group.act(CaseAct.NOTE, elsewhere)

    mine = list_cases(group.desk, conversation_id=first.conversation_id)

    assert [case.number for case in mine] == [3, 1]
    with pytest.raises(NotFound, match="There is no conversation 99"):
        list_cases(group.desk, conversation_id=99)


def test_a_reason_is_changed_and_the_audit_log_holds_neither_it_nor_the_text(group: Group):
    case = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR, reason="He said idiots")

    changed = change_reason(group.desk, case.number, "Insults, twice", by=TOM)

    assert changed.reason == "Insults, twice"
    with pytest.raises(NotPossible, match="Say why"):
        change_reason(group.desk, case.number, " ", by=TOM)
    with group.store.read() as books:
        lines = list(books.read_audit())
    assert verify(lines).holds
    told = [sealed.line for sealed in lines if sealed.line.subject == "case"]
    assert [(line.what, line.actor) for line in told] == [("case.opened", INES), ("case.reason_changed", TOM)]
    assert told[0].facts["number"] == case.number
    assert "idiots" not in repr(told)
    shown = [line.what for line in the_conversation(group.store, case.conversation_id).audit]
    assert "case.opened" in shown


def test_f65_the_author_is_told_what_was_done_why_by_which_rule_for_how_long_and_how_to_appeal(group: Group):
    case = group.act(CaseAct.TIMEOUT, group.say(), duration=timedelta(hours=2), rule="Be kind")

    assert case.notice is not None
    assert case.notice.text.splitlines() == [
        "[fr] You cannot write here for 2 hours.",
        "[fr] House rule: Be kind",
        "[fr] Reason: Insults",
        f"[fr] Your message: “{INSULT}”",
        "[fr] If you think that this is wrong, write to me: /appeal 1 and why.",
        "[fr] You can also appeal here: https://loriot.example/appeals",
    ]


@pytest.mark.parametrize(("lang", "told"), [("en", "en"), ("fr", "fr"), ("de", "fr"), ("und", "fr")])
def test_f65_the_author_is_spoken_to_in_his_language_or_the_first_of_the_brand(group: Group, lang: str, told: str):
    message_id = group.say(prediction=a_prediction(Label.OFFENSIVE, lang=lang))

    case = group.act(CaseAct.DELETE, message_id)

    assert case.lang == told
    assert case.notice is not None
    assert case.notice.text.startswith(f"[{told}]")


def test_f65_if_the_author_cannot_be_told_the_failure_is_shown_not_hidden(group: Group):
    case = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)
    assert case.notice is not None

    group.fail(case.notice.id, Sentence("The contact takes no private messages."))

    notice = group.case(case.number).notice
    assert notice is not None
    assert (notice.state, str(notice.error)) == (SendState.FAILED, "The contact takes no private messages.")


def test_f65_a_silent_act_and_a_note_tell_nobody(group: Group):
    message_id = group.say()

    assert kinds(group.act(CaseAct.TIMEOUT, message_id, duration=HOUR, silent=True).sends) == ["timeout"]
    assert group.act(CaseAct.NOTE, message_id).sends == ()

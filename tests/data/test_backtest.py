"""F52: a replay of what is stored, held against counts of their own, and without a trace."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from classifiers.model import load_model
from data import backtest as past_of_store
from data.store import SqlStore
from data.tables import conversation_tag, decision, draft, escalation, metadata, outbox
from inbox import changes, pipeline, work
from inbox.backtest import Backtest, backtest
from inbox.brand import Brand
from inbox.cases import CaseAct, Order
from inbox.corrections import correct
from inbox.desk import Desk
from inbox.drafting import change_draft, write_draft
from inbox.errors import NotPossible
from inbox.model import Actor, IncomingMessage, Label, Standing, Visibility
from inbox.moderation import moderate
from inbox.past import Handled
from inbox.replies import discard_draft, send_draft
from inbox.views import DraftView
from routing.responses import load_responses
from routing.rulebook import STARTER, TomlRuleBook, load, read_rule_book
from tests.builders import AClock, a_message
from tests.data.moderating import HIDES
from tests.inbox.builders import ALWAYS_OPEN, NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
INES = Actor.person("Ines")
COMPLAINT, PRAISE = Label.COMPLAINT, Label.PRAISE
LATE = "Bonjour, mon colis a 3 semaines de retard, c'est inadmissible, je veux une réponse !"
THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
RUDE = "ferme ta gueule sale connard, t'es qu'une merde"
CORPORA = Path(__file__).parents[2] / "data" / "corpora"

LIVELY = """
[[rule]]
name = "rough"
when = { label = "offensive" }
then = [{ action = "hide", reason = "Rough." }, { action = "tag", tag = "rough" }]
stop = true
[[rule]]
name = "urgent"
when = { signal = "urgent" }
then = [{ action = "priority", level = "urgent" }]
mode = "live"
[[rule]]
name = "complaint"
when = { label = "complaint", not = { label = "praise" } }
then = [{ action = "escalate", queue = "customer-service" }, { action = "draft", response = "handed-over" }]
[[rule]]
name = "praise"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }, { action = "tag", tag = "fan" }]
mode = "share:50"
[[rule]]
name = "lead"
when = { label = "sales_lead" }
then = [{ action = "reply", response = "lead" }, { action = "queue", queue = "sales" }]
mode = "live"
[[rule]]
name = "watched"
when = { signal = "question" }
then = [{ action = "tag", tag = "question" }]
mode = "shadow"
"""


class House:
    """A whole desk over a store, where things happen at moments of their own."""

    def __init__(self, store: SqlStore, book: TomlRuleBook) -> None:
        self.clock = AClock(NOON)
        self.store = store
        self.desk = Desk(
            Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {"fr": "notre service client"}}),
            store,
            load_model(),
            book,
            1,
            load_responses(),
            self.clock,
            abilities={"telegram": HIDES},
        )

    def hears(self, *said: IncomingMessage, read: bool = True) -> list[int]:
        with self.store.begin() as books:
            ids = books.add_messages(said, now=self.clock())
        while read and pipeline.triage(self.desk):
            pass
        return [one for one in ids if one is not None]

    def hears_one(self, text: str = LATE, *, thread: str = "post-1", read: bool = True) -> int:
        (message_id,) = self.hears(a_message(text, thread=thread, sent_at=self.clock()), read=read)
        return message_id

    def conversation_of(self, message_id: int) -> int:
        with self.store.read() as books:
            found = books.conversation_of(message_id)
        assert found is not None
        return found

    def drafts(self) -> list[DraftView]:
        with self.store.read() as books:
            ids = books.connection.scalars(select(draft.c.id).order_by(draft.c.id)).all()
            return [one for one in map(books.draft, ids) if one is not None]

    def draft_on(self, message_id: int) -> DraftView:
        return next(one for one in self.drafts() if one.message_id == message_id)

    def sends(self, draft_id: int, *, text: str | None = None) -> None:
        """A person sends a draft, and it leaves a minute later."""
        sent = send_draft(self.desk, draft_id, by=INES, text=text)
        self.clock.advance(MINUTE)
        with self.store.begin() as books:
            books.mark_sent(sent.id, external_id=f"out-{sent.id}", now=self.clock())

    def replay(self, rules: TomlRuleBook | None = None, **more: Any) -> Backtest:
        asked = {"since": NOON - DAY, "until": NOON + 30 * DAY, **more}
        return backtest(self.desk, rules=rules, **asked)

    def handled(self, message_id: int) -> Handled:
        with self.store.read() as books:
            chunks = books.read_past(since=NOON - DAY, until=NOON + 30 * DAY)
            return next(one.handled for chunk in chunks for one in chunk if one.message.id == message_id)

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.store.read() as books:
            return {
                table.name: [
                    tuple(map(repr, row))
                    for row in books.connection.execute(select(table).order_by(*table.primary_key))
                ]
                for table in metadata.sorted_tables
            }


@pytest.fixture
def house(store: SqlStore) -> House:
    return House(store, load(STARTER))


def test_f52_the_counts_over_a_thousand_stored_messages_equal_an_independent_count(store: SqlStore):
    house = House(store, read_rule_book(LIVELY, responses=load_responses()))
    lines = [line for file in sorted(CORPORA.glob("fr-*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    texts = [json.loads(line)["text"] for line in lines]
    house.hears(
        *(
            a_message(texts[n * 37 % len(texts)], author=f"c-{n}", thread=f"t-{n}", sent_at=NOON - n * MINUTE)
            for n in range(1_000)
        )
    )
    answered = alike = 0
    for number, one in enumerate(house.drafts()):
        if number % 3 == 0 and one.response == "handed-over":
            house.sends(one.id, text=None if number % 2 else "Nous cherchons votre colis.")
            answered, alike = answered + 1, alike + 1
        elif number % 5 == 0:
            discard_draft(house.desk, one.id, by=INES)

    done = house.replay()

    # What triage itself has kept of these messages is the other count.
    with store.read() as books:
        kept = books.connection.execute(select(decision)).mappings().all()
        sends = books.connection.execute(select(outbox).where(outbox.c.actor_kind == "rule")).mappings().all()
        drafts = books.connection.execute(select(draft)).mappings().all()
        escalated = books.connection.execute(select(escalation)).all()
        tagged = books.connection.execute(select(conversation_tag.c.conversation_id).distinct()).all()
    found = done.found
    rules = {record.rule: record for record in found.rules}
    held = Counter(rule for row in kept for rule in row["because"])
    acts = Counter((act["rule"], act["action"], act["mode"]) for row in kept for act in row["actions"])
    in_shadow = sum("In shadow" in json.dumps(row["notes"]) for row in kept)
    assert (done.count.messages, done.count.unread, done.count.gone, found.replayed) == (1_000, 0, 0, 1_000)
    assert {name: one.matches for name, one in rules.items()} == {
        **{name: held[name] for name in house.desk.rules.names},
        "watched": in_shadow,
    }
    assert {(name, one.action, one.mode): one.times for name, rule in rules.items() for one in rule.actions} == acts
    assert found.no_rule == sum(not row["because"] for row in kept)
    assert found.sent == len({row["message_id"] for row in sends})
    assert found.drafted == len({row["message_id"] for row in drafts if row["rule"]})
    assert {name: rule.words.sent for name, rule in rules.items()} == {
        name: len([row for row in sends if row["actor_name"] == name]) for name in rules
    }
    assert (found.escalated, found.tagged) == (len(escalated), len(tagged))
    assert found.hidden == sum(any(act["action"] == "hide" for act in row["actions"]) for row in kept)
    assert (rules["complaint"].words.answered, rules["complaint"].words.same) == (answered, alike)
    assert {name: rule.words.discarded for name, rule in rules.items()} == dict.fromkeys(rules, 0) | Counter(
        row["rule"] for row in drafts if row["state"] == "discarded"
    )
    assert min(found.sent, found.escalated, found.hidden, in_shadow, alike) > 5  # the count is of something


def test_f52_nothing_in_the_database_changes_and_nothing_is_put_in_the_outbox(house: House):
    house.hears(*(a_message(text, author=text[:5]) for text in (LATE, THANKS, RUDE)))
    house.sends(house.drafts()[0].id)
    before = house.everything()

    house.replay()
    house.replay(read_rule_book(LIVELY, responses=load_responses()))

    assert house.everything() == before
    assert len(before["outbox"]) == 1


def test_a_replay_says_the_same_in_chunks_of_any_size(house: House, monkeypatch: pytest.MonkeyPatch):
    house.hears(*(a_message(LATE, thread=f"t-{n}", author=f"c-{n}") for n in range(7)))
    for one in house.drafts()[:4]:
        house.sends(one.id)
    seen: list[tuple[int, int]] = []
    whole = house.replay()
    monkeypatch.setattr(past_of_store, "CHUNK", 3)

    in_parts = house.replay(watch=lambda done, total: seen.append((done, total)))

    assert in_parts == whole
    assert seen == [(3, 7), (6, 7), (7, 7)]


def test_only_the_period_and_the_channel_asked_for_are_replayed(house: House):
    house.hears(
        a_message(LATE, channel="instagram", author="a", sent_at=NOON - 2 * DAY),
        a_message(LATE, channel="instagram", author="b", sent_at=NOON),
        a_message(LATE, channel="telegram", author="c", sent_at=NOON),
        a_message(LATE, channel="telegram", author="d", sent_at=NOON + DAY),
    )

    assert house.replay(since=NOON - 9 * DAY).found.replayed == 4
    assert house.replay(since=NOON, until=NOON + DAY).found.replayed == 2
    assert house.replay(since=NOON, until=NOON + DAY, channel="telegram").found.replayed == 1
    assert house.replay(channel="nowhere").found.replayed == 0


def test_a_period_that_ends_before_it_begins_is_refused(house: House):
    with pytest.raises(NotPossible, match="not after its beginning"):
        house.replay(since=NOON, until=NOON)


def test_another_brand_in_the_same_database_is_not_replayed(house: House):
    house.hears_one(LATE)
    other = House(SqlStore(house.store.engine, brand="Alouette"), load(STARTER))
    other.hears_one(LATE)
    other.hears_one(THANKS)

    assert (house.replay().found.replayed, other.replay().found.replayed) == (1, 2)


def test_what_no_model_has_read_and_what_was_taken_back_is_left_out_and_counted(house: House):
    gone, _kept, _read = house.hears_one(LATE), house.hears_one(LATE), house.hears_one(THANKS)
    with house.store.begin() as books:
        books.mark_deleted(gone, deleted_at=NOON, keep_text=False)
        books.mark_deleted(_kept, deleted_at=NOON, keep_text=True)
    house.hears_one(RUDE, read=False)

    done = house.replay()

    assert (done.count.messages, done.count.unread, done.count.gone, done.found.replayed) == (4, 1, 1, 2)


def test_an_edited_message_is_replayed_as_it_reads_now(house: House):
    house.hears(a_message(LATE, external_id="m", sent_at=NOON))
    changes.receive_edit(house.store, "telegram", "m", text=THANKS, edited_at=NOON + MINUTE, clock=house.clock)
    assert house.replay().count.unread == 1

    pipeline.triage(house.desk)

    matches = {record.rule: record.matches for record in house.replay().found.rules}
    assert (matches["late parcel"], matches["praise"]) == (0, 1)


def test_rules_decide_by_the_models_labels_and_a_correction_measures_them(house: House):
    wrong, right, unseen = (house.hears_one(THANKS, thread=f"t-{n}") for n in range(3))
    correct(house.desk, wrong, after=[COMPLAINT], by=INES)
    correct(house.desk, right, after=[PRAISE], by=INES)

    praise = next(record for record in house.replay().found.rules if record.rule == "praise")

    assert (praise.matches, praise.judged, praise.put_right) == (3, 2, 1)
    assert house.handled(unseen) == Handled()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("as it is", Handled(replied=True, response="late-parcel")),
        ("other words", Handled(replied=True, response="late-parcel", edited=True)),
        ("changed first", Handled(replied=True, response="late-parcel", edited=True)),
        ("thrown away", Handled(discarded=frozenset({"late-parcel"}))),
        ("own words", Handled(replied=True)),
    ],
)
def test_what_became_of_a_draft_is_told(house: House, sent: str, expected: Handled):
    message_id = house.hears_one()
    drafted = house.draft_on(message_id)
    if sent == "changed first":
        change_draft(house.desk, drafted.id, text="Nous cherchons.", by=INES)
    if sent == "thrown away":
        discard_draft(house.desk, drafted.id, by=INES)
    elif sent == "own words":
        own = write_draft(house.desk, house.conversation_of(message_id), text="Bonjour !", by=INES)
        house.sends(own.id)
    else:
        house.sends(drafted.id, text="Nous cherchons." if sent == "other words" else None)

    assert house.handled(message_id) == expected


def test_a_long_reply_that_left_in_parts_is_the_draft_unchanged(house: House):
    message_id = house.hears_one()
    drafted = house.draft_on(message_id)
    words = drafted.text.split(" ", 5)
    with house.store.begin() as books:
        parts = [" ".join(words[:5]), words[5]]
        first = books.approve(drafted.id, parts=parts, by=INES, not_before=house.clock(), now=house.clock())
        assert first is not None
        for number in range(2):
            house.clock.advance(MINUTE)
            books.mark_sent(first + number, external_id=f"out-{number}", now=house.clock())

    assert house.handled(message_id) == Handled(replied=True, response="late-parcel")


def test_one_answer_is_for_all_that_had_come_and_for_nothing_that_came_later(house: House):
    before = [house.hears_one(THANKS), house.hears_one(LATE)]
    sent = send_draft(house.desk, house.draft_on(before[1]).id, by=INES)
    house.clock.advance(MINUTE)
    meanwhile = house.hears_one("Allô ?")
    with house.store.begin() as books:
        books.mark_sent(sent.id, external_id="out", now=house.clock())
    house.clock.advance(MINUTE)
    later = house.hears_one(THANKS)

    told = [house.handled(one) for one in (*before, meanwhile, later)]

    alike = Handled(replied=True, response="late-parcel")
    assert told == [alike, alike, Handled(), Handled()]


def test_what_was_closed_without_a_word_was_not_answered_by_what_was_said_months_later(house: House):
    first = house.hears_one()
    work.resolve(house.desk, house.conversation_of(first), by=INES)
    house.clock.advance(DAY)
    second = house.hears_one(LATE.replace("3", "5"))
    own = write_draft(house.desk, house.conversation_of(second), text="Bonjour !", by=INES)
    house.sends(own.id)

    assert (house.handled(first), house.handled(second)) == (Handled(), Handled(replied=True))


def test_what_a_rule_sent_is_no_answer_by_people(store: SqlStore):
    house = House(store, read_rule_book(LIVELY.replace("share:50", "live"), responses=load_responses()))
    message_id = house.hears_one(THANKS)
    with store.begin() as books:
        (send,) = books.waiting_automatic()
        books.mark_sent(send.id, external_id="out", now=house.clock())

    assert house.handled(message_id) == Handled()


def test_an_answer_on_the_channel_itself_counts_as_one_in_own_words(house: House):
    (message_id,) = house.hears(
        a_message(LATE, external_id="m", thread="dm-1", visibility=Visibility.PRIVATE, sent_at=house.clock())
    )
    house.clock.advance(MINUTE)
    answer = IncomingMessage(
        "telegram", "r", "Je regarde", "ines", "dm-1", house.clock(), "Ines", parent="m", standing=Standing.STAFF
    )
    pipeline.receive(house.store, [answer], clock=house.clock)
    house.clock.advance(MINUTE)
    later = house.hears_one("Merci !", thread="dm-1")

    assert (house.handled(message_id), house.handled(later)) == (Handled(replied=True), Handled())


def test_what_people_hand_over_and_moderate_is_known_of_the_messages_it_was_about(house: House):
    dealt = house.hears_one(THANKS)
    house.sends(house.draft_on(dealt).id)
    handed = house.hears_one("Et mes chaussures ?")
    work.escalate(house.desk, house.conversation_of(handed), by=INES)
    house.clock.advance(MINUTE)
    after = house.hears_one("Allô ?")
    rude = house.hears_one(RUDE, thread="elsewhere")
    moderate(house.desk, Order(CaseAct.HIDE, rude, "Insults"), by=INES)

    assert [house.handled(one).escalated for one in (dealt, handed, after)] == [False, True, False]
    assert [house.handled(one).has_case for one in (handed, rude)] == [False, True]
    found = house.replay().found
    assert (found.escalated_by_hand, found.with_case, found.of_with_case) == (1, 1, 1)

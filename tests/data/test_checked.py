"""F43 to F45 over a store: words are checked where they are drafted, sent and changed, by a rule and by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from data.store import SqlStore
from data.tables import draft as draft_table
from inbox.abilities import Abilities
from inbox.brand import Brand
from inbox.corrections import correct
from inbox.drafting import change_draft, mended_draft, write_draft
from inbox.errors import Unsendable
from inbox.findings import CheckKind, Finding
from inbox.model import Actor, Label
from inbox.outgoing import OutboxKind
from inbox.replies import edit_sent, send_draft
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.sentences import Sentence
from inbox.suggesting import suggest
from inbox.views import ConversationView, DraftState, DraftView
from tests.data.steps import claim, send_out, the_conversation
from tests.data.test_rules_at_work import Shop, rule
from tests.inbox.builders import ALWAYS_OPEN
from tests.inbox.checks.builders import the_checks

INES = Actor.person("Ines")
DRAFT = rule('{ action = "draft", response = "thanks" }')
EDITS = Abilities(acts=frozenset({OutboxKind.REPLY, OutboxKind.EDIT}))
REPLY = rule('{ action = "reply", response = "thanks" }')


def a_shop(
    store: SqlStore,
    book: str = DRAFT,
    text: str = "Merci de nous l’avoir dit.",
    *,
    polarity: Polarity = Polarity.NEUTRAL,
    valid_until: date | None = None,
    **settled: Any,
) -> Shop:
    """A desk with one canned response, and every reader of words."""
    shop = Shop(store, book, brand=Brand("Loriot", ALWAYS_OPEN, checks=the_checks(**settled)))
    response = CannedResponse("thanks", polarity, (Variant("fr", text),), {"fr": "Merci"}, valid_until=valid_until)
    shop.desk = replace(shop.desk, responses={"thanks": response})
    return shop


def kinds(draft: DraftView) -> list[CheckKind | None]:
    return [finding.kind for finding in draft.findings]


def the_draft(view: ConversationView) -> DraftView:
    return view.drafts[-1]


def last_line(shop: Shop, what: str) -> dict[str, Any]:
    view = the_conversation(shop.store)
    return next(dict(line.facts) for line in reversed(view.audit) if line.what == what)


# --- what a rule prepares ---


def test_f43_a_draft_is_kept_with_every_finding_its_place_and_its_fix(store: SqlStore):
    shop = a_shop(store, text="Merci beacoup, voyez https://example.com")

    draft = the_draft(shop.hears_one())

    link, spelling = draft.findings
    assert (link.kind, link.blocking, link.words) == (CheckKind.LINK, True, "https://example.com")
    assert (spelling.kind, spelling.blocking, spelling.words) == (CheckKind.SPELLING, False, "beacoup")
    assert (spelling.start, spelling.end, spelling.fix) == (6, 13, "beaucoup")


def test_f43_a_reply_with_a_finding_that_blocks_does_not_leave_but_becomes_a_draft(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, REPLY, "Vous serez remboursé sans faute.")

    view = shop.hears_one()

    assert (view.sends, kinds(the_draft(view))) == ((), [CheckKind.PROMISE])


def test_a_reply_with_a_finding_that_only_warns_leaves(sqlite_store: SqlStore):
    view = a_shop(sqlite_store, REPLY, "Merci beacoup.").hears_one()

    assert [send.text for send in view.sends] == ["Merci beacoup."]


def test_f43_a_response_that_is_out_of_date_neither_leaves_nor_is_suggested(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, REPLY, valid_until=date(2026, 6, 9))

    view = shop.hears_one("sales_lead")

    assert (view.sends, kinds(the_draft(view))) == ((), [CheckKind.EXPIRED])
    assert [one.draft_id for one in suggest(shop.desk, view)] == [the_draft(view).id]


def test_f45_best_pizza_ever_never_gets_an_apology(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, REPLY, "Nous sommes désolés de cela.", polarity=Polarity.APOLOGY)

    view = shop.hears_one("Best Pizza Ever! praise")

    assert (view.sends, kinds(the_draft(view))) == ((), [CheckKind.POLARITY])


def test_f45_a_complaint_is_never_thanked_for_like_praise(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, REPLY, "Au plaisir.", polarity=Polarity.THANKS)

    view = shop.hears_one("complaint")

    assert (view.sends, kinds(the_draft(view))) == ((), [CheckKind.POLARITY])


def test_f44_a_slur_in_a_name_resolves_to_the_neutral_words_and_the_draft_is_flagged(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, REPLY, 'Bonjour {{contact.first_name|default:"à vous"}}, merci.')

    view = shop.hears_one(author_name="Grosse Salope")

    draft = the_draft(view)
    assert view.sends == ()
    assert draft.text == "Bonjour à vous, merci."
    assert [(one.kind, one.blocking) for one in draft.findings] == [(CheckKind.ECHO, False)]


def test_f44_a_name_that_is_none_is_said(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, REPLY, 'Bonjour {{contact.first_name|default:"à vous"}}, merci.')

    view = shop.hears_one(author_name="Camille Rousseau")

    assert [send.text for send in view.sends] == ["Bonjour Camille, merci."]


# --- what a person sends ---


def test_f43_a_person_is_told_everything_that_stops_his_words_and_nothing_leaves(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store)
    draft = the_draft(shop.hears_one())

    with pytest.raises(Unsendable) as refused:
        send_draft(shop.desk, draft.id, by=INES, text="Apprenez à lire. Carte 4111 1111 1111 1111, merci beacoup.")

    assert [str(one).split(". ")[0] for one in refused.value.findings] == [
        "“Apprenez à lire” attacks",
        "There is a card number in it",
    ]
    assert not refused.value.may_insist
    assert "4111" not in str(refused.value)
    view = the_conversation(sqlite_store)
    assert (view.sends, the_draft(view).state) == ((), DraftState.OPEN)


def test_a_person_may_insist_and_the_audit_log_says_on_what(store: SqlStore):
    shop = a_shop(store)
    draft = the_draft(shop.hears_one())
    text = "Voyez https://example.com. Je vous promets une réponse."

    with pytest.raises(Unsendable) as refused:
        send_draft(shop.desk, draft.id, by=INES, text=text)
    sent = send_draft(shop.desk, draft.id, by=INES, text=text, insists=True)

    assert refused.value.may_insist
    assert sent.text == text
    assert last_line(shop, "draft.approved")["insisted"] == ["link", "promise"]


@pytest.mark.parametrize("text", ["Votre carte 4111 1111 1111 1111 est là.", "Bonjour {{name}}, merci."])
def test_nobody_can_insist_on_a_card_number_or_a_blank(sqlite_store: SqlStore, text: str):
    shop = a_shop(sqlite_store)
    draft = the_draft(shop.hears_one())

    with pytest.raises(Unsendable):
        send_draft(shop.desk, draft.id, by=INES, text=text, insists=True)

    assert the_conversation(sqlite_store).sends == ()


def test_words_that_pass_leave_without_a_word_of_insisting(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store)
    draft = the_draft(shop.hears_one())

    send_draft(shop.desk, draft.id, by=INES, insists=True)

    assert "insisted" not in last_line(shop, "draft.approved")


def test_a_person_who_writes_his_own_words_is_not_held_to_the_response_they_replace(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, polarity=Polarity.THANKS)
    draft = the_draft(shop.hears_one("complaint"))

    with pytest.raises(Unsendable):
        send_draft(shop.desk, draft.id, by=INES)
    sent = send_draft(shop.desk, draft.id, by=INES, text="Nous cherchons ce qui s’est passé.")

    assert sent.text == "Nous cherchons ce qui s’est passé."


def test_f45_the_labels_of_a_person_settle_what_may_be_said(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store)
    view = shop.hears_one("complaint")
    correct(shop.desk, view.messages[-1].id, after=[Label.PRAISE], by=INES)

    with pytest.raises(Unsendable):
        send_draft(shop.desk, the_draft(view).id, by=INES, text="Nous sommes désolés.")


def test_words_that_a_person_writes_or_changes_are_kept_with_their_findings(store: SqlStore):
    shop = a_shop(store)
    view = shop.hears_one()

    written = write_draft(shop.desk, view.id, text="Merci beacoup, appelez le 06 12 34 56 78.", by=INES, lang="fr")
    assert kinds(written) == [CheckKind.PERSONAL, CheckKind.SPELLING]

    changed = change_draft(shop.desk, written.id, text="Merci beaucoup.", by=INES)
    assert changed.findings == ()


def test_a_reply_that_has_left_is_changed_only_to_words_that_pass(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store)
    sent = send_draft(shop.desk, the_draft(shop.hears_one()).id, by=INES)
    claim(sqlite_store, now=sent.not_before)
    send_out(sqlite_store, sent.id, now=sent.not_before)
    able = replace(shop.desk, abilities={sent.channel: EDITS})

    with pytest.raises(Unsendable):
        edit_sent(able, sent.id, text="Voyez https://example.com.", by=INES)

    assert edit_sent(able, sent.id, text="Voyez https://example.com.", by=INES, insists=True).kind == "edit"
    assert last_line(shop, "outbox.edited")["insisted"] == ["link"]


def test_the_spaces_of_a_draft_are_set_right_where_somebody_asks(sqlite_store: SqlStore):
    shop = a_shop(sqlite_store, text="Merci! À bientôt :  oui.")
    draft = the_draft(shop.hears_one())

    assert mended_draft(shop.desk, draft.id) == "Merci\u202f! À bientôt\u202f:  oui."
    assert mended_draft(shop.desk, draft.id, text="Bien?") == "Bien\u202f?"


# --- what was stored before ---


def test_a_finding_of_an_earlier_version_can_still_be_read(store: SqlStore):
    shop = a_shop(store)
    draft = the_draft(shop.hears_one())
    says = Sentence("Nothing fills the blank {blank}.", blank="order.number")
    with store.begin() as books:
        plain = {"sentence": says.to_json(), "blocking": True}
        kept = [plain, plain | {"blocking": False, "kind": "of a later version"}]
        books.connection.execute(update(draft_table).where(draft_table.c.id == draft.id).values(findings=kept))

    assert the_draft(the_conversation(store)).findings == (Finding(says), Finding(says, blocking=False))


def test_words_that_no_database_keeps_can_be_found_fault_with(store: SqlStore):
    shop = a_shop(store)
    view = shop.hears_one()

    written = write_draft(shop.desk, view.id, text="Voyez https://a\x00b.com et {{n\ud800m}}", by=INES, lang="fr")

    assert kinds(written) == [CheckKind.LINK, CheckKind.BLANK]

"""The outbox on the page: what waits, what was not sent and why; undone, tried again or left by forms."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import copyfile

import pytest

from inbox.people import Role
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState
from tests.web.sites import LATE, Browsing, Site

REFUSED = Sentence("Telegram refuses this: {why}", why="not now")


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One page for all of these: each test works with a conversation of its own."""
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}")
    with site.served():
        for name, role in (("Léa", Role.AGENT), ("Vic", Role.VIEWER)):
            site.add(name, role)
        site.add("Ada", Role.ADMIN, brand="merle")
        yield site


def answered(site: Site, who: Browsing, text: str) -> tuple[int, int]:
    """A conversation that somebody has just answered, and the row of the outbox."""
    conversation = site.hear(LATE, author=f"contact-{text[:12]}")
    on = f"/b/loriot/inbox/{conversation}"
    assert who.post(f"/b/loriot/c/{conversation}/reply", on=on, text=text).status_code == 303
    return conversation, site.seen(conversation).sends[-1].id


def not_sent(site: Site, who: Browsing, text: str) -> tuple[int, int]:
    """One whose answer the channel has refused for good."""
    made = answered(site, who, text)
    site.channel.refusal = REFUSED
    site.deliver()
    site.channel.refusal = None
    return made


def page_of(who: Browsing, query: str = "") -> str:
    return unescape(who.get(f"/b/loriot/outbox{query}").text)


def send_of(site: Site, conversation: int, send: int) -> SendState:
    return next(one.state for one in site.seen(conversation).sends if one.id == send)


def test_what_waits_is_shown_with_its_clock_and_taken_back_by_a_form(site: Site):
    lea = site.visitor("Léa")
    conversation, send = answered(site, lea, "Nous cherchons votre colis.")

    page = page_of(lea, "?state=waiting")
    undone = lea.post(f"/b/loriot/outbox/{send}/undo", on="/b/loriot/outbox", next="/b/loriot/outbox?state=waiting")

    assert "Nous cherchons votre colis." in page
    assert "leaves in 20 s" in page
    assert (undone.status_code, undone.headers["location"]) == (303, "/b/loriot/outbox?state=waiting")
    assert send_of(site, conversation, send) is SendState.CANCELLED
    assert site.seen(conversation).open_drafts[0].text == "Nous cherchons votre colis."


def test_what_was_not_sent_is_shown_first_with_its_reason_counted_in_the_head_and_tried_again(site: Site):
    lea = site.visitor("Léa")
    before = lea.get("/b/loriot/inbox").text
    conversation, send = not_sent(site, lea, "Il part ce soir.")

    page, inbox = page_of(lea), lea.get("/b/loriot/inbox").text
    lea.post(f"/b/loriot/outbox/{send}/again", on="/b/loriot/outbox")
    site.deliver()

    assert 'class="failures"' not in before
    assert 'class="failures"' in inbox
    assert "Telegram refuses this: not now" in page
    assert send_of(site, conversation, send) is SendState.SENT
    assert 'class="failures"' not in lea.get("/b/loriot/inbox").text


def test_what_is_left_is_no_news_any_more_and_its_words_are_a_draft(site: Site):
    lea = site.visitor("Léa")
    conversation, send = not_sent(site, lea, "Il est retrouvé.")

    left = lea.post(f"/b/loriot/outbox/{send}/leave", on="/b/loriot/outbox")
    again = lea.post(f"/b/loriot/outbox/{send}/again", on="/b/loriot/outbox")

    view = site.seen(conversation)
    assert (left.status_code, again.status_code) == (303, 409)
    assert 'class="failures"' not in lea.get("/b/loriot/inbox").text
    assert [one.text for one in view.drafts if one.state is DraftState.OPEN][-1:] == ["Il est retrouvé."]
    with site.desk.store.read() as books:
        told = [line.line for line in books.read_audit() if line.line.what == "outbox.set_aside"]
    assert [(line.subject_id, line.actor.name) for line in told] == [(send, "Léa")]


def test_all_that_was_given_up_is_tried_again_at_once(site: Site):
    lea = site.visitor("Léa")
    made = [not_sent(site, lea, f"Réponse {number}.") for number in ("une", "deux")]

    lea.post("/b/loriot/outbox/again", on="/b/loriot/outbox")
    site.deliver()

    assert [send_of(site, *one) for one in made] == [SendState.SENT, SendState.SENT]


def test_who_may_only_look_finds_no_button_and_a_forged_one_does_nothing(site: Site):
    lea, vic = site.visitor("Léa"), site.visitor("Vic")
    conversation, send = answered(site, lea, "Nous revenons vers vous.")

    page = page_of(vic, "?state=waiting")
    forged = vic.post(f"/b/loriot/outbox/{send}/undo", on="/b/loriot/outbox")

    assert "Nous revenons vers vous." in page
    assert f"/outbox/{send}/undo" not in page
    assert forged.status_code == 403
    assert send_of(site, conversation, send) is SendState.WAITING


def test_f86_the_outbox_of_another_brand_does_not_exist(site: Site):
    lea, ada = site.visitor("Léa"), site.visitor("Ada")
    _, send = answered(site, lea, "Une réponse à nous.")

    assert ada.get("/b/loriot/outbox").status_code == 404
    assert "Une réponse à nous." not in ada.get("/b/merle/outbox?state=waiting").text
    assert ada.post(f"/b/merle/outbox/{send}/undo", on="/b/merle/outbox").status_code == 404


@pytest.mark.parametrize("query", ["?state=nothing", "?before=x", "?before=99999999999999999999", "?channel=%27%22"])
def test_whatever_an_address_asks_for_is_answered(site: Site, query: str):
    assert site.visitor("Vic").get(f"/b/loriot/outbox{query}").status_code == 200

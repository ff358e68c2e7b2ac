"""A moderator's day on the page without script: every act is a form, and does what the chat does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from inbox.model import Label, Status
from inbox.outgoing import OutboxKind
from inbox.people import Role
from inbox.switches import PAUSED
from tests.web.sites import LATE, RUDE, THANKS, Browsing, Site
from web.filters import PAGE


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        for name, role in (("Inès", Role.ADMIN), ("Omar", Role.MODERATOR), ("Léa", Role.AGENT), ("Vic", Role.VIEWER)):
            site.add(name, role)
        yield site


def act(visitor: Browsing, conversation: int, what: str, **filled: object) -> int:
    """Fill in a form of a conversation; the status of the answer."""
    on = f"/b/loriot/inbox/{conversation}"
    return visitor.post(f"/b/loriot/c/{conversation}/{what}", on=on, **filled).status_code


def test_f28_the_list_has_the_order_of_the_queue_and_shows_the_parts_of_the_priority(site: Site):
    thanks, late = site.hear(THANKS, author="tom"), site.hear(LATE)

    page = unescape(site.visitor("Léa").get("/b/loriot/inbox").text)

    assert page.index(f'id="row-{late}"') < page.index(f'id="row-{thanks}"')
    assert "complaint 40" in page


def test_f05_public_stands_at_the_conversation_and_over_the_box(site: Site):
    late = site.hear(LATE)

    page = site.visitor("Léa").get(f"/b/loriot/inbox/{late}").text

    assert '<span class="visibility public">PUBLIC</span>' in page
    assert "Answer in public: everyone there can read it" in page


def test_a_draft_is_sent_as_it_stands_leaves_after_the_hold_and_is_in_the_conversation(site: Site):
    thanks = site.hear(THANKS)
    draft = site.seen(thanks).open_drafts[0]

    status = act(site.visitor("Léa"), thanks, "reply", draft=draft.id, text=draft.text)
    before = [message.text for message in site.seen(thanks).messages if message.is_ours]
    site.deliver()

    assert status == 303
    assert before == []
    assert [message.text for message in site.seen(thanks).messages if message.is_ours] == [draft.text]


def test_what_was_sent_is_undone_until_it_leaves(site: Site):
    thanks = site.hear(THANKS)
    lea = site.visitor("Léa")
    act(lea, thanks, "reply", text="Merci beaucoup, à bientôt !")
    send = site.seen(thanks).sends[-1]

    undone = act(lea, thanks, "undo-send", send=send.id)
    site.deliver()

    assert undone == 303
    assert not any(message.is_ours for message in site.seen(thanks).messages)


def test_f32_the_second_of_two_sees_what_the_first_said_and_keeps_his_words(site: Site):
    late = site.hear(LATE)
    lea, omar = site.visitor("Léa"), site.visitor("Omar")
    act(lea, late, "reply", text="Nous regardons cela tout de suite.")

    on = f"/b/loriot/inbox/{late}"
    refused = omar.post(f"/b/loriot/c/{late}/reply", on=on, text="Nous cherchons votre colis.")
    first = "Nous regardons cela tout de suite."
    draft = site.seen(late).open_drafts[0]
    again = omar.post(f"/b/loriot/c/{late}/reply", on=on, text=draft.text, draft=draft.id, after=first)

    assert refused.status_code == 409
    assert first in refused.text
    assert "Nous cherchons votre colis." in refused.text
    assert again.status_code == 303


def test_f43_what_a_check_stops_is_kept_told_and_sent_only_where_one_may_insist(site: Site):
    late = site.hear(LATE)
    lea, on = site.visitor("Léa"), f"/b/loriot/inbox/{late}"

    shouted = lea.post(f"/b/loriot/c/{late}/reply", on=on, text="Écrivez à https://ailleurs.example pour la suite.")
    draft = site.seen(late).open_drafts[0]
    insisted = lea.post(f"/b/loriot/c/{late}/reply", on=on, text=draft.text, draft=draft.id, insists="1")
    blank = lea.post(f"/b/loriot/c/{late}/reply", on=on, text="Bonjour {{contact.nom}} !", insists="1")

    assert shouted.status_code == 409
    assert "https://ailleurs.example" in shouted.text
    assert "Send all the same" in shouted.text
    assert insisted.status_code == 303
    assert blank.status_code == 409
    assert "Send all the same" not in blank.text


def test_f29_a_conversation_is_resolved_put_off_and_reopened(site: Site):
    late = site.hear(LATE)
    lea = site.visitor("Léa")

    stood = []
    for what, filled in (("resolve", {}), ("reopen", {}), ("snooze", {"for": "1d"}), ("reopen", {})):
        act(lea, late, what, **filled)
        stood.append(site.seen(late).status)

    assert stood == [Status.RESOLVED, Status.OPEN, Status.SNOOZED, Status.OPEN]


def test_f31_a_conversation_is_taken_given_and_noted_upon(site: Site):
    late = site.hear(LATE)
    lea = site.visitor("Léa")

    act(lea, late, "claim")
    held = site.seen(late).claimed_by
    act(lea, late, "release")
    act(lea, late, "assign", to="Omar")
    act(lea, late, "note", text="@Omar elle a déjà appelé hier")
    view = site.seen(late)

    assert (held, view.assignee, view.notes[0].mentions) == ("Léa", "Omar", ("Omar",))


def test_labels_are_put_right_and_back(site: Site):
    late = site.hear(LATE)
    lea, message = site.visitor("Léa"), site.seen(late).messages[0].id

    act(lea, late, "label", message=message, label=["complaint", "sales_lead"])
    labelled = site.seen(late).messages[0].corrected
    act(lea, late, "undo-label", message=message)

    assert labelled == (Label.COMPLAINT, Label.SALES_LEAD)
    assert site.seen(late).messages[0].corrected is None


def test_f60_a_message_is_hidden_with_a_reason_and_shown_again(site: Site):
    rude = site.hear(RUDE)
    omar, message = site.visitor("Omar"), site.seen(rude).messages[0].id

    done = act(omar, rude, "moderate", act="hide", message=message, reason="Insulte")
    case = next(line.facts["number"] for line in site.seen(rude).audit if line.what == "case.opened")
    site.deliver()
    undone = act(omar, rude, "undo-case", case=case)

    assert (done, undone) == (303, 303)
    assert {OutboxKind.HIDE, OutboxKind.UNHIDE} <= {send.kind for send in site.seen(rude).sends}


def test_f67_an_offensive_text_is_kept_from_view_until_asked_for_and_each_time_is_counted(site: Site):
    rude = site.hear(RUDE)
    lea, message = site.visitor("Léa"), site.seen(rude).messages[0].id

    first = lea.get(f"/b/loriot/inbox/{rude}").text
    asked = lea.post(f"/b/loriot/c/{rude}/reveal", on=f"/b/loriot/inbox/{rude}", message=message).text
    listed = lea.get("/b/loriot/inbox").text

    assert "connard" not in first
    assert "connard" not in listed
    assert "connard" in asked
    with site.desk.store.read() as books:
        assert books.count_exposures("Léa", since=site.clock() - timedelta(days=1)) == 1


def test_f86_each_role_may_do_what_it_may_in_the_chat(site: Site):
    rude = site.hear(RUDE)
    message = site.seen(rude).messages[0].id
    hide = {"act": "hide", "message": message, "reason": "Insulte"}
    vic, lea, omar = (site.visitor(name) for name in ("Vic", "Léa", "Omar"))

    assert [act(vic, rude, "resolve"), act(vic, rude, "moderate", **hide)] == [403, 403]
    assert [act(lea, rude, "resolve"), act(lea, rude, "moderate", **hide)] == [303, 403]
    assert act(omar, rude, "moderate", **hide) == 303
    assert vic.get(f"/b/loriot/inbox/{rude}").status_code == 200


def test_f30_the_search_ignores_case_and_accents_and_filters_have_addresses(site: Site):
    late, thanks = site.hear("Ma RÉCLAMATION sur le colis en retard"), site.hear(THANKS, author="tom")
    lea = site.visitor("Léa")

    found = lea.get("/b/loriot/inbox?q=reclamation").text
    praised = lea.get("/b/loriot/inbox?label=praise").text

    assert (f'id="row-{late}"' in found, f'id="row-{thanks}"' in found) == (True, False)
    assert (f'id="row-{late}"' in praised, f'id="row-{thanks}"' in praised) == (False, True)


def test_f58_one_button_pauses_and_every_page_says_so_until_a_moderator_resumes(site: Site):
    lea, omar = site.visitor("Léa"), site.visitor("Omar")

    lea.post("/b/loriot/sending/pause", on="/b/loriot/inbox")
    page = lea.get("/b/loriot/inbox").text
    refused = lea.post("/b/loriot/sending/resume", on="/b/loriot/sending").status_code
    omar.post("/b/loriot/sending/resume", on="/b/loriot/sending")

    assert "Automatic sending is paused by Léa." in page
    assert refused == 403
    with site.desk.store.read() as books:
        assert not books.switch(PAUSED).is_on


def test_f76_a_crisis_is_declared_told_on_every_page_and_ended(site: Site):
    site.hear(LATE)
    omar = site.visitor("Omar")

    omar.post("/b/loriot/sending/crisis", on="/b/loriot/sending", why="Un chargeur a pris feu")
    page = omar.get("/b/loriot/inbox").text
    report = omar.get("/b/loriot/sending").text
    omar.post("/b/loriot/sending/crisis/end", on="/b/loriot/sending")

    assert "A crisis runs, declared by Omar." in page
    assert "Un chargeur a pris feu" in report
    assert "A crisis runs" not in omar.get("/b/loriot/inbox").text


@pytest.mark.parametrize(
    "said",
    [
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "{{ 7 * 7 }} {% for x in y %}",
        "\u202egnissaw siht\u202c \u2066ok",
        "a" * 100_000,
        "💥" * 5_000,
        'https://evil.example/"><svg/onload=alert(3)>',
    ],
    ids=["markup", "template", "bidi", "long", "emoji", "link"],
)
def test_a_hostile_message_is_inert_on_every_page(site: Site, said: str):
    conversation = site.hear(said, name='<b onclick="alert(4)">x</b>')
    lea = site.visitor("Léa")

    pages = [lea.get(path).text for path in ("/b/loriot/inbox", f"/b/loriot/inbox/{conversation}")]

    for page in pages:
        for live in ("<script>alert", "<img src=x", "<svg/onload", "<b onclick", ">49<"):
            assert live not in page


@pytest.mark.parametrize(
    ("lang", "says"), [("fr", "Boîte de réception"), ("en", "Inbox"), ("de", "Boîte de réception")]
)
def test_f90_the_page_speaks_the_language_of_the_browser_else_that_of_the_house(site: Site, lang: str, says: str):
    visitor = site.visitor("Léa", **{"accept-language": lang})

    page = visitor.get("/b/loriot/inbox").text

    assert says in page


@pytest.mark.parametrize("path", ["/b/loriot/inbox/999", "/b/loriot/inbox/x", "/b/loriot/nothing", "/nothing"])
def test_what_is_not_there_is_said_so_in_words(site: Site, path: str):
    answer = site.visitor("Léa").get(path)

    assert answer.status_code == 404
    assert "Back to the inbox" in answer.text


def test_a_page_weighs_little(site: Site):
    for number in range(60):
        site.hear(f"{LATE} ({number})", author=f"contact-{number}")
    visitor = site.visitor("Léa")

    page = len(visitor.get("/b/loriot/inbox/1").content)
    loaded = sum(
        len(visitor.get(f"/static/{name}").content)
        for name in ("style.css", "vigie.js", "keys.js", "compose.js", "vigie.svg")
    )

    assert page + loaded < 150_000


def test_f28_every_conversation_is_on_one_page_of_the_list(site: Site):
    said = {site.hear(THANKS, author=f"contact-{number}") for number in range(PAGE + 3)}
    visitor, found, address = site.visitor("Léa"), [], "/b/loriot/inbox"

    while address:
        page = visitor.get(address).text
        found.append({int(number) for number in re.findall(r'id="row-(\d+)"', page)})
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(onward.group(1)) if onward else ""

    assert [len(page) for page in found] == [PAGE, 3]
    assert set.union(*found) == said


def test_f30_a_word_is_found_without_its_accents(site: Site):
    complaint = site.hear("Ma réclamation est restée sans réponse")
    other = site.hear(THANKS)

    page = site.visitor("Léa").get("/b/loriot/inbox?q=reclamation").text

    assert (f'id="row-{complaint}"' in page, f'id="row-{other}"' in page) == (True, False)

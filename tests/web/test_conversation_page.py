"""The open conversation without script: answering, going on, moderating with open eyes; nothing typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from inbox import work
from inbox.model import Status, Visibility
from inbox.outgoing import OutboxKind
from inbox.people import Role
from inbox.team import find_member
from inbox.views import SendState
from tests.web.sites import LATE, RUDE, THANKS, Browsing, Site
from web.opened import BREAK_AFTER


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        for name, role in (("Omar", Role.MODERATOR), ("Léa", Role.AGENT), ("Vic", Role.VIEWER)):
            site.add(name, role)
        yield site


def page_of(visitor: Browsing, conversation: int, query: str = "") -> str:
    return unescape(visitor.get(f"/b/loriot/inbox/{conversation}{query}").text)


def act(visitor: Browsing, conversation: int, what: str, **filled: object) -> tuple[int, str]:
    """Fill in a form of a conversation; the status of the answer, and its page or where it leads."""
    on = f"/b/loriot/inbox/{conversation}"
    answer = visitor.post(f"/b/loriot/c/{conversation}/{what}", on=on, **filled)
    return answer.status_code, answer.headers.get("location") or unescape(answer.text)


def boxes(page: str) -> list[str]:
    """What stands in the boxes to write in, the answer first."""
    return re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)


def test_f29_after_resolving_the_next_of_the_same_list_is_open_with_a_way_back(site: Site):
    first, second = site.hear(LATE), site.hear(LATE + " Vraiment !", author="tom")
    site.hear(THANKS, author="zoe")
    lea, here = site.visitor("Léa"), f"/b/loriot/inbox/{first}?label=complaint"

    status, where = act(lea, first, "resolve", next=here)
    page = unescape(lea.get(where).text)
    lea.post(f"/b/loriot/c/{first}/reopen", on=where)

    assert (status, where) == (303, f"/b/loriot/inbox/{second}?label=complaint&done=resolved&of={first}")
    assert f"Conversation {first} is resolved." in page
    assert f'action="/b/loriot/c/{first}/reopen"' in page
    assert site.seen(first).status is Status.OPEN


def test_after_the_last_one_the_list_is_shown(site: Site):
    late = site.hear(LATE)

    _, where = act(site.visitor("Léa"), late, "resolve")

    assert where == f"/b/loriot/inbox?done=resolved&of={late}"


@pytest.mark.parametrize("said", ["done=resolved&of=x", "done=<b>&of=1", "done=sent&of=1-x", "of=1", "done=sent&of=²"])
def test_an_address_that_says_anything_else_was_done_says_nothing(site: Site, said: str):
    page = site.visitor("Léa").get(f"/b/loriot/inbox?{said}").text

    assert 'class="bar done"' not in page


def test_f29_until_monday_at_nine_is_meant_by_the_clock_of_the_brand(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")

    act(lea, late, "snooze", **{"for": "monday 9:00"})
    until = site.seen(late).snooze_until

    assert until is not None
    there = until.astimezone(site.desk.brand.hours.zone)
    assert (there.weekday(), there.hour, there.minute) == (0, 9, 0)
    assert site.clock() < until <= site.clock() + timedelta(days=7)
    site.clock.advance(until - site.clock())
    work.wake(site.desk)
    assert site.seen(late).status is Status.OPEN


def test_f29_a_date_is_taken_and_nonsense_or_the_past_is_told(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")

    nonsense = act(lea, late, "snooze", **{"for": "soon"})
    past = act(lea, late, "snooze", until="2020-01-01T09:00")
    act(lea, late, "snooze", until="2033-05-04T10:30")

    assert nonsense[0] == 422
    assert "Monday 9:00" in nonsense[1]
    assert past[0] == 409
    assert site.seen(late).snooze_until == datetime(2033, 5, 4, 8, 30, tzinfo=UTC)


def test_an_answer_that_resolves_is_taken_back_whole(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")

    _, where = act(lea, late, "reply", text="Nous cherchons votre colis.", then="resolve")
    stood = site.seen(late).status
    send = site.seen(late).sends[-1]
    assert where.endswith(f"done=sent&of={late}-{send.id}")
    lea.post(f"/b/loriot/c/{late}/undo-send", on=where, send=send.id, reopen="1")

    assert stood is Status.RESOLVED
    assert site.seen(late).status is Status.OPEN
    assert site.seen(late).sends[-1].state is SendState.CANCELLED


def test_an_answer_that_resolves_leaves_and_the_conversation_stays_closed(site: Site):
    late = site.hear(LATE)

    act(site.visitor("Léa"), late, "reply", text="Nous cherchons votre colis.", then="resolve")
    site.deliver()

    assert site.seen(late).status is Status.RESOLVED
    assert site.seen(late).sends[-1].state is SendState.SENT


def test_f32_whoever_is_second_has_his_words_in_the_box_and_the_first_answer_above(site: Site):
    late = site.hear(LATE)
    act(site.visitor("Léa"), late, "reply", text="Nous regardons cela.")

    status, page = act(site.visitor("Omar"), late, "reply", text="Nous cherchons votre colis.")

    assert status == 409
    assert boxes(page)[0] == "Nous cherchons votre colis."
    assert '<blockquote class="said ours" dir="auto">Nous regardons cela.</blockquote>' in page
    assert f'name="next" value="/b/loriot/inbox/{late}"' in page


def test_f32_until_when_somebody_has_it_is_told(site: Site):
    late = site.hear(LATE)
    act(site.visitor("Léa"), late, "claim")

    page = page_of(site.visitor("Omar"), late)
    status, refused = act(site.visitor("Omar"), late, "reply", text="Nous cherchons votre colis.")

    assert "In the hands of Léa until " in page
    assert status == 409
    assert boxes(refused)[0] == "Nous cherchons votre colis."


def test_words_for_a_message_that_is_gone_are_not_lost(site: Site):
    late = site.hear(LATE)
    message = site.seen(late).messages[0]
    with site.desk.store.begin() as books:
        books.mark_deleted(message.id, deleted_at=site.clock(), keep_text=False)

    status, page = act(site.visitor("Léa"), late, "reply", text="Nous cherchons votre colis.")

    assert status == 409
    assert "The author has deleted the message." in page
    assert boxes(page)[0] == "Nous cherchons votre colis."


def test_words_for_a_draft_that_a_colleague_has_thrown_away_are_not_lost(site: Site):
    thanks = site.hear(THANKS)
    draft = site.seen(thanks).open_drafts[0]
    act(site.visitor("Omar"), thanks, "discard", draft=draft.id)

    refused = act(site.visitor("Léa"), thanks, "reply", draft=draft.id, text="Merci à vous !")
    kept = act(site.visitor("Léa"), thanks, "draft", draft=draft.id, text="Merci à vous !")

    assert [status for status, _ in (refused, kept)] == [409, 409]
    assert boxes(refused[1])[0] == boxes(kept[1])[0] == "Merci à vous !"


def test_f43_the_checks_are_asked_without_sending_and_the_spacing_is_mended(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")

    status, page = act(lea, late, "check", text="Écrivez à https://ailleurs.example !")
    _, mended = act(lea, late, "check", text="Nous cherchons votre colis!", mend="1")
    _, good = act(lea, late, "check", text="Nous cherchons votre colis.")

    assert status == 200
    assert "<strong>Stops it:</strong>" in page
    assert boxes(page)[0] == "Écrivez à https://ailleurs.example !"
    assert boxes(mended)[0] == "Nous cherchons votre colis\u202f!"
    assert "The checks find nothing." in good
    assert site.seen(late).sends == ()


def test_f38_a_prepared_answer_is_chosen_by_a_link_and_sent_as_what_it_is(site: Site):
    late, lea = site.hear(LATE, name="Camille Rousseau"), site.visitor("Léa")

    listed = unescape(lea.get(f"/b/loriot/c/{late}/responses?q=retard").text)
    code = re.findall(r'data-code="([^"]+)"', listed)[0]
    page = page_of(lea, late, f"?take={code}")
    act(lea, late, "reply", text=boxes(page)[0], response=code)
    act(lea, late, "undo-send", send=site.seen(late).sends[-1].id)

    assert "colis" in boxes(page)[0]
    assert "{{" not in boxes(page)[0]
    assert [draft.response for draft in site.seen(late).open_drafts if draft.rule is None] == [code]


def test_words_that_were_changed_are_no_longer_those_of_the_prepared_answer(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")
    code = next(iter(site.desk.responses))

    act(lea, late, "draft", text="Tout autre chose.", response=code)

    assert site.seen(late).open_drafts[0].response is None


def test_f46_an_answer_may_go_to_the_contact_alone_and_the_window_is_told(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")

    page = page_of(lea, late)
    act(lea, late, "reply", text="Écrivez-nous votre numéro de commande.", how="private")
    site.deliver()

    assert "to the contact alone" in page
    assert site.seen(late).messages[-1].visibility is Visibility.PRIVATE
    assert '<span class="visibility private">private</span>' in page_of(lea, late)


def test_f09_what_others_said_in_the_thread_is_shown_and_kept_from_view_where_it_offends(site: Site):
    site.hear(RUDE, author="max", thread="post-7")
    site.hear("Moi aussi j'attends.", author="zoe", thread="post-7")
    late = site.hear(LATE, thread="post-7")

    page = page_of(site.visitor("Léa"), late)

    assert "Moi aussi j'attends." in page
    assert "In the same thread before: 2" in page
    assert "connard" not in page


def test_f48_a_sent_reply_is_taken_back_where_the_channel_can_and_what_it_cannot_is_told(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")
    act(lea, late, "reply", text="Nous cherchons votre colis.")
    site.deliver()
    send = site.seen(late).sends[-1]

    page = page_of(lea, late)
    status, told = act(lea, late, "edit-sent", send=send.id, text="Nous cherchons encore.")
    act(lea, late, "retract", send=send.id)

    assert "Changing it is not possible on Instagram." in page
    assert status == 409
    assert "Not possible on Instagram" in told or "not possible on Instagram" in told
    assert site.seen(late).sends[-1].kind == OutboxKind.RETRACT


def test_f60_only_what_the_channel_can_do_is_offered_the_mildest_first(site: Site):
    rude = site.hear(RUDE)

    page = page_of(site.visitor("Omar"), rude)

    offered = re.findall(r'name="act" value="(\w+)"', page)
    assert offered == ["note", "warn", "hide", "delete"]


def test_f60_what_cannot_be_taken_back_is_shown_with_the_notice_before_it_is_done(site: Site):
    rude, omar = site.hear(RUDE), site.visitor("Omar")
    message = site.seen(rude).messages[0].id
    delete = {"act": "delete", "message": message, "reason": "Insulte"}

    status, asked = act(omar, rude, "moderate", **delete)
    before = site.seen(rude).cases
    done, _ = act(omar, rude, "moderate", **delete, sure="1")

    assert status == 200
    assert "It cannot be taken back." in asked
    assert "Votre message a été supprimé." in asked
    assert "connard" not in asked
    assert (before, done, site.seen(rude).cases) == (0, 303, 1)


def test_f60_an_act_that_is_refused_keeps_its_reason(site: Site):
    rude, omar = site.hear(RUDE), site.visitor("Omar")
    message = site.seen(rude).messages[0].id
    act(omar, rude, "moderate", act="hide", message=message, reason="Insulte")

    status, page = act(omar, rude, "moderate", act="hide", message=message, reason="Insulte encore")

    assert status == 409
    assert 'name="reason" value="Insulte encore"' in page


def test_a_message_of_another_conversation_is_neither_shown_nor_moderated(site: Site):
    rude, late = site.hear(RUDE, author="max"), site.hear(LATE)
    message, omar = site.seen(rude).messages[0].id, site.visitor("Omar")

    shown = act(omar, late, "reveal", message=message)
    hidden = act(omar, late, "moderate", act="hide", message=message, reason="Insulte")

    assert (shown[0], hidden[0]) == (404, 404)
    assert site.seen(rude).cases == 0


def test_f67_after_many_offensive_texts_a_break_is_proposed(site: Site):
    rude, lea = site.hear(RUDE), site.visitor("Léa")
    message = site.seen(rude).messages[0].id

    pages = [act(lea, rude, "reveal", message=message)[1] for _ in range(BREAK_AFTER)]

    assert "A break will do you good" not in pages[-2]
    assert "A break will do you good" in pages[-1]
    assert f'name="next" value="/b/loriot/inbox/{rude}"' in pages[-1]


def test_f67_a_link_alone_reveals_nothing(site: Site):
    rude, lea = site.hear(RUDE), site.visitor("Léa")
    message = site.seen(rude).messages[0].id

    answer = lea.get(f"/b/loriot/c/{rude}/reveal?message={message}")

    assert answer.status_code in {404, 405}
    with site.desk.store.read() as books:
        assert books.count_exposures("Léa", since=site.clock() - timedelta(days=1)) == 0


def test_f31_somebody_is_absent_his_deputy_has_his_work_and_he_comes_back(site: Site):
    late, lea = site.hear(LATE), site.visitor("Léa")
    act(lea, late, "assign", to="Léa")

    lea.post("/b/loriot/me/away", on="/b/loriot/me", deputy="Omar")
    given = site.seen(late).assignee
    page = page_of(site.visitor("Omar"), late)
    lea.post("/b/loriot/me/back", on="/b/loriot/me")

    assert given == "Omar"
    assert "Léa (absent: Omar)" in re.sub(r"\s+", " ", page)
    with site.desk.store.read() as books:
        assert find_member(books, "Léa").absent_since is None


def test_former_words_and_deletions_are_told(site: Site):
    late = site.hear(LATE)
    message = site.seen(late).messages[0]
    with site.desk.store.begin() as books:
        books.add_version(message.id, text="Finalement il est arrivé.", edited_at=site.clock())
        books.mark_deleted(message.id, deleted_at=site.clock(), keep_text=True)

    page = page_of(site.visitor("Léa"), late)

    assert "What it said before" in page
    assert LATE in page
    assert "deleted by its author" in page


def test_f36_a_contact_is_found_merged_marked_noted_and_taken_apart_on_his_card(site: Site):
    first = site.hear(LATE, author="lea.pdl", name="Léa P.")
    second = site.hear(THANKS, author="lea_bis", name="lea bis")
    omar = site.visitor("Omar")
    mine, other = site.seen(first).contact_id, site.seen(second).contact_id
    card = f"/b/loriot/contacts/{mine}"

    found = omar.get(f"{card}?q=BIS").text
    omar.post(f"{card}/merge", on=card, other=other)
    omar.post(f"{card}/vip", on=card, vip="yes")
    omar.post(f"{card}/note", on=card, text="Préfère le téléphone")
    together = unescape(omar.get(f"/b/loriot/contacts/{other}").text)
    listed = page_of(omar, second)
    omar.post(f"/b/loriot/contacts/{other}/unmerge", on=card)
    apart = unescape(omar.get(f"/b/loriot/contacts/{other}").text)

    assert f'name="other" value="{other}"' in found
    for words in (f"Instagram #{first}", f"Instagram #{second}", "Préfère le téléphone", "VIP", "as lea bis"):
        assert words in together
    assert "Other conversations: 1" in listed
    assert site.seen(first).priority_parts["vip"] == 30
    assert "vip" not in site.seen(second).priority_parts
    assert f"#{first}" not in apart


def test_f36_an_offensive_text_is_kept_from_view_on_the_card_too(site: Site):
    rude = site.hear(RUDE, author="max")

    page = site.visitor("Omar").get(f"/b/loriot/contacts/{site.seen(rude).contact_id}").text

    assert "connard" not in page


@pytest.mark.parametrize("path", ["contacts/999", "contacts/x", "contacts/999?q=a"])
def test_a_contact_who_is_not_there_is_said_so(site: Site, path: str):
    assert site.visitor("Omar").get(f"/b/loriot/{path}").status_code == 404


def test_f86_a_viewer_reads_the_card_and_changes_nothing(site: Site):
    late, vic = site.hear(LATE), site.visitor("Vic")
    card = f"/b/loriot/contacts/{site.seen(late).contact_id}"

    read = vic.get(card)
    refused = [vic.post(f"{card}/{what}", on=card, vip="yes", text="x", other="1") for what in ("vip", "note", "merge")]

    assert read.status_code == 200
    assert [answer.status_code for answer in refused] == [403, 403, 403]


def test_a_contact_of_another_brand_is_not_there(site: Site):
    elsewhere = site.hear(LATE, brand="merle")
    contact = site.seen(elsewhere, brand="merle").contact_id
    here = site.hear(THANKS)
    card = f"/b/loriot/contacts/{site.seen(here).contact_id}"
    omar = site.visitor("Omar")

    shown = omar.get(f"/b/loriot/contacts/{contact}")
    merged = omar.post(f"{card}/merge", on=card, other=contact)

    assert (shown.status_code, merged.status_code) == (404, 404)


def test_a_hostile_name_is_inert_on_the_card_and_in_the_search(site: Site):
    hostile = '<b onclick="alert(4)">x</b>'
    late, omar = site.hear("<script>alert(1)</script>", name=hostile), site.visitor("Omar")

    pages = [
        omar.get(path).text
        for path in (
            f"/b/loriot/contacts/{site.seen(late).contact_id}",
            "/b/loriot/contacts?q=onclick",
            f"/b/loriot/c/{late}/responses?q=%22%3E%3Cscript%3E",
        )
    ]

    assert not any("<b onclick" in page or "<script>alert" in page or '"><script' in page for page in pages)
    assert "&lt;b onclick" in pages[1]

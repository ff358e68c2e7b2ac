"""F42 on the page: a junior's answer waits for a colleague, who sends it, changed or not, or gives it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from inbox.approval_policy import ApprovalPolicy
from inbox.model import Label
from inbox.people import Role
from tests.web.sites import LATE, Site

WORDS = "Bonjour, nous regardons où est votre colis et revenons vers vous."


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        for name, role in (("Omar", Role.MODERATOR), ("Léa", Role.AGENT)):
            site.add(name, role)
        policy = ApprovalPolicy(people=frozenset({"Léa"}), labels=frozenset({Label.COMPLAINT}))
        site.desks["loriot"] = replace(site.desk, approval=policy)
        yield site


def asked(site: Site) -> tuple[int, str]:
    """Léa answers a complaint; the conversation, and the number of the draft that waits."""
    one = site.hear(LATE)
    here = f"/b/loriot/inbox/{one}"
    lea = site.visitor("Léa")
    answer = lea.post(f"/b/loriot/c/{one}/reply", on=here, text=WORDS, next=here)
    page = unescape(lea.get(here).text)
    (draft,) = (draft.id for draft in site.seen(one).open_drafts if draft.awaits_approval)

    assert answer.status_code == 303
    assert site.seen(one).sends == ()
    assert "Your answer waits for a colleague to approve it." in page
    return one, str(draft)


def test_f42_a_colleague_finds_it_changes_it_and_sends_it(site: Site):
    one, draft = asked(site)
    omar, here = site.visitor("Omar"), f"/b/loriot/inbox/{one}"

    waiting = unescape(omar.get("/b/loriot/approvals").text)
    page = unescape(omar.get(here).text)
    omar.post(f"/b/loriot/c/{one}/reply", on=here, draft=draft, text=WORDS + " Merci.", next=here)
    site.deliver()

    assert "/b/loriot/approvals" in omar.get("/b/loriot/inbox").text
    assert "Léa asks for approval" in waiting
    assert WORDS in waiting
    assert "Approve and send" in page
    assert [send.text for send in site.seen(one).sends] == [WORDS + " Merci."]
    assert "Nothing waits." in omar.get("/b/loriot/approvals").text


def test_f42_it_is_given_back_with_a_reason_that_its_author_sees(site: Site):
    one, draft = asked(site)
    omar, here = site.visitor("Omar"), f"/b/loriot/inbox/{one}"

    nothing_said = omar.post(f"/b/loriot/c/{one}/decline", on=here, draft=draft, why=" ")
    given = omar.post(f"/b/loriot/c/{one}/decline", on=here, draft=draft, why="Dites quand.", next=here)
    page = unescape(site.visitor("Léa").get(here).text)

    assert (nothing_said.status_code, given.status_code) == (409, 303)
    assert not any(one.awaits_approval for one in site.seen(one).open_drafts)
    assert "Dites quand." in page
    assert re.search(r"<textarea[^>]*>" + re.escape(WORDS), page)


def test_f42_nobody_approves_his_own(site: Site):
    one, draft = asked(site)
    here = f"/b/loriot/inbox/{one}"

    site.visitor("Léa").post(f"/b/loriot/c/{one}/reply", on=here, draft=draft, text=WORDS, next=here)

    assert site.seen(one).sends == ()

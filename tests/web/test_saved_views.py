"""F30: lists kept under a name, for oneself or for the team; they hold what the API's filters hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from inbox.people import Role
from tests.web.programs import Asking
from tests.web.sites import LATE, THANKS, Browsing, Site

HERE = "/b/loriot/inbox"
ASKED = "?label=complaint&channel=instagram&status=open"


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        for name, role in (("Omar", Role.MODERATOR), ("Léa", Role.AGENT), ("Vic", Role.VIEWER)):
            site.add(name, role)
        yield site


def kept(visitor: Browsing) -> dict[str, str]:
    """The kept views by name, each with its address."""
    page = visitor.get(HERE).text
    return {
        unescape(name): unescape(address)
        for address, name in re.findall(r'<a href="([^"]+)" class="kept"[^>]*>([^<]+)</a>', page)
    }


def listed(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'<li id="row-(\d+)"', page)]


def test_f30_a_kept_view_returns_the_same_conversations_as_the_filter_of_the_api(site: Site):
    for number in range(3):
        site.hear(LATE, author=f"late{number}")
        site.hear(THANKS, author=f"fan{number}")
    lea = site.visitor("Léa")
    lea.post("/b/loriot/views", on=HERE, name="Réclamations", next=HERE + ASKED)

    (address,) = kept(lea).values()
    shown = listed(lea.get(address).text)
    with Asking(site) as blog:
        answer = blog.get("/conversations", label="complaint", channel="instagram", status="open")

    assert len(shown) == 3
    assert shown == [one["id"] for one in answer.json()["conversations"]]


def test_f30_ones_own_view_is_seen_by_nobody_else_and_the_teams_by_all(site: Site):
    lea, omar = site.visitor("Léa"), site.visitor("Omar")

    lea.post("/b/loriot/views", on=HERE, name="À moi", next=f"{HERE}?assignee=me")
    lea.post("/b/loriot/views", on=HERE, name="À tous", next=f"{HERE}?label=complaint", for_all="1")

    assert kept(lea) == {"À tous": f"{HERE}?label=complaint", "À moi": f"{HERE}?assignee=me"}
    assert kept(omar) == {"À tous": f"{HERE}?label=complaint"}


def test_a_view_takes_the_place_of_one_of_its_name_and_is_removed_where_it_is_shown(site: Site):
    lea = site.visitor("Léa")
    lea.post("/b/loriot/views", on=HERE, name="Vue", next=f"{HERE}?label=complaint")
    lea.post("/b/loriot/views", on=HERE, name=" Vue ", next=f"{HERE}?label=praise")

    page = lea.get(f"{HERE}?label=praise").text
    (remove,) = re.findall(r'action="(/b/loriot/views/\d+/remove)"', page)
    before = kept(lea)
    answer = lea.post(remove, on=HERE)

    assert before == {"Vue": f"{HERE}?label=praise"}
    assert answer.status_code == 303
    assert kept(lea) == {}


def test_whoever_looks_on_keeps_views_for_himself_alone_and_removes_none_of_the_team(site: Site):
    lea, vic = site.visitor("Léa"), site.visitor("Vic")
    lea.post("/b/loriot/views", on=HERE, name="À tous", next=f"{HERE}?label=complaint", for_all="1")
    lea.post("/b/loriot/views", on=HERE, name="À Léa", next=f"{HERE}?label=lead")

    answers = [
        vic.post("/b/loriot/views", on=HERE, name="De Vic", next=f"{HERE}?label=praise").status_code,
        vic.post("/b/loriot/views", on=HERE, name="Pour tous", next=HERE, for_all="1").status_code,
        vic.post("/b/loriot/views/1/remove", on=HERE).status_code,
        vic.post("/b/loriot/views/2/remove", on=HERE).status_code,
        vic.post("/b/loriot/views", on=HERE, name="x" * 61, next=HERE).status_code,
    ]

    assert answers == [303, 403, 403, 404, 409]
    assert list(kept(vic)) == ["À tous", "De Vic"]

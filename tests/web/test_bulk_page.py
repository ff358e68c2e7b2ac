"""F33, F34 on the page: several at once, looked at before, taken back together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from inbox.model import Status
from inbox.people import Role
from tests.web.sites import LATE, RUDE, THANKS, Site

HERE = "/b/loriot/inbox"


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        for name, role in (("Omar", Role.MODERATOR), ("Léa", Role.AGENT), ("Vic", Role.VIEWER)):
            site.add(name, role)
        yield site


def test_f33_several_are_looked_at_done_and_taken_back(site: Site):
    many = [site.hear(THANKS, author=f"fan{n}") for n in range(3)]
    other = site.hear(LATE)
    lea = site.visitor("Léa")

    seen = lea.post("/b/loriot/bulk", on=HERE, act="resolve", conversation=many, next=HERE)
    page = unescape(seen.text)
    before = [site.seen(one).status for one in many]
    done = lea.post("/b/loriot/bulk", on=HERE, act="resolve", conversation=many, sure="1")
    after = [site.seen(one).status for one in (*many, other)]
    result = unescape(lea.get(done.headers["location"]).text)
    lea.post(f"{done.headers['location']}/undo", on=done.headers["location"])

    assert seen.status_code == 200
    assert "Conversations chosen: 3." in page
    assert [int(one) for one in re.findall(r'name="conversation" value="(\d+)"', page)] == many
    assert before == [Status.OPEN] * 3
    assert after == [Status.RESOLVED] * 3 + [Status.OPEN]
    assert "<strong>3</strong> done" in result
    assert [site.seen(one).status for one in many] == [Status.OPEN] * 3


def test_f33_all_of_a_list_are_those_that_its_filters_leave(site: Site):
    thanks, late = site.hear(THANKS), site.hear(LATE, author="tom")
    lea, here = site.visitor("Léa"), f"{HERE}?label=praise"

    page = lea.post("/b/loriot/bulk", on=here, act="resolve", all="1", next=here).text

    assert re.findall(r'name="conversation" value="(\d+)"', page) == [str(thanks)]
    assert late != thanks


def test_f33_a_complaint_is_shown_as_never_hidden_and_an_insult_stays_out_of_sight(site: Site):
    late, rude = site.hear(LATE), site.hear(RUDE, author="tom")
    omar = site.visitor("Omar")

    page = unescape(omar.post("/b/loriot/bulk", on=HERE, act="hide", conversation=[late, rude]).text)
    refused = omar.post("/b/loriot/bulk", on=HERE, act="hide", conversation=[rude], sure="1")

    assert "never hidden" in page
    assert RUDE not in page
    assert refused.status_code == 409
    assert "needs a reason" in unescape(refused.text)


@pytest.mark.parametrize(
    ("name", "act", "status"), [("Vic", "resolve", 403), ("Léa", "hide", 403), ("Omar", "hide", 200)]
)
def test_f33_each_may_do_with_many_what_he_may_do_with_one(site: Site, name: str, act: str, status: int):
    one = site.hear(RUDE)

    answer = site.visitor(name).post("/b/loriot/bulk", on=HERE, act=act, conversation=[one])

    assert answer.status_code == status


def test_f34_who_say_the_same_are_one_group_to_act_on(site: Site):
    copies = [site.hear(f"Boycott Loriot !!! {n}", author=f"u{n}") for n in range(4)]
    site.hear(THANKS)
    lea = site.visitor("Léa")

    page = unescape(lea.get("/b/loriot/alike").text)

    assert "4 that say the same" in page
    assert sorted(int(one) for one in re.findall(r'name="conversation" value="(\d+)"', page)) == copies


def test_another_brand_does_not_see_what_was_done(site: Site):
    site.add("Mia", Role.ADMIN, brand="merle")
    one = site.hear(THANKS)
    done = site.visitor("Omar").post("/b/loriot/bulk", on=HERE, act="resolve", conversation=[one], sure="1")

    mia = site.visitor("Mia")

    assert mia.get(done.headers["location"]).status_code == 404
    assert mia.get(done.headers["location"].replace("loriot", "merle")).status_code == 404

"""The people of the team on the page: added by a link, changed, signed out, removed; never the last administrator."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from inbox.errors import NotPossible
from inbox.invitations import LASTS
from inbox.joining import invite
from inbox.logins import let_in
from inbox.people import Role
from inbox.team import add_member, list_members
from tests.web.sites import LATE, PASSWORD, SETTER_UP, Browsing, Site

OTHER = "un tout autre mot de passe"
PEOPLE = "/b/loriot/people"


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


def invited(answer: httpx.Response) -> str:
    """The way that the link on a page leads."""
    found = re.search(r'value="http://[^/"]+(/join[^"]+)"', answer.text)
    assert found is not None
    return html.unescape(found.group(1))


def joined(site: Site, way: str, password: str = PASSWORD) -> tuple[Browsing, httpx.Response]:
    """Whoever opens a link and chooses a password."""
    somebody = site.visitor()
    filled = dict(httpx.QueryParams(way.partition("?")[2]))
    return somebody, somebody.post("/join", on=way, password=password, again=password, **filled)


def roles(site: Site) -> dict[str, Role | None]:
    return {one.name: one.stands for one in list_members(site.desk)}


def told(site: Site) -> list[str]:
    with site.desk.store.read() as books:
        return [line.line.what for line in books.read_audit()]


def test_somebody_is_added_by_a_link_that_works_once(site: Site):
    ines = site.visitor("Inès")
    way = invited(ines.post(f"{PEOPLE}/add", on=PEOPLE, name="Zoé", role="agent"))

    before = site.visitor().sign_in("Zoé", "").status_code
    short = joined(site, way, "court")[1]
    zoe, done = joined(site, way)
    again = site.visitor().get(way)

    assert (before, short.status_code, done.status_code) == (403, 422, 303)
    assert zoe.get("/b/loriot/inbox").status_code == 200
    assert zoe.get(PEOPLE).status_code == 403
    assert again.status_code == 404
    assert "has been used, or is out of date" in html.unescape(again.text)
    assert roles(site) == {"Inès": Role.ADMIN, "Zoé": Role.AGENT}
    assert site.visitor().sign_in("zoé").status_code == 303


def test_a_link_ends_after_three_days_and_a_new_one_takes_its_place(site: Site):
    ines = site.visitor("Inès")
    old = invited(ines.post(f"{PEOPLE}/add", on=PEOPLE, name="Zoé", role="agent"))
    site.clock.advance(LASTS)
    ines = site.visitor("Inès")

    late = site.visitor().get(old).status_code
    new = invited(ines.post(f"{PEOPLE}/link", on=PEOPLE, name="Zoé"))
    forged = site.visitor().get(re.sub("key=.", "key=_", new)).status_code

    assert (late, forged) == (404, 404)
    assert joined(site, new)[1].status_code == 303


def test_a_new_link_ends_the_password_and_the_sessions_of_before(site: Site):
    site.add("Omar", Role.MODERATOR)
    omar, ines = site.visitor("Omar"), site.visitor("Inès")

    way = invited(ines.post(f"{PEOPLE}/link", on=PEOPLE, name="Omar"))

    assert omar.get("/b/loriot/inbox").status_code == 303
    assert site.visitor().sign_in("Omar").status_code == 403
    assert joined(site, way, OTHER)[1].status_code == 303


def test_nobody_takes_the_last_administrator_away(site: Site):
    ines = site.visitor("Inès")

    lowered = ines.post(f"{PEOPLE}/role", on=PEOPLE, name="Inès", role="agent")
    removed = ines.post(f"{PEOPLE}/remove", on=PEOPLE, name="Inès")
    # Whoever has not chosen a password yet cannot take over.
    ines.post(f"{PEOPLE}/add", on=PEOPLE, name="Zoé", role="admin")
    too_soon = ines.post(f"{PEOPLE}/role", on=PEOPLE, name="Inès", role="agent")

    assert {lowered.status_code, removed.status_code, too_soon.status_code} == {409}
    assert "Inès is the last administrator." in lowered.text
    assert roles(site)["Inès"] is Role.ADMIN


def test_whoever_is_refused_a_role_is_left_without_a_login(site: Site):
    merle = site.desks["merle"]
    add_member(merle, "Max", role=Role.ADMIN, by=SETTER_UP)

    with pytest.raises(NotPossible, match="Max is the last administrator"):
        invite(merle, "Max", role=Role.AGENT, by=SETTER_UP)

    assert invite(merle, "Max", role=Role.ADMIN, by=SETTER_UP).login.name == "Max"


def test_an_administrator_may_step_down_where_another_has_joined(site: Site):
    site.add("Omar", Role.ADMIN)
    ines = site.visitor("Inès")

    done = ines.post(f"{PEOPLE}/role", on=PEOPLE, name="Inès", role="viewer")

    assert done.status_code == 303
    assert ines.get(PEOPLE).status_code == 403


def test_whoever_is_removed_leaves_his_work_to_another_and_signs_in_no_more(site: Site):
    site.add("Omar", Role.MODERATOR)
    site.add("Zoé", Role.AGENT)
    omar, ines = site.visitor("Omar"), site.visitor("Inès")
    late = site.hear(LATE)
    omar.post(f"/b/loriot/c/{late}/assign", on="/b/loriot/inbox", to="Omar")
    ines.post(f"{PEOPLE}/away", on=PEOPLE, name="Zoé", deputy="Omar")

    refused = ines.post(f"{PEOPLE}/remove", on=PEOPLE, name="Omar")
    removed = ines.post(f"{PEOPLE}/remove", on=PEOPLE, name="Omar", heir="Inès")

    assert "Say who takes over." in refused.text
    assert removed.status_code == 303
    assert site.seen(late).assignee == "Inès"
    assert omar.get("/b/loriot/inbox").status_code == 303
    assert site.visitor().sign_in("Omar").status_code == 403
    assert roles(site) == {"Inès": Role.ADMIN, "Zoé": Role.AGENT}
    assert ines.get(PEOPLE).status_code == 200
    assert "team.removed" in told(site)


def test_whoever_works_for_another_brand_too_keeps_his_login(site: Site):
    site.add("Max", Role.ADMIN, brand="merle")
    site.add("Omar", Role.AGENT)
    with site.desk.store.read() as books:
        omar = books.login_called("Omar")
    assert omar is not None
    let_in(site.desks["merle"], omar, role=Role.ADMIN, by=SETTER_UP)
    ines, working = site.visitor("Inès"), site.visitor("Omar")

    taken_over = ines.post(f"{PEOPLE}/link", on=PEOPLE, name="Omar")
    signed_out = ines.post(f"{PEOPLE}/sessions/end", on=PEOPLE, name="Omar")
    removed = ines.post(f"{PEOPLE}/remove", on=PEOPLE, name="Omar")

    assert (taken_over.status_code, signed_out.status_code, removed.status_code) == (403, 403, 303)
    assert working.get("/b/merle/inbox").status_code == 200
    assert working.get("/b/loriot/inbox").status_code == 404


def test_people_are_for_administrators_of_the_brand_alone(site: Site):
    site.add("Omar", Role.MODERATOR)
    site.add("Max", Role.ADMIN, brand="merle")
    omar, max_ = site.visitor("Omar"), site.visitor("Max")

    looked = [omar.get(PEOPLE).status_code, max_.get(PEOPLE).status_code]
    acted = omar.post(f"{PEOPLE}/role", on="/b/loriot/inbox", name="Omar", role="admin").status_code
    other = max_.post(f"{PEOPLE}/remove", on="/b/merle/inbox", name="Omar").status_code

    assert looked == [403, 404]
    assert (acted, other) == (403, 404)
    assert ">People<" not in omar.get("/b/loriot/inbox").text
    assert roles(site)["Omar"] is Role.MODERATOR


def test_sessions_are_seen_and_ended_by_an_administrator(site: Site):
    site.add("Omar", Role.MODERATOR)
    omar, ines = site.visitor("Omar", **{"user-agent": "Firefox <b>128"}), site.visitor("Inès")

    shown = ines.get(PEOPLE).text
    ines.post(f"{PEOPLE}/sessions/end", on=PEOPLE, name="Omar")

    assert "Firefox &lt;b&gt;128" in shown
    assert omar.get("/b/loriot/inbox").status_code == 303
    assert "team.signed_out" in told(site)


def test_one_changes_ones_own_password_by_showing_the_present_one(site: Site):
    here, elsewhere = site.visitor("Inès"), site.visitor("Inès")
    me = "/b/loriot/me"

    wrong = here.post(f"{me}/password", on=me, before="not it at all", password=OTHER, again=OTHER)
    differing = here.post(f"{me}/password", on=me, before=PASSWORD, password=OTHER, again=OTHER + "!")
    short = here.post(f"{me}/password", on=me, before=PASSWORD, password="court", again="court")
    done = here.post(f"{me}/password", on=me, before=PASSWORD, password=OTHER, again=OTHER)

    assert [one.status_code for one in (wrong, differing, short, done)] == [422, 422, 422, 303]
    assert "at least 10 characters" in short.text
    assert (here.get(me).status_code, elsewhere.get(me).status_code) == (200, 303)
    assert site.visitor().sign_in("Inès", OTHER).status_code == 303


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(site: Site):
    site.add("Omar", Role.MODERATOR)
    here, lost, omar = site.visitor("Inès"), site.visitor("Inès"), site.visitor("Omar")
    site.clock.advance(timedelta(minutes=2))
    me = "/b/loriot/me"
    with site.desk.store.read() as books:
        login, other = books.login_called("Inès"), books.login_called("Omar")
        assert login is not None
        assert other is not None
        theirs = books.sessions_of(other.id)[0].id

    here.post(f"{me}/sessions/end", on=me, session=str(theirs))
    shown = here.get(me).text.count("End it")
    here.post(f"{me}/sessions/end", on=me)

    assert shown == 1
    assert [one.get(me).status_code for one in (here, lost, omar)] == [200, 303, 200]
    assert here.get("/account").headers["location"] == me


def test_a_language_is_chosen_for_good_and_in_one_browser_by_its_button(site: Site):
    ines = site.visitor("Inès")
    me = "/b/loriot/me"

    ines.post(f"{me}/language", on=me, lang="fr")
    elsewhere = site.visitor("Inès").get(me).text
    ines.post("/language", on=me, lang="en", next=me)

    assert 'lang="fr"' in elsewhere.split(">")[1]
    assert 'lang="en"' in ines.get(me).text.split(">")[1]
    assert ines.post(f"{me}/language", on=me, lang="xx").status_code == 422

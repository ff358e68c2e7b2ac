"""Who gets in: names and passwords, sessions, foreign forms, the first administrator, two brands (row F86)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest

from inbox.logins import FREE_ATTEMPTS
from inbox.people import Role
from inbox.sessions import IDLE, LONGEST
from tests.web.sites import LATE, PASSWORD, Site
from web.safety import HEADERS, LARGEST_BODY


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        yield site


def test_whoever_is_not_signed_in_is_asked_who_he_is_and_goes_on_to_what_he_asked_for(site: Site):
    site.add("Inès", Role.ADMIN)
    visitor = site.visitor()

    asked = visitor.get("/b/loriot/inbox?label=complaint")
    signed_in = visitor.post("/sign-in", on="/sign-in", name="inès", password=PASSWORD, next=asked.url.path)

    assert asked.headers["location"] == "/sign-in?next=%2Fb%2Floriot%2Finbox%3Flabel%3Dcomplaint"
    assert signed_in.status_code == 303
    assert visitor.get("/b/loriot/inbox").status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(site: Site):
    site.add("Inès", Role.ADMIN)

    wrong = site.visitor().sign_in("Inès", "not the password")
    unknown = site.visitor().sign_in("Nobody", "not the password")

    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert wrong.text.replace("Inès", "") == unknown.text.replace("Nobody", "")
    assert "do not go together" in wrong.text


def test_too_many_attempts_are_slowed_down_for_a_name_whatever_the_password(site: Site):
    site.add("Inès", Role.ADMIN)
    for _ in range(FREE_ATTEMPTS):
        site.visitor().sign_in("Inès", "not the password")

    slowed = site.visitor().sign_in("Inès")
    site.clock.advance(timedelta(seconds=3))
    later = site.visitor().sign_in("Inès")

    assert slowed.status_code == 403
    assert "Too many attempts. Try again in 2 s." in slowed.text
    assert later.status_code == 303


def test_a_session_ends_when_nobody_uses_it_and_in_any_case_after_a_month(site: Site):
    site.add("Inès", Role.ADMIN)
    idle, used = site.visitor("Inès"), site.visitor("Inès")

    site.clock.advance(IDLE - timedelta(minutes=5))
    still = used.get("/b/loriot/inbox").status_code
    site.clock.advance(timedelta(minutes=6))
    after_idling = (idle.get("/b/loriot/inbox").status_code, used.get("/b/loriot/inbox").status_code)
    for _ in range(int(LONGEST / IDLE) + 1):
        site.clock.advance(IDLE - timedelta(minutes=5))
        used.get("/b/loriot/inbox")

    assert still == 200
    assert after_idling == (303, 200)
    assert used.get("/b/loriot/inbox").status_code == 303


def test_signing_out_ends_the_session_for_whoever_has_its_token(site: Site):
    site.add("Inès", Role.ADMIN)
    visitor = site.visitor("Inès")
    token = visitor.client.cookies["vigie"]

    visitor.post("/sign-out", on="/b/loriot/inbox")
    visitor.client.cookies.set("vigie", token)

    assert visitor.get("/b/loriot/inbox").status_code == 303


def test_the_token_is_kept_from_scripts_and_the_database(site: Site):
    site.add("Inès", Role.ADMIN)
    visitor = site.visitor()

    cookie = visitor.sign_in("Inès").headers["set-cookie"]

    token = visitor.client.cookies["vigie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    with site.desk.store.read() as books:
        assert books.session(token) is None


def test_a_form_of_another_page_does_nothing(site: Site):
    site.add("Inès", Role.ADMIN)
    conversation = site.hear(LATE)
    visitor = site.visitor("Inès")
    resolve = f"/b/loriot/c/{conversation}/resolve"

    unmarked = visitor.post(resolve)
    mismarked = visitor.post(resolve, csrf="0" * 64)
    visitor.client.headers["sec-fetch-site"] = "cross-site"
    foreign = visitor.post(resolve, on="/b/loriot/inbox")

    assert {unmarked.status_code, mismarked.status_code, foreign.status_code} == {403}
    assert site.seen(conversation).status == "open"


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_away(site: Site, away: str):
    site.add("Inès", Role.ADMIN)

    led = site.visitor().post("/sign-in", on="/sign-in", name="Inès", password=PASSWORD, next=away)

    assert led.headers["location"] == "/"


def test_the_first_administrator_is_made_once_by_whoever_has_the_key(site: Site):
    start = f"/start?key={site.house.start_key}"
    filled = {"name": "Inès", "password": PASSWORD, "again": PASSWORD}
    visitor, late = site.visitor(), site.visitor()
    mark = late.get(start).text

    guessed = visitor.get("/start?key=guess").status_code
    differing = visitor.post("/start", on=start, key=site.house.start_key, **filled | {"again": "another"})
    short = visitor.post(
        "/start", on=start, key=site.house.start_key, **filled | {"password": "short", "again": "short"}
    )
    made = visitor.post("/start", on=start, key=site.house.start_key, **filled)
    second = late.client.post(
        "/start", data=filled | {"key": site.house.start_key, "csrf": mark.split('name="csrf" value="')[1][:64]}
    )

    assert guessed == 404
    assert "The two passwords differ." in differing.text
    assert "at least 10 characters" in short.text
    assert made.status_code == 303
    assert [visitor.get(f"/b/{brand}/inbox").status_code for brand in ("loriot", "merle")] == [200, 200]
    assert second.status_code == 404


def test_f86_somebody_of_one_brand_is_told_of_no_other(site: Site):
    site.add("Inès", Role.ADMIN)
    site.add("Max", Role.ADMIN, brand="merle")
    theirs = site.hear(LATE, brand="merle")
    ines = site.visitor("Inès")

    pages = [ines.get(path).status_code for path in ("/b/merle/inbox", f"/b/merle/inbox/{theirs}", "/b/nowhere/inbox")]
    act = ines.post(f"/b/merle/c/{theirs}/resolve", on="/b/loriot/inbox").status_code
    borrowed = ines.post(f"/b/loriot/c/{theirs}/resolve", on="/b/loriot/inbox").status_code

    assert pages == [404, 404, 404]
    assert (act, borrowed) == (404, 404)
    assert site.seen(theirs, brand="merle").status == "open"


@pytest.mark.parametrize("path", ["/sign-in", "/b/loriot/inbox", "/nowhere", "/static/style.css"])
def test_every_answer_says_what_a_browser_may_do_with_it(site: Site, path: str):
    site.add("Inès", Role.ADMIN)

    answer = site.visitor("Inès").get(path)

    assert HEADERS.items() <= {name: answer.headers.get(name) for name in HEADERS}.items()
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_browser_keeps_for_good_only_files_whose_address_says_what_they_hold(site: Site):
    visitor = site.visitor()

    named, plain = visitor.get("/static/vigie.js?v=abc"), visitor.get("/static/keys.js")

    assert "immutable" in named.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"


def test_the_page_answers_to_its_own_names_only(site: Site):
    assert site.visitor(host="evil.example").get("/sign-in").status_code == 421


def test_more_than_is_taken_at_once_is_turned_away(site: Site):
    much = b"x" * 1_000_000

    said = site.visitor().client.post("/sign-in", content=b"x" * (LARGEST_BODY + 1))
    form = {"content-type": "application/x-www-form-urlencoded"}
    unsaid = site.visitor().client.post("/sign-in", content=(much for _ in range(12)), headers=form)

    # A form that does not say its length is stopped by the length of its fields before that of the whole.
    assert (said.status_code, unsaid.status_code) == (413, 400)


def test_there_is_a_browser_for_the_tests_of_pages():
    browser = shutil.which("chromium")

    assert browser is not None
    assert subprocess.run([browser, "--version"], check=True, capture_output=True).stdout.startswith(b"Chromium")

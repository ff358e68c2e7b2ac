"""What keeps the page from being misused: sign-ins that are slowed down, headers on every answer, names, open doors."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from data.store import open_store
from inbox import logins
from inbox.errors import NotAllowed
from inbox.logins import FREE_ATTEMPTS, wait_until
from inbox.people import Role
from inbox.sessions import LONGEST, Attempts
from inbox.team import add_member
from tests.end_to_end.shell import PATIENCE_S, Shell
from tests.inbox.builders import NOON
from tests.web.addresses import addresses, looked_up
from tests.web.sites import LATE, PASSWORD, SETTER_UP, Site
from web.app import create_app
from web.house import Served
from web.passwords import Argon2
from web.safety import HEADERS, LARGEST_BODY, counted_as
from web.visitor import within

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
]
WITHIN = ["/\x00/evil.example", "/%2F%2Fevil.example", "/%5Cevil.example", "/%09/evil.example"]
"""Look bad, and are paths of ours: nobody decodes them before they are followed."""


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


@dataclass(frozen=True, slots=True)
class Reached:
    """A page as it is reached under some address, such as one over TLS that a proxy keeps."""

    app: FastAPI
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask once; a fault is answered as a server would."""

        async def ask() -> httpx.Response:
            through = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=through, base_url=self.address, cookies=self.cookies) as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def mark(self) -> str:
        """The mark that the form to sign in carries."""
        return self.ask("GET", "/sign-in").text.split('name="csrf" value="')[1][:64]


@dataclass
class CountingPasswords:
    """Keeps passwords as they are, and counts what would have been worked out."""

    work: list[str] = field(default_factory=list)

    def hashed(self, password: str) -> str:
        self.work.append("hashed")
        return f"kept {password}"

    def fits(self, kept: str, password: str) -> bool:
        self.work.append("hashed")
        return kept == f"kept {password}"


def try_in(site: Site, passwords: CountingPasswords | Argon2, name: str, *, address: str = "192.0.2.1") -> str:
    """What somebody who tries a wrong password is told."""
    with pytest.raises(NotAllowed) as refused:
        logins.sign_in(site.desk.store, passwords, name, "wrong", address=address, browser="", now=site.clock())
    return str(refused.value)


def test_a_name_that_nobody_has_costs_the_same_work_and_is_answered_alike(site: Site):
    known, unknown = CountingPasswords(), CountingPasswords()

    answers = {try_in(site, known, "Inès", address="192.0.2.1"), try_in(site, unknown, "Nobody", address="192.0.2.2")}

    assert len(answers) == 1
    assert known.work == unknown.work == ["hashed"]


def test_a_name_that_nobody_has_is_slowed_down_like_one_that_somebody_has(site: Site):
    told = {
        name: [try_in(site, CountingPasswords(), name, address=f"{name}-{number}") for number in range(8)]
        for name in ("Inès", "Nobody")
    }

    assert told["Inès"] == told["Nobody"]
    assert told["Inès"][-1] == "Too many attempts. Try again in 2 s."


def test_many_names_from_one_address_are_slowed_down_whatever_a_proxy_is_said_to_have_passed_on(site: Site):
    for number in range(FREE_ATTEMPTS):
        site.visitor(**{"x-forwarded-for": f"203.0.113.{number}"}).sign_in(f"name-{number}", "not the password")

    slowed = site.visitor(**{"x-forwarded-for": "203.0.113.99"}).sign_in("Inès")
    site.clock.advance(timedelta(seconds=3))

    assert "Too many attempts. Try again in 2 s." in slowed.text
    assert site.visitor().sign_in("Inès").status_code == 303


def test_passwords_that_are_tried_all_at_once_are_counted_before_the_first_is_answered(database_url: str):
    told: list[str] = []
    with open_store(database_url, brand="loriot") as store:
        begin = threading.Barrier(20)

        def try_one(number: int) -> None:
            begin.wait()
            with pytest.raises(NotAllowed) as refused:
                logins.sign_in(store, Argon2(), "Inès", "wrong", address=f"192.0.2.{number}", browser="", now=NOON)
            told.append(str(refused.value))

        threads = [threading.Thread(target=try_one, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    tried = [answer for answer in told if "do not go together" in answer]
    assert len(told) == 20
    assert len(tried) == FREE_ATTEMPTS


@given(failed=st.integers(0, 10**9))
def test_each_failure_waits_longer_and_none_longer_than_a_quarter_of_an_hour(failed: int):
    now = wait_until(Attempts(failed, NOON)) or NOON
    later = wait_until(Attempts(failed + 1, NOON)) or NOON

    assert NOON <= now <= later <= NOON + timedelta(minutes=15)
    assert (now > NOON) == (failed >= FREE_ATTEMPTS)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_one_network_of_ipv6_counts_as_one_address(one: str, other: str, same: bool):
    assert (counted_as(one) == counted_as(other)) is same


def test_whoever_loses_his_role_or_gets_another_one_has_it_at_once(site: Site):
    visitor = site.visitor("Inès")
    site.add("Zoé", Role.ADMIN)
    site.hear(LATE)

    add_member(site.desk, "Inès", role=Role.VIEWER, by=SETTER_UP)

    assert visitor.post("/b/loriot/sending/pause", on="/b/loriot/inbox").status_code == 403
    assert visitor.get("/b/loriot/inbox").status_code == 200


def test_a_token_that_was_made_up_is_nobody(site: Site):
    visitor = site.visitor()
    for token in ("", "x", "' OR 1=1 --", "0" * 5_000):
        visitor.client.cookies = httpx.Cookies({"vigie": token})

        assert visitor.get("/b/loriot/inbox").status_code == 303


def test_no_form_leads_away(site: Site):
    visitor = site.visitor("Inès")
    page = "/b/loriot/inbox"
    spoken = [visitor.post("/language", on=page, lang="fr", next=away) for away in ELSEWHERE]
    paused = [visitor.post("/b/loriot/sending/pause", on=page, next=away) for away in ELSEWHERE]
    signed_in = site.visitor().post("/sign-in", on="/sign-in", name="Inès", password=PASSWORD, next="/\t/evil.example")

    assert {answer.headers["location"] for answer in (signed_in, *spoken)} == {"/"}
    assert {answer.headers["location"] for answer in paused} == {"/b/loriot/sending"}


@given(address=st.one_of(st.sampled_from(ELSEWHERE + WITHIN), st.text(alphabet="/\\\t\n\r:@?#%e.\x00 ", max_size=12)))
def test_no_address_that_is_followed_leads_away(address: str):
    led = within(address, "/")

    # As browsers read an address: tabs and line ends are passed over, a backslash is a slash.
    read = led.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
    assert urlsplit(urljoin("http://vigie.example/sign-in", read)).netloc == "vigie.example"


@pytest.fixture(scope="module")
def faulty(sqlite_template: Path) -> Iterator[Reached]:
    """The page reached over TLS, with one address at which it fails."""
    site = Site(f"sqlite:///{sqlite_template}")
    with site.served():
        served = Served("https://vigie.example", frozenset({"vigie.example"}), language="en")
        app = create_app(replace(site.house, served=served))

        @app.get("/fault")
        def fail() -> None:
            raise RuntimeError("the words of a contact")

        yield Reached(app, "https://vigie.example")


def test_every_answer_has_the_headers_those_to_what_is_refused_or_fails_too(faulty: Reached):
    answers = [faulty.ask(one.method, one.filled({})) for one in addresses(faulty.app)]
    answers += [
        faulty.ask("GET", "/fault"),
        faulty.ask("GET", "/nowhere"),
        faulty.ask("PUT", "/sign-in"),
        faulty.ask("GET", "/static/style.css"),
        faulty.ask("GET", "/static/%2e%2e/app.py"),
        faulty.ask("GET", "/static/nothing.js"),
        faulty.ask("GET", "/sign-in", headers={"host": "evil.example"}),
        faulty.ask("POST", "/sign-in", content=b"x", headers={"content-length": str(LARGEST_BODY + 1)}),
    ]

    lacking = [
        (str(answer.url), answer.status_code, name)
        for answer in answers
        for name, value in {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}.items()
        if answer.headers.get(name) != value
        # What is made of our numbers alone may say less of where it is loaded from, never more.
        and not (name == "Content-Security-Policy" and answer.headers.get(name, "").startswith("default-src 'none'"))
    ]
    assert lacking == []
    assert [answer.status_code for answer in answers[-8:]] == [500, 404, 405, 200, 404, 404, 421, 413]
    assert not any("the words of a contact" in answer.text for answer in answers)


def test_no_page_is_kept_where_somebody_else_could_look_it_up(faulty: Reached):
    pages = [faulty.ask("GET", path) for path in ("/sign-in", "/nowhere", "/fault")]

    assert {answer.headers.get("cache-control") for answer in pages} == {"no-store"}


def test_over_tls_the_cookies_are_sent_over_tls_alone(faulty: Reached):
    spoken = faulty.ask("POST", "/language", data={"csrf": faulty.mark(), "lang": "fr"})

    assert "Secure" in spoken.headers["set-cookie"]
    assert "SameSite=lax" in spoken.headers["set-cookie"]


def test_over_tls_a_session_is_kept_from_scripts_other_pages_and_the_wire(site: Site):
    page = Reached(create_app(replace(site.house, served=Served("https://vigie.example"))), "https://vigie.example")
    filled = {"csrf": page.mark(), "name": "Inès", "password": PASSWORD}

    signed_in = page.ask("POST", "/sign-in", data=filled)

    flags = {one.strip().split("=")[0] for one in signed_in.headers["set-cookie"].split(";")[1:]}
    assert {"HttpOnly", "Secure", "SameSite", "Path", "Max-Age"} <= flags
    assert f"Max-Age={int(LONGEST.total_seconds())}" in signed_in.headers["set-cookie"]


def test_the_page_answers_to_no_name_that_looks_like_its_own(site: Site):
    near = [
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "[127.0.0.1].evil",
        "127.0.0.1:80:1",
    ]

    assert {site.visitor(host=host).get("/sign-in").status_code for host in near} == {421}


def test_a_name_that_a_stranger_says_to_have_passed_on_is_not_believed(site: Site):
    asked = site.visitor(**{"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}).get("/b/loriot/inbox")

    assert asked.headers["location"].startswith("/sign-in?")


def test_nothing_is_done_by_a_method_that_no_form_uses(site: Site):
    ask = site.visitor("Inès").client.request

    answered = {ask(one, "/b/loriot/sending/pause").status_code for one in ("GET", "PUT", "PATCH", "DELETE", "TRACE")}

    assert answered == {405}


def test_whatever_stands_behind_an_address_is_read_or_passed_over(database_url: str):
    site = Site(database_url)
    asked = ("q", "take", "status", "label", "assignee", "channel", "done", "of", "next", "after", "before", "day")
    with site.served():
        site.add("Inès", Role.ADMIN)
        ids = {"conversation": site.hear(LATE), "contact": 1, "code": "\x00", "name": "\x00", "rule": "\x00"}
        visitor = site.visitor("Inès")
        pages = [one for one in addresses(create_app(site.house)) if one.method == "GET" and not one.is_api]
        for said in ("%00", "%ff%fe", "%ed%a0%80", "9" * 40, "'\"<b>", "%F0%9F%98%80" * 50):
            query = "&".join(f"{name}={said}" for name in asked)

            got = {one.name: looked_up(visitor.client, f"{one.filled(ids)}?{query}")[0] for one in pages}
            form = {"content-type": "application/x-www-form-urlencoded"}
            refused = visitor.client.post("/sign-in", content=f"name={said}&password={said}&{query}", headers=form)
            signed = visitor.post(
                "/b/loriot/c/1/note", on="/b/loriot/inbox", text=bytes.fromhex("004142").decode(), next="\x00"
            )

            assert {name: status for name, status in got.items() if status >= 500} == {}
            assert (refused.status_code, signed.status_code) == (403, 303)


def test_a_page_that_can_be_read_on_the_way_says_so_where_the_password_is_typed_and_in_the_shell(
    tmp_path: Path, sqlite_url: str
):
    """Also that the page of this machine alone says nothing of it."""
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": sqlite_url, "VIGIE_WEB__HOST": "0.0.0.0"})
    warned = "passwords can be read on the way"

    with shell.start("web", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        told = [process.stderr.readline().decode()]
        while warned not in told[-1] and told[-1]:
            told.append(process.stderr.readline().decode())
        port = next(line for line in told if "The page: " in line).rsplit(":", 1)[1].strip()
        address = f"http://127.0.0.1:{port}/sign-in"
        from_afar = httpx.get(address, headers={"host": "vigie.lan"}, timeout=PATIENCE_S).text
        from_here = httpx.get(address, timeout=PATIENCE_S).text
        process.terminate()

    assert warned in told[-1]
    assert warned in from_afar
    assert warned not in from_here


def test_a_page_that_can_be_read_on_the_way_says_so_to_whoever_works_there(sqlite_url: str):
    site = Site(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        app = create_app(replace(site.house, served=Served("http://vigie.lan", language="en")))
        cookies = {"vigie": site.visitor("Inès").client.cookies["vigie"]}

        exposed = Reached(app, "http://vigie.lan", cookies).ask("GET", "/b/loriot/inbox").text
        private = Reached(app, "https://vigie.lan", cookies).ask("GET", "/b/loriot/inbox").text

    assert "passwords can be read on the way" in exposed
    assert "passwords can be read on the way" not in private

"""What an open page is told by itself: as a stream of events, and as rows that have changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files

import httpx
import pytest

from inbox import work
from inbox.model import Actor
from inbox.people import Role
from inbox.sessions import IDLE
from inbox.views import QueueFilter
from tests.web.sites import LATE, THANKS, Site
from web.filters import write_spot
from web.keys import KEYS, OFF
from web.live import Feed

OMAR = Actor.person("Omar")


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


def events(stream: httpx.Response) -> Iterator[dict[str, str]]:
    """The events of a stream, each as its fields."""
    found: dict[str, str] = {}
    for line in stream.iter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            found[name] = value
        elif not line and "event" in found:
            yield found
            found = {}


def place_of(site: Site) -> int:
    with site.desk.store.read() as books:
        return books.last_sealed()


def test_a_message_and_a_claim_are_told_to_whoever_watches(site: Site):
    before = place_of(site)
    late = site.hear(LATE)
    with site.visitor("Inès").client.stream("GET", f"/b/loriot/live?since={before}") as stream:
        told = events(stream)
        first = next(told)
        work.claim(site.desk, late, by=OMAR)
        second = next(told)

    assert stream.headers["content-type"].startswith("text/event-stream")
    assert (first["event"], first["data"]) == ("changed", str(late))
    assert (second["event"], second["data"]) == ("changed", str(late))
    assert int(second["id"]) > int(first["id"])


def test_a_browser_that_was_cut_off_is_told_what_it_missed(site: Site):
    late = site.hear(LATE)
    seen = place_of(site)
    thanks = site.hear(THANKS, author="tom")
    client = site.visitor("Inès").client

    with client.stream("GET", "/b/loriot/live?since=0", headers={"last-event-id": str(seen)}) as stream:
        told = next(events(stream))

    assert told["data"] == str(thanks)
    assert late != thanks


def test_a_brand_is_not_told_of_another(site: Site):
    site.add("Max", Role.ADMIN, brand="merle")
    site.hear(LATE, brand="merle")
    late = site.hear(LATE)

    with site.visitor("Inès").client.stream("GET", "/b/loriot/live?since=0") as stream:
        told = next(events(stream))

    assert told["data"] == str(late)
    assert site.visitor("Inès").get("/b/merle/live").status_code == 404
    assert site.visitor("Inès").get("/b/merle/rows").status_code == 404


def test_a_page_that_is_left_open_does_not_keep_its_session(site: Site):
    visitor = site.visitor("Inès")
    site.clock.advance(IDLE - timedelta(minutes=1))
    still = visitor.get("/b/loriot/rows").status_code
    site.clock.advance(timedelta(minutes=2))

    ended = visitor.get("/b/loriot/rows")

    assert (still, ended.status_code) == (200, 303)
    assert ended.headers["location"].startswith("/sign-in")


def test_rows_come_as_they_stand_now_and_say_which_have_left_the_list(site: Site):
    late, thanks, other = site.hear(LATE), site.hear(THANKS, author="tom"), site.hear(LATE, author="zoe")
    visitor = site.visitor("Inès")
    work.claim(site.desk, late, by=OMAR)
    work.resolve(site.desk, thanks, by=OMAR)

    page = visitor.get(f"/b/loriot/rows?shown={late}&shown={thanks}&new={other}").text

    assert "in the hands of Omar" in page
    assert f'data-left="{thanks}"' in page
    assert f'data-fresh="{other}"' in page
    assert re.findall(r'id="row-(\d+)"', page) == [str(late), str(thanks)]


def test_new_conversations_count_only_where_the_list_would_show_them(site: Site):
    late, thanks = site.hear(LATE), site.hear(THANKS, author="tom")
    visitor = site.visitor("Inès")
    with site.desk.store.read() as books:
        spot = next(item.spot for item in books.queue(QueueFilter()) if item.conversation_id == late)

    ranked = visitor.get(f"/b/loriot/rows?new={late}&new={thanks}&last={write_spot(spot)}").text
    filtered = visitor.get(f"/b/loriot/rows?new={late}&new={thanks}&label=praise").text

    assert 'data-fresh=""' in ranked
    assert f'data-fresh="{thanks}"' in filtered


def test_the_open_conversation_comes_as_it_stands_now(site: Site):
    late = site.hear(LATE)
    work.add_note(site.desk, late, text="Je m'en occupe", by=OMAR)

    page = site.visitor("Inès").get(f"/b/loriot/talk/{late}").text

    assert "Je m&#39;en occupe" in page
    assert "<html" not in page


async def test_fifty_watchers_cost_one_look_and_a_slow_one_is_told_all_at_once(sqlite_url: str):
    site = Site(sqlite_url)
    with site.served():
        feed = Feed(site.desk, look_every_s=0.01)
        async with feed.watched():
            start = await feed.here()
            news = [asyncio.create_task(feed.news(start)) for _ in range(50)]
            first = await asyncio.to_thread(site.hear, LATE)
            told = await asyncio.wait_for(asyncio.gather(*news), 10)
            place = max(one.place for one in told if one)
            second = await asyncio.to_thread(site.hear, THANKS, author="tom")
            late_comer = await asyncio.wait_for(feed.news(place), 10)
            slow = await feed.news(start)
        gone = feed.watchers

    assert {one.conversations for one in told if one} == {(first,)}
    assert late_comer is not None
    assert late_comer.conversations == (second,)
    assert slow is not None
    assert slow.conversations == (first, second)
    assert gone == 0


async def test_whoever_was_away_for_too_much_is_told_to_look_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("web.live._LINES", 1)
    site = Site(sqlite_url)
    with site.served():
        await asyncio.to_thread(site.hear, LATE)
        await asyncio.to_thread(site.hear, THANKS, author="tom")
        feed = Feed(site.desk, look_every_s=0.01)
        async with feed.watched():
            news = await feed.news(0)

    assert news is not None
    assert news.is_behind
    assert not news.conversations


async def test_when_the_program_ends_nobody_is_waited_for(sqlite_url: str):
    site = Site(sqlite_url)
    with site.served():
        feed = Feed(site.desk)
        async with feed.watched():
            waiting = asyncio.create_task(feed.news(await feed.here()))
            await asyncio.sleep(0)
            feed.close()
            told = await asyncio.wait_for(waiting, 5)

    assert told is None
    assert feed.is_closed


def test_every_key_that_something_is_pressed_by_is_on_the_sheet():
    templates = (files("web") / "templates").iterdir()
    used = {key for one in templates for key in re.findall(r'key="([^"{]+)"', one.read_text(encoding="utf-8"))}
    names = [name for key in KEYS for name in key.names]

    assert used <= {key.name for key in KEYS}
    assert len(names) == len(set(names))


def test_the_keys_are_shown_and_switched_off_by_a_form(site: Site):
    visitor = site.visitor("Inès")

    page = visitor.get("/b/loriot/keys").text
    done = visitor.post("/b/loriot/keys", on="/b/loriot/keys", keys="off")

    assert "The next conversation of the list" in page
    assert done.status_code == 303
    assert visitor.client.cookies[OFF] == "off"
    assert "Single keys do nothing in this browser." in visitor.get("/b/loriot/keys").text

"""Pause, crisis and what is unusual: told in the head of every page, steered by forms on one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from shutil import copyfile

import pytest

from data.store import SqlStore
from inbox import crisis, switches
from inbox.alerts import AlertKind, Heard, Raid, Spike
from inbox.people import Role
from inbox.switches import CRISIS, PAUSED
from inbox.views import SendState
from tests.builders import a_message
from tests.data.steps import a_rule_replies
from tests.web.sites import LATE, RUDE, SETTER_UP, Browsing, Site

SENDING = "/b/loriot/sending"


@pytest.fixture(scope="module")
def the_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}")
    with site.served():
        for name, role in (("Omar", Role.MODERATOR), ("Léa", Role.AGENT)):
            site.add(name, role)
        site.add("Ada", Role.ADMIN, brand="merle")
        yield site


@pytest.fixture
def site(the_site: Site) -> Iterator[Site]:
    """The page of all of these; afterwards nothing is paused, no crisis runs, and nothing is unusual."""
    yield the_site
    desk = the_site.desk
    with desk.store.read() as books:
        runs, alerts = books.switch(CRISIS).is_on, books.open_alerts()
    if runs:
        crisis.end(desk, by=SETTER_UP)
    switches.resume(desk.store, held={}, by=SETTER_UP, clock=desk.clock)
    with desk.store.begin() as books:
        for alert in alerts:
            books.end_alert(alert.id, now=desk.clock())


def page_of(who: Browsing, path: str = SENDING) -> str:
    return unescape(who.get(path).text)


def raised(site: Site, kind: AlertKind, subject: str, facts: Spike | Raid) -> int:
    with site.desk.store.begin() as books:
        number = books.raise_alert(kind, subject, facts=facts.to_facts(), now=site.clock())
    assert number is not None
    return number


def a_rule_wants_to_say(site: Site, name: str) -> int:
    """Something that a rule has put in the outbox, to a contact and in a thread of this name."""
    said = a_message(channel="instagram", external_id=f"rule-{name}", thread=name, author=name)
    store = site.desk.store
    assert isinstance(store, SqlStore)
    return a_rule_replies(store, said)


def a_spike(site: Site, *texts: str) -> int:
    """An alert about messages that were just said."""
    samples = []
    for number, text in enumerate(texts):
        view = site.seen(site.hear(text, author=f"contact-{number}"))
        samples.append(view.messages[-1].id)
    spike = Spike("complaint", 31, 10.0, 2.0, 8, samples=tuple(samples), words=("chargeur",))
    return raised(site, AlertKind.SPIKE, "instagram", spike)


def test_every_page_says_who_has_paused_and_how_much_that_holds(site: Site):
    a_rule_wants_to_say(site, "one")
    site.visitor("Léa").post(f"{SENDING}/pause", on=SENDING)

    for path in ("inbox", "outbox", "leads", "contacts", "me", "sending"):
        page = page_of(site.visitor("Omar"), f"/b/loriot/{path}")
        assert "Automatic sending is paused by Léa." in page
        assert "Held back: 1" in page


def test_f56_resuming_asks_what_becomes_of_each_thing_held_and_the_outbox_says_why_it_was_kept_back(site: Site):
    store = site.desk.store
    sends = [a_rule_wants_to_say(site, thread) for thread in ("a", "b")]
    omar = site.visitor("Omar")
    omar.post(f"{SENDING}/pause", on=SENDING)
    held = page_of(omar, "/b/loriot/outbox?state=waiting")

    done = omar.post(f"{SENDING}/resume", on=SENDING, **{f"held-{sends[0]}": "drop", f"held-{sends[1]}": "draft"})

    with store.read() as books:
        states = [found.state for one in sends if (found := books.send(one)) is not None]
        assert not books.switch(PAUSED).is_on
    kept = page_of(omar, "/b/loriot/outbox?state=refused")
    assert held.count("held by the pause") == 2
    assert done.status_code == 303
    assert states == [SendState.CANCELLED, SendState.REFUSED]
    assert "Held back by a pause." in kept
    assert "The words became a draft in the conversation." in kept


def test_f76_a_crisis_is_told_on_every_page_and_its_timeline_taken_away_in_the_readers_language(site: Site):
    site.hear(LATE)
    omar = site.visitor("Omar")
    omar.post(f"{SENDING}/crisis", on=SENDING, why="Un chargeur qui fond | photo")

    page = page_of(omar, "/b/loriot/inbox")
    timeline = omar.get(f"{SENDING}/crisis.md")
    french = site.visitor("Omar", **{"accept-language": "fr"}).get(f"{SENDING}/crisis.md").text
    data = omar.get(f"{SENDING}/crisis.json").json()
    omar.post(f"{SENDING}/crisis/end", on=SENDING)

    assert "A crisis runs, declared by Omar." in page
    assert timeline.headers["content-disposition"].startswith('attachment; filename="crisis-')
    assert "Omar has declared a crisis: Un chargeur qui fond \\| photo" in timeline.text
    assert "Omar a déclaré une crise" in french
    assert data["runs"] is True
    assert data["acts"][0]["by"] == "person:Omar"
    assert "A crisis runs" not in page_of(omar, "/b/loriot/inbox")
    assert "What was done in the last crisis" in page_of(omar)


def test_without_a_crisis_there_is_no_timeline(site: Site):
    assert site.visitor("Ada").get("/b/merle/sending/crisis.md").status_code == 404


def test_f75_a_spike_is_told_on_every_page_until_somebody_looks_and_its_messages_are_shown(site: Site):
    number = a_spike(site, LATE, RUDE)
    lea = site.visitor("Léa")
    inbox, page = page_of(lea, "/b/loriot/inbox"), page_of(lea)

    lea.post(f"{SENDING}/alerts/{number}/seen", on=SENDING)

    told = "Far more complaints than usual on instagram: 31 in 10 minutes."
    assert told in inbox
    assert LATE in page
    assert RUDE not in page
    assert "Words that stand out: chargeur." in page
    assert told not in page_of(lea, "/b/loriot/inbox")
    assert "✓ Léa has seen it" in page_of(lea)


def test_f75_the_crisis_is_started_from_the_spike_with_what_it_says_as_the_reason(site: Site):
    a_spike(site, LATE)
    omar, lea = site.visitor("Omar"), site.visitor("Léa")
    why = "Far more complaints than usual on instagram: 31 in 10 minutes."

    offered, not_to_her = page_of(omar), page_of(lea)
    omar.post(f"{SENDING}/crisis", on=SENDING, why=why)

    assert f'name="why" value="{why}"' in offered
    assert "Start the crisis" not in not_to_her
    with site.desk.store.read() as books:
        assert books.switch(CRISIS).is_on
    assert why in omar.get(f"{SENDING}/crisis.md").text


def test_f75_the_slow_mode_of_a_raid_is_ended_by_a_moderator_alone(site: Site):
    raid = Raid("instagram", None, 50, 30, 20, ("post-1",), (), ("post-1",), 30, site.clock().isoformat())
    number = raised(site, AlertKind.RAID, "instagram", raid)
    slowed = Heard(1, site.hear(LATE), "instagram", "post-1", None, "max", "Max", LATE, site.clock())
    with site.desk.store.begin() as books:
        until = site.clock() + timedelta(minutes=30)
        key = f"raid:{number}:post-1"
        books.slow_down(slowed, key=key, by=SETTER_UP, seconds=30, now=site.clock(), until=until)
    omar, lea = site.visitor("Omar"), site.visitor("Léa")

    refused = lea.post(f"{SENDING}/alerts/{number}/calm", on=SENDING)
    offered = page_of(omar)
    omar.post(f"{SENDING}/alerts/{number}/calm", on=SENDING)

    assert refused.status_code == 403
    assert "End the slow mode" in offered
    assert "End the slow mode" not in page_of(omar)


def test_an_alert_that_there_is_not_is_not_seen(site: Site):
    assert site.visitor("Léa").post(f"{SENDING}/alerts/7/seen", on=SENDING).status_code == 404

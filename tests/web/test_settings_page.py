"""The settings on the page: what stands and where it is set, nothing secret; consent to learn per channel."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr

from app.desk_settings import DeskSettings
from app.settings import BrandSettings, DiscordSettings, Settings
from app.settings_told import to_told, to_toml
from app.wiring import for_brand
from inbox.breaker import resting_switch
from inbox.people import Role
from inbox.sentences import Sentence
from inbox.views import ChannelState
from tests.web.sites import LATE, SETTER_UP, Site
from web.house import House, Served

HERE = "/b/loriot/settings"
SECRETS = ("discord-token", "desk-token", "hook-secret", "database-password")


def some_settings() -> Settings:
    """Settings with something of each kind, secrets among them."""
    desk = DeskSettings(
        kind="zammad",
        url="https://agent:desk-token@sav.example.org/api",
        token=SecretStr("desk-token"),
        hook_secret=SecretStr("hook-secret"),
        group="SAV",
        queues=["customer-service"],
    )
    return Settings(
        database_url=SecretStr("postgresql://vigie:database-password@db/vigie"),
        brand=BrandSettings(key="loriot", name="L’Échoppe", closed_on=[date(2026, 8, 14)]),
        brands={"merle": BrandSettings(key="merle", name="Merle", opening_hours={})},
        discord=DiscordSettings(token=SecretStr("discord-token"), may_train=True),
        desks={"sav": desk},
    )


class ToldSite(Site):
    """A page that is told of settings."""

    def _house(self, served: Served) -> House:
        settings, today = some_settings(), date(2026, 6, 10)
        told = {key: to_told(for_brand(settings, key), today=today) for key in self.desks}
        return replace(super()._house(served), settings=told)


@pytest.fixture
def site(sqlite_url: str) -> Iterator[ToldSite]:
    site = ToldSite(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        site.add("Omar", Role.VIEWER)
        yield site


def test_everyone_of_the_team_reads_what_stands_and_no_secret(site: ToldSite):
    with site.desk.store.begin() as books:
        now = site.clock()
        why = Sentence("The channel is down.")
        books.set_channel_state("discord", ChannelState.DOWN, why=why, now=now)
        books.set_switch(resting_switch("sav"), on=True, by=SETTER_UP, now=now)

    shown = html.unescape(site.visitor("Omar").get(HERE).text)

    for told in (
        '[brand]\nname = "L’Échoppe"',
        '[brand.checks]\npromise = "block"',
        "automatic_replies_per_hour = 3",
        "The channel is down.",
        "decided by discord.may_train",
        "sav.example.org",
        "Queues that become tickets: customer-service",
        "does not answer",
        "2026-08-14",
        "National Day",
    ):
        assert told in shown
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "Allow it" not in shown


def test_what_a_line_says_is_what_stands():
    settings = some_settings()
    told = to_told(settings, today=date(2026, 1, 1))

    # Each group of lines read as a file of its own gives the values back.
    for lines in (one.lines for part in told.groups.values() for one in part):
        if "# " not in lines:
            assert tomllib.loads(lines)
    assert tomllib.loads(told.groups["hours"][2].lines) == {"brand": {"opening_hours": settings.brand.opening_hours}}


def test_a_further_brand_is_told_by_its_own_names():
    merle = to_told(for_brand(some_settings(), "merle"), today=date(2026, 1, 1))

    assert merle.groups["hours"][0].name == "brands.merle.name"
    assert merle.groups["hours"][0].lines == '[brands.merle]\nname = "Merle"'


def test_values_are_written_as_toml_has_them():
    value = {"fr": 'dit "oui"', "a b": [True, 1, 2.5], "none": {}}

    assert tomllib.loads(f"x = {to_toml(value)}") == {"x": value}
    assert to_toml(date(2026, 12, 24)) == "2026-12-24"


def test_consent_is_given_and_taken_back_where_no_setting_decides(site: ToldSite):
    site.hear(LATE)
    with site.desk.store.begin() as books:
        books.set_channel_state("discord", ChannelState.WELL, why=None, now=datetime.now(UTC))
    ines, omar = site.visitor("Inès"), site.visitor("Omar")

    def may_train() -> dict[str, bool]:
        with site.desk.store.read() as books:
            return {one.name: one.may_train for one in books.channels()}

    refused = omar.post(f"{HERE}/consent", on=HERE, channel="instagram", allow="yes").status_code
    given = ines.post(f"{HERE}/consent", on=HERE, channel="instagram", allow="yes").status_code
    after = may_train()["instagram"]
    decided = ines.post(f"{HERE}/consent", on=HERE, channel="discord", allow="no")
    unknown = ines.post(f"{HERE}/consent", on=HERE, channel="nowhere", allow="yes").status_code
    ines.post(f"{HERE}/consent", on=HERE, channel="instagram", allow="no")

    assert (refused, given, after, unknown) == (403, 303, True, 404)
    assert decided.status_code == 409
    assert "The setting discord.may_train decides" in decided.text
    assert may_train()["instagram"] is False


def test_the_week_of_a_brand_that_never_closes_is_drawn_open(site: ToldSite):
    site.add("Max", Role.ADMIN, brand="merle")

    shown = site.visitor("Max").get("/b/merle/settings").text

    assert shown.count("00:00–24:00") == 7
    assert "open now" in shown
    assert site.visitor("Max").get(HERE).status_code == 404

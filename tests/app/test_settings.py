"""Settings: read once, with clear words where they are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.settings import Settings, every_name, read_settings
from app.wiring import build_crm
from inbox.errors import BadSettings
from inbox.sla import DEFAULT_CHAIN, ChainStep


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return read_settings()


@pytest.mark.usefixtures("here")
def test_with_nothing_set_everything_has_a_safe_default():
    settings = read_settings()

    assert settings.database_url.get_secret_value() == "sqlite:///var/vigie.db"
    assert settings.hold == timedelta(seconds=20)
    assert settings.deleted_text == "blank"


def test_a_file_in_the_working_folder_is_read(here: Path):
    (here / "vigie.toml").write_text('hold_seconds = 5\n[brand]\nname = "Vélo Brume"\n', encoding="utf-8")

    settings = read_settings()

    assert (settings.hold_seconds, settings.brand.name) == (5, "Vélo Brume")


def test_the_environment_wins_over_the_file(here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "vigie.toml").write_text('[brand]\nname = "file"\ntime_zone = "UTC"\n')

    settings = read(monkeypatch, {"VIGIE_BRAND__NAME": "environment"})

    assert (settings.brand.name, settings.brand.time_zone) == ("environment", "UTC")


def test_a_secret_may_come_from_a_file(here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "url").write_text("postgresql://vigie:hunter2@db/vigie\n")

    settings = read(monkeypatch, {"VIGIE_DATABASE_URL_FILE": str(here / "url")})

    assert settings.database_url.get_secret_value() == "postgresql://vigie:hunter2@db/vigie"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"VIGIE_DATABSE_URL": "x"}, 'no setting "VIGIE_DATABSE_URL". Did you mean "VIGIE_DATABASE_URL"?'),
        ({"VIGIE_BRAND__NAEM": "x"}, 'no setting "VIGIE_BRAND__NAEM". Did you mean "VIGIE_BRAND__NAME"?'),
        ({"VIGIE_HOLD_SECONDS": "soon"}, "hold_seconds: "),
        ({"VIGIE_DISCLOSURE": '{"fr": "une ligne\\nsous une autre"}'}, "disclosure: "),
        ({"VIGIE_HOLD_SECONDS": "-1"}, "hold_seconds: "),
        ({"VIGIE_BRAND__TIME_ZONE": "Europe/Nantes"}, 'there is no time zone "Europe/Nantes"'),
        ({"VIGIE_BRAND__OPENING_HOURS": '{"mon": "18:00-09:00"}'}, '"18:00-09:00" ends before it begins'),
        ({"VIGIE_BRAND__OPENING_HOURS": '{"mon": "nine to five"}'}, "is not a slot such as 09:00-18:00"),
        ({"VIGIE_DATABASE_URL_FILE": "/nowhere/at/all"}, "the file /nowhere/at/all cannot be read"),
        ({"VIGIE_CONFIG": "/nowhere/vigie.toml"}, "/nowhere/vigie.toml cannot be read"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_is_wrong_is_told_with_its_place(environment: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(BadSettings) as refusal:
        read(monkeypatch, environment)

    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hold_second = 5", 'vigie.toml: there is no setting "hold_second". Did you mean "hold_seconds"?'),
        ('[brand]\nnmae = "x"', 'vigie.toml, brand: there is no setting "nmae". Did you mean "name"?'),
        ("hold_seconds = = 5", "vigie.toml is not TOML: "),
        ("[brand]\nlanguages = []", "vigie.toml, brand.languages: "),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(text: str, says: str, here: Path):
    (here / "vigie.toml").write_text(text)

    with pytest.raises(BadSettings) as refusal:
        read_settings()

    assert says in str(refusal.value)


def test_hours_of_a_brand_count_from_its_own_clock():
    hours = Settings().brand.to_brand().hours

    assert hours.is_open(datetime(2026, 7, 1, 7, 30, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 7, 1, 6, 30, tzinfo=UTC))


def test_f57_a_french_public_holiday_and_a_day_that_is_named_are_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VIGIE_BRAND__CLOSED_ON", '["2026-12-24"]')
    hours = read_settings().brand.to_brand().hours

    on_a_tuesday = [datetime(2026, month, day, 9, tzinfo=UTC) for month, day in ((7, 14), (7, 21))]
    assert [hours.is_open(moment) for moment in on_a_tuesday] == [False, True]
    assert not hours.is_open(datetime(2026, 12, 24, 10, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 4, 6, 10, tzinfo=UTC)), "Easter Monday"


def test_public_holidays_that_nobody_has_a_calendar_of_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VIGIE_BRAND__HOLIDAYS", '["XX"]')

    with pytest.raises(BadSettings, match="there is no calendar of public holidays of"):
        read_settings()


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in every_name() if not field.description] == []


def test_a_chain_is_read_step_by_step(here: Path):
    (here / "vigie.toml").write_text(
        '[escalation]\ncatch_after = ""\n'
        'chain = [{ after = "15m", call = ["Léa"] }, { after = "1h", call = ["Inès"], queue = "sales" }]\n',
        encoding="utf-8",
    )

    settings = read_settings().escalation

    minutes = timedelta(minutes=1)
    assert settings.to_chain() == (ChainStep(15 * minutes, ("Léa",)), ChainStep(60 * minutes, ("Inès",), "sales"))
    assert settings.catches_after is None


@pytest.mark.usefixtures("here")
def test_out_of_the_box_everybody_is_called_after_a_quarter_of_an_hour():
    assert read_settings().escalation.to_chain() == DEFAULT_CHAIN


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('chain = [{ after = "soon" }]', '"soon" is no length of time'),
        ('chain = [{ after = "30m" }, { after = "15m" }]', "each step comes after the one before it"),
        ('chain = [{ after = "30m", queue = "nowhere" }]', 'there is no queue "nowhere" for the chain'),
        ('catch_after = "never"', '"never" is no length of time'),
    ],
)
def test_a_chain_that_cannot_be_climbed_is_refused(here: Path, written: str, says: str):
    (here / "vigie.toml").write_text(f"[escalation]\n{written}\n", encoding="utf-8")

    with pytest.raises(BadSettings, match=says):
        read_settings()


@pytest.mark.parametrize("name", ["DISCORD__TOKEN", "TELEGRAM__TOKEN"])
def test_a_secret_inside_a_group_is_read_from_its_file(name: str, here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "token").write_text("hunter2\n")

    settings = read(monkeypatch, {f"VIGIE_{name}_FILE": str(here / "token")})

    group = getattr(settings, name.partition("__")[0].lower())
    assert group.token.get_secret_value() == "hunter2"


def test_leads_are_told_to_nobody_unless_an_address_and_a_secret_are_set(here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "secret").write_text("hunter2\n")
    address = {"VIGIE_LEADS__WEBHOOK_URL": "https://crm.example.org/leads"}

    neither = read(monkeypatch, {})
    both = read(monkeypatch, {**address, "VIGIE_LEADS__SECRET_FILE": str(here / "secret")})

    assert build_crm(neither, brand="main") is None
    assert build_crm(both, brand="main") is not None
    assert "hunter2" not in repr(both)


@pytest.mark.parametrize(
    ("url", "says"),
    [("https://crm.example.org", 'needs "secret"'), ("crm.example.org", "is no address that begins with one of")],
)
def test_an_address_for_leads_that_cannot_do_stops_the_start(
    url: str, says: str, here: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(BadSettings, match=says):
        read(monkeypatch, {"VIGIE_LEADS__WEBHOOK_URL": url})


SUPPORT = """
[desks.support]
kind = "zammad"
url = "https://help.example.org"
group = "Social media"
queues = ["customer-service"]
"""


def test_a_help_desk_is_set_by_a_name_of_ones_own_and_its_token_kept_elsewhere(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "vigie.toml").write_text(SUPPORT)
    (here / "token").write_text("hunter2\n")

    settings = read(monkeypatch, {"VIGIE_DESKS__SUPPORT__TOKEN_FILE": str(here / "token")})

    assert settings.tickets_to("main") == {"customer-service": "support"}
    assert settings.desks["support"].group == "Social media"
    token = settings.desks["support"].token
    assert token is not None
    assert token.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)


TWO_BRANDS = """
[brands.merle]
name = "Merle"
[desks.ours]
kind = "freshdesk"
url = "https://ours.example"
token = "x"
queues = ["customer-service"]
brands = ["main"]
[desks.theirs]
kind = "freshdesk"
url = "https://theirs.example"
token = "y"
queues = ["customer-service"]
brands = ["merle"]
"""


def test_f68_each_brand_has_its_own_help_desk_for_the_same_queue(here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "vigie.toml").write_text(TWO_BRANDS)

    settings = read(monkeypatch, {})

    assert settings.tickets_to("main") == {"customer-service": "ours"}
    assert settings.tickets_to("merle") == {"customer-service": "theirs"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('brands = ["merle"]', 'brands = ["mrle"]'), 'there is no brand "mrle"; there are: main, merle'),
        (('brands = ["merle"]', ""), 'the queue "customer-service" is given to two help desks: ours and theirs'),
    ],
)
def test_brands_that_help_desks_cannot_share_are_named(
    here: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], says: str
):
    (here / "vigie.toml").write_text(TWO_BRANDS.replace(*change))

    with pytest.raises(BadSettings, match=re.escape(says)):
        read(monkeypatch, {})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SUPPORT, 'a help desk of the kind zammad needs "token"'),
        (SUPPORT + 'token = "x"\ntokn = "y"', "desks.support.tokn"),
        (SUPPORT.replace("zammad", "jira") + 'token = "x"', "desks.support.kind"),
        (SUPPORT.replace("https://", "") + 'token = "x"', "is no address that begins with one of: https, http"),
        (SUPPORT.replace("customer-service", "costumers") + 'token = "x"', 'there is no queue "costumers"'),
        (
            SUPPORT + 'token = "x"\n[desks.other]\nkind = "freshdesk"\nurl = "https://a.example"\ntoken = "y"\n'
            'queues = ["customer-service"]',
            'the queue "customer-service" is given to two help desks: support and other',
        ),
        (
            '[desks.post]\nkind = "email"\nurl = "https://a.example"\nsender = "a@b.example"\nto = "c@d.example"',
            "is no address that begins with one of: smtp, smtps, smtp+plain",
        ),
    ],
)
def test_what_is_wrong_with_a_help_desk_is_told_with_its_place(text: str, says: str, here: Path):
    (here / "vigie.toml").write_text(text)

    with pytest.raises(BadSettings) as refusal:
        read_settings()

    assert says in str(refusal.value)

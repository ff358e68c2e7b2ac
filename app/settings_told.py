"""The settings as the page shows them: what stands in words of vigie.toml, and nothing that is secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.consents import setting_of
from app.holidays import closed_days, name_of
from app.words import LANGUAGES
from inbox.sentences import Sentence
from web.settings_told import ChannelTold, DeskTold, Setting, SettingsTold

if TYPE_CHECKING:
    from app.settings import BrandSettings, Settings

# Each name is one that may be read by everyone of the team: no token, no secret, no address of a database.
_BRAND: Mapping[str, Mapping[str, Sentence]] = {
    "hours": {
        "name": Sentence("The name that customers read"),
        "time_zone": Sentence("Where its clocks stand"),
        "opening_hours": Sentence("When it works"),
        "holidays": Sentence("Whose public holidays are kept"),
        "closed_on": Sentence("Further days on which nobody works"),
        "quiet_hours": Sentence("When nobody of the team is called"),
        "languages": Sentence("In which order a wording is looked for"),
        "products": Sentence("What it sells"),
    },
    "checks": {
        "checks.allowed_links": Sentence("Hosts that replies may link to"),
        "checks.contacts": Sentence("Numbers and addresses of its own"),
        "checks.words": Sentence("Words that are right as they are"),
        "checks.promises": Sentence("Further words that may not be promised"),
        "checks.personal": Sentence("Phone numbers and e-mail addresses"),
        "checks.link": Sentence("Links elsewhere"),
        "checks.expired": Sentence("What is out of date"),
        "checks.promise": Sentence("Promises"),
        "checks.polarity": Sentence("Thanks for complaints, apologies for praise"),
        "checks.echo": Sentence("Abuse that a reply gives back"),
        "checks.aggressive": Sentence("Aggressive words"),
        "checks.advert": Sentence("Words of an advertisement"),
        "checks.shouting": Sentence("Capitals and rows of !!!"),
        "checks.spelling": Sentence("Misspelt words"),
        "checks.typography": Sentence("Spaces that French has"),
    },
}
_HOUSE: Mapping[str, Mapping[str, Sentence]] = {
    "sending": {
        "hold_seconds": Sentence("How long everything waits, so that it can be undone (s)"),
        "automatic_replies_per_hour": Sentence("Automatic replies to one contact within an hour, at the most"),
        "automatic_replies_per_hour_of_brand": Sentence("Automatic replies of the brand within an hour, at the most"),
        "disclosure": Sentence("The line above the first automatic message"),
        "long_replies": Sentence("A reply that is too long for its channel"),
        "deleted_text": Sentence("The words of a message that its author deletes"),
    },
    "team": {
        "team.role": Sentence("The role of whoever is let into the channel of the team"),
        "team.language": Sentence("The language of cards"),
        "team.claim_minutes": Sentence("How long a claim on a conversation lasts (min)"),
        "discord.roles": Sentence("Roles by roles and people of Discord"),
        "telegram.roles": Sentence("Roles by people of Telegram"),
        "rules": Sentence("The file of the rules"),
        "responses": Sentence("The file of the prepared answers"),
    },
}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LOOK_AHEAD = timedelta(days=365)
_MOST_DAYS = 12


def to_told(settings: Settings, *, today: date) -> SettingsTold:
    """What the page tells of the settings of the brand at hand.

    Args:
        settings: As the brand works by them: `for_brand`.
        today: The first day for which holidays are told.
    """
    brand, key = settings.brand, settings.brand.key
    above = f"brands.{key}." if key in settings.brands else "brand."
    groups = {part: list(_read(brand, names, above)) for part, names in _BRAND.items()}
    groups |= {part: list(_read(settings, names, "")) for part, names in _HOUSE.items()}
    return SettingsTold(groups, _channels(settings), _desks(settings), _holidays(brand, today))


def to_toml(value: object) -> str:
    """A value as vigie.toml has it."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(str(key))} = {to_toml(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, Enum):
        return to_toml(value.value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(to_toml(one) for one in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return to_toml(value.as_posix())
    return json.dumps(value, ensure_ascii=False)  # what is left, TOML and JSON write alike


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else to_toml(name)


def _read(settings: Any, names: Mapping[str, Sentence], above: str) -> Iterator[Setting]:
    for name, says in names.items():
        value = settings
        for part in name.split("."):
            value = getattr(value, part)
        whole = f"{above}{name}"
        table, _, last = whole.rpartition(".")
        # What is not set has no line that says so; a comment shows where it would stand.
        line = f"# {last} =" if value is None else f"{last} = {to_toml(value)}"
        yield Setting(says, whole, f"[{table}]\n{line}" if table else line)


def _channels(settings: Settings) -> Sequence[ChannelTold]:
    tokens = {"discord": settings.discord.token, "telegram": settings.telegram.token}
    return [ChannelTold(name, token is not None, setting_of(settings, name)) for name, token in tokens.items()]


def _desks(settings: Settings) -> Sequence[DeskTold]:
    return [
        DeskTold(name, one.kind, urlsplit(one.url).hostname or "", one.queues, one.hook_secret is not None)
        for name, one in settings.desks.items()
        if one.takes(settings.brand.key)
    ]


def _holidays(brand: BrandSettings, today: date) -> Mapping[date, Mapping[str, str]]:
    is_closed = closed_days(brand.holidays, brand.closed_on)
    days = (today + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD.days))
    closed = [day for day in days if is_closed(day)][:_MOST_DAYS]
    return {day: {lang: name_of(day, brand.holidays, lang) for lang in LANGUAGES} for day in closed}

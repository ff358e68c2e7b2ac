"""The settings: read once, from the environment, from files of secrets, and from `vigie.toml`, in this order."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.alert_settings import RaidSettings, SpikesSettings
from app.approval_settings import ApprovalSettings
from app.check_settings import ChecksSettings
from app.desk_settings import DeskSettings, check_desks, queues_of
from app.escalation_settings import EscalationSettings
from app.holidays import calendar_of, closed_days
from app.hook_settings import HookSettings, check_hooks
from app.lead_settings import LeadsSettings
from app.report_settings import ReportsSettings
from app.web_settings import WebSettings
from inbox.brand import Brand
from inbox.durations import duration
from inbox.errors import BadSettings
from inbox.hours import OpeningHours, QuietHours
from inbox.people import Role
from inbox.policy import Policy, Step
from inbox.responses import Address, Tone, Voice
from inbox.sentences import Sentence

PREFIX = "VIGIE_"
NOT_SETTINGS = frozenset({"VIGIE_CONFIG", "VIGIE_LANG"})
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = get_args(Day)
_TEAMS = {
    "customer-service": {"fr": "notre service client", "en": "our customer service team"},
    "sales": {"fr": "notre équipe commerciale", "en": "our sales team"},
    "moderation": {"fr": "notre équipe de modération", "en": "our moderation team"},
    "review": {"fr": "notre équipe", "en": "our team"},
    "questions": {"fr": "notre équipe", "en": "our team"},
}
_ASK = "ask"
_LONGEST_LINE = 100
"""What may stand above an automatic message: channels such as X leave little room."""
_OFFICE: dict[Day, str] = dict.fromkeys(WEEK[:5], "09:00-18:00")


class BrandSettings(BaseModel):
    """The brand that the inbox belongs to."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(
        "main", pattern=r"^[a-z0-9-]+$", description="Which brand of the database this is, where several share one."
    )
    name: str = Field("", description="The name that customers read; without it, drafts that say it cannot be sent.")
    time_zone: str = Field("Europe/Paris", description="Where its clocks stand, such as Europe/Paris.")
    opening_hours: dict[Day, str] = Field(
        _OFFICE, description='Slots per day, such as "09:00-12:30, 14:00-18:00"; due moments count open time only.'
    )
    holidays: list[str] = Field(
        ["FR"],
        description="Whose public holidays are kept: a country, or a part of one such as FR-BL; [] for nobody's.",
    )
    closed_on: list[date] = Field([], description="Further days on which nobody works, such as 2026-12-24.")
    quiet_hours: list[str] = Field(
        [],
        description='When nobody of the team is called, such as "20:00-08:00": calls wait until then, but in a crisis'
        " and for what is critical.",
    )
    languages: list[str] = Field(
        ["fr", "en"], min_length=1, description="In which order to look for a wording when there is none in a language."
    )
    products: list[str] = Field(
        [], description="What it sells, by the names that customers use: a lead says which of them it is about."
    )
    teams: dict[str, dict[str, str]] = Field(
        _TEAMS, description="How each queue is named to a customer, per language, with its article."
    )
    tone: dict[str, Tone] = Field(
        {"x": Tone.SHORT, "email": Tone.FORMAL},
        description="How it sounds on a channel where that is not plain: short or formal.",
    )
    familiar: list[str] = Field([], description="Channels on which it says tu rather than vous.")
    rules: Path | None = Field(None, description="A rule book of its own, else that of all brands.")
    responses: Path | None = Field(None, description="Canned responses of its own, else those of all brands.")
    faq: Path | None = Field(
        None,
        description="Questions that people often ask, with answers; else faq.toml or faq.md in the working folder.",
    )
    escalation: EscalationSettings | None = Field(
        None, description="Chains and targets of its own, set out as `escalation` is, else those of all brands."
    )

    checks: ChecksSettings = Field(
        default_factory=lambda: ChecksSettings.model_validate({}),
        description="The checks of words before they are sent.",
    )

    @field_validator("quiet_hours")
    @classmethod
    def _are_spans(cls, spans: list[str]) -> list[str]:
        for text in spans:
            _span(text)
        return spans

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'there is no time zone "{name}"') from error
        return name

    @field_validator("opening_hours")
    @classmethod
    def _are_slots(cls, hours: dict[Day, str]) -> dict[Day, str]:
        for text in hours.values():
            list(_slots(text))
        return hours

    @field_validator("holidays")
    @classmethod
    def _have_calendars(cls, places: list[str]) -> list[str]:
        for place in places:
            calendar_of(place)
        return places

    def to_brand(self) -> Brand:
        """The brand as the inbox knows it."""
        slots = {WEEK.index(day): tuple(_slots(text)) for day, text in self.opening_hours.items()}
        hours = OpeningHours(ZoneInfo(self.time_zone), slots, closed=closed_days(self.holidays, self.closed_on))
        quiet = QuietHours(ZoneInfo(self.time_zone), tuple(_span(text) for text in self.quiet_hours))
        return Brand(self.name, hours, tuple(self.languages), _TEAMS | self.teams, quiet, voices=self._voices())

    def _voices(self) -> dict[str, Voice]:
        """How it speaks on each channel where that is not plainly."""
        return {
            name: Voice(name, self.tone.get(name, Tone.PLAIN), Address.TU if name in self.familiar else Address.VOUS)
            for name in (*self.tone, *self.familiar)
        }


class DiscordSettings(BaseModel):
    """A bot on Discord."""

    model_config = ConfigDict(extra="forbid")

    token: SecretStr | None = Field(None, description="The bot's token; without it Discord is off.")
    api_url: str | None = Field(
        None, description="The API of a Discord-compatible server, such as http://127.0.0.1:4000/api/v10."
    )
    servers: dict[str, str] = Field({}, description="Which brand a server belongs to, by its id; others are the main.")
    staff_roles: list[str] = Field(
        [], description="Roles of the team, by id or name, besides everyone who may moderate on the server."
    )
    exempt_roles: list[str] = Field([], description="Roles that no rule and no ladder touches, by id or name.")
    staff_channel: str | None = Field(
        None, description="The id of the channel of the team: cards stand there, and the bot takes commands there."
    )
    staff_channels: dict[str, str] = Field(
        {}, description="The channels of the teams of further brands: which brand each belongs to, by its id."
    )
    roles: dict[str, Role] = Field(
        {},
        description="What roles of the server, by name or id, and people, by id, are in the team: viewer, agent,"
        " moderator or admin.",
    )
    catch_up_hours: float = Field(
        24.0, ge=0, le=720, description="How far back to look for what was written while nobody listened."
    )
    catch_up_most: int = Field(
        500, ge=1, le=10_000, description="How many messages of one channel or thread to catch up on at the most."
    )
    may_train: bool = Field(
        False, description="Whether models may learn from its messages; Discord's policy forbids it without permission."
    )


class TelegramSettings(BaseModel):
    """A bot on Telegram."""

    model_config = ConfigDict(extra="forbid")

    token: SecretStr | None = Field(None, description="The bot's token; without it Telegram is off.")
    base_url: str | None = Field(None, description="A local Bot API server, such as http://127.0.0.1:8081.")
    webhook_url: str | None = Field(
        None, description="The public address that Telegram is to call; without it Vigie asks for what is new."
    )
    webhook_host: str = Field("127.0.0.1", description="Where to listen for those calls, behind your own TLS.")
    webhook_port: int = Field(8443, ge=1, le=65_535, description="And on which port.")
    secret_token: SecretStr | None = Field(
        None, description="What those calls must carry; without it a new one is made at each start."
    )
    groups: dict[str, str] = Field({}, description="Which brand a group belongs to, by its id; others are the main.")
    staff: list[str] = Field([], description="Ids of the team, besides the administrators of a group.")
    exempt: list[str] = Field([], description="Ids of people whom no rule and no ladder touches.")
    staff_chat: str | None = Field(
        None, description="The id of the group of the team: cards stand there, and the bot takes commands there."
    )
    staff_chats: dict[str, str] = Field(
        {}, description="The groups of the teams of further brands: which brand each belongs to, by its id."
    )
    roles: dict[str, Role] = Field(
        {}, description="What people, by id, are in the team: viewer, agent, moderator or admin."
    )
    may_train: bool = Field(False, description="Whether models may learn from its messages.")


class AttachmentsSettings(BaseModel):
    """Files that come with messages."""

    model_config = ConfigDict(extra="forbid")

    copy_files: bool = Field(False, description="Whether to copy them while their links live.")
    folder: Path = Field(Path("var/attachments"), description="Where the copies lie.")
    most_mb: float = Field(10.0, gt=0, le=100, description="The largest that is copied, in megabytes.")


class ModerationSettings(BaseModel):
    """What the brand has settled about moderation."""

    model_config = ConfigDict(extra="forbid")

    ladder: dict[int, str] = Field(
        {3: "1h", 5: "1d", 8: "ask"},
        description='What so many points lead to: how long a contact is silenced, or "ask" for a person to decide.',
    )
    fade_days: int = Field(30, ge=1, le=3_650, description="How many days the points of a warning count.")
    appeal_url: str = Field("", description="Where people may appeal besides writing to the bot.")
    reports_an_hour: int = Field(10, ge=1, description="How many reports one member may make within an hour.")

    @field_validator("ladder")
    @classmethod
    def _are_steps(cls, ladder: dict[int, str]) -> dict[int, str]:
        for points, says in ladder.items():
            if points < 1:
                raise ValueError("a step needs one point at least")
            if says != _ASK and duration(says) is None:
                raise ValueError(f'"{says}" is neither a time such as 30m, 2h, 3d or 1w, nor "ask"')
        return ladder

    def to_policy(self) -> Policy:
        """The policy as the inbox knows it."""
        return Policy(
            ladder=tuple(
                Step(points, None if says == _ASK else duration(says)) for points, says in sorted(self.ladder.items())
            ),
            fade_after=timedelta(days=self.fade_days),
            appeal_url=self.appeal_url,
            reports_an_hour=self.reports_an_hour,
        )


class TeamSettings(BaseModel):
    """How the team works together."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["fr", "en"] = Field("fr", description="The language of the cards that all of the team read.")
    role: Role | None = Field(
        Role.AGENT, description="What somebody is who is let into the channel of the team and has no other role."
    )
    pictures: Literal["light", "dark"] = Field("light", description="The ground of pictures in the chat.")
    claim_minutes: float = Field(15.0, gt=0, le=1_440, description="How long a claim on a conversation lasts.")

    @property
    def claims_last(self) -> timedelta:
        """How long a claim lasts."""
        return timedelta(minutes=self.claim_minutes)


class ModelsSettings(BaseModel):
    """Where trained models lie, and when one may take another's place."""

    model_config = ConfigDict(extra="forbid")

    folder: Path = Field(
        Path("var/models"), description="Where trained models lie, with the note of which one is in use."
    )
    margin: float = Field(
        0.02, ge=0, le=1, description="By how much a label may be told worse before a model is refused its promotion."
    )


class Settings(BaseSettings):
    """Everything an operator can set. Every field has a safe default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", toml_file=None)

    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/vigie.db"), description="Where messages are kept: sqlite:///FILE or postgresql://…"
    )
    rules: Path | None = Field(None, description="The rule book; else rules.toml in the working folder, else ours.")
    responses: Path | None = Field(
        None, description="The canned responses; else responses.toml in the working folder, else ours."
    )
    model: Path | None = Field(
        None, description="The model file; else the one promoted with vigie models, else the starter model that ships."
    )
    models: ModelsSettings = Field(
        default_factory=lambda: ModelsSettings.model_validate({}), description="Trained models."
    )
    hold_seconds: float = Field(
        20.0, ge=0, le=86_400, description="How long everything waits in the outbox, so that it can be undone."
    )
    deleted_text: Literal["blank", "keep"] = Field(
        "blank", description="What becomes of the words of a message that its author deletes."
    )
    console_transcript: Path = Field(
        Path("var/console.jsonl"), description="Where the console channel notes what it has said."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="What is logged, to stderr.")
    long_replies: Literal["split", "refuse"] = Field(
        "split", description="What becomes of a reply that is too long for its channel: sent in parts, or not at all."
    )
    automatic_replies_per_hour: int = Field(
        3, ge=0, description="How many automatic replies one contact gets within an hour; then a person goes on."
    )
    automatic_replies_per_hour_of_brand: int = Field(
        200, ge=0, description="How many automatic replies leave within an hour in all; then a person goes on."
    )
    disclosure: dict[str, str] = Field(
        {"fr": "Réponse automatique", "en": "Automatic reply"},
        description="The line above the first automatic message of a conversation, per language; {} for none.",
    )
    brand: BrandSettings = Field(default_factory=lambda: BrandSettings.model_validate({}), description="The brand.")
    brands: dict[str, BrandSettings] = Field(
        {}, description="Further brands by their key; VIGIE_BRAND__KEY=KEY has the commands work on one of them."
    )
    discord: DiscordSettings = Field(
        default_factory=lambda: DiscordSettings.model_validate({}), description="A bot on Discord."
    )
    telegram: TelegramSettings = Field(
        default_factory=lambda: TelegramSettings.model_validate({}), description="A bot on Telegram."
    )
    attachments: AttachmentsSettings = Field(
        default_factory=lambda: AttachmentsSettings.model_validate({}), description="Files that come with messages."
    )
    escalation: EscalationSettings = Field(
        default_factory=lambda: EscalationSettings.model_validate({}), description="What customer service is handed."
    )
    team: TeamSettings = Field(
        default_factory=lambda: TeamSettings.model_validate({}), description="How the team works together."
    )
    moderation: ModerationSettings = Field(
        default_factory=lambda: ModerationSettings.model_validate({}), description="What the brand has settled."
    )
    spikes: SpikesSettings = Field(
        default_factory=lambda: SpikesSettings.model_validate({}), description="When far more comes than usual."
    )
    raid: RaidSettings = Field(
        default_factory=lambda: RaidSettings.model_validate({}), description="When many newcomers post the same."
    )
    reports: ReportsSettings = Field(
        default_factory=lambda: ReportsSettings.model_validate({}), description="The report of the week."
    )
    approval: ApprovalSettings = Field(
        default_factory=lambda: ApprovalSettings.model_validate({}), description="Replies that wait for a colleague."
    )
    leads: LeadsSettings = Field(
        default_factory=lambda: LeadsSettings.model_validate({}), description="What becomes of sales leads."
    )

    web: WebSettings = Field(
        default_factory=lambda: WebSettings.model_validate({}), description="The page and the API."
    )
    desks: dict[str, DeskSettings] = Field(
        {},
        description="Help desks by a name of yours, and which queues become tickets there: see"
        " [escalation-desks.md](escalation-desks.md).",
    )

    hooks: dict[str, HookSettings] = Field(
        {}, description="Channels that programs of yours bring, by a name of yours: see [api.md](api.md)."
    )

    @model_validator(mode="before")
    @classmethod
    def _passes_over_files(cls, given: Any) -> Any:
        return _without_files(given)

    @model_validator(mode="after")
    def _hooks_have_brands(self) -> Self:
        check_hooks(self.hooks, (self.brand.key, *self.brands))
        return self

    @model_validator(mode="after")
    def _queues_go_to_one_desk(self) -> Self:
        teams = {key: {*_TEAMS, *self.of_brand(key).teams} for key in (self.brand.key, *self.brands)}
        check_desks(self.desks, teams)
        return self

    def tickets_to(self, brand: str) -> dict[str, str]:
        """Per queue the help desk in which it becomes tickets of a brand, by its key."""
        return queues_of(self.desks, brand)

    @field_validator("disclosure")
    @classmethod
    def _are_short_lines(cls, lines: dict[str, str]) -> dict[str, str]:
        for line in lines.values():
            if len(line) > _LONGEST_LINE or len(line.splitlines()) > 1:
                raise ValueError(f'"{line}" is not one line of at most {_LONGEST_LINE} characters')
        return lines

    @model_validator(mode="after")
    def _brands_are_known(self) -> Self:
        known = {self.brand.key, *self.brands}
        places = {
            **self.discord.servers,
            **self.discord.staff_channels,
            **self.telegram.groups,
            **self.telegram.staff_chats,
        }
        for place, brand in places.items():
            if brand not in known:
                raise ValueError(f'{place} belongs to the brand "{brand}", which is not among: {", ".join(known)}')
        return self

    @model_validator(mode="after")
    def _queues_are_known(self) -> Self:
        for brand in (self.brand, *self.brands.values()):
            # What all brands share goes by the queues of the main one.
            known = {*_TEAMS, *self.brand.teams, *brand.teams}
            for queue in (brand.escalation or self.escalation).named_queues:
                if queue not in known:
                    raise ValueError(f'there is no queue "{queue}" for the chain; queues: {", ".join(sorted(known))}')
        return self

    def of_brand(self, key: str) -> BrandSettings:
        """The settings of one brand."""
        further = self.brands.get(key)
        return self.brand if further is None else further.model_copy(update={"key": key})

    @property
    def hold(self) -> timedelta:
        """How long everything waits in the outbox."""
        return timedelta(seconds=self.hold_seconds)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before files of secrets before `vigie.toml`."""
        del dotenv_settings, file_secret_settings
        return env_settings, _FileSource(settings_cls), init_settings


class _FileSource(PydanticBaseSettingsSource):
    """Settings whose variable ends in `_FILE` and names a file that holds the value."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Unused: nested names need the whole environment at once."""
        del field
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, path in _ours(os.environ):
            if not name.endswith("_FILE"):
                continue
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise BadSettings(
                    [Sentence("{name}: the file {path} cannot be read: {why}.", name=name, path=path, why=str(error))]
                ) from error
            place = found
            *outer, last = name.removeprefix(PREFIX).removesuffix("_FILE").lower().split("__")
            for part in outer:
                place = place.setdefault(part, {})
            place[last] = value
        return found


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Raises:
        BadSettings: A name is unknown or a value wrong; says where, and the nearest right name.
    """
    environment = os.environ if environment is None else environment
    named = environment.get("VIGIE_CONFIG")
    path = Path(named or "vigie.toml")
    from_file = _read_file(path) if named or path.is_file() else {}
    findings = [*_unknown_variables(environment), *_unknown_names(from_file, Settings, path.name)]
    if findings:
        raise BadSettings(findings)
    try:
        return Settings(**from_file)
    except ValidationError as error:
        raise BadSettings([_finding(fault, path.name) for fault in error.errors()]) from error


def every_name(model: type[BaseModel] = Settings, above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Each setting by its dotted name, groups opened."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from every_name(field.annotation, f"{above}{name}.")
        else:
            yield f"{above}{name}", field


def _without_files(given: Any) -> Any:
    """What was given, less the names of files of secrets, which the environment has beside what was read from them."""
    if not isinstance(given, dict):
        return given
    return {
        name: _without_files(value)
        for name, value in given.items()
        if not (str(name).endswith("_file") and str(name).removesuffix("_file") in given)
    }


def _slots(text: str) -> Iterator[tuple[time, time]]:
    before = time.min
    for slot in filter(None, (part.strip() for part in text.split(","))):
        opens, dash, closes = slot.partition("-")
        try:
            begins = time.fromisoformat(opens.strip())
            ends = time.max if closes.strip() == "24:00" else time.fromisoformat(closes.strip())
        except ValueError as error:
            raise ValueError(f'"{slot}" is not a slot such as 09:00-18:00') from error
        if not dash or ends <= begins or begins < before:
            raise ValueError(f'"{slot}" ends before it begins, or begins before the slot before it ends')
        before = ends
        yield begins, ends


def _span(text: str) -> tuple[time, time]:
    begins, dash, ends = text.partition("-")
    try:
        span = time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError as error:
        raise ValueError(f'"{text}" is not a span such as 20:00-08:00') from error
    if not dash or span[0] == span[1]:
        raise ValueError(f'"{text}" begins and ends at the same time')
    return span


def _ours(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in environment.items():
        if name.upper().startswith(PREFIX) and name.upper() not in NOT_SETTINGS:
            yield name.upper(), value


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings([Sentence("{file} is not TOML: {why}.", file=str(path), why=str(error))]) from error


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Sentence]:
    known = [PREFIX + name.upper().replace(".", "__") for name, _ in every_name()]
    for name, _ in _ours(environment):
        bare = name.removesuffix("_FILE")
        if bare not in known and not any(bare.startswith(f"{one}__") for one in known):
            yield _no_such(name, name, [*known, *NOT_SETTINGS])


def _unknown_names(given: Mapping[str, Any], model: type[BaseModel], place: str) -> Iterator[Sentence]:
    for name, value in given.items():
        field = model.model_fields.get(name)
        if field is None:
            yield _no_such(place, name, list(model.model_fields))
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel) and isinstance(value, dict):
            yield from _unknown_names(value, field.annotation, f"{place}, {name}")


def _no_such(place: str, name: str, known: list[str]) -> Sentence:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if nearest:
        return Sentence(
            '{place}: there is no setting "{name}". Did you mean "{nearest}"?',
            place=place,
            name=name,
            nearest=nearest[0],
        )
    return Sentence('{place}: there is no setting "{name}".', place=place, name=name)


def _finding(fault: Mapping[str, Any], file: str) -> Sentence:
    name = ".".join(str(part) for part in fault["loc"])
    return Sentence("{file}, {name}: {why}.", file=file, name=name, why=str(fault["msg"]).removesuffix("."))

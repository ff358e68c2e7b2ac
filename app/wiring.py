"""Builds everything once, from the settings. The only place that knows every part."""

from __future__ import annotations

import gc
import getpass
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.help_desks import build_help_desks
from app.hooks import hook_abilities
from app.words import tell, tell_in
from inbox.desk import Desk
from inbox.errors import BadRuleBook, NotFound
from inbox.model import Actor
from inbox.responses import CannedResponse
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.in_force import BookFiles
    from app.settings import BrandSettings, DiscordSettings, Settings, TelegramSettings
    from bot.commands.counter import Counter
    from classifiers.model import StarterModel
    from data.store import SqlStore
    from inbox.abilities import Abilities
    from inbox.books import Store
    from inbox.brand import Brand
    from inbox.people import Role
    from inbox.ports import Channel, Connection, Crm, EntityFinder
    from inbox.precedents import Precedents
    from routing.rulebook import TomlRuleBook

# Each part is imported where it is built: a command loads only what it uses, and starts quickly.


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def shell_user(store: Store | None = None) -> Actor:
    """Whoever types at this shell: of the team where the store knows him by his login name, else by that name."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "unknown"
    if store is not None:
        with store.read() as books:
            member = books.moderator_of("shell", name)
        if member is not None:
            return Actor.person(member.name)
    return Actor.person(f"shell/{name}")


def build_classifier(settings: Settings, *, file: Path | None = None) -> StarterModel:
    """The model of a file where one is named, else the one in use.

    When the one in use cannot be read, the starter model that ships takes its place, and stderr says so.

    Raises:
        ModelTrouble: The file named, or the model that ships, is missing, damaged, or of another format.
    """
    from app.models import load_in_use
    from classifiers.model import load_model

    if file is not None:
        return load_model(file)
    in_use = load_in_use(settings)
    if in_use.trouble is not None:
        sys.stderr.write(f"vigie: {tell(in_use.trouble)}\n")
    return in_use.model


def read_responses(settings: Settings) -> dict[str, CannedResponse]:
    """The canned responses in force: those set, else those in the working folder, else those that ship.

    Raises:
        BadResponses: They do not hold together.
    """
    from routing.responses import STARTER, load_responses

    return load_responses(responses_path(settings) or STARTER)


def read_rules(settings: Settings, responses: Mapping[str, CannedResponse]) -> TomlRuleBook:
    """The rule book in force: the one set, else the one in the working folder, else the one that ships.

    Raises:
        BadRuleBook: It does not hold together.
    """
    from routing.rulebook import STARTER, read_rule_book

    path = rules_path(settings) or STARTER
    try:
        # To the letter: an earlier version can be written back as it was.
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRuleBook([Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))]) from error
    return read_rule_book(text, name=path.name, responses=responses)


def rules_path(settings: Settings) -> Path | None:
    """Where the rule book in force stands, or None for the one that ships."""
    return _in_force(settings.rules, Path("rules.toml"))


def responses_path(settings: Settings) -> Path | None:
    """Where the canned responses in force stand, or None for those that ship."""
    return _in_force(settings.responses, Path("responses.toml"))


def faq_path(settings: Settings) -> Path | None:
    """Where the questions that people often ask stand, if anywhere."""
    return settings.brand.faq or _in_force(None, Path("faq.toml")) or _in_force(None, Path("faq.md"))


def for_brand(settings: Settings, key: str | None) -> Settings:
    """The settings as one brand works by them; None for the main one.

    Raises:
        NotFound: There is no such brand.
    """
    keys = [settings.brand.key, *settings.brands]
    if key is not None and key not in keys:
        raise NotFound(Sentence('There is no brand "{key}". There are: {known}.', key=key, known=", ".join(keys)))
    brand = settings.of_brand(key or settings.brand.key)
    rules, responses = brand.rules or settings.rules, brand.responses or settings.responses
    return settings.model_copy(update={"brand": brand, "rules": rules, "responses": responses})


@contextmanager
def open_store(settings: Settings) -> Iterator[SqlStore]:
    """The store of the brand; a database that does not exist yet is made.

    Raises:
        StoreTrouble: It is out of reach, or of another version.
    """
    from data.store import open_store as opened

    store = opened(settings.database_url.get_secret_value(), brand=settings.brand.key, create=True)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def open_desk(settings: Settings, *, on_record: bool = True) -> Iterator[Desk]:
    """Everything that triage, replies and delivery of the brand at hand work with."""
    with open_desks(settings, only=settings.brand.key, on_record=on_record) as desks:
        yield desks[settings.brand.key]


@contextmanager
def open_desks(settings: Settings, *, only: str | None = None, on_record: bool = True) -> Iterator[dict[str, Desk]]:
    """A desk for each brand, by its key, the main one first; `only` one where it is named.

    The rules and responses in force are put `on_record`, unless for whoever only reads: then their version is 0.
    """
    from app.alert_settings import to_policy
    from app.in_force import BookFiles

    classifier = build_classifier(settings)
    abilities = build_abilities(settings)
    help_desks = build_help_desks(settings, clock=now)
    with ExitStack() as stack:
        desks: dict[str, Desk] = {}
        for key in [only] if only else [settings.brand.key, *settings.brands]:
            mine = for_brand(settings, key)
            escalation = mine.brand.escalation or settings.escalation
            store = stack.enter_context(open_store(mine))
            files = BookFiles(mine, store)
            if on_record:
                _put_on_record(settings, store, files)
            desks[key] = Desk(
                brand=build_brand(mine.brand),
                store=store,
                classifier=classifier,
                rules=files.now.rules,
                rule_book_version=files.now.version,
                responses=files.now.responses,
                clock=now,
                hold=settings.hold,
                keep_deleted_text=settings.deleted_text == "keep",
                abilities=abilities,
                replies_an_hour=settings.automatic_replies_per_hour,
                replies_a_brand=settings.automatic_replies_per_hour_of_brand,
                disclosures=settings.disclosure,
                splits_replies=settings.long_replies == "split",
                policy=settings.moderation.to_policy(),
                tell=tell_in,
                roles=roles(settings),
                claims_last=settings.team.claims_last,
                chain=escalation.to_chain(),
                chains=escalation.to_chains(),
                targets=escalation.to_targets(),
                catch_after=escalation.catches_after,
                alerts=to_policy(settings.spikes, settings.raid),
                help_desks={name: one for name, one in help_desks.items() if settings.desks[name].takes(key)},
                tickets_to=settings.tickets_to(key),
                find_entities=build_entity_finder(mine.brand.products),
                crm=build_crm(settings, brand=key),
                in_force=files if on_record else None,
                bulletin=settings.reports.to_bulletin(),
                precedents=build_memory(mine, store),
                approval=settings.approval.to_policy(),
            )
        # What has been loaded stays: the collector need not look at it again with every batch.
        gc.collect()
        gc.freeze()
        yield desks


def _put_on_record(settings: Settings, store: SqlStore, files: BookFiles) -> None:
    """Keep the rules, responses and consents in force."""
    with store.begin() as books:
        files.put_on_record(books, author=shell_user())
        for name, may_train in consents(settings).items():
            books.set_may_train(name, allowed=may_train)


def build_abilities(settings: Settings) -> dict[str, Abilities]:
    """What each channel that is connected can do, by its name."""
    from bot.channels.console import CONSOLE

    found = {"console": CONSOLE}
    if settings.discord.token is not None:
        from bot.channels.discord.abilities import DISCORD

        found["discord"] = DISCORD
    if settings.telegram.token is not None:
        from bot.channels.telegram.abilities import TELEGRAM

        found["telegram"] = TELEGRAM
    return found | hook_abilities(settings)


def known_abilities() -> dict[str, Abilities]:
    """What each channel that we know can do, connected or not."""
    from bot.channels.console import CONSOLE
    from bot.channels.discord.abilities import DISCORD
    from bot.channels.telegram.abilities import TELEGRAM

    return {"console": CONSOLE, "discord": DISCORD, "telegram": TELEGRAM}


def roles(settings: Settings) -> dict[str, Role]:
    """Per `channel/claim` the role that it gives: what channels tell of people, and what the settings say."""
    from inbox.people import ADMINISTRATOR, IN_TEAM, MODERATES, OWNER, Role

    found: dict[str, Role] = {}
    for channel, said in (("discord", settings.discord.roles), ("telegram", settings.telegram.roles)):
        found |= {
            f"{channel}/{OWNER}": Role.ADMIN,
            f"{channel}/{ADMINISTRATOR}": Role.ADMIN,
            f"{channel}/{MODERATES}": Role.MODERATOR,
        }
        if settings.team.role is not None:
            found[f"{channel}/{IN_TEAM}"] = settings.team.role
        found |= {f"{channel}/{name}": role for name, role in said.items()}
    return found


def staff_places(settings: Settings) -> dict[tuple[str, str], str]:
    """Where teams sit, as a channel and a thread on it, with the key of the brand of each."""
    main = settings.brand.key
    found: dict[tuple[str, str], str] = {}
    if settings.discord.token is not None:
        found |= {("discord", one): key for one, key in settings.discord.staff_channels.items()}
        if settings.discord.staff_channel is not None:
            found["discord", settings.discord.staff_channel] = main
    if settings.telegram.token is not None:
        found |= {("telegram", one): key for one, key in settings.telegram.staff_chats.items()}
        if settings.telegram.staff_chat is not None:
            found["telegram", settings.telegram.staff_chat] = main
    return found


def build_connections(settings: Settings, *, counter: Counter | None = None) -> dict[str, Connection]:
    """The channels that are listened to over a connection, by name: those that have a token.

    Args:
        settings: The settings.
        counter: Answers what teams ask for there; None where nobody does.
    """
    found: dict[str, Connection] = {}
    teams = staff_places(settings)
    if (token := settings.discord.token) is not None:
        from bot.channels.discord.channel import DiscordChannel
        from bot.channels.discord.options import DiscordOptions

        discord = settings.discord
        found["discord"] = DiscordChannel(
            token.get_secret_value(),
            options=DiscordOptions(
                api_url=discord.api_url,
                staff_roles=frozenset(discord.staff_roles),
                exempt_roles=frozenset(discord.exempt_roles),
                staff_channels=frozenset(place for channel, place in teams if channel == "discord"),
                servers=frozenset(discord.servers),
                catch_up=timedelta(hours=discord.catch_up_hours),
                catch_up_most=discord.catch_up_most,
            ),
            tell=tell_in,
            clock=now,
            counter=counter,
        )
    if (token := settings.telegram.token) is not None:
        from bot.channels.telegram.channel import TelegramChannel
        from bot.channels.telegram.options import TelegramOptions

        telegram = settings.telegram
        secret = telegram.secret_token
        found["telegram"] = TelegramChannel(
            token.get_secret_value(),
            options=TelegramOptions(
                base_url=telegram.base_url,
                webhook_url=telegram.webhook_url,
                webhook_host=telegram.webhook_host,
                webhook_port=telegram.webhook_port,
                secret_token=secret.get_secret_value() if secret else None,
                staff=frozenset(telegram.staff),
                exempt=frozenset(telegram.exempt),
                staff_chats=frozenset(place for channel, place in teams if channel == "telegram"),
                groups=frozenset(telegram.groups),
            ),
            tell=tell_in,
            clock=now,
            counter=counter,
        )
    return found


def build_crm(settings: Settings, *, brand: str) -> Crm | None:
    """What is told of the leads of a brand; None where no address is set."""
    leads = settings.leads
    if leads.webhook_url is None or leads.secret is None:
        return None
    from bot.desks.crm import WebhookCrm

    secret = leads.secret.get_secret_value()
    return WebhookCrm(leads.webhook_url, secret, brand=brand, clock=now, patience=leads.patience)


def build_entity_finder(products: Sequence[str]) -> EntityFinder:
    """Finds what a message names, the products of a brand among it."""
    from app.entities import entities_in

    return partial(entities_in, products=tuple(products))


def build_brand(settings: BrandSettings) -> Brand:
    """A brand, with what reads its words."""
    from classifiers.abuse import Abuse
    from classifiers.spelling import DictionarySpeller

    checks = settings.checks.to_checks(
        settings.name,
        speller=DictionarySpeller(),
        entities=build_entity_finder(settings.products),
        abuse=Abuse(),
    )
    return replace(settings.to_brand(), checks=checks)


def build_memory(settings: Settings, store: Store) -> Precedents:
    """The memory of what a brand has answered, its FAQ among it."""
    from app.remembering import Memory
    from routing.faq import load_faq

    path = faq_path(settings)
    faq = [] if path is None else load_faq(path, lang=settings.brand.languages[0])
    return Memory(store, now, faq=faq)


def build_console(settings: Settings, out: TextIO = sys.stdout) -> Channel:
    """The console, which is always there."""
    from bot.channels.console import ConsoleChannel

    return ConsoleChannel(out, settings.console_transcript)


def consents(settings: Settings) -> dict[str, bool]:
    """Per channel that has a token whether its messages may train."""
    channels: dict[str, DiscordSettings | TelegramSettings] = {
        "discord": settings.discord,
        "telegram": settings.telegram,
    }
    return {name: one.may_train for name, one in channels.items() if one.token is not None}


def _in_force(asked: Path | None, here: Path) -> Path | None:
    if asked is not None:
        return asked
    return here if here.is_file() else None

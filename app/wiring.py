"""Builds everything once, from the settings. The only place that knows every part."""

from __future__ import annotations

import gc
import getpass
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.words import tell
from inbox.desk import Desk
from inbox.errors import BadRuleBook
from inbox.model import Actor
from inbox.responses import CannedResponse
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Settings
    from classifiers.model import StarterModel
    from data.store import SqlStore
    from inbox.ports import Channel
    from routing.rulebook import TomlRuleBook

# Each part is imported where it is built: a command loads only what it uses, and starts quickly.


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def shell_user() -> Actor:
    """Whoever types at this shell."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "unknown"
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

    return load_responses(_in_force(settings.responses, Path("responses.toml")) or STARTER)


def read_rules(settings: Settings, responses: Mapping[str, CannedResponse]) -> TomlRuleBook:
    """The rule book in force: the one set, else the one in the working folder, else the one that ships.

    Raises:
        BadRuleBook: It does not hold together.
    """
    from routing.rulebook import STARTER, read_rule_book

    path = rules_path(settings) or STARTER
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRuleBook([Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))]) from error
    return read_rule_book(text, name=path.name, responses=responses)


def rules_path(settings: Settings) -> Path | None:
    """Where the rule book in force stands, or None for the one that ships."""
    return _in_force(settings.rules, Path("rules.toml"))


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
def open_desk(settings: Settings) -> Iterator[Desk]:
    """Everything that triage, replies and delivery work with; the rules and responses in force are put on record."""
    responses = read_responses(settings)
    rules = read_rules(settings, responses)
    classifier = build_classifier(settings)
    with open_store(settings) as store:
        with store.begin() as books:
            version = books.keep_rule_book(rules.text, author=shell_user(), now=now())
            books.keep_responses(list(responses.values()), now=now())
        # What has been loaded stays: the collector need not look at it again with every batch.
        gc.collect()
        gc.freeze()
        yield Desk(
            brand=settings.brand.to_brand(),
            store=store,
            classifier=classifier,
            rules=rules,
            rule_book_version=version,
            responses=responses,
            clock=now,
            hold=settings.hold,
            keep_deleted_text=settings.deleted_text == "keep",
        )


def build_channels(settings: Settings, out: TextIO = sys.stdout) -> dict[str, Channel]:
    """The channels that are connected, by name."""
    from bot.channels.console import ConsoleChannel

    console = ConsoleChannel(out, settings.console_transcript)
    return {console.name: console}


def _in_force(asked: Path | None, here: Path) -> Path | None:
    if asked is not None:
        return asked
    return here if here.is_file() else None

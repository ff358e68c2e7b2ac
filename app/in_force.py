"""The rules and responses of a brand in their files: read at the start, and anew whenever a file changes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from app.wiring import known_abilities, now, read_responses, read_rules, responses_path, rules_path
from inbox.books import Books, Store
from inbox.errors import BadResponses, BadRuleBook, NotPossible
from inbox.model import Actor
from inbox.ports import InForce
from inbox.responses import CannedResponse
from inbox.rulebooks import Outlines
from inbox.rulesheets import Checked, RulesPlace
from inbox.sentences import Sentence
from inbox.taking_up import FILE, note_fault, note_mended, take_up
from routing.checking import checked
from routing.editing import with_mode
from routing.lint import lint
from routing.outlines import outlines_of
from routing.responses import STARTER as RESPONSES
from routing.rulebook import STARTER, TomlRuleBook, read_rule_book

if TYPE_CHECKING:
    from app.settings import Settings

log = structlog.get_logger()

HERE = Path("rules.toml")
"""Where the rules of whoever has set no other place stand, once they are not those that ship."""

Prints = tuple[object, ...]
"""What tells that a file has changed without reading it."""


class BookFiles:
    """Where the rules and responses of one brand stand.

    A look costs two questions to the file system. Where a file has changed, both are read and checked as at the start;
    a fault in either, or a file of rules that is gone or empty, leaves in force what was, and is told once.

    Args:
        settings: Those of the brand.
        store: Where versions and faults are put on record.

    Raises:
        BadRuleBook, BadResponses: The files do not hold together as they stand.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._turn = Lock()
        self._seen = self._read = self._prints()  # before reading: what changes meanwhile is seen the next time
        self._now = InForce(*self._read_both(), 0)
        self._checked: tuple[InForce, str, Checked] | None = None  # the last one: each page about rules asks for it

    @property
    def now(self) -> InForce:
        """What was read last."""
        return self._now

    def put_on_record(self, books: Books, *, author: Actor) -> None:
        """Keep what was read last as what is in force, in a transaction that is open."""
        rules, responses = self._now.rules, self._now.responses
        version = books.keep_rule_book(rules.text, author=author, now=now())
        books.keep_responses(list(responses.values()), now=now())
        books.keep_response_book(self._text_of_responses(), author=author, now=now())
        note_mended(books, now=now())
        self._now = InForce(rules, responses, version)

    def look(self) -> InForce:
        """What is in force now: read anew where a file has changed; where that is faulty, what was in force stays."""
        with self._turn:
            prints = self._prints()
            if prints != self._seen:
                self._renew(prints)
                self._seen = prints
            return self._now

    def outlines(self, text: str) -> Outlines:
        """The rules that a text holds, in short."""
        return outlines_of(text)

    def read(self, text: str) -> TomlRuleBook:
        """A text as a rule book that can decide, beside the responses that are in force."""
        return read_rule_book(text, name=self._place().name, responses=self._now.responses)

    def checked(self, text: str) -> Checked:
        """What a text is as a rule book."""
        now, known = self._now, self._checked
        if known is None or known[0] is not now or known[1] != text:
            found = checked(text, name=self._place().name, responses=now.responses, abilities=known_abilities())
            known = self._checked = (now, text, found)
        return known[2]

    def place(self) -> RulesPlace:
        """Where the rules stand, and whether they can be written there."""
        path = self._place()
        return RulesPlace(str(path), ships=rules_path(self._settings) is None, why_not=self._why_not(path))

    def with_mode(self, text: str, rule: str, mode: str) -> str:
        """A text with another mode for one rule; all else stays."""
        edited = with_mode(text, rule, mode)
        self.read(edited)
        return edited

    def write(self, text: str) -> str:
        """Put a text where the rules stand, whole or not at all; the name of that place.

        It waits for nobody: whoever looks meanwhile finds the old text or the new one.

        Raises:
            NotPossible: It cannot be written, is another brand's, or was changed by somebody and not taken up.
        """
        path = self._place()
        must_be_its_own(self._settings)
        must_not_ship(path)
        if self._prints() != self._read:
            raise NotPossible(
                Sentence("{file} has been changed meanwhile, or is faulty. Look: vigie rules check", file=str(path))
            )
        write_whole(path, text)
        return str(path)

    def _renew(self, prints: Prints) -> None:
        try:
            rules, responses = self._read_both()
        except (BadRuleBook, BadResponses) as error:
            self._tell(error.findings)
            return
        if lost := self._lost(rules):
            self._tell([lost])
            return
        doubts = len(lint(rules, abilities=known_abilities()))
        version = take_up(self._store, rules.text, responses.values(), file=rules.name, doubts=doubts, now=now())
        with self._store.begin() as books:
            books.keep_response_book(self._text_of_responses(), author=FILE, now=now())
        self._read, self._now = prints, InForce(rules, responses, version)
        log.info("rules.taken_up", version=version, rules=len(rules.rules), responses=len(responses), doubts=doubts)

    def _lost(self, rules: TomlRuleBook) -> Sentence | None:
        """What is not there any more, and may only be away for a moment; None where nothing is missing."""
        if not rules.rules and self._now.rules.names:
            return Sentence("{file}: there are no rules in it.", file=rules.name)
        for path, file, read in zip(
            (rules_path, responses_path), (HERE.name, "responses.toml"), self._read, strict=True
        ):
            if read is not None and path(self._settings) is None:
                return Sentence("{file} is gone.", file=file)
        return None

    def _tell(self, faults: Sequence[Sentence]) -> None:
        note_fault(self._store, faults, now=now())
        log.warning("rules.faulty", faults=len(faults), first=str(faults[0]))

    def _read_both(self) -> tuple[TomlRuleBook, dict[str, CannedResponse]]:
        responses = read_responses(self._settings)
        return read_rules(self._settings, responses), responses

    def _text_of_responses(self) -> str:
        return (responses_path(self._settings) or RESPONSES).read_bytes().decode("utf-8")

    def _place(self) -> Path:
        return place_of(self._settings)

    def _why_not(self, path: Path) -> Sentence | None:
        """Why nothing can be written there; None where nothing stands against it."""
        try:
            must_be_its_own(self._settings)
            must_not_ship(path)
        except NotPossible as error:
            return error.sentence
        if not os.access(path.resolve().parent, os.W_OK):
            return Sentence("{file} cannot be written: its folder is read-only.", file=str(path))
        return None

    def _prints(self) -> Prints:
        return tuple(_print(path(self._settings)) for path in (rules_path, responses_path))


def place_of(settings: Settings) -> Path:
    """Where the rules stand, or will once they are not those that ship."""
    return settings.rules or rules_path(settings) or HERE


def must_be_its_own(settings: Settings) -> None:
    """Let nobody change for one brand what is in force for others.

    Raises:
        NotPossible: The brand has no rules of its own.
    """
    if settings.brand.key in settings.brands and settings.brand.rules is None:
        raise NotPossible(
            Sentence(
                "This brand follows the rules of the main one. Give it a file of its own: brands.{key}.rules",
                key=settings.brand.key,
            )
        )


def must_not_ship(path: Path) -> None:
    """Let nobody change the rules that ship: the next version of Vigie would bring others.

    Raises:
        NotPossible: They are those that stand there.
    """
    if path.resolve() == STARTER.resolve():
        raise NotPossible(Sentence("These are the rules that ship. Copy them to a file of your own to change them."))


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        NotPossible: It cannot be written.
    """
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8"))
            written.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            written.replace(target)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
    except OSError as error:
        why = error.strerror or str(error)
        raise NotPossible(Sentence("{file} cannot be written: {why}.", file=str(path), why=why)) from error


def _print(path: Path | None) -> Prints | None:
    """What tells one state of a file from another; None for the file that ships, or one that is not there."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return None if found is None else (str(path), found.st_mtime_ns, found.st_size, found.st_ino)

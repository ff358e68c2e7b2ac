"""The versions of a rule book: every text that was in force, who wrote it, and what changed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.rulebooks import RuleBookVersion
from inbox.sentences import Sentence


def find_version(books: Books, version: int) -> RuleBookVersion:
    """One version.

    Raises:
        NotFound: There is none of this number.
    """
    found = books.rule_books()
    for one in found:
        if one.version == version:
            return one
    if not found:
        raise NotFound(Sentence("No version of the rule book is on record yet: vigie triage keeps the first."))
    last = found[-1].version
    raise NotFound(Sentence("There is no version {n}. There are 1 to {last}.", n=version, last=last))


def roll_back(
    books: Books, version: int, *, now_in_force: str | None, by: Actor, why: str = "", now: datetime
) -> RuleBookVersion:
    """Put an earlier version on record again, as a new one; the new one. `why` is the reason of whoever does.

    What is in force now is kept as a version first where it was not on record. The file is the caller's to write.

    Raises:
        NotFound: There is no such version.
        NotPossible: What is in force reads the same.
    """
    wanted = find_version(books, version)
    if now_in_force == wanted.text:
        raise NotPossible(Sentence("The rule book reads as in version {n} already.", n=version))
    if now_in_force is not None:
        books.keep_rule_book(now_in_force, author=by, now=now)
    number = books.keep_rule_book(wanted.text, author=by, now=now)
    facts = {"from": version} | ({"why": why} if why else {})
    told = _brought_back(version, by, why)
    books.write_audit([AuditLine(now, by, "rules.rolled_back", "rule_book", number, told, facts)])
    books.seal_audit()
    return RuleBookVersion(number, wanted.text, by, now)


def _brought_back(version: int, by: Actor, why: str) -> Sentence:
    if not why:
        return Sentence("{person} has brought back version {n} of the rule book.", person=by.name, n=version)
    return Sentence("{person} has brought back version {n} of the rule book: {why}", person=by.name, n=version, why=why)


def changes(before: str, after: str, *, names: tuple[str, str] = ("", "")) -> Sequence[str]:
    """What differs between two texts, line by line, as a unified diff; empty where nothing does."""
    one, other = before.splitlines(), after.splitlines()
    return list(difflib.unified_diff(one, other, *names, lineterm=""))


def count_changes(before: str, after: str) -> tuple[int, int]:
    """How many lines were added, and how many removed."""
    lines = changes(before, after)[2:]
    return sum(line.startswith("+") for line in lines), sum(line.startswith("-") for line in lines)

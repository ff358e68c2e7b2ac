"""What people do to the rule book as a whole: write it anew, or bring back what it was. Each is a new version."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.audit import AuditLine
from inbox.books import Store
from inbox.errors import BadInput, BadRuleBook, Collision, NotPossible
from inbox.model import Actor
from inbox.ports import Clock, RulesInForce
from inbox.rulesheets import Checked
from inbox.sentences import Sentence
from inbox.versions import find_version, roll_back

LONGEST = 1_000_000
"""Characters that a rule book may have."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A rule book that was put in force: where it stands, and which version it is."""

    place: str
    version: int


def save_rules(
    store: Store, in_force: RulesInForce, text: str, *, edited_from: int, by: Actor, why: str = "", clock: Clock
) -> Saved:
    """Put a text in force in place of the one that somebody has edited: a version of its own, with who and why.

    Args:
        store: The store.
        in_force: Where the rules stand.
        text: The whole rule book.
        edited_from: The version that he began with; another one since is not written over.
        by: Who saves it.
        why: His reason.
        clock: Tells the time.

    Raises:
        BadRuleBook: It does not hold together; with every fault.
        BadInput: It is longer than a rule book may be, or there are no rules in it.
        Collision: There is another version since.
        NotPossible: It reads as before, or cannot be written.
    """
    if len(text) > LONGEST:
        raise BadInput(Sentence("A rule book has at most {n} characters.", n=LONGEST))
    before = in_force.look()
    checked = _sound(in_force, text)
    if before.version != edited_from:
        raise _collision(edited_from, before.version)
    if text == before.rules.text:
        raise NotPossible(Sentence("Nothing has changed: the rules read as before."))
    now = clock()
    with store.begin() as books:
        version = books.keep_rule_book(text, author=by, now=now)
        # Whoever saves at the same moment waits for the number, so it tells whether he was first.
        if version != edited_from + 1:
            raise _collision(edited_from, version - 1)
        facts = {"from": edited_from, "rules": len(checked.rules), "doubts": len(checked.doubts), "why": why}
        books.write_audit([AuditLine(now, by, "rules.edited", "rule_book", version, _reason(by, why), facts)])
        books.seal_audit()
        # Last, so that nothing is on record that is not in the file.
        place = in_force.write(text)
    in_force.look()
    return Saved(place, version)


def bring_back(store: Store, in_force: RulesInForce, version: int, *, by: Actor, why: str = "", clock: Clock) -> Saved:
    """Put an earlier version in force again, to the letter, as a new one.

    Raises:
        NotFound: There is no such version.
        BadRuleBook: It does not hold together today: a response that it names may be gone.
        NotPossible: The rules read so already, or cannot be written.
    """
    in_place, now = in_force.look().rules.text, clock()
    with store.begin() as books:
        wanted = find_version(books, version)
        _sound(in_force, wanted.text)
        made = roll_back(books, version, now_in_force=in_place, by=by, why=why, now=now)
        place = in_force.write(made.text)
    in_force.look()
    return Saved(place, made.version)


def _sound(in_force: RulesInForce, text: str) -> Checked:
    """What a text is as a rule book that may be put in force.

    Raises:
        BadRuleBook: It does not hold together.
        BadInput: There are no rules in it.
    """
    checked = in_force.checked(text)
    if checked.faults:
        raise BadRuleBook([one.says for one in checked.faults])
    if not checked.rules:
        raise BadInput(Sentence("There are no rules in it. Every message would wait for a person."))
    return checked


def _collision(edited_from: int, latest: int) -> Collision:
    return Collision(
        Sentence(
            "You have edited version {before}, and version {latest} is in force since. Nothing was saved.",
            before=edited_from,
            latest=latest,
        )
    )


def _reason(by: Actor, why: str) -> Sentence:
    if not why.strip():
        return Sentence("{person} has edited the rules.", person=by.name)
    return Sentence("{person} has edited the rules: {why}", person=by.name, why=why.strip())

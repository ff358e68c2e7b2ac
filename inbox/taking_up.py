"""Rules and responses that change in their files while we work: taken up and put on record, or told to be faulty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.model import Actor
from inbox.responses import CannedResponse
from inbox.sentences import Sentence

FILE = Actor.vigie("file")
"""The author of a version that somebody wrote into the file, nobody knows who."""

FAULTY = "rules:faulty"
"""The switch that is on while the files cannot be taken up as they are, so that what was in force stays."""

_MOST_FAULTS = 5


def take_up(
    store: Store, text: str, responses: Iterable[CannedResponse], *, file: str, doubts: int, now: datetime
) -> int:
    """Put rules and responses on record that are in force from now on; the version of the rules.

    Where they are on record already, because whoever changed them has seen to it, nothing is added.

    Args:
        store: The store.
        text: The rules.
        responses: The responses.
        file: What the file of the rules is called.
        doubts: How much in the rules looks like a mistake.
        now: Now.
    """
    with store.begin() as books:
        version = books.keep_rule_book(text, author=FILE, now=now)
        books.keep_responses(list(responses), now=now)
        kept = books.latest_rule_book()
        if kept is not None and (kept.author, kept.written_at) == (FILE, now):
            why = Sentence("{file} has changed: it is version {n} of the rule book.", file=file, n=version)
            facts = {"file": file, "doubts": doubts}
            books.write_audit([AuditLine(now, FILE, "rules.changed", "rule_book", version, why, facts)])
        note_mended(books, now=now)
        books.seal_audit()
    return version


def note_fault(store: Store, faults: Sequence[Sentence], *, now: datetime) -> bool:
    """Put on record that the files cannot be taken up as they are; False where that is on record, by any process."""
    with store.begin() as books:
        if not books.set_switch(FAULTY, on=True, by=FILE, now=now):
            return False
        why = Sentence("What is in force stays in force: {fault}", fault=faults[0])
        facts = {"faults": [str(one) for one in faults[:_MOST_FAULTS]], "more": max(0, len(faults) - _MOST_FAULTS)}
        books.write_audit([AuditLine(now, FILE, "rules.faulty", "rule_book", 0, why, facts)])
        books.seal_audit()
        return True


def note_mended(books: Books, *, now: datetime) -> bool:
    """Put on record, in a transaction that is open, that the files read again; False where they did before."""
    if not books.set_switch(FAULTY, on=False, by=FILE, now=now):
        return False
    why = Sentence("The rules and the responses read again.")
    books.write_audit([AuditLine(now, FILE, "rules.mended", "rule_book", 0, why)])
    return True

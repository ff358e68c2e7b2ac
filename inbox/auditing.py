"""Looking over the audit log as a whole: whether its chain holds, and what of it leaves as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from inbox.audit import AuditLine, SealedLine, Verdict, verify
from inbox.auditfilter import AuditEntry, AuditFilter
from inbox.books import Store
from inbox.model import Actor
from inbox.ports import Clock
from inbox.sentences import Sentence

VERIFIED, BROKEN = "audit.verified", "audit.broken"
"""What is on record of a look at the whole log."""

LOG = "audit"
"""What such lines are about: the log itself. Its number is 0, so that they are found by an index."""

_TOLD_EVERY = 2_000


def verify_log(store: Store, *, by: Actor, clock: Clock, watch: Callable[[int, int], None] | None = None) -> Verdict:
    """Read the whole log, and put on record how far it holds and what its head is.

    Where somebody has verified it before, the chain also has to pass through the head that was found then.

    Args:
        store: The store.
        by: Who wants to know.
        clock: Tells the time.
        watch: Told now and then how many lines are read, and of how many.
    """
    with store.begin() as books:
        books.seal_audit()
    with store.read() as books:
        earlier = books.latest_audit(AuditFilter(what=VERIFIED, subject=LOG, subject_id=0))
        head = None if earlier is None else str(earlier.line.facts["head"])
        verdict = verify(_watched(books.read_audit(), books.last_sealed(), watch), expected_head=head)
    with store.begin() as books:
        books.write_audit([_line(verdict, by, clock())])
        books.seal_audit()
    return verdict


def last_verdict(store: Store) -> AuditEntry | None:
    """What the last look at the whole log has found; None where nobody has looked yet."""
    with store.read() as books:
        found = [books.latest_audit(AuditFilter(what=one, subject=LOG, subject_id=0)) for one in (VERIFIED, BROKEN)]
    return max((one for one in found if one is not None), key=lambda one: one.id, default=None)


def note_export(store: Store, *, by: Actor, clock: Clock) -> None:
    """Put on record that somebody takes lines of the log out of here: they hold people's names."""
    why = Sentence("{person} has taken lines of the audit log out as a file.", person=by.name)
    with store.begin() as books:
        books.write_audit([AuditLine(clock(), by, "audit.exported", LOG, 0, why)])
        books.seal_audit()


def _watched(lines: Iterable[SealedLine], total: int, watch: Callable[[int, int], None] | None) -> Iterator[SealedLine]:
    for number, line in enumerate(lines):
        if watch is not None and number % _TOLD_EVERY == 0:
            watch(number, total)
        yield line


def _line(verdict: Verdict, by: Actor, now: datetime) -> AuditLine:
    facts = {"sealed": verdict.sealed, "head": verdict.head}
    if verdict.why is None:
        why = Sentence("{person} has verified the audit log: {n} lines hold.", person=by.name, n=verdict.sealed)
        return AuditLine(now, by, VERIFIED, LOG, 0, why, facts)
    why = Sentence("{person} has found the audit log tampered with. {why}", person=by.name, why=verdict.why)
    return AuditLine(now, by, BROKEN, LOG, 0, why, facts | {"row": verdict.broken_at})

"""The audit log: written by whoever acts, sealed in blocks, read in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from data.many import insert_many, update_many
from data.rows import to_audit_line
from data.tables import audit
from data.transaction import Transaction
from inbox.audit import FIRST, AuditLine, SealedLine, chain

_SEALING = 0x7365616C  # with the brand's number, the lock of whoever seals
_PAGE = 1_000


def write_audit(tx: Transaction, lines: Sequence[AuditLine]) -> None:
    """Append lines to the audit log."""
    insert_many(
        tx,
        audit,
        [
            {
                "brand_id": tx.brand_id,
                "at": line.at,
                "actor_kind": line.actor.kind,
                "actor_name": line.actor.name,
                "what": line.what,
                "subject": line.subject,
                "subject_id": line.subject_id,
                "reason": line.reason.to_json(),
                "facts": dict(line.facts),
            }
            for line in lines
        ],
    )


def seal_audit(tx: Transaction, limit: int = 10_000) -> int:
    """Give committed lines their place in the chain; how many. 0 when another process is at it."""
    if tx.is_shared:
        lock = select(func.pg_try_advisory_xact_lock(_SEALING, tx.brand_id))
        if not tx.connection.scalar(lock):
            return 0
    # Numbers are given out before the commit, so a line may turn up below others that are sealed already: what is
    # not sealed is asked for, not what comes after the last.
    unsealed = tx.connection.execute(
        select(audit).where(audit.c.brand_id == tx.brand_id, audit.c.seq.is_(None)).order_by(audit.c.id).limit(limit)
    ).mappings()
    head = tx.connection.execute(
        select(audit.c.seq, audit.c.hash)
        .where(audit.c.brand_id == tx.brand_id, audit.c.seq.is_not(None))
        .order_by(audit.c.seq.desc())
        .limit(1)
    ).one_or_none()
    last, previous = (head.seq, head.hash) if head else (0, FIRST)
    seals = []
    for seq, row in enumerate(unsealed, last + 1):
        previous = chain(previous, row["id"], to_audit_line(row))
        seals.append({"id": row["id"], "seq": seq, "hash": previous})
    update_many(tx, audit, seals)
    return len(seals)


def read_audit(tx: Transaction) -> Iterator[SealedLine]:
    """The sealed lines in order, streaming."""
    wanted = (
        select(audit).where(audit.c.brand_id == tx.brand_id, audit.c.seq.is_not(None)).order_by(audit.c.seq)
    ).execution_options(yield_per=_PAGE)
    # Closed with the generator, so that a reader may stop at a line that does not fit.
    with tx.connection.execute(wanted) as lines:
        for row in lines.mappings():
            yield SealedLine(id=row["id"], seq=row["seq"], hash=row["hash"], line=to_audit_line(row))


def count_unsealed(tx: Transaction) -> int:
    """How many lines wait to be sealed."""
    wanted = select(func.count()).where(audit.c.brand_id == tx.brand_id, audit.c.seq.is_(None))
    return tx.connection.scalar(wanted) or 0

"""The audit log as people look lines up in it: the latest first, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Column, ColumnElement, RowMapping, Select, select

from data.many import is_among
from data.rows import to_audit_line
from data.tables import audit, draft, escalation, lead, message, moderation_case, note, outbox
from data.transaction import Transaction
from inbox.audit import AuditLine
from inbox.auditfilter import AuditChoices, AuditEntry, AuditFilter

_CHUNK = 1_000
_LATEST = 20_000
"""As many lines are asked who and what there is to choose from: the whole log may have millions."""

_IN_CONVERSATION: Mapping[str, tuple[Column[int], Column[int]]] = {
    one.name if one is not moderation_case else "case": (one.c.id, one.c.conversation_id)
    for one in (message, draft, outbox, escalation, moderation_case, lead, note)
}
"""Per subject the id of a row and the conversation that it is part of."""


def audit_before(tx: Transaction, wanted: AuditFilter, *, before: int | None = None, limit: int) -> list[AuditEntry]:
    """Lines of the log, the latest first; those with a lower id than `before` where it is given."""
    lines = _wanted(tx, wanted)
    if before is not None:
        lines = lines.where(audit.c.id < before)
    found = tx.connection.execute(lines.order_by(audit.c.id.desc()).limit(limit)).mappings()
    return [_to_entry(row) for row in found]


def audit_stream(tx: Transaction, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """Every such line, the first one first, streaming."""
    lines = _wanted(tx, wanted).order_by(audit.c.id).execution_options(yield_per=_CHUNK)
    # Closed with the generator, so that a reader may stop anywhere.
    with tx.connection.execute(lines) as found:
        for row in found.mappings():
            yield _to_entry(row)


def audit_choices(tx: Transaction) -> AuditChoices:
    """Who and what the latest lines are about."""
    latest = (
        select(audit.c.actor_name, audit.c.what, audit.c.subject)
        .where(_of_brand(tx))
        .order_by(audit.c.id.desc())
        .limit(_LATEST)
        .subquery()
    )

    def some(column: ColumnElement[str]) -> tuple[str, ...]:
        return tuple(sorted(tx.connection.scalars(select(column).distinct())))

    return AuditChoices(some(latest.c.actor_name), some(latest.c.what), some(latest.c.subject))


def latest_audit(tx: Transaction, wanted: AuditFilter) -> AuditEntry | None:
    """The latest such line; None where there is none."""
    lines = audit_before(tx, wanted, limit=1)
    return lines[0] if lines else None


def conversations_about(tx: Transaction, lines: Sequence[AuditLine]) -> Mapping[tuple[str, int], int]:
    """Per subject and its id the conversation that it is part of, for the subjects that are part of one."""
    asked: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        if line.subject_id:
            asked[line.subject].add(line.subject_id)
    found = {("conversation", one): one for one in asked["conversation"]}
    for subject, (number, conversation_id) in _IN_CONVERSATION.items():
        if asked[subject]:
            mine = number.table.c.brand_id == tx.brand_id
            rows = tx.connection.execute(
                select(number, conversation_id).where(mine, is_among(tx, number, asked[subject]))
            )
            found |= {(subject, row[0]): row[1] for row in rows}
    return found


def _wanted(tx: Transaction, wanted: AuditFilter) -> Select[tuple[object, ...]]:
    lines = select(audit).where(_of_brand(tx) if wanted.subject is None else audit.c.brand_id == tx.brand_id)
    if wanted.actor is not None:
        lines = lines.where(audit.c.actor_name == wanted.actor)
    if wanted.what is not None:
        kind = audit.c.what.startswith(f"{wanted.what}.", autoescape=True)
        lines = lines.where((audit.c.what == wanted.what) | kind)
    if wanted.subject is not None:
        lines = lines.where(audit.c.subject == wanted.subject)
    if wanted.subject_id is not None:
        lines = lines.where(audit.c.subject_id == wanted.subject_id)
    if wanted.since is not None:
        lines = lines.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        lines = lines.where(audit.c.at < wanted.until)
    return lines


def _of_brand(tx: Transaction) -> ColumnElement[bool]:
    """Whether a line is the brand's, in a way that no index answers: those on it would have the whole log sorted."""
    return audit.c.brand_id + 0 == tx.brand_id


def _to_entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(row["id"], to_audit_line(row), row["seq"], row["hash"])

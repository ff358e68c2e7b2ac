"""What a look at the audit log, and at what one rule did, asks of the store. `data/` has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from inbox.audit import AuditLine
from inbox.auditfilter import AuditChoices, AuditEntry, AuditFilter
from inbox.sample import Sample


class LookBooks(Protocol):
    """Looking back: the audit log page by page, and the latest messages that a rule held for."""

    def audit_before(self, wanted: AuditFilter, *, before: int | None = None, limit: int) -> list[AuditEntry]:
        """Lines of the log, the latest first; those with a lower id than `before` where it is given."""

    def audit_stream(self, wanted: AuditFilter) -> Iterator[AuditEntry]:
        """Every such line, the first one first, streaming."""

    def audit_choices(self) -> AuditChoices:
        """Who and what the latest lines are about."""

    def latest_audit(self, wanted: AuditFilter) -> AuditEntry | None:
        """The latest such line; None where there is none."""

    def conversations_about(self, lines: Sequence[AuditLine]) -> Mapping[tuple[str, int], int]:
        """Per subject and its id the conversation that it is part of, for the subjects that are part of one."""

    def held_lately(self, rule: str, *, limit: int) -> list[Sample]:
        """The latest messages that a rule held for, in shadow or not; what offends is named, not quoted."""

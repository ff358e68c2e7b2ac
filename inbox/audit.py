"""The audit log: one line per act, chained by hash so that a change or a gap shows.

Lines are written by whoever acts, without waiting for each other. Sealing comes after: it gives each line its place
(`seq`, from 1 without gaps) and a hash over the line and the hash before it. A line changed, removed or put in later
breaks the chain at its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inbox.model import Actor
from inbox.sentences import Sentence

FIRST = "0" * 64
"""The hash before the first line."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what, on what, why.

    `what` is an event such as `message.triaged`; `subject` and `subject_id` name what it was done to. `facts` hold ids,
    labels, rule and model names, and what was before and after; never the text of a message, never a token.
    """

    at: datetime
    actor: Actor
    what: str
    subject: str
    subject_id: int
    reason: Sentence
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SealedLine:
    """An audit line with its place in the chain."""

    id: int
    seq: int
    hash: str
    line: AuditLine


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying the chain found.

    `broken_at` is the id of the first line that does not fit, or None; `sealed` lines were read up to there. `head`
    is the hash of the last line that fits: kept elsewhere, it also shows whether lines were cut off the end.
    """

    sealed: int
    head: str
    broken_at: int | None = None
    why: Sentence | None = None

    @property
    def holds(self) -> bool:
        """Whether every line fits."""
        return self.why is None


def chain(previous: str, audit_id: int, line: AuditLine) -> str:
    """The hash of a line that follows `previous`: SHA-256 over both, in hexadecimal."""
    content = json.dumps(
        [
            audit_id,
            line.at.astimezone(UTC).isoformat(timespec="microseconds"),
            line.actor.kind,
            line.actor.name,
            line.what,
            line.subject,
            line.subject_id,
            line.reason.to_json(),
            line.facts,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


def verify(lines: Iterable[SealedLine], *, expected_head: str | None = None) -> Verdict:
    """Read the chain from its first line and name the first that does not fit.

    Args:
        lines: In order of `seq`.
        expected_head: A hash noted earlier; the chain must have passed through it.
    """
    head, seq = FIRST, 0
    seen_expected = expected_head in {None, FIRST}
    for sealed in lines:
        seq += 1
        if sealed.seq != seq:
            gap = Sentence("Line {seq} of the audit log is missing: the next one is row {id}.", seq=seq, id=sealed.id)
            return Verdict(sealed=seq - 1, head=head, broken_at=sealed.id, why=gap)
        if chain(head, sealed.id, sealed.line) != sealed.hash:
            changed = Sentence(
                "Row {id} (line {seq}, {what}) was changed after it was sealed, or a row before it was.",
                id=sealed.id,
                seq=seq,
                what=sealed.line.what,
            )
            return Verdict(sealed=seq - 1, head=head, broken_at=sealed.id, why=changed)
        head = sealed.hash
        seen_expected = seen_expected or head == expected_head
    if not seen_expected:
        cut = Sentence("The chain never passes through {head}: lines were cut off or written anew.", head=expected_head)
        return Verdict(sealed=seq, head=head, why=cut)
    return Verdict(sealed=seq, head=head)

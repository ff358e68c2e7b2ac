"""Taking a stream of messages in, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from inbox.books import Store
from inbox.errors import BadLine
from inbox.model import IncomingMessage
from inbox.pipeline import Received, receive
from inbox.ports import Clock

BATCH = 1_000
"""Messages in one transaction."""

_MOST_LINES_NAMED = 10_000


@dataclass(slots=True)
class Imported:
    """What became of a stream. `refused_lines` are line numbers, of the first ten thousand refused."""

    created: int = 0
    skipped: int = 0
    refused: int = 0
    refused_lines: list[int] = field(default_factory=list)

    def add(self, batch: Received) -> None:
        """Count one batch."""
        self.created += batch.created
        self.skipped += batch.skipped


def import_messages(
    store: Store,
    rows: Iterable[IncomingMessage | BadLine],
    *,
    clock: Clock,
    on_refused: Callable[[BadLine], None] = lambda _: None,
) -> Imported:
    """Take messages in, each once, a transaction per batch; a refused line stops nothing.

    Killed at any moment, the batches before are kept, and running again takes in the rest.
    """
    done = Imported()
    batch: list[IncomingMessage] = []
    for row in rows:
        if isinstance(row, BadLine):
            done.refused += 1
            if len(done.refused_lines) < _MOST_LINES_NAMED:
                done.refused_lines.append(row.line)
            on_refused(row)
            continue
        batch.append(row)
        if len(batch) == BATCH:
            done.add(receive(store, batch, clock=clock))
            batch.clear()
    if batch:
        done.add(receive(store, batch, clock=clock))
    return done

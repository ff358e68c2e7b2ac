"""How fast the past is replayed, the start of the process left out, and whether memory stays flat.

Some thousands of messages are taken in and triaged for real, then multiplied in the database with what people did.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table
from sqlalchemy import Connection, func, insert, literal, null, select, update
from sqlalchemy import Table as Rows

from data.engine import make_engine
from data.tables import correction, message, outbox, prediction
from routing.rulebook import STARTER

BASE = 20_000
NOVEMBER = ("--since", "2026-11-01", "--until", "2026-11-30", "--json")
NOTHING = ("--since", "2020-01-01", "--until", "2020-01-01", "--json")

Run = Callable[..., tuple[float, float]]


def measure(folder: Path, urls: dict[str, str], run: Run, lines: Path, *, count: int, messages: int) -> Table:
    """Every figure, in one table.

    Args:
        folder: Where to work.
        urls: Empty databases by name.
        run: Runs a command of Vigie; seconds, and peak memory in MB.
        lines: A file of messages to take in.
        count: How many there are in it.
        messages: How many are replayed: at least as many, in whole multiples.
    """
    table = Table(title=f"rules backtest over {messages:,} messages, one process", title_justify="left")
    for column in ("", "per second", "a million in", "processor time", "peak memory"):
        table.add_column(column, justify="right" if column else "left")
    every_reply_live = folder / "live.toml"
    text = STARTER.read_text(encoding="utf-8").replace('action = "draft"', 'action = "reply"')
    every_reply_live.write_text(text.replace("\nwhen = ", '\nmode = "live"\nwhen = '), encoding="utf-8")
    for database, url in urls.items():
        for words in (("db", "upgrade"), ("import", str(lines)), ("triage",)):
            run(folder, url, *words)
        start = _took(lambda: run(folder, url, "rules", "backtest", *NOTHING))  # noqa: B023  # called at once
        done = count
        for times, told, book in (
            (1, "the book in force", ()),
            (messages // count, "the book in force", ()),
            (1, "another book, every reply live, and compared", (str(every_reply_live),)),
        ):
            multiply(url, times)
            done *= times
            took = _took(lambda: run(folder, url, "rules", "backtest", *book, *NOVEMBER))  # noqa: B023  # run at once
            wall, cpu = (max(after - before, 0.001) for after, before in zip(took[:2], start[:2], strict=True))
            figures = (f"{done / wall:,.0f}", f"{wall / done * 1e6:.0f} s", f"{cpu / done * 1e6:.0f} s")
            table.add_row(f"{database}: {told}, {done:,}", *figures, f"{took[2]:.0f} MB")
    return table


def _took(run: Callable[[], tuple[float, float]]) -> tuple[float, float, float]:
    """Seconds, seconds of the processor, and peak memory in MB of a command; a busy machine changes only the first."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, peak_mb = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak_mb


def multiply(url: str, times: int) -> None:
    """Have every message and its prediction `times` over; where nobody has done anything yet, people do."""
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            if not connection.scalar(select(func.count()).select_from(outbox)):
                _people(connection)
            said = connection.scalar(select(func.max(message.c.id))) or 0
            read = connection.scalar(select(func.max(prediction.c.id))) or 0
            for turn in range(1, times):
                _copy(connection, message, said, turn, {"external_id": null()})
                _copy(connection, prediction, read, turn, {"message_id": prediction.c.message_id + turn * said})
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("ANALYZE")
    finally:
        engine.dispose()


def _copy(connection: Connection, rows: Rows, last: int, turn: int, changed: Mapping[str, Any]) -> None:
    """Put in the rows up to the `last` number once more, for the `turn`-th time."""
    values: dict[str, Any] = {one.name: one for one in rows.c} | {**changed, "id": rows.c.id + turn * last}
    connection.execute(insert(rows).from_select([*values], select(*values.values()).where(rows.c.id <= last)))


def _people(connection: Connection) -> None:
    """A person answers every tenth message, with the response that says thanks, and corrects every twentieth."""
    answered = message.c.id % 10 == 0
    same = {name: message.c[name] for name in ("brand_id", "conversation_id", "channel_account_id")}
    sent = same | {
        "message_id": message.c.id,
        "message_version": message.c.version,
        "kind": literal("reply"),
        "text": literal("Merci !"),
        "lang": literal("fr"),
        "response": literal("thanks"),
        "idempotency_key": literal("bench:").concat(message.c.id.cast(outbox.c.text.type)),
        "actor_kind": literal("person"),
        "actor_name": literal("Ines"),
        "queued_at": message.c.received_at,
        "not_before": message.c.received_at,
        "attempts": literal(1),
        "state": literal("sent"),
        "sent_at": message.c.received_at,
        "seconds": literal(0),
        "perhaps_sent": literal(value=False),
    }
    connection.execute(insert(outbox).from_select([*sent], select(*sent.values()).where(answered)))
    connection.execute(update(message).where(answered).values(dealt_at=message.c.received_at))
    said = {
        "brand_id": prediction.c.brand_id,
        "message_id": prediction.c.message_id,
        "message_version": prediction.c.message_version,
        "before": prediction.c.labels,
        "after": prediction.c.labels,
        "why": literal(""),
        "actor_kind": literal("person"),
        "actor_name": literal("Ines"),
        "corrected_at": prediction.c.made_at,
    }
    corrected = prediction.c.message_id % 20 == 0
    connection.execute(insert(correction).from_select([*said], select(*said.values()).where(corrected)))

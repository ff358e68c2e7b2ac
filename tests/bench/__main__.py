"""Run the benches: rates of Vigie, raw limits measured in the same run, and their ratio."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.table import Table

from tests.bench import backtest, channels, page, page_live, raw, rules
from tests.bench.reading import reading_rates
from tests.postgres import a_cluster

ROOT = Path(__file__).parents[2]


def rows(count: int) -> list[dict[str, str]]:
    """Messages made of the labelled examples that ship, again and again until there are enough."""
    examples = [
        json.loads(line)["text"]
        for path in sorted((ROOT / "data" / "corpora").glob("[ef]*.jsonl"))
        for line in path.open(encoding="utf-8")
    ]
    return [
        {
            "external_id": str(number),
            "text": examples[number * 7919 % len(examples)],
            "author": f"contact-{number % (count // 4 + 1)}",
            "sent_at": f"2026-11-{1 + number % 20:02}T10:{number % 60:02}:00Z",
            "thread": f"post-{number % 50}",
            "kind": "comment",
            "visibility": "public",
        }
        for number in range(count)
    ]


def run(folder: Path, url: str, *words: str) -> tuple[float, float]:
    """Seconds, the start of the process included, and peak memory in MB of one command of Vigie."""
    peak = folder / "peak"
    settings = {"VIGIE_DATABASE_URL": url, "VIGIE_LANG": "en", "PYTHONPATH": str(ROOT), "BENCH_PEAK": str(peak)}
    command = [sys.executable, "-m", "tests.bench.measured", *words]
    quiet = subprocess.DEVNULL
    began = perf_counter()
    done = subprocess.run(command, cwd=folder, env=os.environ | settings, stdout=quiet, stderr=quiet, check=False)
    took_s = perf_counter() - began
    if done.returncode:
        sys.exit(f"vigie {' '.join(words)} ended with {done.returncode}")
    return took_s, int(peak.read_text()) / 1024


def measure(folder: Path, urls: dict[str, str], count: int) -> Table:
    """Every figure, in one table."""
    table = Table(
        title=f"{count:,} messages, {os.cpu_count()} cores, PostgreSQL without fsync; ratios hold, times drift",
        title_justify="left",
    )
    for column in ("", "per second", "of the raw limit", "peak memory"):
        table.add_column(column, justify="right" if column else "left")
    messages = rows(count)
    texts = [row["text"] for row in messages]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in messages), encoding="utf-8")
    limits = {"SQLite": raw.sqlite_rate(folder, texts), "PostgreSQL": raw.postgresql_rate(urls["PostgreSQL"], texts)}
    toy = raw.toy_classifier_rate(texts, batch=256)
    table.add_row("raw: sqlite3 by hand, unique key, 500 a transaction", f"{limits['SQLite']:,.0f}", "", "")
    table.add_row("raw: PostgreSQL COPY, unique key", f"{limits['PostgreSQL']:,.0f}", "", "")
    table.add_row("raw: a toy classifier, batches of 256", f"{toy:,.0f}", "", "")
    for step, rate in reading_rates(texts).items():
        table.add_row(f"one core: {step}", f"{rate:,.0f}", f"{rate / toy:.0%}", "")
    for database, url in urls.items():
        run(folder, url, "db", "upgrade")
        start_s, _ = run(folder, url, "triage")
        steps = [("import", limits[database]), ("import again", limits[database]), ("triage", toy)]
        for step, limit in steps:
            took_s, peak_mb = run(folder, url, *(["triage"] if step == "triage" else ["import", "rows.jsonl"]))
            rate = count / max(took_s - start_s, 0.001)
            table.add_row(f"{database}: {step}", f"{rate:,.0f}", f"{rate / limit:.0%}", f"{peak_mb:.0f} MB")
        table.add_row(f"{database}: start of vigie triage, nothing waiting", f"{start_s:.2f} s", "", "")
    (folder / "tenfold.jsonl").write_text((folder / "rows.jsonl").read_text(encoding="utf-8") * 10, encoding="utf-8")
    for file, lines in (("rows.jsonl", count), ("tenfold.jsonl", 10 * count)):
        took_s, peak_mb = run(folder, urls["SQLite"], "classify", file)
        rate = lines / took_s
        table.add_row(
            f"classify {lines:,} lines, its start included", f"{rate:,.0f}", f"{rate / toy:.0%}", f"{peak_mb:.0f} MB"
        )
    return table


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="make bench BENCH_ARGS=…")
    asked.add_argument("--messages", type=int, default=20_000)
    asked.add_argument("--channel-seconds", type=int, default=120, help="of a steady load per channel; 0 for none")
    asked.add_argument("--channel-rate", type=int, default=200)
    asked.add_argument("--backtest", type=int, default=200_000, help="messages to replay; 0 for none")
    asked.add_argument("--rules", type=int, default=30_000, help="messages for rules to decide on; 0 for none")
    asked.add_argument("--page", type=int, default=1_000_000, help="messages behind the list of the inbox; 0 for none")
    asked.add_argument(
        "--live-seconds", type=int, default=30, help="50 open pages while 50 messages/s come; 0 for none"
    )
    told = asked.parse_args()
    count = told.messages
    with TemporaryDirectory() as name, a_cluster() as cluster:
        folder = Path(name)
        urls = {"SQLite": f"sqlite:///{folder / 'vigie.db'}", "PostgreSQL": cluster.create_database()}
        out = Console(width=120)
        if told.rules:
            out.print(rules.measure(told.rules))
        if count:
            out.print(measure(folder, urls, count))
        if told.backtest:
            base = min(backtest.BASE, told.backtest)
            lines = folder / "past.jsonl"
            lines.write_text("".join(json.dumps(row) + "\n" for row in rows(base)), encoding="utf-8")
            fresh = {"SQLite": f"sqlite:///{folder / 'past.db'}", "PostgreSQL": cluster.create_database()}
            out.print(backtest.measure(folder, fresh, run, lines, count=base, messages=told.backtest))
        if told.page:
            fresh = {"SQLite": f"sqlite:///{folder / 'page.db'}", "PostgreSQL": cluster.create_database()}
            out.print(page.measure(fresh, [row["text"] for row in rows(4_000)], messages=told.page))
        if told.live_seconds:
            out.print(page_live.measure(agents=50, per_s=50, seconds=told.live_seconds), highlight=False)
        if told.channel_seconds:
            texts = [row["text"] for row in rows(4_000)]
            out.print(channels.measure(folder, texts, rate=told.channel_rate, seconds=told.channel_seconds))


if __name__ == "__main__":
    main()

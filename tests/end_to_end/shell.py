"""The command line as a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "app.cli.main")
PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    def lines(self) -> list[dict[str, Any]]:
        """What it answered, one JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Shell:
    """A working folder with its settings; every command runs for real."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(self, *words: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a command and leave it running."""
        told = {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}
        told |= {
            "VIGIE_LANG": "en",
            "VIGIE_WEB__PORT": "0",
            "COLUMNS": "160",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        told |= self.environment
        return subprocess.Popen([*COMMAND, *words], cwd=self.folder, env=told, **more)

    def vigie(self, *words: str, typed: str | bytes = b"") -> Done:
        """Run a command to its end."""
        piped = subprocess.PIPE
        with self.start(*words, stdin=piped, stdout=piped, stderr=piped) as process:
            given = typed.encode() if isinstance(typed, str) else typed
            out, err = process.communicate(given, timeout=PATIENCE_S)
        return Done(process.returncode, out.decode(), err.decode())

    def write(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        """A JSONL file in the folder."""
        path = self.folder / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path


def a_row(number: int, text: str = "Toujours rien reçu, trois semaines de retard", **changes: Any) -> dict[str, Any]:
    """One line of an import file."""
    return {
        "external_id": f"c-{number}",
        "text": text,
        "author": f"contact-{number % 97}",
        "sent_at": f"2026-11-{1 + number % 20:02}T09:{number % 60:02}:00Z",
        "thread": f"post-{number % 7}",
        "kind": "comment",
        "visibility": "public",
    } | changes

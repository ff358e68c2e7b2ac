"""Running a command line: an error of ours is told in words, without a traceback."""

from __future__ import annotations

import sys

import typer

from app.cli.output import err
from app.words import _
from inbox.errors import InboxError


def run_app(app: typer.Typer) -> None:
    """Run it; an error of ours ends with exit code 1, an interruption with 130."""
    try:
        app()
    except InboxError as error:
        err.print(f"vigie: {error.told_by(_)}", style="red", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

"""`vigie classify`: labels for a stream of JSON lines."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import note
from app.words import _
from inbox.errors import BadInput
from inbox.sentences import Sentence


def classify(
    file: Annotated[str, typer.Argument(help=_("JSON lines with a text each; - reads from standard input."))] = "-",
    explain: Annotated[bool, typer.Option("--explain", help=_("Also name the words that carried each label."))] = False,
    model: Annotated[Path | None, typer.Option(help=_("A model file, rather than the one that ships."))] = None,
) -> None:
    """Label messages, one JSON object a line in and out, in order. Touches no database."""
    from app.classify import classify_stream, to_line
    from app.wiring import build_classifier

    classifier = build_classifier(model)
    unreadable = read = 0
    try:
        source = nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise BadInput(Sentence("{file} cannot be read: {why}.", file=file, why=error.strerror or "")) from error
    with source as lines:
        for told in classify_stream(lines, classifier, explain=explain, translate=_):
            sys.stdout.write(to_line(told) + "\n")
            read += 1
            unreadable += "error" in told
        sys.stdout.flush()
    if unreadable:
        note(_("{unreadable} of {read} lines could not be read.").format(unreadable=unreadable, read=read), style="red")
        raise typer.Exit(1)

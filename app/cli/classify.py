"""`vigie classify`: labels for a stream of JSON lines."""

from __future__ import annotations

import gc
import sys
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
    entities: Annotated[
        bool, typer.Option("--entities", help=_("Also what is named: order numbers, prices, dates, places and more."))
    ] = False,
    model: Annotated[Path | None, typer.Option(help=_("A model file, rather than the one in use."))] = None,
) -> None:
    """Label messages, one JSON object a line in and out, in order. Touches no database."""
    from app.classify import classify_stream, to_line
    from app.settings import read_settings
    from app.wiring import build_classifier

    classifier = build_classifier(read_settings(), file=model)
    # What has been loaded stays, and answers hold no circles: the collector need hardly look.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
    unreadable = read = 0
    try:
        given = sys.stdin.fileno() if file == "-" else file
        source = open(given, "rb", closefd=file != "-")  # noqa: SIM115 - closed below; a number is no path
    except OSError as error:
        raise BadInput(Sentence("{file} cannot be read: {why}.", file=file, why=error.strerror or "")) from error
    with source as lines:
        for answers in classify_stream(lines, classifier, explain=explain, entities=entities, translate=_):
            sys.stdout.buffer.writelines(map(to_line, answers))
            sys.stdout.buffer.flush()
            read += len(answers)
            unreadable += sum("error" in told for told in answers)
    if unreadable:
        note(_("{unreadable} of {read} lines could not be read.").format(unreadable=unreadable, read=read), style="red")
        raise typer.Exit(1)

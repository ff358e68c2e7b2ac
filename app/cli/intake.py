"""`vigie import`: a file of messages into the inbox."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo

import typer

from app.cli.output import err, note, say, say_json
from app.words import _, tell
from inbox.errors import BadInput, BadLine
from inbox.sentences import Sentence


def import_file(
    file: Annotated[str, typer.Argument(help=_("A CSV or JSONL file; - reads from standard input."))],
    channel: Annotated[str, typer.Option(help=_("The name of the channel the messages came by."))] = "import",
    file_format: Annotated[
        str | None, typer.Option("--format", help=_("csv or jsonl, where the name of the file does not tell."))
    ] = None,
    default: Annotated[
        list[str] | None, typer.Option(help=_("FIELD=VALUE for a field that the file lacks; may be repeated."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("The result as one JSON object."))] = False,
) -> None:
    """Take messages from a file into the inbox, each once; a line that cannot be read is refused, the rest goes in."""
    from app.imports import import_messages
    from app.settings import read_settings
    from app.wiring import now, open_store
    from bot.channels.file import FileFormat, format_of, read_messages
    from inbox.incoming import Reading

    settings = read_settings()
    how = Reading(channel, ZoneInfo(settings.brand.time_zone), _defaults(default or []))
    if file_format not in {None, *FileFormat}:
        raise typer.BadParameter(_("csv or jsonl"), param_hint="--format")
    rows_as = FileFormat(file_format) if file_format else format_of(file) if file != "-" else FileFormat.JSONL

    def told(refused: BadLine) -> None:
        note(tell(refused.sentence), style="red")

    with _opened(file) as (source, size), _watched(source, size, file) as watched, open_store(settings) as store:
        done = import_messages(store, read_messages(watched, how, rows_as), clock=now, on_refused=told)
    if as_json:
        say_json({"created": done.created, "skipped": done.skipped, "refused": list(done.refused_lines)})
    else:
        say(
            _("{created} created, {skipped} skipped (here before), {refused} refused.").format(
                created=done.created, skipped=done.skipped, refused=done.refused
            )
        )
    if done.refused:
        raise typer.Exit(1)


def _defaults(given: list[str]) -> dict[str, str]:
    from inbox.incoming import NEEDED, OPTIONAL

    defaults = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or name not in {*NEEDED, *OPTIONAL} - {"external_id", "text"}:
            raise typer.BadParameter(_("FIELD=VALUE, such as kind=review"), param_hint="--default")
        defaults[name] = value
    return defaults


@contextmanager
def _opened(file: str) -> Iterator[tuple[BinaryIO, int | None]]:
    if file == "-":
        yield sys.stdin.buffer, None
        return
    path = Path(file)
    try:
        source = path.open("rb")
    except OSError as error:
        raise BadInput(Sentence("{file} cannot be read: {why}.", file=file, why=error.strerror or "")) from error
    with source:
        yield source, path.stat().st_size


@contextmanager
def _watched(source: BinaryIO, size: int | None, name: str) -> Iterator[BinaryIO]:
    """The source with a progress bar on stderr, where that is a terminal."""
    from rich.progress import wrap_file

    if size is None or not err.is_terminal:
        yield source
        return
    with wrap_file(source, total=size, description=Path(name).name, console=err) as watched:
        yield watched

"""`vigie rules versions`, `diff` and `rollback`: what the rule book was, what changed, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.brand import Brand, settings_of
from app.cli.output import moment, note, out, say, say_json, table
from app.words import _, tell

if TYPE_CHECKING:
    from app.settings import Settings


def versions(
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False, brand: Brand = None
) -> None:
    """List the versions of the rule book that were in force: when, by whom, why, and how many lines changed."""
    from app.wiring import open_store
    from inbox.versions import count_changes

    with open_store(settings_of(brand)) as store, store.read() as books:
        found, reasons = books.rule_books(), books.why_rule_books()
    rows, before = [], ""
    for one in found:
        added, removed = count_changes(before, one.text)
        before = one.text
        why = tell(reasons[one.version]) if one.version in reasons else None
        if as_json:
            author = {"kind": one.author.kind, "name": one.author.name}
            told = {"version": one.version, "written_at": one.written_at, "author": author}
            say_json(told | {"added": added, "removed": removed, "why": why})
        rows.append((str(one.version), moment(one.written_at), one.author.name, f"+{added} −{removed}", why or ""))
    if not as_json:
        out.print(table((_("version"), _("since"), _("author"), _("lines"), _("why")), rows))


def diff(
    first: Annotated[int | None, typer.Argument(metavar="A", help=_("A version; the latest if left out."))] = None,
    second: Annotated[
        int | None, typer.Argument(metavar="B", help=_("Another version; the file in force if left out."))
    ] = None,
    brand: Brand = None,
) -> None:
    """Show what differs between two versions of the rule book, or between one and the file in force."""
    from app.wiring import open_store, rules_path
    from inbox.versions import changes, find_version

    settings = settings_of(brand)
    with open_store(settings) as store, store.read() as books:
        found = books.rule_books()
        latest = found[-1].version if found else 1
        before = find_version(books, latest if first is None else first)
        after = None if second is None else find_version(books, second)
    name = str(rules_path(settings) or _("the rule book that ships"))
    text = after.text if after is not None else _in_force(settings) or ""
    names = (_("version {n}").format(n=before.version), name if after is None else _("version {n}").format(n=second))
    lines = changes(before.text, text, names=names)
    for line in lines:
        say(line, style={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))
    if not lines:
        note(_("Nothing differs."))


def rollback(
    version: Annotated[int, typer.Argument(help=_("The version to bring back: see vigie rules versions."))],
    brand: Brand = None,
) -> None:
    """Write an earlier version of the rule book back to its file, to the letter, as a new version."""
    from app.in_force import must_be_its_own, must_not_ship, place_of, write_whole
    from app.wiring import now, open_store, read_responses, shell_user
    from inbox.versions import find_version, roll_back
    from routing.rulebook import read_rule_book

    settings = settings_of(brand)
    must_be_its_own(settings)
    path = place_of(settings)
    must_not_ship(path)
    responses = read_responses(settings)
    with open_store(settings) as store:
        by = shell_user(store)
        with store.begin() as books:
            wanted = find_version(books, version)
            # What does not read today is not put in force: a response that it names may be gone.
            read_rule_book(wanted.text, name=_("version {n}").format(n=version), responses=responses)
            made = roll_back(books, version, now_in_force=_in_force(settings), by=by, now=now())
            write_whole(path, made.text)
    told = _("{path} reads as in version {n} again, which is now version {new} as well.")
    say(told.format(path=path, n=version, new=made.version))
    note(_("What runs takes it up by itself."))


def _in_force(settings: Settings) -> str | None:
    """The text of the rule book in force, to the letter; None where its file cannot be read."""
    from app.wiring import rules_path
    from routing.rulebook import STARTER

    try:
        return (rules_path(settings) or STARTER).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None

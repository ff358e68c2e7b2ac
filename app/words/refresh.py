"""Bring the French catalogue up to date with the code, and compile it. `make words` runs it.

New sentences come in untranslated, those that nobody says any more go out. With `--check` nothing is written: it ends
with exit code 1 where a sentence has no translation, or the compiled catalogue is not that of the source.
"""

from __future__ import annotations

import ast
import io
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from app.words import DOMAIN, LOCALE

ROOT = Path(__file__).parents[2]
SOURCES = ("app", "bot", "classifiers", "data", "inbox", "routing", "web")
TEMPLATES = ROOT / "web" / "templates"
FRENCH = LOCALE / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
LIBRARY_SAYS = Path(__file__).parent / "library.txt"
"""What the command line's library says of its own accord, one sentence a line."""

RULES = ROOT / "routing" / "starter" / "rules.toml"
"""The rules that ship: their names and reasons are read by people, too."""

_SAYING = {"_", "Sentence"}
_NOT_COMMANDS = {"brand", "conversation", "help", "main", "output", "surroundings"}
"""Modules of the command line whose functions are no commands, so that their docstrings are no help."""

_ALWAYS = datetime(2026, 11, 1, tzinfo=UTC)
"""The date in the header: the same each time, so that a new file differs only where its words do."""


def said(path: Path) -> Iterator[str]:
    """What one file of code says to people: first arguments of `_` and `Sentence`, and the help of commands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    if path.parent.name == "cli" and path.stem not in _NOT_COMMANDS:
        yield from filter(None, map(_help, functions))
    elif path.parent.name == "commands":
        yield from (_help(node).rstrip(".") for node in functions if _is_chat_command(node))


def said_by_template(path: Path) -> Iterator[str]:
    """What a template of the page says: first arguments of `_`."""
    with path.open("rb") as source:
        for _line, _function, message, _comments in babel_extract(source, ["_"], [], {"trimmed": "true"}):
            text = message[0] if isinstance(message, tuple) else message
            if text:
                yield text


def _help(function: ast.FunctionDef) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((ast.get_docstring(function) or "").partition("\n\n")[0].split())


def _is_chat_command(function: ast.FunctionDef) -> bool:
    calls = [one.func for one in function.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(called, ast.Attribute) and called.attr == "command" for called in calls)


def all_said() -> dict[str, None]:
    """Everything that the program says, each once: its code, the rules that ship, the library of its command line."""
    sentences: dict[str, None] = {}
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            sentences.update(dict.fromkeys(said(path)))
    for path in sorted(TEMPLATES.glob("*.jinja")):
        sentences.update(dict.fromkeys(said_by_template(path)))
    for rule in tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"]:
        sentences.update(dict.fromkeys([rule["name"], *(act["reason"] for act in rule["then"] if "reason" in act)]))
    sentences.update(dict.fromkeys(LIBRARY_SAYS.read_text(encoding="utf-8").splitlines()))
    return sentences


def french() -> Catalog:
    """The French catalogue as it stands."""
    with FRENCH.open("rb") as source:
        return read_po(source, locale="fr", domain=DOMAIN)


def renewed(catalogue: Catalog) -> Catalog:
    """The catalogue with exactly what is said now."""
    fresh = Catalog(
        locale="fr",
        domain=DOMAIN,
        project="Vigie",
        version="1",
        header_comment="# Vigie in French.",
        creation_date=_ALWAYS,
        revision_date=_ALWAYS,
        last_translator="Vigie",
        language_team="French",
        msgid_bugs_address="none",
        fuzzy=False,
    )
    for sentence in all_said():
        known = catalogue.get(sentence)
        fresh.add(sentence, known.string if known else "")
    return fresh


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue in the form that the program reads."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """What has no French yet."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def main() -> None:
    """Write, or with `--check` only look."""
    catalogue = renewed(french())
    if "--check" in sys.argv:
        stale = FRENCH.with_suffix(".mo").read_bytes() != compiled(catalogue)
        lacking = untranslated(catalogue)
        sys.exit("\n".join(["Run `make words`. Without French:", *lacking]) if stale or lacking else 0)
    with FRENCH.open("wb") as out:
        write_po(out, catalogue, width=0, omit_header=False, sort_output=False, no_location=True)
    FRENCH.with_suffix(".mo").write_bytes(compiled(catalogue))
    for sentence in untranslated(catalogue):
        sys.stdout.write(f"{sentence}\n")


if __name__ == "__main__":
    main()

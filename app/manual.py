"""The pages of the manual that are made from the code: settings and commands. `make docs` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from app import words

DOCS = Path(__file__).parents[1] / "docs"

_SETTINGS = """# Settings

Made from `app/settings.py` by `make docs`.

Each is a line in `vigie.toml` in the working folder (or in the file that `VIGIE_CONFIG` names), or an environment
variable, which wins. A value may also come from a file: `VIGIE_DATABASE_URL_FILE=/run/secrets/url`. A misspelt name
stops the start and suggests the nearest. `VIGIE_LANG` (`fr` or `en`) chooses the language of the shell; without it, the
locale does.

| In `vigie.toml` | As a variable | Default | What it does |
|---|---|---|---|
"""

_EXAMPLE = """
```toml
# vigie.toml
database_url = "postgresql://vigie@localhost/vigie"
hold_seconds = 30

[brand]
name = "Vélo Brume"
time_zone = "Europe/Paris"
opening_hours = { mon = "09:00-12:30, 14:00-18:00", tue = "09:00-18:00" }

[brand.teams]
customer-service = { fr = "notre atelier", en = "our workshop" }
```
"""

_COMMANDS = """# Commands

Made from the commands' own help by `make docs`; `vigie COMMAND --help` says the same, in French with `VIGIE_LANG=fr`.

Answers come on stdout, logs and progress on stderr. Exit code 0: done; 1: a stated failure; 2: mistyped.
"""


_IN_CHAT = """
# In the chat

What the team types where it sits on Discord or Telegram (`docs/chat.md`). A conversation need not be named where its
card is answered, nor a person where one of their messages is. `/help` says the same, in French and in English.
"""


def settings_page() -> str:
    """The page of all settings."""
    from app.settings import PREFIX, every_name

    rows = "".join(
        f"| `{name}` | `{PREFIX}{name.upper().replace('.', '__')}` | {_default(field)} | {field.description} |\n"
        for name, field in every_name()
    )
    return _SETTINGS + rows + _EXAMPLE


def commands_page() -> str:
    """The page of all commands: those of the shell, and those of the chat."""
    from app.cli.main import app

    command = typer.main.get_command(app)
    return _COMMANDS + "".join(_command(command, "vigie")) + _IN_CHAT + "".join(_chat_commands())


def pages() -> dict[Path, str]:
    """Every made page by its file, in English."""
    return {DOCS / "settings.md": settings_page(), DOCS / "commands.md": commands_page()}


def _chat_commands() -> Iterator[str]:
    from bot.commands import run  # noqa: F401  # it has the commands write themselves in the book
    from bot.commands.book import BOOK, PART_NAMES, Part
    from inbox.people import NEEDS, ROLE_NAMES

    for part in Part:
        yield f"\n## {PART_NAMES[part]}\n\n| Command | Also | Role | What it does |\n|---|---|---|---|\n"
        for one in BOOK.commands.values():
            if one.part is part:
                also = ", ".join(f"`/{alias}`" for alias in one.aliases)
                if one.menu is not None:
                    also = ", ".join(filter(None, [also, f"«{one.menu}» in a message's menu on Discord"]))
                yield f"| `{one.usage}` | {also} | {ROLE_NAMES[NEEDS[one.right]]} | {one.help}. |\n"


def _default(field: FieldInfo) -> str:
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    shown = str(value) if isinstance(value, str | int | float | Path) else json.dumps(value, ensure_ascii=False)
    return f"`{shown}`"


def _command(command: Any, name: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner:
        for word, one in inner.items():
            yield from _command(one, f"{name} {word}")
        return
    places = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    shown = " ".join(_place(parameter) for parameter in places)
    yield f"\n## `{name}{' ' + shown if shown else ''}`\n\n{command.help}\n"
    rows = [(_place(parameter), parameter.help) for parameter in places]
    rows += [(", ".join(parameter.opts), parameter.help) for parameter in options if parameter.name != "help"]
    if rows:
        yield "\n" + "".join(f"- `{word}`: {told}\n" for word, told in rows)


def _place(parameter: Any) -> str:
    word = parameter.metavar or parameter.name.upper()
    return str(word) if parameter.required else f"[{word}]"


def main() -> None:
    """Write the pages."""
    words.speak("en")
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

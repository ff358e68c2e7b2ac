"""The help of a command is its docstring, in the reader's language."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from app.words import _


class _InTheReadersLanguage:
    """Says what `--help` does in the reader's language; the library says it in English only."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option, with its help translated."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # the library's class beside this one has it
        if option is not None:
            option.help = _("Show this message and exit.")
        return option


class Command(_InTheReadersLanguage, TyperCommand):
    """A command."""


class Group(_InTheReadersLanguage, TyperGroup):
    """A group of commands."""


def group(says: str, **more: Any) -> typer.Typer:
    """A group of commands that shows its help where no command is named."""
    return typer.Typer(cls=Group, help=says, no_args_is_help=True, add_completion=False, **more)


def add(name: str, function: Callable[..., None], *, to: typer.Typer, panel: str | None = None) -> None:
    """Make a function a command of a group, with its docstring as its help."""
    to.command(name, cls=Command, help=help_of(function), rich_help_panel=panel)(function)


def help_of(command: Callable[..., None]) -> str:
    """The first paragraph of a command's docstring, on one line, translated."""
    return _(" ".join((inspect.getdoc(command) or "").partition("\n\n")[0].split()))

"""Views as Discord shows them: Markdown, rows of buttons, forms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import discord

from bot.channels.discord.abilities import LONGEST
from bot.channels.discord.words import escape_markdown
from bot.commands.views import Button, Form, Line, Span, Style, Tone, View, When, cut
from inbox.ports import Tell
from inbox.sentences import Sentence

FIELD = "text"
"""The name of the field of a form."""

_MOST_ROWS, _MOST_IN_ROW = 5, 5
_LONGEST_LABEL, _LONGEST_TITLE, _LONGEST_FIELD = 80, 45, 4_000
_STYLES: Mapping[Tone, discord.ButtonStyle] = {
    Tone.GOOD: discord.ButtonStyle.success,
    Tone.MAIN: discord.ButtonStyle.primary,
    Tone.QUIET: discord.ButtonStyle.secondary,
    Tone.GRAVE: discord.ButtonStyle.danger,
}
_MARKS = {Style.BOLD: "**", Style.ITALIC: "*", Style.CODE: "`", Style.SPOILER: "||"}


def to_content(view: View, *, tell: Tell, lang: str | None) -> str:
    """The text of a view; what does not fit is cut off."""
    shown: list[str] = []
    called = " ".join(f"<@{external_id}>" for external_id in view.mentions.values())
    left = LONGEST - _measure(called) - 1
    for one in view.lines:
        written = _to_line(one, tell=tell, lang=lang)
        room = _measure(written) + 1
        if room > left:
            shown.append(_cut(one, left, tell=tell, lang=lang))
            break
        shown.append(written)
        left -= room
    return "\n".join([*shown, called] if called else shown)


def to_components(view: View, *, tell: Tell, lang: str | None) -> list[dict[str, Any]]:
    """The buttons of a view as Discord is sent them."""
    return [
        {
            "type": discord.ComponentType.action_row.value,
            "components": [_to_button(button, tell, lang) for button in row],
        }
        for row in _rows(view)
    ]


def to_ui(view: View, *, tell: Tell, lang: str | None) -> discord.ui.View | None:
    """The buttons of a view for an answer; None where it has none. The library is not to remember them."""
    if not view.rows:
        return None
    shown = discord.ui.View(timeout=None)
    for number, row in enumerate(_rows(view)):
        for button in row:
            label = _plain(button.label, tell, lang)[:_LONGEST_LABEL]
            shown.add_item(
                discord.ui.Button(style=_STYLES[button.tone], label=label, custom_id=button.press.id, row=number)
            )
    shown.stop()
    return shown


def to_modal(form: Form, *, tell: Tell, lang: str | None) -> discord.ui.Modal:
    """A form; the library is not to remember it."""
    longest = min(form.longest, _LONGEST_FIELD)
    modal = discord.ui.Modal(title=tell(form.title, lang)[:_LONGEST_TITLE], custom_id=form.press.id, timeout=None)
    modal.add_item(
        discord.ui.TextInput(
            label=tell(form.label, lang)[:_LONGEST_TITLE],
            custom_id=FIELD,
            style=discord.TextStyle.paragraph,
            # Words that do not fit are written anew: what was cut off would be lost without a word.
            default=form.value if 0 < len(form.value) <= longest else None,
            max_length=longest,
        )
    )
    modal.stop()
    return modal


def field_of(components: Any) -> str:
    """What was written in a form, wherever Discord puts it."""
    return next(_fields(components), "")


def _fields(told: Any) -> Iterator[str]:
    if isinstance(told, Mapping):
        if told.get("custom_id") == FIELD and "value" in told:
            yield str(told["value"])
        yield from _fields(told.get("components", ()))
        yield from _fields(told.get("component", ()))
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _fields(one)


def _rows(view: View) -> Iterator[tuple[Button, ...]]:
    rows = (row[start : start + _MOST_IN_ROW] for row in view.rows for start in range(0, len(row), _MOST_IN_ROW))
    for number, row in enumerate(rows):
        if number == _MOST_ROWS:
            return
        yield row


def _to_button(button: Button, tell: Tell, lang: str | None) -> dict[str, Any]:
    return {
        "type": discord.ComponentType.button.value,
        "style": _STYLES[button.tone].value,
        "label": _plain(button.label, tell, lang)[:_LONGEST_LABEL],
        "custom_id": button.press.id,
    }


def _cut(one: Line, room: int, *, tell: Tell, lang: str | None) -> str:
    """What fits of a line."""
    told = [
        span if isinstance(span.text, When) else replace(span, text=_plain(span.text, tell, lang)) for span in one.spans
    ]
    whole = replace(one, spans=tuple(told))
    short = cut(whole, lambda part: _measure(_to_line(part, tell=tell, lang=lang)) <= room)
    return "…" if short is None else _to_line(short, tell=tell, lang=lang)


def _to_line(one: Line, *, tell: Tell, lang: str | None) -> str:
    written = "".join(_to_span(span, tell=tell, lang=lang) for span in one.spans)
    if not one.quoted:
        return written
    return "\n".join(f"> {part}" for part in written.split("\n"))


def _to_span(span: Span, *, tell: Tell, lang: str | None) -> str:
    if isinstance(span.text, When):
        shown = f"<t:{int(span.text.at.timestamp())}:R>"
    elif span.style is Style.CODE:
        shown = _plain(span.text, tell, lang).replace("`", "'")
    else:
        shown = escape_markdown(_plain(span.text, tell, lang))
    mark = _MARKS.get(span.style, "")
    if mark and shown.strip():
        # Marks have to touch the words, line by line, or Discord shows them.
        shown = "\n".join(_marked(part, mark) for part in shown.split("\n"))
    return f"[{shown}](<{span.link}>)" if span.link is not None else shown


def _marked(part: str, mark: str) -> str:
    words = part.strip()
    if not words:
        return part
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def _plain(text: Sentence | str | When, tell: Tell, lang: str | None) -> str:
    if isinstance(text, Sentence):
        return tell(text, lang)
    return text if isinstance(text, str) else text.at.isoformat()


def _measure(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

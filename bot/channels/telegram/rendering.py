"""Views as Telegram shows them: HTML, buttons two a line, words asked for by an answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot.commands.views import Form, Line, Press, Span, Style, View, When, cut
from inbox.ports import Tell
from inbox.sentences import Sentence

LONGEST, LONGEST_CAPTION, LONGEST_NOTE = 4_096, 1_024, 200
"""The most of a message, of the words under a picture, and of a note that pops up, in UTF-16 units."""

_IN_LINE = 2
_TAGS = {
    Style.BOLD: "b",
    Style.ITALIC: "i",
    Style.CODE: "code",
    Style.SPOILER: "tg-spoiler",
    Style.VEILED: "tg-spoiler",
}
_FORM = "https://vigie.invalid/form/"
"""Behind a mark in the message that asks for words: what they are for, so that it is known after a restart too."""


def to_html(view: View, *, tell: Tell, lang: str | None, zone: ZoneInfo, longest: int = LONGEST) -> str:
    """The text of a view; what does not fit is cut off."""
    shown: list[str] = []
    left = longest - units(" ".join(view.mentions)) - 1
    for one in view.lines:
        words = _words(one, tell, lang, zone)
        room = units(words) + 1
        if room > left:
            shown.append(_cut(one, left, tell, lang, zone))
            break
        shown.append(_to_line(one, tell, lang, zone))
        left -= room
    called = [f'<a href="tg://user?id={escape(number)}">{escape(name)}</a>' for name, number in view.mentions.items()]
    return "\n".join([*shown, " ".join(called)] if called else shown)


def to_note(view: View, *, tell: Tell, lang: str | None, zone: ZoneInfo) -> str | None:
    """A view as a note that pops up; None where it is too long, or has more than words."""
    if view.rows or view.picture is not None or view.is_for_all:
        return None
    words = "\n".join(_words(one, tell, lang, zone) for one in view.lines)
    return words if units(words) <= LONGEST_NOTE else None


def to_keyboard(view: View, *, tell: Tell, lang: str | None, zone: ZoneInfo) -> InlineKeyboardMarkup | None:
    """The buttons of a view, in their order, two a line; None where it has none."""
    lines = [
        [
            InlineKeyboardButton(_text(button.label, tell, lang, zone), callback_data=button.press.id)
            for button in row[start : start + _IN_LINE]
        ]
        for row in view.rows
        for start in range(0, len(row), _IN_LINE)
    ]
    return InlineKeyboardMarkup(lines) if lines else None


def to_prompt(form: Form, *, tell: Tell, lang: str | None) -> str:
    """What asks for the words of a form: they come as an answer to it."""
    asks = Sentence("Answer this message with the words.")
    lines = [
        f'<a href="{_FORM}{escape(form.press.id)}">✎</a> <b>{escape(tell(form.title, lang))}</b>',
        f"{escape(tell(form.label, lang))}. {escape(tell(asks, lang))}",
    ]
    # The words as they are now, to be copied, where they fit beside the rest.
    if form.value and sum(map(units, (*lines, form.value))) < LONGEST:
        lines.append(f"<code>{escape(form.value)}</code>")
    return "\n".join(lines)


def to_press(said: Message) -> Press | None:
    """What the words are for that answer a message of ours; None where it did not ask for any."""
    links: Iterable[str | None] = (
        entity.url for entity in said.entities or () if entity.type == MessageEntity.TEXT_LINK
    )
    asked = next((link for link in links if link is not None and link.startswith(_FORM)), None)
    return None if asked is None else Press.from_id(asked.removeprefix(_FORM))


def told_at(moment: datetime, *, zone: ZoneInfo, lang: str | None) -> str:
    """A moment by the clocks of the brand, in short."""
    local = moment.astimezone(zone)
    return f"{local:%d/%m %H:%M}" if lang == "fr" else f"{local:%b} {local.day}, {local:%H:%M}"


def units(text: str) -> int:
    """The length of a text the way Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(one: Line, room: int, tell: Tell, lang: str | None, zone: ZoneInfo) -> str:
    """What fits of a line."""
    told = [
        span if isinstance(span.text, When) else replace(span, text=_text(span.text, tell, lang, zone))
        for span in one.spans
    ]
    whole = replace(one, spans=tuple(told))
    short = cut(whole, lambda part: units(_words(part, tell, lang, zone)) <= room)
    return "…" if short is None else _to_line(short, tell, lang, zone)


def _to_line(one: Line, tell: Tell, lang: str | None, zone: ZoneInfo) -> str:
    written = "".join(_to_span(span, tell, lang, zone) for span in one.spans)
    return f"<blockquote>{written}</blockquote>" if one.quoted else written


def _to_span(span: Span, tell: Tell, lang: str | None, zone: ZoneInfo) -> str:
    shown = escape(_text(span.text, tell, lang, zone), quote=False)
    tag = _TAGS.get(span.style)
    if tag is not None and shown.strip():
        shown = f"<{tag}>{shown}</{tag}>"
    return f'<a href="{escape(span.link)}">{shown}</a>' if span.link is not None else shown


def _words(one: Line, tell: Tell, lang: str | None, zone: ZoneInfo) -> str:
    return "".join(_text(span.text, tell, lang, zone) for span in one.spans)


def _text(text: Sentence | str | When, tell: Tell, lang: str | None, zone: ZoneInfo) -> str:
    if isinstance(text, Sentence):
        return tell(text, lang)
    return text if isinstance(text, str) else told_at(text.at, zone=zone, lang=lang)

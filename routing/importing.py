"""Reading canned responses that another program has exported: Chatwoot and Zendesk as JSON, Zammad as JSON or CSV.

A CSV needs a column for the name and one for the text; which ones, their heads tell.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbox.errors import BadResponses
from inbox.response_files import to_blanks
from inbox.sentences import Sentence

_NAMES = ("short_code", "name", "title", "code", "keywords")
_TEXTS = ("content", "text", "body", "value", "comment_value", "comment_value_html")
_LISTS = ("payload", "macros", "text_modules", "canned_responses", "responses", "data")
_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "fr": {"contact.first_name": "à vous", "contact.name": "à vous"},
    "en": {"contact.first_name": "there", "contact.name": "there"},
}
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\s*/?\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]+>")
_NOT_IN_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """A response from elsewhere; `strange` are its variables that nothing of ours fills."""

    code: str
    title: str
    text: str
    strange: tuple[str, ...]


def load_exported(path: Path, *, lang: str) -> list[Imported]:
    """The responses of an exported file; `lang` settles what stands for a name that is not known.

    Raises:
        BadResponses: The file cannot be read, or holds nothing that could be a response.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadResponses([Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))]) from error
    found = list(read_exported(text, lang=lang))
    if not found:
        raise BadResponses([Sentence("{file} holds no response: each needs a name and a text.", file=path.name)])
    return found


def read_exported(text: str, *, lang: str) -> Iterator[Imported]:
    """The responses of a text, JSON or CSV; a row without a name or a text is passed over, a code is given once."""
    taken: set[str] = set()
    for row in _rows(text):
        title, words = _first(row, _NAMES), _plain(_first(row, _TEXTS) or _of_actions(row))
        if not title or not words:
            continue
        code = _code(title, taken)
        taken.add(code)
        made, strange = to_blanks(words, defaults=_DEFAULTS.get(lang))
        yield Imported(code, title, made, strange)


def to_toml(found: Sequence[Imported], *, lang: str, source: str) -> str:
    """Responses as `responses.toml` has them: each for whoever looks for it, until somebody gives it words."""
    return "\n".join(
        "\n".join(
            (
                "[[response]]",
                f"code = {json.dumps(one.code)}",
                f"title = {{ {lang} = {json.dumps(one.title, ensure_ascii=False)} }}",
                'polarity = "neutral"',
                f"source = {json.dumps(source, ensure_ascii=False)}",
                "",
                "  [[response.variant]]",
                f"  lang = {json.dumps(lang)}",
                f"  text = {json.dumps(one.text, ensure_ascii=False)}",
                "",
            )
        )
        for one in found
    )


def _rows(text: str) -> list[Mapping[str, Any]]:
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        return list(csv.DictReader(io.StringIO(text)))
    if isinstance(told, dict):
        told = next((told[name] for name in _LISTS if isinstance(told.get(name), list)), [told])
    return [row for row in told if isinstance(row, dict)]


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((row[name].strip() for name in names if isinstance(row.get(name), str) and row[name].strip()), "")


def _of_actions(row: Mapping[str, Any]) -> str:
    """The words that a macro of Zendesk says: the value of its action on the comment."""
    for action in row.get("actions") or ():
        if isinstance(action, dict) and str(action.get("field", "")).startswith("comment_value"):
            value = action.get("value")
            return str(value[-1] if isinstance(value, list) and value else value or "")
    return ""


def _plain(text: str) -> str:
    """A text without markup."""
    broken = _BREAK.sub("\n", text)
    bare = html.unescape(_TAG.sub("", broken)) if broken != text or _TAG.search(text) else text
    return "\n".join(line.strip() for line in bare.splitlines()).strip()


def _code(title: str, taken: set[str]) -> str:
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = _NOT_IN_CODE.sub("-", bare).strip("-")[:40] or "response"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code

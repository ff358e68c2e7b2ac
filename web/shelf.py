"""Templates, filled in the language of whoever reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from inbox.ports import Tell
from inbox.sentences import Sentence
from inbox.wording import said
from web.contained import contained, set_apart, straight

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@cache
def _shelf() -> Environment:
    shelf = Environment(
        loader=PackageLoader("web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finished,
    )
    shelf.globals["static"] = static
    shelf.globals["web_address"] = web_address
    shelf.globals["straight"] = straight
    return shelf


def _finished(value: Any) -> Any:
    """Whatever a template writes, so that it turns nothing round that stands after it."""
    return contained(value) if type(value) is str else value


def _among_ours(sentence: Sentence) -> Sentence:
    facts = {
        name: _among_ours(fact) if isinstance(fact, Sentence) else set_apart(fact) if isinstance(fact, str) else fact
        for name, fact in sentence.facts.items()
    }
    return Sentence.from_json({"says": sentence.says, "facts": facts})


def fill(template: str, *, tell: Tell, lang: str, zone: ZoneInfo, now: datetime, values: Mapping[str, Any]) -> str:
    """A page as HTML.

    Templates say `_("words {n}", n=1)` for a sentence of their own, `tell(sentence)` for one they are handed,
    `said(word)` for one of our words such as a label, `named(name)` for a name that may be one of ours such as that of
    a rule, `moment(at)` and `ago(at)` for a moment in the brand's own zone.
    """

    def told(sentence: Sentence) -> str:
        return tell(_among_ours(sentence), lang)

    def our(text: str, /, **facts: Any) -> str:
        return told(Sentence.from_json({"says": text, "facts": facts}))

    return (
        _shelf()
        .get_template(template)
        .render(
            values,
            _=our,
            tell=told,
            said=lambda word: told(said(word)),
            moment=lambda at: moment(at.astimezone(zone), lang),
            named=lambda name: told(Sentence.of_name(name)),
            ago=lambda at: told(ago(at, now=now)),
            lang=lang,
            now=now,
        )
    )


def web_address(named: str | None) -> str | None:
    """An address that a link of ours may lead to, as a channel or a help desk names it; None for any other."""
    return named if named is not None and named.startswith(("https://", "http://")) else None


def moment(at: datetime, lang: str) -> str:
    """A moment as people write it, to the minute."""
    return f"{at:%d/%m/%Y} {at:%H:%M}" if lang == "fr" else f"{at:%Y-%m-%d} {at:%H:%M}"


def ago(at: datetime, *, now: datetime) -> Sentence:
    """How long ago a moment was, or how far off it is, in its largest whole unit."""
    away = abs(now - at)
    is_past = at <= now
    if away < _MINUTE:
        return Sentence("now")
    for unit, past, future in (
        (_DAY, Sentence("{n} d ago"), Sentence("in {n} d")),
        (_HOUR, Sentence("{n} h ago"), Sentence("in {n} h")),
        (_MINUTE, Sentence("{n} min ago"), Sentence("in {n} min")),
    ):
        if away >= unit:
            return (past if is_past else future).filled(n=int(away / unit))
    raise AssertionError  # a minute or more has been told above


@cache
def static(name: str) -> str:
    """The address of a file that the page loads; it changes with what the file holds, so that it may be kept."""
    held = (files("web") / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(held).hexdigest()[:12]}"

"""What a text says its rules are, in short; it may be an old one that today would not do as a rule book."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from inbox.actions import Draft, Mode, Reply
from inbox.rulebooks import Outline, Outlines

_OF_ITS_PLACE = frozenset({"name", "stop"})
"""What says nothing about when a rule holds and what it then asks for."""


@lru_cache(maxsize=64)
def outlines_of(text: str) -> Outlines:
    """The rules of a text by their names, in their order; what has no name, or is no rule, is passed over."""
    try:
        book = tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
    rules = book.get("rule")
    if not isinstance(rules, list):
        return {}
    return {
        raw["name"].strip(): _outline(raw)
        for raw in rules
        if isinstance(raw, dict) and isinstance(raw.get("name"), str)
    }


def _outline(raw: Mapping[str, Any]) -> Outline:
    mode = str(raw.get("mode", Mode.DRAFT.value)).strip()
    told = {key: value for key, value in raw.items() if key not in _OF_ITS_PLACE} | {"mode": mode}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
    acts = list(_acts(raw))
    responses = frozenset(str(act["response"]) for act in acts if "response" in act)
    can_reply = any(act["action"] == Reply.word for act in acts)
    return Outline(raw["name"].strip(), mode, digest, responses, can_reply)


def _acts(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    then = raw.get("then")
    for act in then if isinstance(then, list) else []:
        if isinstance(act, dict) and act.get("action") in {Draft.word, Reply.word}:
            yield act

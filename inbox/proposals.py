"""What rules propose to do to a message or its author, as a person is told who may do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from inbox.actions import Delete, Hide, Timeout, Warn
from inbox.cases import lasting
from inbox.sentences import Sentence


def proposals(actions: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """The proposals among the actions of a decision, as they are stored, mildest first."""
    return [told for told in map(_told, actions) if told is not None]


def _told(action: Mapping[str, Any]) -> Sentence | None:
    reason = Sentence.of_name(str(action.get("reason", "")))
    match action["action"]:
        case Hide.word:
            return Sentence("proposed: hide it. {reason}", reason=reason)
        case Delete.word:
            return Sentence("proposed: delete it. {reason}", reason=reason)
        case Warn.word:
            return Sentence("proposed: warn its author. {reason}", reason=reason)
        case Timeout.word:
            length = lasting(timedelta(seconds=action["lasts"]))
            return Sentence("proposed: silence its author for {length}. {reason}", length=length, reason=reason)
        case _:
            return None

"""What a rule asks for, said to people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from inbox.cases import lasting
from inbox.model import Priority, Severity
from inbox.sentences import Sentence
from inbox.wording import said

_ACTIONS: Mapping[str, Sentence] = {
    "draft": Sentence("draft with the response “{response}”"),
    "reply": Sentence("reply with the response “{response}”"),
    "escalate": Sentence("escalate to {queue}, severity {severity}"),
    "queue": Sentence("queue {queue}"),
    "tag": Sentence("tag #{tag}"),
    "priority": Sentence("priority {level}"),
    "hide": Sentence("propose to hide it: {reason}"),
    "delete": Sentence("propose to delete it: {reason}"),
    "warn": Sentence("propose to warn its author: {reason}"),
    "timeout": Sentence("propose to silence its author for {lasts}: {reason}"),
    "lead": Sentence("mark as a sales lead"),
    "assign": Sentence("give it to {to}"),
    "notify": Sentence("call {to}"),
    "snooze": Sentence("put it off for {lasts}"),
    "resolve": Sentence("close it"),
}


def action_told(action: Mapping[str, Any]) -> Sentence:
    """An action in words, from the plain data that `to_words` makes of it and the store keeps."""
    words = dict(action)
    if "severity" in words:
        words["severity"] = said(Severity(words["severity"]))
    if "level" in words:
        words["level"] = said(Priority(words["level"]))
    if "lasts" in words:
        words["lasts"] = lasting(timedelta(seconds=words["lasts"]))
    if "reason" in words:
        words["reason"] = Sentence.of_name(str(words["reason"]))
    name = str(words.pop("action"))
    return _ACTIONS[name].filled(**words) if name in _ACTIONS else Sentence.of_name(name)

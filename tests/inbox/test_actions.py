"""What a rule may ask for, and the plain data it is shown as."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, get_args

import pytest

from inbox.actions import (
    ACTIONS,
    Action,
    Assign,
    Delete,
    Draft,
    Escalate,
    Hide,
    Lead,
    Notify,
    Reply,
    Resolve,
    SetPriority,
    SetQueue,
    Snooze,
    Tag,
    Timeout,
    Warn,
    to_words,
)
from inbox.model import Priority, Severity


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Tag("parcel"), {"action": "tag", "tag": "parcel"}),
        (SetPriority(Priority.HIGH), {"action": "priority", "level": "high"}),
        (SetQueue("sales"), {"action": "queue", "queue": "sales"}),
        (Draft("thanks"), {"action": "draft", "response": "thanks"}),
        (Reply("thanks"), {"action": "reply", "response": "thanks"}),
        (Escalate("sav"), {"action": "escalate", "queue": "sav", "severity": "medium"}),
        (
            Escalate("sav", Severity.HIGH, first_response=timedelta(hours=1), resolution=timedelta(days=1)),
            {"action": "escalate", "queue": "sav", "severity": "high", "first_response": 3600.0, "resolution": 86400.0},
        ),
        (Hide("insult"), {"action": "hide", "reason": "insult"}),
        (Lead(), {"action": "lead"}),
        (Assign("Ines"), {"action": "assign", "to": "Ines"}),
        (Notify("Ines"), {"action": "notify", "to": "Ines"}),
        (Notify("team:sav", "Look."), {"action": "notify", "to": "team:sav", "text": "Look."}),
        (Snooze(timedelta(days=1)), {"action": "snooze", "lasts": 86400.0}),
        (Resolve(), {"action": "resolve"}),
        (Reply("away", "closure"), {"action": "reply", "response": "away", "once": "closure"}),
        (Draft("away", timedelta(days=7)), {"action": "draft", "response": "away", "once": 604800.0}),
        (Delete("hatred"), {"action": "delete", "reason": "hatred"}),
        (Warn("insult"), {"action": "warn", "reason": "insult"}),
        (Timeout(timedelta(hours=1), "again"), {"action": "timeout", "lasts": 3600.0, "reason": "again"}),
    ],
)
def test_an_action_is_shown_as_plain_data_with_its_word(action: Action, words: dict[str, Any]):
    shown = to_words(action)

    assert json.loads(json.dumps(shown)) == words


def test_every_action_has_its_place_from_mild_to_grave():
    assert set(ACTIONS) == set(get_args(Action))
    assert ACTIONS.index(Tag) < ACTIONS.index(Draft) < ACTIONS.index(Reply) < ACTIONS.index(Hide)


def test_no_two_actions_share_a_word():
    words = [action.word for action in ACTIONS]

    assert len(set(words)) == len(words)

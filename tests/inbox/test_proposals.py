"""What rules propose, as a person is told it."""

from __future__ import annotations

from datetime import timedelta

from inbox.actions import Action, Delete, Hide, Tag, Timeout, Warn, to_words
from inbox.proposals import proposals


def test_proposals_are_told_with_their_reason_and_nothing_else_is():
    actions: list[Action] = [
        Tag("t"),
        Hide("Rude."),
        Delete("Hatred."),
        Warn("Again."),
        Timeout(timedelta(hours=2), "Three times."),
    ]

    assert [str(one) for one in proposals([to_words(action) for action in actions])] == [
        "proposed: hide it. Rude.",
        "proposed: delete it. Hatred.",
        "proposed: warn its author. Again.",
        "proposed: silence its author for 2 hours. Three times.",
    ]

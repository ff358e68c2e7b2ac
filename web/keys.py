"""The keys of the page: the one table that the sheet of help shows and that the script reads from it."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.people import Right
from inbox.sentences import Sentence

OFF = "vigie-keys"
"""The cookie that says, with `off`, that single keys do nothing in this browser."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, as browsers name it, and what it does.

    `others` do the same, for hands that know another inbox. What it is pressed for says so in its `data-key`.
    """

    name: str
    says: Sentence
    others: tuple[str, ...] = ()
    right: Right = Right.LOOK

    @property
    def names(self) -> tuple[str, ...]:
        """All of its names."""
        return (self.name, *self.others)


KEYS: tuple[Key, ...] = (
    Key("j", Sentence("The next conversation of the list"), ("Alt+j",)),
    Key("k", Sentence("The one before it"), ("Alt+k",)),
    Key("Enter", Sentence("Open it")),
    Key("/", Sentence("Search")),
    Key("r", Sentence("Answer"), ("Alt+l",), Right.WORK),
    Key("n", Sentence("Note for the team"), ("Alt+p",), Right.WORK),
    Key("Control+Enter", Sentence("Send what is filled in"), (), Right.WORK),
    Key("e", Sentence("Resolve or reopen, and go on"), ("Alt+e", "Control+Alt+e", "Alt+a"), Right.WORK),
    Key("s", Sentence("Snooze: choose for how long"), ("Alt+m", "Alt+d"), Right.WORK),
    Key("a", Sentence("Assign: choose to whom"), (), Right.WORK),
    Key("l", Sentence("Labels"), (), Right.WORK),
    Key("h", Sentence("Moderate"), ("Alt+r",), Right.MODERATE),
    Key("v", Sentence("Show a hidden text"), (), Right.WORK),
    Key("z", Sentence("Undo the last thing"), (), Right.WORK),
    Key(".", Sentence("Show what is new")),
    Key("1", Sentence("On the page of the model: the first message is praise"), (), Right.WORK),
    Key("2", Sentence("there: a complaint"), (), Right.WORK),
    Key("3", Sentence("there: a sales lead"), (), Right.WORK),
    Key("4", Sentence("there: offensive"), (), Right.WORK),
    Key("0", Sentence("there: no label"), (), Right.WORK),
    Key("5", Sentence("there: the model is right"), (), Right.WORK),
    Key("?", Sentence("These keys")),
    Key("Escape", Sentence("Leave a field, or close this")),
)

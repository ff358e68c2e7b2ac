"""The messages that an alert names, as they may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.books import Books
from inbox.care import is_blurred


@dataclass(frozen=True, slots=True)
class Sample:
    """A message that an alert names, as it may be shown: `text` is None where it is blurred."""

    conversation_id: int
    text: str | None


def samples_of(books: Books, numbers: Sequence[int]) -> tuple[Sample, ...]:
    """The messages with these numbers, as they may be shown; those that are not there any more are left out."""
    found = []
    for number in numbers:
        place = books.conversation_of(number)
        view = None if place is None else books.conversation(place, with_context=False)
        if view is None:
            continue
        said = next((one for one in view.messages if one.id == number), None)
        if said is None or said.deleted_at is not None:
            continue
        found.append(Sample(view.id, None if is_blurred(said.labels, said.severity) else said.text))
    return tuple(found)

"""What people have said of messages, as rows to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.wiring import consents, open_store
from inbox.learning import ChannelLessons
from inbox.model import Signal

if TYPE_CHECKING:
    from app.settings import Settings
    from classifiers.corpora import Row


@dataclass(frozen=True, slots=True)
class Lessons:
    """The rows to learn from, the latest first, and per channel how many there are and how many are left out."""

    rows: Sequence[Row] = ()
    channels: Sequence[ChannelLessons] = ()


def read_lessons(settings: Settings) -> Lessons:
    """What people have said of the messages of the brand at hand; nothing where there is no database.

    Raises:
        StoreTrouble: The database is out of reach, or of another version.
    """
    from classifiers.corpora import Row
    from classifiers.heads import LABELS, LANGUAGES
    from classifiers.sources import YOURS
    from data.migrate import DatabaseState, state

    if state(settings.database_url.get_secret_value()) is DatabaseState.EMPTY:
        return Lessons()
    with open_store(settings) as store:
        with store.begin() as books:
            # What the settings say may have changed since the program last ran.
            for channel, allowed in consents(settings).items():
                books.set_may_train(channel, allowed=allowed)
        with store.read() as books:
            examples = [*books.corrected_examples(languages=LANGUAGES)]
            spam = [*books.spam_examples(languages=LANGUAGES)]
            channels = books.count_corrections(languages=LANGUAGES)
    rows = [
        Row(
            text=one.text,
            lang=one.lang,
            source=f"{YOURS}/corrections",
            tier="direct",
            holds=frozenset(one.labels),
            known=frozenset(LABELS),
        )
        for one in examples
    ]
    rows += [
        Row(
            text=one.text,
            lang=one.lang,
            source=f"{YOURS}/corrections",
            tier="direct",
            holds=frozenset([Signal.SPAM] if one.is_spam else []),
            known=frozenset([Signal.SPAM]),
        )
        for one in spam
    ]
    return Lessons(rows, channels)

"""Which channels models may learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.wiring import consents, now, open_store, shell_user
from inbox.errors import NotPossible
from inbox.learning import ChannelLessons
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether a channel may be learnt from; `setting` names what decides, where that is not `vigie models consent`."""

    channel: str
    may_train: bool
    setting: str | None
    corrections: int


def list_consents(settings: Settings) -> list[Consent]:
    """The channels of the brand at hand, and whether each may be learnt from.

    Raises:
        StoreTrouble: The database is out of reach, or of another version.
    """
    from classifiers.heads import LANGUAGES

    decided = consents(settings)
    with open_store(settings) as store, store.read() as books:
        channels = books.channels()
        counted = {one.channel: one for one in books.count_corrections(languages=LANGUAGES)}
    found = {one.name: one.may_train for one in channels} | decided
    return [
        Consent(
            channel=name,
            may_train=may_train,
            setting=setting_of(settings, name),
            corrections=_total(counted.get(name)),
        )
        for name, may_train in sorted(found.items())
    ]


def set_consent(settings: Settings, channel: str, *, allowed: bool) -> None:
    """Let models learn from a channel of the brand at hand, or no longer, in the name of whoever types.

    Raises:
        NotFound: Nothing has come from such a channel.
        NotPossible: A setting decides for this channel, or it stands so already.
        StoreTrouble: The database is out of reach, or of another version.
    """
    from inbox.consent import consent

    if (setting := setting_of(settings, channel)) is not None:
        raise NotPossible(
            Sentence("The setting {setting} decides for {channel}. Change it there.", setting=setting, channel=channel)
        )
    with open_store(settings) as store:
        consent(store, channel, allowed=allowed, by=shell_user(), clock=now)


def setting_of(settings: Settings, channel: str) -> str | None:
    """The setting that says whether a channel may be learnt from; None where there is none."""
    return f"{channel}.may_train" if channel in consents(settings) else None


def _total(lessons: ChannelLessons | None) -> int:
    return 0 if lessons is None else lessons.taken + sum(lessons.left_out.values())

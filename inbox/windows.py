"""How long a channel lets a contact be answered: by rules, by a person, not at all. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.cases import lasting
from inbox.model import Visibility
from inbox.sentences import Sentence


class Way(StrEnum):
    """How words reach a contact: where all can read them; alone, though he wrote in public; where he wrote alone."""

    PUBLIC = "public"
    PRIVATE_REPLY = "private_reply"
    DIRECT = "direct"


class Stands(StrEnum):
    """Whether a window is open: to all; to people only; to nobody."""

    OPEN = "open"
    PEOPLE = "people"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """How long after the contact's message words may follow.

    `lasts` holds for whoever sends; after it a person may still send until `for_people` is over, None where not. Both
    count from the message that is answered, in a private conversation from the last that the contact wrote.
    """

    lasts: timedelta
    for_people: timedelta | None = None

    def stands(self, *, since: datetime, now: datetime) -> Stands:
        """How it stands now, when the contact's message was sent at `since`."""
        if now - since <= self.lasts:
            return Stands.OPEN
        if self.for_people is not None and now - since <= self.for_people:
            return Stands.PEOPLE
        return Stands.CLOSED


Windows = Mapping[Way, Window]
"""The windows of a channel; a way that is not there is never closed."""


def way_of(visibility: Visibility, *, is_private_reply: bool) -> Way:
    """How an answer to a message of this visibility goes."""
    if visibility is Visibility.PRIVATE:
        return Way.DIRECT
    return Way.PRIVATE_REPLY if is_private_reply else Way.PUBLIC


def needs_person(windows: Windows, way: Way, *, since: datetime, now: datetime) -> bool:
    """Whether the channel takes it from a person only: it then has to be told that one sends."""
    window = windows.get(way)
    return window is not None and window.stands(since=since, now=now) is Stands.PEOPLE


def refusal(windows: Windows, way: Way, *, since: datetime, now: datetime, by_person: bool) -> Sentence | None:
    """Why an answer may not leave now, with what is possible instead; None where it may."""
    window = windows.get(way)
    if window is None:
        return None
    stands = window.stands(since=since, now=now)
    if stands is Stands.OPEN or (stands is Stands.PEOPLE and by_person):
        return None
    if stands is Stands.PEOPLE:
        return Sentence(
            "The contact last wrote more than {length} ago: on this channel only a person may answer now, within"
            " {longest}.",
            length=lasting(window.lasts),
            longest=lasting(window.for_people or window.lasts),
        )
    length = lasting(window.lasts if window.for_people is None or not by_person else window.for_people)
    if way is Way.DIRECT:
        return Sentence(
            "The contact last wrote more than {length} ago: on this channel nothing may follow until he writes again.",
            length=length,
        )
    if way is Way.PRIVATE_REPLY:
        return Sentence(
            "The message is older than {length}: on this channel no private reply may follow. Answer in public, and ask"
            " the contact to write to you.",
            length=length,
        )
    return Sentence("The message is older than {length}: on this channel no reply may follow.", length=length)


@dataclass(frozen=True, slots=True)
class WindowView:
    """A window as people are shown it: what holds, and until when, None where it does not end by itself."""

    says: Sentence
    until: datetime | None


def window_view(windows: Windows, visibility: Visibility, *, since: datetime, now: datetime) -> WindowView | None:
    """How the window for private words to a contact stands, who wrote at `since`; None where there is none."""
    way = way_of(visibility, is_private_reply=True)
    window = windows.get(way)
    if window is None:
        return None
    until = since + max(window.lasts, window.for_people or window.lasts)
    match window.stands(since=since, now=now):
        case Stands.OPEN if way is Way.DIRECT:
            return WindowView(Sentence("can be answered until"), until)
        case Stands.OPEN:
            return WindowView(Sentence("can be answered in private until"), until)
        case Stands.PEOPLE:
            return WindowView(Sentence("only a person may answer, until"), until)
        case Stands.CLOSED if way is Way.DIRECT:
            return WindowView(Sentence("cannot be answered until the contact writes again"), None)
        case Stands.CLOSED:
            return WindowView(Sentence("cannot be answered in private any more"), None)

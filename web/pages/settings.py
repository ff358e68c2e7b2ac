"""The settings as they stand, where each is set, and how channels and help desks are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox.breaker import RESTING, resting_channel
from inbox.consent import consent
from inbox.errors import NotPossible
from inbox.hours import OpeningHours
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.taking_up import FAULTY
from inbox.telling import channel_name
from inbox.views import ChannelState, ChannelView
from inbox.wording import WEEKDAYS
from web.settings_told import ChannelTold, SettingsTold
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/settings", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Acting = Annotated[Act, Depends(acting(Right.STEER))]

GROUPS = {
    "checks": Sentence("Checks of words"),
    "sending": Sentence("Sending by itself"),
    "team": Sentence("Team and files"),
}
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of a day on which the brand works: as people read it, and in minutes from midnight."""

    told: str
    start: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel: how it stands, since when and why; whether models may learn from it, and what decides."""

    name: str
    state: ChannelState
    why: Sentence | None
    since: datetime | None
    resting_since: datetime | None
    may_train: bool | None
    consent: str | None


@router.get("")
def show(who: Looking) -> HTMLResponse:
    """Show what stands."""
    told = who.house.settings.get(who.brand, SettingsTold())
    with who.desk.store.read() as books:
        resting = {resting_channel(one.name): one.since for one in books.switches_on(RESTING)}
        channels, faulty = books.channels(), books.switch(FAULTY)
    hours = who.desk.brand.hours
    return who.page(
        "settings.html.jinja",
        told=told,
        groups=GROUPS,
        week=[(day, _slots(hours, number)) for number, day in enumerate(WEEKDAYS)],
        is_open=hours.is_open(who.now()),
        holidays=[
            (day, names.get(who.lang, ""))
            for day, names in told.holidays.items()
            if day >= who.desk.brand.day_of(who.now())
        ],
        channels=_channels(told.channels, channels, resting),
        resting=resting,
        faulty=faulty,
        minutes=_DAY_MINUTES,
        channel_name=channel_name,
    )


@router.post("/consent")
def change_consent(act: Acting) -> Response:
    """Let models learn from a channel, or no longer, where no setting decides it."""
    channel, allowed = act.text("channel"), act.text("allow", "no") == "yes"
    told = act.visitor.house.settings.get(act.visitor.brand, SettingsTold())
    decides = next((one.consent for one in told.channels if one.name == channel), None)
    if decides is not None:
        raise NotPossible(
            Sentence("The setting {setting} decides for {channel}. Change it there.", setting=decides, channel=channel)
        )
    consent(act.desk.store, channel, allowed=allowed, by=act.visitor.person.actor, clock=act.desk.clock)
    return act.back("settings")


def _slots(hours: OpeningHours, day: int) -> Sequence[Slot]:
    return [_slot(opens, closes) for opens, closes in hours.slots.get(day, ())]


def _slot(opens: time, closes: time) -> Slot:
    start = opens.hour * 60 + opens.minute
    end = _DAY_MINUTES if closes == time.max else closes.hour * 60 + closes.minute
    ends = "24:00" if closes == time.max else f"{closes:%H:%M}"
    return Slot(f"{opens:%H:%M}–{ends}", start, end - start)


def _channels(
    told: Sequence[ChannelTold], stored: Sequence[ChannelView], resting: dict[str, datetime | None]
) -> Sequence[ChannelLine]:
    known = {one.name: one for one in stored}
    set_up = {one.name: one for one in told}
    return [_channel(name, set_up.get(name), known.get(name), resting) for name in sorted({*known, *set_up})]


def _channel(
    name: str, told: ChannelTold | None, stored: ChannelView | None, resting: dict[str, datetime | None]
) -> ChannelLine:
    decides = None if told is None else told.consent
    if stored is None:
        return ChannelLine(name, ChannelState.OFF, None, None, resting.get(name), None, decides)
    return ChannelLine(name, stored.state, stored.why, stored.since, resting.get(name), stored.may_train, decides)

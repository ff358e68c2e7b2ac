"""How a Discord channel is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take.

    `servers` is how long after one server the next may be announced at the start. `identify` is the pause before a
    second session is asked for. `outage` is how long a lost connection may take to come back before it is told.
    `act` is the longest that one thing to do may take: less than the lease that the outbox gives it.
    """

    servers: timedelta = timedelta(seconds=2)
    identify: timedelta = timedelta(seconds=5)
    outage: timedelta = timedelta(minutes=2)
    act: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class DiscordOptions:
    """How a Discord channel is set up.

    `api_url` is where a server that speaks as Discord does is found, such as `http://host/api/v10`; None for Discord
    itself. `staff_roles` make a member one of the team, `exempt_roles` spare him; roles are given by name or id.
    `staff_channels` are the channels of the team, by id: what is said there is nobody's request, and the bot takes its
    commands there. `servers` are those that are known to be the brand's, besides those with a channel of the team:
    roles and rights count nowhere else. `catch_up` is how far back is read after an absence, `catch_up_most` the most
    messages of a thread.
    """

    api_url: str | None = None
    staff_roles: frozenset[str] = frozenset()
    exempt_roles: frozenset[str] = frozenset()
    staff_channels: frozenset[str] = frozenset()
    servers: frozenset[str] = frozenset()
    catch_up: timedelta = timedelta(hours=24)
    catch_up_most: int = 500
    patience: Patience = field(default_factory=Patience)

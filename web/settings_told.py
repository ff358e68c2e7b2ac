"""What the page is told of the settings: what stands, and the line of vigie.toml that says it. Secrets are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from inbox.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what it is, by which name, and the lines that say in vigie.toml what stands."""

    says: Sentence
    name: str
    lines: str


@dataclass(frozen=True, slots=True)
class ChannelTold:
    """A channel that can be set up; `is_on` where it has a token. `consent` names the setting that decides."""

    name: str
    is_on: bool
    consent: str | None


@dataclass(frozen=True, slots=True)
class DeskTold:
    """A help desk: its kind, the host it stands on, the queues that become tickets there, whether it may call us."""

    name: str
    kind: str
    host: str
    queues: Sequence[str]
    is_called_back: bool


@dataclass(frozen=True, slots=True)
class SettingsTold:
    """The settings of one brand, as an operator gave them.

    `groups` are settings under the name of their part of the page. `holidays` are the days to come on which nobody
    works, with the name of each per language, empty where it has none.
    """

    groups: Mapping[str, Sequence[Setting]] = field(default_factory=dict)
    channels: Sequence[ChannelTold] = ()
    desks: Sequence[DeskTold] = ()
    holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)

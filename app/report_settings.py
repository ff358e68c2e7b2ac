"""The settings of reports: when that of the week is put up by itself."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from inbox.policy import Bulletin

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class ReportsSettings(BaseModel):
    """The report of the week: see `docs/reports.md`."""

    model_config = ConfigDict(extra="forbid")

    weekly: bool = Field(True, description="Whether it is put up in the rooms of the team by itself.")
    day: Weekday = Field("mon", description="On which day; it is about the seven days before.")
    hour: int = Field(8, ge=0, le=23, description="At which hour by the clocks of the brand.")

    def to_bulletin(self) -> Bulletin | None:
        """When the report comes, as the inbox knows it; None for never."""
        return Bulletin(get_args(Weekday).index(self.day), self.hour) if self.weekly else None

"""The settings of alerts: when the team is told that far more comes than usual, and what is done in a raid."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, field_validator

from inbox.alerts import AlertPolicy
from inbox.durations import duration


class SpikesSettings(BaseModel):
    """When the team is told that far more comes than usual: see `docs/crisis.md`."""

    model_config = ConfigDict(extra="forbid")

    on: bool = Field(True, description="Whether the team is told.")
    factor: float = Field(3.0, ge=1.5, le=100, description="How many times the usual it must be at least.")


class RaidSettings(BaseModel):
    """What is done when many newcomers post the same: see `docs/crisis.md`. Nobody is ever banned by it."""

    model_config = ConfigDict(extra="forbid")

    slow_mode: bool = Field(
        True,
        description="Whether the threads that are raided are slowed down for a time by themselves; else a person is"
        " asked.",
    )
    pause_seconds: int = Field(30, ge=5, le=21_600, description="How long one person then waits between two messages.")
    lasts: str = Field("30m", description="After how long it goes back by itself, such as 30m or 2h.")
    arrivals: int = Field(50, ge=5, description="How many newcomers within a minute make a raid, together with copies.")
    copies: int = Field(30, ge=5, description="How many near-copies within a minute make a raid, with newcomers.")

    @field_validator("lasts")
    @classmethod
    def _is_length(cls, text: str) -> str:
        if duration(text) is None:
            raise ValueError(f'"{text}" is no length of time: write 15m, 2h or 1d')
        return text


def to_policy(spikes: SpikesSettings, raid: RaidSettings) -> AlertPolicy:
    """The policy as the inbox knows it."""
    return AlertPolicy(
        spikes=spikes.on,
        factor=spikes.factor,
        slows=raid.slow_mode,
        pause=timedelta(seconds=raid.pause_seconds),
        slow_for=duration(raid.lasts) or AlertPolicy().slow_for,
        arrivals=raid.arrivals,
        copies=raid.copies,
    )

"""Settings of what becomes of conversations that are handed to customer service: who is called, what is promised."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from inbox.durations import duration
from inbox.model import Label, Severity
from inbox.promises import SlaTarget, SlaTargets
from inbox.sla import ChainStep


def _length(text: str) -> str:
    if duration(text) is None:
        raise ValueError(f'"{text}" is no length of time: write 15m, 2h or 1d')
    return text


class ChainStepSettings(BaseModel):
    """One step of the chain of people who are called."""

    model_config = ConfigDict(extra="forbid")

    after: str
    call: list[str] = []
    queue: str | None = None

    _is_length = field_validator("after")(_length)

    @property
    def lasts(self) -> timedelta:
        """How long after the escalation was opened, in open hours."""
        return duration(self.after) or timedelta()


class ChainSettings(BaseModel):
    """Who is called when nobody acknowledges an escalation."""

    model_config = ConfigDict(extra="forbid")

    chain: list[ChainStepSettings] = Field(
        [{"after": "15m"}],
        validate_default=True,
        description="Who is called in the team's place when nobody acknowledges an escalation, step by step: after how"
        ' much open time since it was opened, whom (without "call" everybody who is there), and the queue it then goes'
        " to, if another. [] calls nobody.",
    )

    @field_validator("chain")
    @classmethod
    def _rises(cls, chain: list[ChainStepSettings]) -> list[ChainStepSettings]:
        if any(later.lasts <= earlier.lasts for earlier, later in itertools.pairwise(chain)):
            raise ValueError("each step comes after the one before it: its time counts from the opening as well")
        return chain

    def to_chain(self) -> tuple[ChainStep, ...]:
        """The chain as the inbox knows it."""
        return tuple(ChainStep(step.lasts, tuple(step.call), step.queue) for step in self.chain)


class TargetSettings(BaseModel):
    """What is promised to some messages: those that are all of what it names."""

    model_config = ConfigDict(extra="forbid")

    label: list[Label] = []
    channel: list[str] = []
    severity: list[Severity] = []
    first_response: str | None = None
    next_response: str | None = None
    resolution: str | None = None

    @field_validator("label", "channel", "severity", mode="before")
    @classmethod
    def _may_be_one(cls, given: object) -> object:
        return [given] if isinstance(given, str) else given

    @field_validator("first_response", "next_response", "resolution")
    @classmethod
    def _are_lengths(cls, text: str | None) -> str | None:
        return None if text is None else _length(text)

    @model_validator(mode="after")
    def _promises_something(self) -> TargetSettings:
        lengths = [one and duration(one) for one in (self.first_response, self.next_response, self.resolution)]
        if not any(lengths):
            raise ValueError("a target names first_response, next_response or resolution")
        first, _, whole = lengths
        if first and whole and whole < first:
            raise ValueError("the first response would be due after the resolution: exchange the two")
        return self

    def to_target(self) -> SlaTarget:
        """The target as the inbox knows it."""
        first, following, whole = (
            None if one is None else duration(one) for one in (self.first_response, self.next_response, self.resolution)
        )
        return SlaTarget(
            frozenset(self.label), frozenset(self.channel), frozenset(self.severity), first, following, whole
        )


class EscalationSettings(ChainSettings):
    """What becomes of conversations that are handed to customer service."""

    queues: dict[str, ChainSettings] = Field(
        {}, description="Queues that have a chain of their own, such as `[escalation.queues.sav]` with a `chain`."
    )
    targets: list[TargetSettings] = Field(
        [],
        description="What is promised instead of what the severity has, in open hours: `first_response`,"
        " `next_response` and `resolution`, for some by `label`, `channel` and `severity`."
        " Of each length the first that fits counts.",
    )
    catch_after: str = Field(
        "15m",
        description="When a complaint that nobody has in hand and no rule has escalated is handed to customer service"
        ' by itself, such as after 15m; "" for never.',
    )

    @field_validator("catch_after")
    @classmethod
    def _is_length(cls, text: str) -> str:
        return _length(text) if text else text

    @property
    def catches_after(self) -> timedelta | None:
        """How long a complaint may be without an owner; None for ever."""
        return duration(self.catch_after)

    @property
    def named_queues(self) -> Iterator[str]:
        """Every queue that is named here."""
        yield from self.queues
        for chain in (self, *self.queues.values()):
            yield from (step.queue for step in chain.chain if step.queue is not None)

    def to_chains(self) -> Mapping[str, tuple[ChainStep, ...]]:
        """The chains of the queues that have their own."""
        return {queue: one.to_chain() for queue, one in self.queues.items()}

    def to_targets(self) -> SlaTargets:
        """What is promised, as the inbox knows it."""
        return SlaTargets(tuple(one.to_target() for one in self.targets))

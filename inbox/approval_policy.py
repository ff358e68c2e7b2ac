"""What a brand has settled about replies that a second person has to approve. Plain values, pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inbox.model import Actor, Label
from inbox.people import Moderator, Role


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """Whose replies wait for a colleague: those of `roles` and `people`; with neither, nobody's.

    With `labels`, only those to a message that holds one of them; with `channels`, only those on them. `approver` is
    the least role that approves.
    """

    roles: frozenset[Role] = frozenset()
    people: frozenset[str] = frozenset()
    labels: frozenset[Label] = frozenset()
    channels: frozenset[str] = frozenset()
    approver: Role = Role.MODERATOR

    @property
    def concerns_anybody(self) -> bool:
        """Whether there is anybody whose replies wait."""
        return bool(self.roles or self.people)

    def asks(self, sender: Moderator | None, *, by: Actor, labels: Collection[Label], channel: str) -> bool:
        """Whether a reply has to be approved; never one of somebody who is not of the team, such as at the shell."""
        is_junior = by.name in self.people or (sender is not None and sender.stands in self.roles)
        concerns = not self.labels or not self.labels.isdisjoint(labels)
        return is_junior and concerns and (not self.channels or channel in self.channels)

    def lets_approve(self, approver: Moderator | None) -> bool:
        """Whether somebody may approve; whoever works at the shell and is not of the team runs the place."""
        return approver is None or (approver.stands is not None and approver.stands >= self.approver)

"""What a brand settles about replies that a second person has to approve."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from inbox.approval_policy import ApprovalPolicy
from inbox.model import Label
from inbox.people import Role


class ApprovalSettings(BaseModel):
    """Replies that wait for a colleague before they leave."""

    model_config = ConfigDict(extra="forbid")

    roles: list[Role] = Field(
        [], description='Whose replies wait for an approval, such as ["agent"]; [] for nobody\'s.'
    )
    people: list[str] = Field([], description="And those of these people, by their names in the team.")
    labels: list[Label] = Field([], description="Only replies to messages with one of these labels; [] for all.")
    channels: list[str] = Field([], description="Only replies on these channels; [] for all.")
    approver: Role = Field(Role.MODERATOR, description="The least role that approves; nobody approves his own.")

    def to_policy(self) -> ApprovalPolicy:
        """The policy as the inbox knows it."""
        return ApprovalPolicy(
            roles=frozenset(self.roles),
            people=frozenset(self.people),
            labels=frozenset(self.labels),
            channels=frozenset(self.channels),
            approver=self.approver,
        )

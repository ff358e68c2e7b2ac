"""The settings of help desks, and which queue of which brand becomes tickets in which of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

_DESKS_NEED = {
    "zammad": ("token", "group"),
    "chatwoot": ("token", "account", "inbox"),
    "zendesk": ("token", "email"),
    "freshdesk": ("token",),
    "email": ("sender", "to"),
    "webhook": ("token",),
}
_MAIL_SCHEMES = ("smtp", "smtps", "smtp+plain")


class DeskSettings(BaseModel):
    """A help desk in which escalations become tickets. What each kind needs is in `docs/escalation-desks.md`."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["zammad", "chatwoot", "zendesk", "freshdesk", "email", "webhook"] = Field(
        description="Which help desk it is."
    )
    queues: list[str] = Field([], description="What is escalated to one of these queues becomes a ticket here.")
    brands: list[str] = Field([], description="The brands whose tickets it takes, by their keys; [] for all of them.")
    url: str = Field(description="Where it stands; for e-mail the server, such as smtp://HOST:587.")
    token: SecretStr | None = Field(
        None, description="The token by which we may open tickets; for e-mail the password, for a webhook the secret."
    )
    hook_secret: SecretStr | None = Field(
        None, description="What its calls to us are signed with, or carry; without it none is taken, and it is asked."
    )
    email: str | None = Field(None, description="Zendesk: the address of the agent whose token it is.")
    sender: str | None = Field(None, description="E-mail: the address that tickets come from.")
    to: str | None = Field(None, description="E-mail: the address of the help desk.")
    user: str | None = Field(None, description="E-mail: who signs in to the server; without it nobody does.")
    group: str | None = Field(None, description="Zammad: the group that tickets go to.")
    account: int | None = Field(None, ge=1, description="Chatwoot: the number of the account.")
    inbox: int | None = Field(None, ge=1, description="Chatwoot: the number of an inbox of the kind API.")
    language: Literal["fr", "en"] | None = Field(None, description="The language of tickets; else that of the team.")
    patience_seconds: float = Field(15.0, gt=0, le=30, description="How long one call may take.")

    @model_validator(mode="before")
    @classmethod
    def _passes_over_files(cls, given: Any) -> Any:
        # The environment has the names of files of secrets beside what was read from them.
        if not isinstance(given, dict):
            return given
        return {
            name: value
            for name, value in given.items()
            if not (name.endswith("_file") and name.removesuffix("_file") in given)
        }

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        for name in _DESKS_NEED[self.kind]:
            if getattr(self, name) is None:
                raise ValueError(f'a help desk of the kind {self.kind} needs "{name}"')
        schemes = _MAIL_SCHEMES if self.kind == "email" else ("https", "http")
        parts = urlsplit(self.url)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f'"{self.url}" is no address that begins with one of: {", ".join(schemes)}')
        return self

    def takes(self, brand: str) -> bool:
        """Whether it takes tickets of a brand."""
        return not self.brands or brand in self.brands


def queues_of(desks: Mapping[str, DeskSettings], brand: str) -> dict[str, str]:
    """Per queue the help desk, by its name, in which it becomes tickets of a brand."""
    return {queue: name for name, desk in desks.items() if desk.takes(brand) for queue in desk.queues}


def check_desks(desks: Mapping[str, DeskSettings], queues: Mapping[str, Collection[str]]) -> None:
    """See that help desks name brands and queues that there are, and no queue of a brand goes to two.

    Args:
        desks: By name.
        queues: Per brand the queues that it has.

    Raises:
        ValueError: They do not.
    """
    every = {queue for known in queues.values() for queue in known}
    for name, desk in desks.items():
        for brand in desk.brands:
            if brand not in queues:
                raise ValueError(f'desks.{name}: there is no brand "{brand}"; there are: {", ".join(queues)}')
        for queue in desk.queues:
            if queue not in every:
                raise ValueError(f'desks.{name}: there is no queue "{queue}"; there are: {", ".join(sorted(every))}')
    for brand in queues:
        taken: dict[str, str] = {}
        for name, desk in desks.items():
            for queue in desk.queues if desk.takes(brand) else []:
                if queue in taken:
                    raise ValueError(f'the queue "{queue}" is given to two help desks: {taken[queue]} and {name}')
                taken[queue] = name

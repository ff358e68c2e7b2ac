"""The settings of channels that somebody else's program brings: who calls, and what is told to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from inbox.webhooks import SHORTEST_SECRET, key_of

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,39}")


class HookSettings(BaseModel):
    """A channel that a program brings. What is called and told is in `docs/api.md`."""

    model_config = ConfigDict(extra="forbid")

    secret: SecretStr = Field(description="What both sides sign with: `whsec_` and Base64, or 16 characters or more.")
    brand: str | None = Field(None, description="The brand that it belongs to, by its key; else the main one.")
    url: str | None = Field(None, description="Where it is told what to send; without it, it fetches that.")
    can: list[Literal["reply", "notice", "edit", "retract", "hide", "unhide", "delete"]] = Field(
        ["reply"], description="What it can do on its channel."
    )
    longest: int = Field(100_000, ge=1, le=100_000, description="The most characters of one message there.")
    knows_repeats: bool = Field(
        False,
        description="Whether it passes over a webhook-id that it has seen; else what is in doubt is not told again.",
    )
    patience_seconds: float = Field(15.0, gt=0, le=30, description="How long one call may take.")

    @model_validator(mode="before")
    @classmethod
    def _passes_over_files(cls, given: Any) -> Any:
        # The environment has the names of files of secrets beside what was read from them.
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if not (name == "secret_file" and "secret" in given)}

    @model_validator(mode="after")
    def _can_be_signed_and_reached(self) -> Self:
        if len(key_of(self.secret.get_secret_value())) < SHORTEST_SECRET:
            raise ValueError(f"a secret has {SHORTEST_SECRET} bytes or more")
        parts = urlsplit(self.url or "https://x")
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise ValueError(f'"{self.url}" is no address that begins with https://')
        return self


def check_hooks(hooks: Mapping[str, HookSettings], brands: Collection[str]) -> None:
    """See that hooks have names that fit in an address, and name brands that there are.

    Raises:
        ValueError: They do not.
    """
    for name, hook in hooks.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f'hooks.{name}: a name has small letters, digits and "-", 40 at the most')
        if hook.brand is not None and hook.brand not in brands:
            raise ValueError(f'hooks.{name}: there is no brand "{hook.brand}"; there are: {", ".join(brands)}')

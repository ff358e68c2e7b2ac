"""The settings of leads: where a CRM is told of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class LeadsSettings(BaseModel):
    """Where leads are told to, besides being kept here: see `docs/leads.md`."""

    model_config = ConfigDict(extra="forbid")

    webhook_url: str | None = Field(
        None, description="The address that is told of each new or changed lead; without it nobody is."
    )
    secret: SecretStr | None = Field(None, description="What both sides sign those calls with.")
    patience_seconds: float = Field(15.0, gt=0, le=30, description="How long one call may take.")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.webhook_url is None:
            return self
        parts = urlsplit(self.webhook_url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise ValueError(f'"{self.webhook_url}" is no address that begins with one of: https, http')
        if self.secret is None:
            raise ValueError('an address that is told of leads needs "secret", which both sides sign with')
        return self

    @property
    def patience(self) -> timedelta:
        """How long one call may take."""
        return timedelta(seconds=self.patience_seconds)

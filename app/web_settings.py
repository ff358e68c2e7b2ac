"""How the page is served, as an operator sets it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class WebSettings(BaseModel):
    """The page and the API."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field("127.0.0.1", description="The address to listen on; 0.0.0.0 for every one of this machine.")
    port: int = Field(8400, ge=0, le=65_535, description="The port to listen on; 0 for any that is free.")
    on: bool = Field(True, description="Whether vigie run serves the page, too.")
    address: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="Where people find the page, such as https://vigie.example.com; else the host and port above.",
    )
    hosts: list[str] = Field(
        [], description="Further names that the page answers to; it always answers to that of its address."
    )
    behind_proxy: bool = Field(
        False, description="Whether a proxy on this machine stands before the page and says where requests come from."
    )
    asks_per_minute: int = Field(
        600, ge=1, description="How often one token of the API may ask in a minute, a sixth of it at once."
    )

"""The canned responses as they are kept: the versions of their file, and how much each is used. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inbox.model import Actor


@dataclass(frozen=True, slots=True)
class ResponsesVersion:
    """One version: its number, from 1, its text to the letter, who put it in force when and why.

    `why` are the words of its author; empty where he gave none, or wrote into the file.
    """

    version: int
    text: str
    author: Actor
    why: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ResponseUse:
    """How often a canned response was sent since a moment, and when last."""

    sent: int
    last_at: datetime


class ResponseBooks(Protocol):
    """The versions of the canned responses, and their use."""

    def keep_response_book(self, text: str, *, author: Actor, why: str = "", now: datetime) -> int:
        """The version number of this text, from 1; a new version unless the latest reads the same."""

    def response_books(self) -> list[ResponsesVersion]:
        """Every version of the canned responses that was in force, the first one first."""

    def response_uses(self, *, since: datetime) -> Mapping[str, ResponseUse]:
        """Per code how often a response was sent since a moment; those that were not are left out."""

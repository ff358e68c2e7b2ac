"""Every address of the page, read from the application itself, so that a page made tomorrow is tried too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

_BLANK = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """What can be asked for: a method, and a path with blanks such as `{conversation}`."""

    pattern: str
    method: str

    @property
    def name(self) -> str:
        """How tables of addresses call it."""
        return f"{self.method} {self.pattern}"

    @property
    def blanks(self) -> Sequence[str]:
        """The blanks of its path besides the brand."""
        return [blank for blank in _BLANK.findall(self.pattern) if blank != "brand"]

    @property
    def is_api(self) -> bool:
        """Whether programs ask here, with tokens."""
        return self.pattern.startswith("/api/")

    @property
    def is_hook(self) -> bool:
        """Whether others' programs call here, and prove themselves by what they send."""
        return self.pattern.startswith("/hooks/")

    def filled(self, values: Mapping[str, object], *, brand: str = "loriot") -> str:
        """Its path with the blanks filled; 1 where nothing is known of one."""
        told = {"brand": brand, **values}
        return _BLANK.sub(lambda blank: quote(str(told.get(blank[1], 1)), safe=""), self.pattern)


def looked_up(client: httpx.Client, path: str) -> tuple[int, str, str]:
    """The status of a page, the kind of what it is, and what it says; nothing of a stream, which never ends."""
    with client.stream("GET", path) as answer:
        kind = answer.headers.get("content-type", "").partition(";")[0]
        said = "" if kind == "text/event-stream" else answer.read().decode("utf-8", "replace")
    return answer.status_code, kind, said


def addresses(app: FastAPI) -> list[Address]:
    """Every address of an application, those of nested routers too; files that are the same for all left out."""
    return sorted(
        Address(route.path, method)
        for route in iter_route_contexts(app.routes)
        if route.path is not None
        for method in set(route.methods or ()) - {"HEAD", "OPTIONS"}
    )

"""A program with a token, which asks the API of a site as any HTTP client does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from inbox.programs import Scope
from inbox.tokens import make_token
from tests.web.sites import SETTER_UP, Site

API = "/api/v1"


class Asking:
    """A client of the API."""

    def __init__(self, site: Site, name: str = "blog", *scopes: Scope, brand: str = "loriot") -> None:
        _, self.secret = make_token(site.desks[brand], name, scopes=scopes or tuple(Scope), by=SETTER_UP)
        headers = {"authorization": f"Bearer {self.secret}", "accept-language": "en"}
        self.client = httpx.Client(base_url=site.address + API, headers=headers, timeout=30)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(path, params=params)

    def post(self, path: str, json: Any = None, *, key: str | None = None, **headers: str) -> httpx.Response:
        return self.client.post(path, json=json, headers=headers | ({"Idempotency-Key": key} if key else {}))

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()


def a_row(number: int = 1, **more: Any) -> dict[str, Any]:
    """A message as a program hands it over."""
    return {
        "external_id": f"c-{number}",
        "text": "Bonjour, où est mon colis ?",
        "author": "u-1",
        "author_name": "Léa P.",
        "sent_at": "2026-03-02T09:00:00+01:00",
        "thread": "post-1",
        "kind": "comment",
        "visibility": "public",
    } | more


def problem_in(answer: httpx.Response) -> Mapping[str, Any]:
    """The problem that an answer tells."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told: Mapping[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert {"type", "title", "detail"} <= told.keys()
    return told

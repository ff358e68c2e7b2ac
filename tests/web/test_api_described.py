"""What the API says of itself holds: requests made from its description, good and bad, are answered as described."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_core import OpenAPI
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from tests.web.programs import API, Asking, a_row
from tests.web.sites import LATE, Site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    unsupported_method,
]
EXAMPLES = 16
BAD = schemathesis.GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def asking(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}", asks_per_minute=1_000_000)
    with site.served(), Asking(site) as asking:
        for number in range(3):
            site.hear(LATE, author=f"a-{number}")
        asking.post("/channels/blog/messages", a_row())
        yield asking


@pytest.fixture(scope="module")
def described(asking: Asking) -> OpenApiSchema:
    return schemathesis.openapi.from_url(f"{asking.client.base_url}openapi.json")


def test_the_description_is_openapi_3_1_with_security_examples_and_problems_everywhere(asking: Asking):
    told = asking.get("/openapi.json").json()
    acts = [act for acts in told["paths"].values() for act in acts.values()]

    OpenAPI.from_dict(told)

    assert told["openapi"].startswith("3.1")
    assert told["security"] == [{"token": []}]
    assert len({act["operationId"] for act in acts}) == len(acts) > 20
    for act in acts:
        refusals = {status: one for status, one in act["responses"].items() if int(status) >= 400}
        assert {"401", "403", "422", "429", "500"} <= refusals.keys()
        assert all("application/problem+json" in one["content"] for one in refusals.values())
        assert act["description"]
    assert told["components"]["schemas"]["MessageIn"]["example"]["external_id"]


def test_requests_made_from_the_description_are_answered_as_it_says(asking: Asking, described: OpenApiSchema):
    """Good and bad requests to every act, from a seed, against the real server."""
    headers = {"authorization": f"Bearer {asking.secret}"}
    asked = 0

    # A stream of lines cannot be made from its description; `test_api.py` asks for it.
    for found in described.exclude(path_regex="/stream$").get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
        )
        def ask(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)

        ask()

    assert asked >= 350


def test_the_description_is_open_to_all_and_nothing_else_is(asking: Asking):
    told = asking.get("/openapi.json").json()
    base = str(asking.client.base_url).removesuffix(f"{API}/")

    for path, acts in told["paths"].items():
        for method in acts:
            address = path.replace("{channel}", "blog")
            for name in ("conversation", "draft", "send", "message", "number"):
                address = address.replace(f"{{{name}}}", "1")
            assert httpx.request(method, base + address).status_code == 401, (method, path)

"""A brand names its teams as a customer reads them."""

from __future__ import annotations

from inbox.brand import Brand
from tests.inbox.builders import ALWAYS_OPEN


def test_a_team_is_named_in_the_language_asked_for_and_in_no_other():
    brand = Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {"fr": "notre service client"}})

    named = [brand.team("customer-service", "fr"), brand.team("customer-service", "en"), brand.team("sales", "fr")]

    assert named == ["notre service client", None, None]

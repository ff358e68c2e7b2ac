"""What a brand settles about the checks of its words: read from the settings, safe where nothing is said."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.check_settings import ChecksSettings
from app.settings import BrandSettings
from app.wiring import build_brand
from inbox.checks import LEVELS, Context, Level, check_words
from inbox.findings import NEVER_SENT, CheckKind, blocking
from tests.inbox.checks.builders import TODAY

FRENCH = Context(TODAY, "fr")


def test_without_a_word_in_the_settings_each_check_does_what_is_safe():
    checks = ChecksSettings.model_validate({}).to_checks("Loriot")

    assert {kind: checks.level(kind) for kind in CheckKind} == dict(LEVELS)


def test_every_check_but_those_that_nobody_may_pass_over_can_be_set():
    assert {*ChecksSettings.model_fields} >= {kind.value for kind in CheckKind if kind not in NEVER_SENT}
    assert not {*ChecksSettings.model_fields} & {kind.value for kind in NEVER_SENT}


def test_what_is_set_is_what_is_done():
    brand = build_brand(
        BrandSettings.model_validate(
            {
                "name": "Vélobrume",
                "checks": {
                    "allowed_links": ["https://www.loriot.fr/aide"],
                    "contacts": ["@loriot.fr"],
                    "words": ["fixette"],
                    "promises": ["geste commercial"],
                    "spelling": "block",
                    "advert": "off",
                },
            }
        )
    )
    text = (
        "Cliquez ici : https://aide.loriot.fr ou moi@loriot.fr. La fixette Vélobrume, merci beacoup, geste commercial."
    )

    found = check_words(text, FRENCH, brand.checks)

    assert [one.words for one in blocking(found)] == ["beacoup", "geste commercial"]
    assert len(found) == 2
    assert brand.checks.level(CheckKind.ADVERT) is Level.OFF


@pytest.mark.parametrize("link", ["", "  ", "https://", "deux mots"])
def test_a_host_that_is_none_is_refused(link: str):
    with pytest.raises(ValidationError, match="is no host such as"):
        ChecksSettings.model_validate({"allowed_links": [link]})

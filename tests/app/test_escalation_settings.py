"""F57, F71 and F72: chains, targets and quiet hours as they are set; the examples of the page on promises hold."""

from __future__ import annotations

import re
import tomllib
from datetime import time, timedelta
from pathlib import Path

import pytest

from app.settings import Settings, read_settings
from inbox.errors import BadSettings
from inbox.model import Label, Severity
from inbox.sla import ChainStep
from routing.lint import lint
from routing.responses import load_responses
from routing.rulebook import read_rule_book

PAGE = (Path(__file__).parents[2] / "docs" / "sla.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(here: Path, text: str) -> Settings:
    (here / "vigie.toml").write_text(text, encoding="utf-8")
    return read_settings({})


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "[[rule]]" not in one])
def test_an_example_of_settings_can_be_read(here: Path, example: str):
    assert read(here, example).model_fields_set >= tomllib.loads(example).keys()


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "[[rule]]" in one])
def test_an_example_of_rules_is_a_rule_book_in_which_nothing_looks_like_a_mistake(example: str):
    book = read_rule_book(example, responses=load_responses())

    assert book.rules
    assert lint(book) == []


def test_f72_a_queue_and_a_brand_may_have_a_chain_of_their_own(here: Path):
    settings = read(
        here,
        '[escalation.queues.sales]\nchain = [{ after = "5m", call = ["Paul"] }]\n'
        '[brands.velo.escalation]\nchain = [{ after = "1h" }]\ncatch_after = ""\n',
    )
    main, velo = settings.escalation, settings.of_brand("velo").escalation

    assert main.to_chains() == {"sales": (ChainStep(5 * MINUTE, ("Paul",)),)}
    assert main.to_chain() == (ChainStep(15 * MINUTE),)
    assert velo is not None
    assert (velo.to_chain(), velo.catches_after) == ((ChainStep(HOUR),), None)
    assert settings.brand.escalation is None


def test_f71_targets_are_read_one_word_or_a_list(here: Path):
    settings = read(
        here,
        '[[escalation.targets]]\nlabel = "complaint"\nchannel = ["discord", "telegram"]\nfirst_response = "30m"\n'
        '[[escalation.targets]]\nseverity = "low"\nresolution = "1w"\n',
    )
    promised = settings.escalation.to_targets()

    assert promised.of(Severity.HIGH, labels=[Label.COMPLAINT], channel="discord").first_response == 30 * MINUTE
    assert promised.of(Severity.HIGH, labels=[Label.COMPLAINT], channel="mail").first_response == 2 * HOUR
    assert promised.of(Severity.LOW).resolution == timedelta(weeks=1)


def test_f57_quiet_hours_are_those_of_the_brand(here: Path):
    settings = read(here, '[brand]\nquiet_hours = ["20:00-08:00", "12:30-13:30"]\n')
    quiet = settings.brand.to_brand().quiet

    assert quiet is not None
    assert quiet.spans == ((time(20), time(8)), (time(12, 30), time(13, 30)))
    assert Settings().brand.to_brand().quiet is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[brand]\nquiet_hours = ["night"]', '"night" is not a span such as 20:00-08:00'),
        ('[brand]\nquiet_hours = ["20:00-20:00"]', "begins and ends at the same time"),
        ('[[escalation.targets]]\nlabel = "complaint"', "a target names first_response, next_response or resolution"),
        ('[[escalation.targets]]\nfirst_response = "soon"', '"soon" is no length of time'),
        ('[[escalation.targets]]\nfirst_response = "2h"\nresolution = "1h"', "exchange the two"),
        ('[escalation.queues.nowhere]\nchain = [{ after = "5m" }]', 'there is no queue "nowhere" for the chain'),
        ('[escalation.queues.sales]\nchain = [{ after = "5m" }, { after = "1m" }]', "each step comes after"),
        ('[brands.velo.escalation]\nchain = [{ after = "5m", queue = "nowhere" }]', 'there is no queue "nowhere"'),
    ],
)
def test_what_cannot_be_meant_is_refused(here: Path, text: str, says: str):
    with pytest.raises(BadSettings, match=says):
        read(here, text)

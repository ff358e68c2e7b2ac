"""What the author of a message is told about a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inbox.brand import Brand
from inbox.cases import CaseAct, Order, Verdict, lasting
from inbox.notices import language_of, notice, verdict_notice
from inbox.policy import Policy
from tests.inbox.builders import ALWAYS_OPEN

HOUR = timedelta(hours=1)
TOLD = [act for act in CaseAct if act.concerns_author]


def told(order: Order, *, text: str = "Idiots !", policy: Policy | None = None) -> list[str]:
    return [str(line) for line in notice(order, number=12, text=text, policy=policy or Policy())]


@pytest.mark.parametrize("act", TOLD)
def test_f65_every_notice_says_what_was_done_why_and_how_to_appeal(act: CaseAct):
    lines = told(Order(act, 1, "Insults", duration=HOUR, rule="Be kind"))

    assert lines[0].startswith(("You ", "Your message has been "))
    assert lines[1:] == [
        "House rule: Be kind",
        "Reason: Insults",
        "Your message: “Idiots !”",
        "If you think that this is wrong, write to me: /appeal 12 and why.",
    ]


def test_f65_a_long_message_is_quoted_in_an_excerpt_on_one_line():
    (quote,) = [line for line in told(Order(CaseAct.DELETE, 1, "Spam"), text="acheter\n" * 100) if "“" in line]

    assert len(quote) < 200
    assert quote.endswith("…”")
    assert "\n" not in quote


def test_a_message_without_words_is_not_quoted_and_no_rule_is_made_up():
    lines = told(Order(CaseAct.HIDE, 1, "Photo"), text=" ")

    assert [line.partition(":")[0] for line in lines[1:]] == ["Reason", "If you think that this is wrong, write to me"]


def test_a_ban_without_an_end_says_so_by_saying_none():
    assert told(Order(CaseAct.BAN, 1, "Spam"))[0] == "You have been banned."
    assert told(Order(CaseAct.BAN, 1, "Spam", duration=HOUR))[0] == "You have been banned for 1 hour."


def test_what_came_of_an_appeal_is_told_with_its_reason():
    def verdict(came: Verdict, *, is_undone: bool) -> str:
        return " ".join(str(line) for line in verdict_notice(came, number=3, why="Because", is_undone=is_undone))

    assert "The decision stands. Reason: Because" in verdict(Verdict.UPHELD, is_undone=False)
    assert "It has been undone." in verdict(Verdict.OVERTURNED, is_undone=True)
    assert "cannot be undone" in verdict(Verdict.OVERTURNED, is_undone=False)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (0.5, "1 minute"),
        (1, "1 minute"),
        (90, "90 minutes"),
        (60, "1 hour"),
        (120, "2 hours"),
        (1440, "1 day"),
        (43_200, "30 days"),
    ],
)
def test_a_length_of_time_is_said_in_the_largest_unit_that_divides_it(minutes: float, says: str):
    assert str(lasting(timedelta(minutes=minutes))) == says


def test_an_author_is_spoken_to_in_his_language_where_we_speak_it():
    brand = Brand("Loriot", ALWAYS_OPEN, languages=("en", "fr"))

    assert [language_of(lang, brand) for lang in ("fr", "en", "de", "und", None)] == ["fr", "en", "en", "en", "en"]

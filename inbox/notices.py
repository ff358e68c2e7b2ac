"""What the author of a message is told about a case: what was done, why, and how to appeal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from inbox.brand import Brand
from inbox.cases import CaseAct, Order, Verdict, lasting
from inbox.policy import Policy
from inbox.sentences import Sentence
from inbox.text import excerpt

_EXCERPT = 160
_SPOKEN = ("fr", "en")


def language_of(lang: str | None, brand: Brand) -> str:
    """The language to speak to an author in: his, where we speak it, else the first of the brand's."""
    return lang if lang in _SPOKEN else next(iter(brand.languages), "en")


def notice(order: Order, *, number: int, text: str, policy: Policy) -> list[Sentence]:
    """The lines of a notice to the author of a message.

    Args:
        order: What was done, and why.
        number: The number of the case.
        text: The message; an excerpt of it is quoted.
        policy: Where people may appeal.
    """
    lines = [_what(order.act, order.duration)]
    if order.rule:
        lines.append(Sentence("House rule: {rule}", rule=order.rule))
    lines.append(Sentence("Reason: {reason}", reason=order.reason))
    if quoted := excerpt(text, _EXCERPT):
        lines.append(Sentence("Your message: “{text}”", text=quoted))
    lines.append(Sentence("If you think that this is wrong, write to me: /appeal {number} and why.", number=number))
    if policy.appeal_url:
        lines.append(Sentence("You can also appeal here: {url}", url=policy.appeal_url))
    return lines


def verdict_notice(verdict: Verdict, *, number: int, why: str, is_undone: bool) -> Sequence[Sentence]:
    """The lines that tell an author what came of his appeal."""
    if verdict is Verdict.UPHELD:
        came = Sentence("Somebody else has looked at case {number} again. The decision stands.", number=number)
    elif is_undone:
        came = Sentence("You were right to appeal against case {number}. It has been undone. Sorry.", number=number)
    else:
        came = Sentence(
            "You were right to appeal against case {number}. What was done cannot be undone, but it does not count "
            "against you. Sorry.",
            number=number,
        )
    return [came, Sentence("Reason: {reason}", reason=why)]


def _what(act: CaseAct, duration: timedelta | None) -> Sentence:
    if duration is not None and act is CaseAct.BAN:
        return Sentence("You have been banned for {duration}.", duration=lasting(duration))
    if duration is not None and act is CaseAct.TIMEOUT:
        return Sentence("You cannot write here for {duration}.", duration=lasting(duration))
    return {
        CaseAct.WARN: Sentence("You have been warned."),
        CaseAct.HIDE: Sentence("Your message has been hidden."),
        CaseAct.DELETE: Sentence("Your message has been deleted."),
        CaseAct.TIMEOUT: Sentence("You cannot write here for a while."),
        CaseAct.KICK: Sentence("You have been removed from the group. You may come back."),
        CaseAct.BAN: Sentence("You have been banned."),
    }[act]

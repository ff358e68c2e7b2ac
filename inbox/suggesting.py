"""Up to three different answers that could be sent to a conversation, each with why it is offered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inbox.abilities import Abilities
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.entities import EntityKind
from inbox.model import Kind, Label, Prediction, Visibility, WaitingMessage
from inbox.outcome import variables
from inbox.precedents import Alike, own_words, times_said
from inbox.proofreading import proofread
from inbox.ranking import Asked, Fit, polarities_for, rank
from inbox.responses import CannedResponse, DraftText, Polarity, Variant, draft_from
from inbox.sentences import Sentence
from inbox.switches import CRISIS
from inbox.views import ConversationView, MessageView

MOST = 3
"""How many suggestions a person is given to choose from."""

HOLDING = "crisis-holding"
"""The response for complaints while a crisis runs."""

HANDED_OVER = "handed-over"
"""The response that says that somebody else has it: only true where somebody has."""

_NOT_OFFERED = frozenset({HOLDING, "out-of-hours"})
"""Responses that are for a state of the house, not for a message."""

_TAKES_COMPLAINTS = ("customer-service",)
"""The queues that a complaint goes to where no rule says otherwise."""

_SURE = 0.55
"""From this likeness on an answer of the FAQ, and words of the team's own, come before what a single word found."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words that could be sent, and why they are offered, each reason on its own.

    `draft_id` is the draft they are, `response` the canned response they come from.
    """

    text: str
    lang: str
    response: str | None = None
    draft_id: int | None = None
    why: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """A message that is to be answered, with what the answer depends on.

    `handed_over` says whether anybody besides the team has it in hand.
    """

    said: WaitingMessage
    asked: Asked
    queue: str | None
    handed_over: bool
    in_crisis: bool


def suggest(desk: Desk, view: ConversationView) -> list[Suggestion]:
    """Up to three different texts for a conversation: what is drafted, then other wordings of it, then what fits.

    None where what was said offends or is in doubt, and nothing is drafted, or where nothing fits: then a person finds
    the words.
    """
    return _different(_possible(desk, view))


def suggest_for(desk: Desk, situation: Situation) -> list[Suggestion]:
    """Up to three different texts for a message that nothing is drafted for; none where nothing fits."""
    return _different(_fitting(desk, situation))


def supposed(desk: Desk, text: str, prediction: Prediction, *, channel: str) -> Situation:
    """A text as if a stranger had just written it, and as if it waited with the team that complaints go to."""
    said = WaitingMessage(
        id=0,
        conversation_id=0,
        contact_id=0,
        contact_name="",
        channel=channel,
        thread="",
        text=text,
        kind=Kind.COMMENT,
        visibility=Visibility.PUBLIC,
        lang_hint=None,
        sent_at=desk.clock(),
    )
    labels, lang = prediction.labels, prediction.lang
    asked = Asked(text, lang, labels, prediction.signals, _named_in(desk, text, lang))
    is_grave = Label.COMPLAINT in labels
    return Situation(
        said=said,
        asked=asked,
        queue=next((name for name in desk.brand.teams if name in _TAKES_COMPLAINTS), None) if is_grave else None,
        handed_over=is_grave,
        in_crisis=is_grave and HOLDING in desk.responses and _crisis_runs(desk),
    )


def said_why(why: Sequence[Sentence]) -> Sentence | None:
    """All reasons in one sentence; None where there are none."""
    if not why:
        return None
    told = why[0]
    for reason in why[1:]:
        told = Sentence("{one} · {other}", one=told, other=reason)
    return told


def _different(possible: Iterator[Suggestion]) -> list[Suggestion]:
    found: dict[str, Suggestion] = {}
    for one in possible:
        found.setdefault(one.text, one)
        if len(found) == MOST:
            break
    return list(found.values())


def _possible(desk: Desk, view: ConversationView) -> Iterator[Suggestion]:
    waits = (Sentence("a draft that waits"),)
    for draft in view.open_drafts:
        yield Suggestion(draft.text, draft.lang, draft.response, draft.id, waits)
    last = view.last
    if last is None or last.prediction is None or last.deleted_at is not None:
        return
    is_plain = not last.is_unsure and Label.OFFENSIVE not in last.labels
    situation = _situation(desk, view, last)
    if is_plain and situation.in_crisis:
        yield from _for_crisis(desk, situation)
    for draft in view.open_drafts:
        response = desk.responses.get(draft.response or "")
        if response is not None:
            other = (Sentence("the draft in other words"),)
            yield from _worded(desk, situation, response, other, besides=draft.text)
    if is_plain:
        yield from _fitting(desk, replace(situation, in_crisis=False))


def _situation(desk: Desk, view: ConversationView, last: MessageView) -> Situation:
    assert last.prediction is not None  # noqa: S101  # asked by whoever calls
    lang = last.prediction.lang
    return Situation(
        said=view.to_waiting(last),
        asked=Asked(last.text, lang, last.labels, last.prediction.signals, _named_in(desk, last.text, lang)),
        queue=view.queue,
        handed_over=bool(view.escalations or view.queue),
        in_crisis=Label.COMPLAINT in last.labels and HOLDING in desk.responses and _crisis_runs(desk),
    )


def _named_in(desk: Desk, text: str, lang: str) -> frozenset[EntityKind]:
    """What a message names, where any response asks for it."""
    if not any(response.entities for response in desk.responses.values()):
        return frozenset()
    return frozenset(entity.kind for entity in desk.find_entities(text, lang))


def _for_crisis(desk: Desk, situation: Situation) -> Iterator[Suggestion]:
    return _worded(desk, situation, desk.responses[HOLDING], (Sentence("a crisis runs"),))


def _fitting(desk: Desk, situation: Situation) -> Iterator[Suggestion]:
    """What suits a message, the most suitable first: canned responses, words of the team's own, answers of the FAQ."""
    asked = situation.asked
    polarities = polarities_for(asked.labels)
    if not polarities:
        return
    if situation.in_crisis:
        yield from _for_crisis(desk, situation)
    alike = desk.precedents.alike(asked.text)
    offered = (one for one in desk.responses.values() if one.code not in _NOT_OFFERED)
    fits = rank(offered, asked, alike=alike, fates=desk.precedents.fates())
    free = list(_free_words(desk, situation, alike, polarities))
    yield from (one for likeness, one in free if likeness >= _SURE)
    for fit in fits:
        if fit.response.code != HANDED_OVER or situation.handed_over:
            yield from _worded(desk, situation, fit.response, _reasons(fit))
    yield from (one for likeness, one in free if likeness < _SURE)


def _reasons(fit: Fit) -> tuple[Sentence, ...]:
    return fit.why or (Sentence("it suits any message"),)


def _free_words(
    desk: Desk, situation: Situation, alike: Sequence[Alike], polarities: Sequence[Polarity]
) -> Iterator[tuple[float, Suggestion]]:
    """Answers of the FAQ and words that the team has used before, each with how like its case is, the likest first.

    Whether they thank or apologise is for the checks to find: words that one of them blocks are not offered.
    """
    lang = _spoken(desk.brand, situation.asked.lang)
    mine = [one for one in alike if _suits(one, situation.asked.labels)]
    found: list[tuple[float, str, tuple[Sentence, ...]]] = []
    for one in mine:
        about = one.precedent
        if (
            about.faq is not None
            and about.words is not None
            and about.lang == lang
            and Polarity.THANKS not in polarities
        ):
            found.append((one.likeness, about.words, (Sentence("your FAQ: “{question}”", question=about.faq),)))
    found += [(own.likeness, own.words, (times_said(own.times),)) for own in own_words(mine, lang=lang)]
    for likeness, words, why in sorted(found, key=lambda one: -one[0]):
        made = _checked(desk, situation, CannedResponse("", Polarity.NEUTRAL, (Variant(lang, words),), {}), lang)
        if made is not None:
            yield likeness, Suggestion(made.text, made.lang, None, None, why)


def _suits(one: Alike, labels: Sequence[Label]) -> bool:
    """Whether what was said to a message with some labels may be said to one with others; an FAQ is for any."""
    return one.precedent.faq is not None or set(one.precedent.labels) == set(labels)


def _worded(
    desk: Desk, situation: Situation, response: CannedResponse, why: tuple[Sentence, ...], *, besides: str = ""
) -> Iterator[Suggestion]:
    """One wording of a response, or where one of it stands already another; never one with a blank left."""
    words = _checked(desk, situation, response, situation.asked.lang, besides=besides)
    if words is not None:
        yield Suggestion(words.text, words.lang, response.code, None, why)


def _checked(
    desk: Desk, situation: Situation, response: CannedResponse, lang: str, *, besides: str = ""
) -> DraftText | None:
    """The wording of a response that may be sent, and fits into one message of the channel where any does."""
    return sendable(
        response,
        situation.said,
        brand=desk.brand,
        lang=lang,
        queue=situation.queue,
        labels=situation.asked.labels,
        now=desk.clock(),
        besides=besides,
        abilities=desk.abilities_of(situation.said.channel),
        splits=desk.splits_replies,
    )


def _spoken(brand: Brand, lang: str) -> str:
    return lang if lang in brand.languages else brand.languages[0]


def sendable(
    response: CannedResponse,
    said: WaitingMessage,
    *,
    brand: Brand,
    lang: str | None,
    queue: str | None,
    labels: Sequence[Label],
    now: datetime,
    besides: str = "",
    abilities: Abilities | None = None,
    splits: bool = True,
) -> DraftText | None:
    """The wording of a response for a message that no check blocks, other than `besides`; None where there is none.

    It is in `lang`, else in the first language of the brand that the response speaks, and in the voice of the channel.
    The number of the message settles which wording is tried first; one that fits into one message of the channel comes
    before one that does not, which is taken only where it `splits`.
    """
    spoken = {variant.lang for variant in response.variants}
    lang = next((one for one in (lang, *brand.languages) if one in spoken), None)
    if lang is None:
        return None
    values = variables(said, brand=brand, lang=lang, queue=queue)
    voice = brand.voice_on(said.channel)
    wordings = response.wordings(lang=lang, languages=brand.languages, key=said.id, voice=voice)
    others = [
        one for one in response.variants if one.lang == lang and one not in wordings and not one.is_foreign(voice)
    ]
    made = [draft_from(response, variant, values) for variant in (*wordings, *others)]
    if abilities is not None:
        longest = abilities.longest
        fits = [words for words in made if abilities.measure(words.text) <= longest]
        made = [*fits, *(words for words in made[: len(wordings)] if splits and words not in fits)]
    else:
        made = made[: len(wordings)]
    proofs = (proofread(words, response=response, message=said, labels=labels, brand=brand, now=now) for words in made)
    return next((words for words in proofs if words.is_sendable and words.text != besides), None)


def _crisis_runs(desk: Desk) -> bool:
    with desk.store.read() as books:
        return books.switch(CRISIS).is_on

"""Drafts proofread: their words checked against the message that they answer and the response they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from inbox.brand import Brand
from inbox.checks import Context, check_words
from inbox.findings import Finding
from inbox.model import Label, WaitingMessage
from inbox.responses import CannedResponse, DraftText
from inbox.views import ConversationView


def proofread(
    words: DraftText,
    *,
    response: CannedResponse,
    message: WaitingMessage,
    labels: Sequence[Label],
    brand: Brand,
    now: datetime,
) -> DraftText:
    """Words that a canned response gives, with what the checks find in them as an answer to a message."""
    context = Context(
        today=brand.day_of(now),
        lang=words.lang,
        message=message.text,
        contact=message.contact_name,
        labels=tuple(labels),
        polarity=response.polarity,
        valid_until=response.valid_until,
    )
    return replace(words, findings=check_words(words.text, context, brand.checks))


def findings_in(
    text: str,
    view: ConversationView,
    *,
    message_id: int | None,
    lang: str,
    response: CannedResponse | None,
    brand: Brand,
    now: datetime,
) -> tuple[Finding, ...]:
    """What the checks find in words for a conversation, whoever wrote them.

    Args:
        text: The words, whole.
        view: The conversation.
        message_id: The message that they answer; None where it is not known.
        lang: The language they are in.
        response: The canned response that they come from; None for somebody's own words.
        brand: The brand.
        now: The moment.
    """
    answered = next((one for one in view.messages if one.id == message_id), None)
    context = Context(
        today=brand.day_of(now),
        lang=lang,
        message="" if answered is None else answered.text,
        contact=view.contact,
        labels=() if answered is None else answered.labels,
        polarity=None if response is None else response.polarity,
        valid_until=None if response is None else response.valid_until,
    )
    return check_words(text, context, brand.checks)


def spoken_in(view: ConversationView, message_id: int | None, *, brand: Brand) -> str:
    """The language that a message is answered in: its own, or the first of the brand where it is not known."""
    answered = next((one for one in view.messages if one.id == message_id), None)
    if answered is None or answered.prediction is None or not answered.prediction.lang_known:
        return brand.languages[0]
    return answered.prediction.lang

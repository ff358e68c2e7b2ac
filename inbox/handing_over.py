"""Telling a customer that his request was handed over: offered once in a conversation, whoever escalates it."""

from __future__ import annotations

from datetime import datetime

from inbox.books import Books
from inbox.desk import Desk
from inbox.model import Label
from inbox.outcome import variables
from inbox.proofreading import proofread, spoken_in
from inbox.responses import DraftText, draft_from
from inbox.views import ConversationView, MessageView

HANDED_OVER = "handed-over"
"""The response that says to whom a request was handed."""


def offer_acknowledgement(desk: Desk, books: Books, view: ConversationView, *, queue: str, now: datetime) -> int | None:
    """Keep the acknowledgement as a draft; its number.

    None where the conversation has had it, in whatever way, where there is no such response, and where the contact has
    said nothing that could be answered so.
    """
    last = view.last
    if last is None or last.deleted_at is not None or Label.OFFENSIVE in last.labels:
        return None
    words = _words(desk, view, last, queue=queue, now=now)
    if words is None or books.is_prepared(view.id, HANDED_OVER):
        return None
    return books.keep_draft(
        last.id, text=words.text, lang=words.lang, response=HANDED_OVER, now=now, findings=words.findings
    )


def _words(desk: Desk, view: ConversationView, last: MessageView, *, queue: str, now: datetime) -> DraftText | None:
    response = desk.responses.get(HANDED_OVER)
    if response is None:
        return None
    said = view.to_waiting(last)
    spoken = spoken_in(view, last.id, brand=desk.brand)
    variant = response.wording(
        lang=spoken, languages=desk.brand.languages, key=last.id, voice=desk.brand.voice_on(view.channel)
    )
    words = draft_from(response, variant, variables(said, brand=desk.brand, lang=variant.lang, queue=queue))
    return proofread(words, response=response, message=said, labels=last.labels, brand=desk.brand, now=now)

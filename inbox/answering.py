"""Where an answer may go, and when: in the thread, or to the contact alone, as long as the channel lets it."""

from __future__ import annotations

from datetime import datetime

from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.model import Visibility
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import ConversationView
from inbox.windows import refusal, way_of


def thread_for(
    desk: Desk, books: Books, view: ConversationView, *, message_id: int, privately: bool, now: datetime
) -> str | None:
    """The thread of an answer that a person sends; None for that of the conversation.

    Args:
        desk: The desk.
        books: The books.
        view: The conversation.
        message_id: The message that is answered.
        privately: Whether the contact alone is to read it, though he wrote where all can.
        now: Now.

    Raises:
        NotFound: There is no such message.
        NotPossible: The channel takes no private words, or the time that it gives for an answer is over.
    """
    is_private_reply = privately and view.visibility is Visibility.PUBLIC
    _refuse_late(desk, view, message_id=message_id, is_private_reply=is_private_reply, now=now)
    if not is_private_reply:
        return None
    abilities = desk.abilities_of(view.channel)
    if not abilities.can(OutboxKind.NOTICE):
        raise NotPossible(Sentence("On {channel} nobody can be written to alone.", channel=view.channel))
    subject = books.find_subject(message_id)
    if subject is None:
        raise NotFound(Sentence("There is no message {id}.", id=message_id))
    return abilities.private_thread(subject.evidence.author)


def _refuse_late(desk: Desk, view: ConversationView, *, message_id: int, is_private_reply: bool, now: datetime) -> None:
    way = way_of(view.visibility, is_private_reply=is_private_reply)
    answered = next((one for one in view.messages if one.id == message_id), None)
    counted = view.last if view.visibility is Visibility.PRIVATE else answered
    if counted is None:
        return
    windows = desk.abilities_of(view.channel).windows
    if (late := refusal(windows, way, since=counted.sent_at, now=now, by_person=True)) is not None:
        raise NotPossible(late)

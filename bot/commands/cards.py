"""Cards as the store has them now, and what more can be tapped."""

from __future__ import annotations

from bot.commands.card import CardFacts, card
from bot.commands.views import Button, Press, Tone, View
from inbox.desk import Desk
from inbox.errors import NotFound
from inbox.model import Label
from inbox.moderation import list_cases
from inbox.sentences import Sentence
from inbox.views import ConversationView

_CASES = 10


def facts_of(desk: Desk, conversation_id: int) -> CardFacts | None:
    """What the card of a conversation is made of; None where there is no such conversation."""
    with desk.store.read() as books:
        view = books.conversation(conversation_id, with_context=False)
    if view is None:
        return None
    cases = [
        case for case in list_cases(desk, conversation_id=view.id, limit=_CASES) if case.conversation_id == view.id
    ]
    return CardFacts(view, cases, desk.abilities_of(view.channel), desk.clock(), desk.brand.hours)


def card_of(desk: Desk, conversation_id: int) -> View:
    """The card of a conversation.

    Raises:
        NotFound: There is no such conversation.
    """
    facts = facts_of(desk, conversation_id)
    if facts is None:
        raise NotFound(Sentence("There is no conversation {id}.", id=conversation_id))
    return card(facts)


def more_of(view: ConversationView) -> tuple[tuple[Button, ...], ...]:
    """What can be done besides: put off, take, choose a draft, say what it is, look up."""
    number = str(view.id)
    shown = view.subject
    labels = shown.labels if shown is not None else ()
    names = {
        Label.PRAISE: Sentence("praise"),
        Label.COMPLAINT: Sentence("complaint"),
        Label.SALES_LEAD: Sentence("sales lead"),
        Label.OFFENSIVE: Sentence("offensive"),
    }
    toggles = tuple(
        Button(
            Sentence("✓ {label}", label=name) if label in labels else name,
            Press("toggle", (str(shown.id), label.value, "off" if label in labels else "on")),
            Tone.QUIET,
        )
        for label, name in names.items()
        if shown is not None
    )
    spam = () if shown is None else (Button(Sentence("Spam"), Press("spam", (str(shown.id),))),)
    return (
        (
            Button(Sentence("Claim"), Press("claim", (number,)), Tone.MAIN),
            Button(Sentence("Assign to me"), Press("mine", (number,)), Tone.MAIN),
            Button(Sentence("Other drafts"), Press("drafts", (number,)), Tone.MAIN),
        ),
        (
            Button(Sentence("Snooze 4 h"), Press("snooze", (number, "4h"))),
            Button(Sentence("Snooze 1 day"), Press("snooze", (number, "1d"))),
            Button(Sentence("Note"), Press("note", (number,))),
            Button(Sentence("Sales lead"), Press("lead", (number,))),
        ),
        (*toggles, *spam),
        (
            Button(Sentence("Why?"), Press("why", (number,))),
            Button(Sentence("Contact"), Press("contact", (number,))),
        ),
    )

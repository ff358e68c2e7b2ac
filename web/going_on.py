"""Going on: after an act that takes a conversation from the list the next one is opened, with a way to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi.responses import RedirectResponse

from inbox.sentences import Sentence
from web.filters import Filters
from web.visitor import Act, Visitor, within

_SAYS: Mapping[str, Sentence] = {
    "resolved": Sentence("Conversation {id} is resolved."),
    "snoozed": Sentence("Conversation {id} is put off."),
    "sent": Sentence("Your answer leaves in a moment, and conversation {id} is resolved."),
}
DONE, OF = "done", "of"
"""The words of an address that say what was done just before, and with which conversation."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done just before, to be told above the page; `send_id` is what is taken back with it."""

    what: str
    conversation: int
    send_id: int | None = None

    @property
    def says(self) -> Sentence:
        """It in words."""
        return _SAYS[self.what].filled(id=self.conversation)


def done_in(asked: Mapping[str, str]) -> Done | None:
    """What an address says was done; None where it says nothing that we would."""
    what, of = asked.get(DONE, ""), asked.get(OF, "")
    conversation, _, send = of.partition("-")
    if what not in _SAYS or not _is_number(conversation) or not (send == "" or _is_number(send)):
        return None
    return Done(what, int(conversation), int(send) if send else None)


def filters_of(act: Act) -> Filters:
    """What the list shows that somebody looks at: the form says where he is."""
    return Filters.of(dict(parse_qsl(urlsplit(within(act.text("next", ""), "")).query)))


def on_to_next(act: Act, done: Done, *, neighbour: int | None) -> RedirectResponse:
    """To the next conversation, or to the list where there is none, saying what was done."""
    path = "inbox" if neighbour is None else f"inbox/{neighbour}"
    said = urlencode({DONE: done.what, OF: f"{done.conversation}" + (f"-{done.send_id}" if done.send_id else "")})
    query = filters_of(act).query()
    return RedirectResponse(f"{act.visitor.url(path)}{query}{'&' if query else '?'}{said}", 303)


def neighbour_of(who: Visitor, filters: Filters, conversation_id: int) -> int | None:
    """The conversation that follows one in the list, else the first of it; None where there is no other."""
    with who.desk.store.read() as books:
        asked = filters.wanted(me=who.person.name, zone=who.desk.brand.hours.zone)
        listed = [one.conversation_id for one in books.queue(asked)]
    after = listed[listed.index(conversation_id) + 1 :] if conversation_id in listed else []
    others = (one for one in (*after, *listed) if one != conversation_id)
    return next(others, None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18

"""The conversation that is open on the page: what it says, what could be answered, what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox import work
from inbox.abilities import Abilities
from inbox.audit import AuditLine
from inbox.cases import CaseAct, CaseView
from inbox.contacts import ContactCard
from inbox.contactwork import find_card
from inbox.errors import Collision, InboxError, Unsendable
from inbox.findings import Finding, blocking
from inbox.moderation import list_cases
from inbox.outcome import variables
from inbox.outgoing import OutboxKind
from inbox.people import Moderator
from inbox.proofreading import findings_in, spoken_in
from inbox.refusals import irreversible
from inbox.responses import CannedResponse, draft_from
from inbox.sentences import Sentence
from inbox.sla import Promise, stands
from inbox.suggesting import Suggestion, suggest
from inbox.team import list_members
from inbox.views import ConversationView, MessageView, SendState, SendView
from inbox.windows import WindowView, window_view
from web.visitor import Visitor

_MILDEST_FIRST = (
    CaseAct.NOTE,
    CaseAct.WARN,
    CaseAct.HIDE,
    CaseAct.DELETE,
    CaseAct.TIMEOUT,
    CaseAct.KICK,
    CaseAct.BAN,
)
BREAK_AFTER = 20
"""After how many offensive texts on one day somebody is told that a break would do him good."""

_HISTORY = 12


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in the box to write in, and what is to be said about it.

    `draft_id` is the draft that it is, `response` the canned response that it comes from. After a refusal `troubles`
    says why, `answer` what a colleague has said first; `may_send` that it can be sent all the same, and `insists` that
    this passes over checks. `after` is the answer of a
    colleague that was seen before, `remarks` what else is to be said.
    """

    text: str = ""
    draft_id: int | None = None
    response: str | None = None
    findings: tuple[Finding, ...] = ()
    troubles: tuple[Sentence, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    answer: str | None = None
    after: str = ""
    may_send: bool = False
    insists: bool = False
    privately: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Other words for a reply that has left, which were refused, and why."""

    send_id: int
    text: str
    troubles: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An act of moderation that the channel can do; `lost` is what could not be taken back of it."""

    act: CaseAct
    lost: Sentence | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation that is open, with all that surrounds it.

    `revealed` is a message that this person has asked to see, and `exposures` how many he has seen today once he was
    shown one. `sends` are our replies that have left, by the channel's id.
    """

    view: ConversationView
    suggestions: Sequence[Suggestion]
    cases: Sequence[CaseView]
    promise: Promise | None
    history: Sequence[AuditLine]
    revealed: int | None
    box: Box
    card: ContactCard
    window: WindowView | None
    choices: Sequence[Choice]
    sends: Mapping[str, SendView]
    titles: Mapping[str, str]
    change: Change | None = None
    exposures: int = 0

    @property
    def subject(self) -> MessageView | None:
        """The message that has to be seen of it."""
        return self.view.subject

    @property
    def needs_break(self) -> bool:
        """Whether he has seen so many offensive texts today that a break would do him good."""
        return self.exposures >= BREAK_AFTER

    @property
    def elsewhere(self) -> int:
        """How many other conversations the contact has."""
        return len(self.card.conversations) - 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A canned response with its blanks filled for a conversation as far as they can be."""

    code: str
    title: str
    text: str
    is_whole: bool


def open_conversation(
    who: Visitor,
    conversation_id: int,
    *,
    revealed: int | None = None,
    exposures: int = 0,
    box: Box | None = None,
    change: Change | None = None,
    take: str = "",
) -> Opened:
    """A conversation with all that surrounds it.

    Args:
        who: Who opens it.
        conversation_id: The conversation.
        revealed: A message that is shown though it is blurred.
        exposures: How many such texts he has seen today.
        box: What he has written already; None for what would be sent.
        change: What he has written in the place of a reply that has left.
        take: The code of a canned response to write with.

    Raises:
        NotFound: There is no such conversation.
    """
    desk, now = who.desk, who.now()
    view = work.find(desk, conversation_id)
    suggestions = suggest(desk, view)
    abilities = desk.abilities_of(view.channel)
    return Opened(
        view=view,
        suggestions=suggestions,
        cases=list_cases(desk, conversation_id=view.id, limit=10),
        promise=next(iter(stands(view, now=now, hours=desk.brand.hours)), None),
        history=view.audit[-_HISTORY:],
        revealed=revealed,
        box=box or _box(who, view, suggestions, take=take),
        card=find_card(desk, view.contact_id),
        window=_window(view, abilities, now=now),
        choices=_choices(view, abilities),
        sends={
            send.external_id: send
            for send in view.sends
            if send.external_id and send.state is SendState.SENT and send.kind == OutboxKind.REPLY
        },
        titles={one.code: title_of(one, who.lang) for one in desk.responses.values()},
        change=change,
        exposures=exposures,
    )


def reasons_of(error: InboxError) -> tuple[Sentence, ...]:
    """Why something was refused: each finding of the checks, else the error itself."""
    return error.findings if isinstance(error, Unsendable) else (error.sentence,)


def refused(box: Box, error: InboxError) -> Box:
    """The words that were refused, and why. A colleague who was first is passed over by naming his answer."""
    answer = error.answer if isinstance(error, Collision) else None
    insists = isinstance(error, Unsendable) and error.may_insist
    # What blocks is told as the reason, and not a second time below the box.
    beside = [one for one in box.findings if not one.blocking] if isinstance(error, Unsendable) else box.findings
    return Box(
        text=box.text,
        draft_id=box.draft_id,
        response=box.response,
        findings=tuple(beside),
        troubles=reasons_of(error),
        answer=answer,
        after=answer or box.after,
        may_send=insists or answer is not None,
        insists=insists,
        privately=box.privately,
    )


def checked(who: Visitor, view: ConversationView, text: str, *, response: str | None = None) -> tuple[Finding, ...]:
    """What the checks find in words for a conversation, what blocks them first."""
    desk = who.desk
    message_id = view.last.id if view.last else None
    found = findings_in(
        text,
        view,
        message_id=message_id,
        lang=spoken_in(view, message_id, brand=desk.brand),
        response=desk.responses.get(response or ""),
        brand=desk.brand,
        now=who.now(),
    )
    stops = blocking(found)
    return (*stops, *(one for one in found if one not in stops))


def prepared(who: Visitor, view: ConversationView) -> list[Prepared]:
    """The canned responses of the brand, filled for a conversation; none where nobody is to be answered."""
    return [one for code in who.desk.responses if (one := prepare(who, view, code)) is not None]


def prepare(who: Visitor, view: ConversationView, code: str) -> Prepared | None:
    """One canned response, filled for a conversation; None where there is none, or nobody to be answered."""
    response, last = who.desk.responses.get(code), view.last
    if response is None or last is None:
        return None
    brand = who.desk.brand
    lang = spoken_in(view, last.id, brand=brand)
    variant = response.wording(lang=lang, languages=brand.languages, key=last.id, voice=brand.voice_on(view.channel))
    values = variables(view.to_waiting(last), brand=brand, lang=variant.lang, queue=view.queue)
    words = draft_from(response, variant, values)
    return Prepared(code, title_of(response, who.lang), words.text, words.is_sendable)


def title_of(response: CannedResponse, lang: str) -> str:
    """What a canned response is called, in a language where it has a name in it."""
    return response.title.get(lang) or next(iter(response.title.values()), response.code)


def team_of(who: Visitor) -> Sequence[Moderator]:
    """Everyone of the team, whoever opens the page first."""
    return sorted(list_members(who.desk), key=lambda one: (one.name != who.person.name, one.name.casefold()))


def _box(who: Visitor, view: ConversationView, suggestions: Sequence[Suggestion], *, take: str) -> Box:
    if take and (chosen := prepare(who, view, take)) is not None:
        return Box(chosen.text, response=take, findings=checked(who, view, chosen.text, response=take))
    if not suggestions:
        return Box()
    first = suggestions[0]
    stored = next((one.findings for one in view.open_drafts if one.id == first.draft_id), ())
    return Box(first.text, draft_id=first.draft_id, response=first.response, findings=stored)


def _window(view: ConversationView, abilities: Abilities, *, now: datetime) -> WindowView | None:
    if view.last is None:
        return None
    return window_view(abilities.windows, view.visibility, since=view.last.sent_at, now=now)


def _choices(view: ConversationView, abilities: Abilities) -> list[Choice]:
    return [
        Choice(act, irreversible(act, channel=view.channel, abilities=abilities))
        for act in _MILDEST_FIRST
        if (act.kind is None or abilities.can(act.kind)) and not (act.needs_place and view.place is None)
    ]

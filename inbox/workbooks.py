"""What a team at work asks of the store, each a small protocol. `data/` has them all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from inbox.audit import AuditLine
from inbox.calls import NewCall
from inbox.cards import CardRow, PingRow
from inbox.findings import Finding
from inbox.model import Prediction, Priority, SlaState, WaitingMessage
from inbox.outcome import NewEscalation
from inbox.people import Moderator, Role
from inbox.sentences import Sentence
from inbox.sla import ClockRow
from inbox.views import Answer, Unanswered


class PeopleBooks(Protocol):
    """Who is of the team."""

    def moderators(self) -> list[Moderator]:
        """Everyone of the team, by name."""

    def moderator_of(self, channel: str, external_id: str) -> Moderator | None:
        """One of the team by a channel's own id of him."""

    def meet(self, name: str, *, role: Role | None = None, now: datetime) -> Moderator:
        """Add somebody to the team; where the name is taken, a number follows it."""

    def link(self, moderator_id: int, channel: str, external_id: str) -> None:
        """Have an id of a channel mean one of the team, whomever it meant before."""

    def change_moderator(self, moderator_id: int, **values: Any) -> None:
        """Give one of the team other values: `role`, `seen_role`, `lang`, `deputy`, `absent_since`."""

    def remove_moderator(self, moderator_id: int) -> None:
        """Forget one of the team, with what channels call him."""

    def hand_over(self, before: str, after: str) -> list[int]:
        """Give everything of one person that is not resolved to another; the conversations."""


class WorkBooks(Protocol):
    """Conversations in people's hands."""

    def lock(self, conversation_id: int) -> bool:
        """Keep a conversation from other writers until the transaction ends; False where there is none."""

    def set_holder(self, conversation_id: int, *, holder: str | None, until: datetime | None) -> None:
        """Put a conversation into somebody's hands for a time, or into nobody's."""

    def set_assignee(self, conversation_id: int, *, assignee: str | None) -> None:
        """Give a conversation to somebody, or to nobody."""

    def set_queue(self, conversation_id: int, *, queue: str | None) -> None:
        """Put a conversation where a team looks, or nowhere in particular."""

    def resolve(self, conversation_id: int, *, why: Sentence, now: datetime) -> None:
        """Close a conversation, deal with its messages, and end its escalation. The caller has locked it."""

    def unresolve(self, conversation_id: int, *, why: Sentence) -> bool:
        """Take a resolution back as if it had not been; False where the conversation is not resolved."""

    def snooze(self, conversation_id: int, *, until: datetime, why: Sentence) -> None:
        """Put a conversation off until a moment, or until its contact writes again."""

    def due_snoozes(self, *, now: datetime, limit: int) -> list[int]:
        """Conversations whose time has come back."""

    def add_tag(self, conversation_id: int, *, tag: str) -> bool:
        """Put a tag on a conversation; False where it has it."""

    def hand_to(self, conversation_id: int, new: NewEscalation, *, now: datetime) -> None:
        """Hand a conversation to customer service, or make its open escalation stricter. The caller has locked it."""

    def keep_draft(
        self,
        message_id: int,
        *,
        text: str,
        lang: str,
        response: str | None,
        now: datetime,
        findings: Sequence[Finding] | None = None,
    ) -> int:
        """Keep words that a person has written or chosen, as a draft on a message; its number.

        `findings` is what the checks say of them; without it only their blanks are looked at.
        """

    def change_draft(self, draft_id: int, *, text: str, findings: Sequence[Finding] | None = None) -> bool:
        """Give an open draft other words, with findings as in `keep_draft`; False where it is not open."""

    def answer_to(self, conversation_id: int) -> Answer | None:
        """What somebody of the team has said since the contact last wrote, or is about to say; None for nothing."""

    def conversation_of(self, message_id: int) -> int | None:
        """The conversation of a message."""

    def latest_of(self, channel: str, author: str, *, place: str | None = None) -> int | None:
        """The latest message of somebody by a channel's own id of him, in one place where one is named."""

    def author_of(self, channel: str, name: str) -> str | None:
        """A channel's own id of somebody by that id or the name that people see; None for nobody, or for several."""

    def said_last_in(self, channel: str, thread: str, *, limit: int) -> list[int]:
        """The latest messages of contacts in a thread that are still there, newest first."""

    def add_note(self, conversation_id: int, *, author: str, text: str, mentions: Sequence[str], now: datetime) -> int:
        """Keep a note on a conversation; its number."""

    def keep_exposure(self, message_id: int, *, moderator: str, now: datetime) -> None:
        """Note that somebody has asked to see a text that was blurred."""

    def count_exposures(self, moderator: str, *, since: datetime) -> int:
        """How many blurred texts somebody has asked to see from a moment on."""


class CardBooks(Protocol):
    """The board of the team."""

    def wanted_cards(self, board: str, *, limit: int, among: Collection[int] | None = None) -> list[int]:
        """Conversations that need a person and have no card that is open, the most pressing first."""

    def open_card(self, board: str, conversation_id: int, *, now: datetime) -> CardRow | None:
        """Begin a card, which is not posted yet; None where one is open."""

    def reopen_card(self, board: str, conversation_id: int) -> CardRow | None:
        """Go on with the last card of a conversation, where nothing new was said since it was closed; else None."""

    def cards_on(self, board: str) -> list[CardRow]:
        """The cards of a board that are open, oldest first."""

    def card_at(self, board: str, external_id: str) -> int | None:
        """The conversation whose card bears this id, open or not."""

    def mark_shown(self, card_id: int, *, external_id: str, shown: str, closed: bool, now: datetime) -> None:
        """Note what a card says now, and under which id; a closed one is not looked at again."""

    def mark_lost(self, card_id: int, *, now: datetime) -> None:
        """Give a card up: it is gone from the board, or was never put there."""

    def mark_unshown(self, card_id: int, *, error: Sentence, again_at: datetime) -> None:
        """Note that a card could not be brought up to date, and when to try again."""

    def last_sealed(self) -> int:
        """The place of the last line of the audit log that is sealed; 0 where none is."""

    def changed_since(self, seq: int, *, limit: int) -> tuple[int, list[int]]:
        """The conversations that sealed lines of the audit log after a place are about, and the place of the last."""


class ClockBooks(Protocol):
    """The clocks of escalations, and who is called."""

    def clocks_to_look_at(self, *, now: datetime, limit: int) -> list[int]:
        """Conversations whose escalation is to be looked at: a moment has come, or something has happened to them."""

    def clock_row(self, conversation_id: int) -> ClockRow | None:
        """All that the clocks of a conversation go by; None where it is not escalated. The caller has locked it."""

    def keep_clock(self, row: ClockRow) -> None:
        """Write how the clocks of an escalation stand; its conversation stands in the queue by what was told."""

    def accept(self, conversation_id: int, *, by: str, now: datetime) -> bool:
        """Note that somebody has seen an escalation; False where there is none open, or somebody has already."""

    def keep_ping(self, escalation_id: int, *, people: Collection[str], now: datetime) -> int:
        """Note that people are called; each board will say so. Its number."""

    def keep_call(self, call: NewCall, *, now: datetime) -> int | None:
        """Note that a rule calls people; each board will say so, or the one that is named. Its number.

        None where the same rule has called for the same reason since the contact waits.
        """

    def subject_of(self, conversation_id: int) -> tuple[WaitingMessage, Prediction] | None:
        """What a contact has said last and nobody has dealt with, else last of all, with its labels as they stand."""

    def give(self, conversation_id: int, *, to: str) -> bool:
        """Give a conversation to somebody unless somebody has it; False where that is so."""

    def move_escalation(self, escalation_id: int, *, queue: str, climbed: int) -> None:
        """Have an escalation wait in another queue, with so many steps of the chain there behind it."""

    def want_priority(self, escalation_id: int, *, level: Priority) -> bool:
        """Have the conversation of an escalation stand as high as a rule asks; False where it stands so already."""

    def has_words(self, conversation_id: int, response: str) -> bool:
        """Whether a response is prepared, on its way or said in a conversation."""

    def sla_counts(self) -> Mapping[SlaState, int]:
        """How many conversations that are not resolved have a promise that is due soon, and how many a broken one."""

    def wanted_pings(self, board: str, *, limit: int, urgent_only: bool = False) -> list[int]:
        """Calls that nobody has answered and that this board has not begun to put up, the oldest first.

        With `urgent_only`, none but those about what is critical.
        """

    def begin_ping(self, board: str, ping_id: int, *, now: datetime) -> bool:
        """Begin to put a call up; False where another process has. If it is not put up, it is tried again."""

    def begin_post(self, post_id: int, *, now: datetime) -> None:
        """Note that a call is being put up: from now on it may stand there without our having heard so."""

    def pings_on(self, board: str) -> list[PingRow]:
        """The calls of a board that may still read otherwise, oldest first."""

    def mark_ping_shown(
        self, post_id: int, *, external_id: str | None, shown: str, closed: bool, now: datetime
    ) -> None:
        """Note what a call says now, and under which id; a closed one is not looked at again."""

    def mark_ping_unshown(self, post_id: int, *, error: Sentence, again_at: datetime, in_doubt: bool = False) -> None:
        """Note that a call could not be put up or changed, and when to try again.

        It is `in_doubt` where it may stand there all the same.
        """

    def slipped(
        self,
        *,
        now: datetime,
        before: datetime | None = None,
        limit: int | None = None,
        among: Collection[int] | None = None,
    ) -> list[int]:
        """Conversations with a complaint that nobody has dealt with, and without an owner, the oldest first.

        `before` names those that have waited since then at least; `among` asks of some conversations alone.
        """


class CrisisBooks(Protocol):
    """What a crisis changes, and what is kept of it."""

    def weigh_complaints(self, *, besides: Collection[int] = ()) -> int:
        """Have every complaint that nobody has dealt with stand higher while a crisis runs, else as it did.

        Returns how many stand otherwise now. They stay locked until the transaction ends, and `besides` some other
        conversations with them.
        """

    def wait_for_weighing(self) -> None:
        """Wait for all who may weigh conversations by what the switch of the crisis said before it was set."""

    def unanswered_complaints(self, *, limit: int) -> list[Unanswered]:
        """Open complaints with no open draft, and no answer that a person has given or is about to; first comes first.

        The most pressing first, each by the latest message of its contact that is still there.
        """

    def withdraw_untouched(self, drafts: Collection[int]) -> list[int]:
        """Withdraw those of these drafts that are open, and that nobody has changed or sent; which they were."""

    def crisis_lines(self) -> list[tuple[int, AuditLine]]:
        """The lines of the audit log about crises, in the order in which they were written, each with its number."""

    def acts_between(self, first: int, last: int | None) -> tuple[list[AuditLine], Mapping[str, int]]:
        """What people did from one line of the audit log to another, and how often else what was done.

        Lines go by their numbers, both ends included; without `last`, to the end of the log.
        """

"""What deciding takes and what it gives: the facts of one message, and the decision with its trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.actions import Draft, Planned, Reply
from inbox.background import UNKNOWN, Background
from inbox.hours import OpeningHours
from inbox.model import Kind, Prediction, Standing, Visibility, WaitingMessage
from inbox.promises import ClockEvent
from inbox.sentences import Sentence
from inbox.text import fold


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule can ask about one message, or about what has come of a promise to whoever wrote it.

    `folded` is the text without case and accents. Without `hours` the brand never closes; without `sent_at` nobody
    knows what time it is. With an `event`, only the rules that ask for one are asked; without, these never hold.
    """

    channel: str
    kind: Kind
    visibility: Visibility
    text: str
    folded: str
    prediction: Prediction
    key: str
    standing: Standing = Standing.MEMBER
    sent_at: datetime | None = None
    hours: OpeningHours | None = None
    background: Background = UNKNOWN
    event: ClockEvent | None = None

    @classmethod
    def of(
        cls,
        message: WaitingMessage,
        prediction: Prediction,
        *,
        hours: OpeningHours | None = None,
        background: Background = UNKNOWN,
        event: ClockEvent | None = None,
    ) -> Facts:
        """The facts of a stored message; `key` settles which share of the traffic it falls into."""
        return cls(
            channel=message.channel,
            kind=message.kind,
            visibility=message.visibility,
            text=message.text,
            folded=fold(message.text),
            prediction=prediction,
            key=str(message.id),
            standing=message.standing,
            sent_at=message.sent_at,
            hours=hours,
            background=background,
            event=event,
        )


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """One condition of one rule, as it was found: the words of the rule book, and whether it held."""

    says: str
    held: bool


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule, as it was asked."""

    rule: str
    held: bool
    conditions: tuple[ConditionTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What came out for one message, and why.

    `actions` are settled: no two of them contradict each other. `because` names the rules that held, in order;
    `notes` name what was settled or withheld. `trace` lists every rule that was asked, in order.
    """

    actions: tuple[Planned, ...] = ()
    because: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()
    trace: tuple[RuleTrace, ...] = ()

    @property
    def rule(self) -> str | None:
        """The first rule that held, or None."""
        return self.because[0] if self.because else None

    @property
    def speaks(self) -> bool:
        """Whether words to the contact are wanted, sent or drafted."""
        return any(isinstance(plan.action, Draft | Reply) for plan in self.actions)

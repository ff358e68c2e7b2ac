"""What the heart asks of the world but the store, each a small protocol. `app/wiring.py` hands over the objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inbox.abilities import Abilities, Bucket, Remark
from inbox.background import Needs
from inbox.decisions import Decision, Facts
from inbox.desk_news import DeskCall, DeskNews
from inbox.entities import Entity
from inbox.events import Event
from inbox.leads import Lead
from inbox.model import Attachment, Prediction
from inbox.outgoing import Outgoing
from inbox.responses import CannedResponse
from inbox.rulebooks import Outlines
from inbox.rulesheets import Checked, RulesPlace
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Ticket


class Classifier(Protocol):
    """Text in, labels with confidence out."""

    @property
    def version(self) -> str:
        """The name of the model, as stored with every prediction."""

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        """One prediction per text, in order.

        Args:
            texts: As written; reading round tricks of spelling is the classifier's own business.
            hints: Per text the language its channel or contact suggests, used where the text is too short to tell.
            explain: Fill `reasons` for the labels that hold or are unsure.
        """


class RuleBook(Protocol):
    """The rules, read and checked."""

    @property
    def text(self) -> str:
        """The rule book as its author wrote it."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the rules, in the order they are asked."""

    @property
    def needs(self) -> Needs:
        """What of the background of a message the rules ask about."""

    def decide(self, facts: Facts, *, traced: bool = True) -> Decision:
        """What to do about one message, and why; unless `traced`, the trace names only the rules that held."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules and the responses in force, as they were read together; `version` is the number of the rules."""

    rules: RuleBook
    responses: Mapping[str, CannedResponse]
    version: int


class RulesInForce(Protocol):
    """The place where the rules and the responses of a brand stand, and may change while we work."""

    def look(self) -> InForce:
        """What is in force now: read anew where it has changed; where that is faulty, what was in force stays.

        Raises:
            StoreTrouble: What has changed cannot be put on record.
        """

    def outlines(self, text: str) -> Outlines:
        """The rules that a text holds, in short; an old text may not do as a rule book any more."""

    def read(self, text: str) -> RuleBook:
        """A text as a rule book that can decide, beside the responses that are in force.

        Raises:
            BadRuleBook: It does not hold together; with every fault.
        """

    def checked(self, text: str) -> Checked:
        """What a text is as a rule book: its rules in words, what is wrong with it, what is in doubt."""

    def place(self) -> RulesPlace:
        """Where the rules stand, and whether they can be written there."""

    def with_mode(self, text: str, rule: str, mode: str) -> str:
        """A text with another mode for one rule, such as `share:10`; all else stays.

        Raises:
            NotFound: There is no such rule.
            NotPossible: It has to be written by hand.
            BadRuleBook: With this mode it does not hold together.
        """

    def write(self, text: str) -> str:
        """Put a text where the rules stand, whole or not at all; the name of that place.

        Raises:
            NotPossible: It cannot be written.
        """


class Channel(Protocol):
    """One connected account of the outside world."""

    @property
    def name(self) -> str:
        """The name that messages carry as their `channel`."""

    @property
    def abilities(self) -> Abilities:
        """What it can do."""

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        """The rates that one thing to do falls under, the widest first."""

    async def send(self, outgoing: Outgoing) -> str:
        """Say something, or do something to a message or a contact; the channel's id of what was said or acted on.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        """What became of something that may have been done: the channel's id of it, or None where it was not done.

        Things that are the same when done twice, such as deleting, may give None.

        Raises:
            SendFailed: The channel cannot tell, so it must not be done again unseen (permanent, outcome unknown).
        """


class Inlet(Protocol):
    """Where a channel hands over what it hears."""

    async def take(self, event: Event) -> Sentence | None:
        """Keep one event; returns once it is committed, with what to tell whoever acted, or None.

        Events are kept in the order in which they were handed over.
        """

    def opened(self) -> None:
        """Note that the connection stands: what comes from now on is heard."""

    async def heard_until(self) -> Mapping[str, datetime]:
        """Per thread of the channel, when the last message that we know of was sent."""


class Connection(Channel, Protocol):
    """A channel that is listened to over a connection."""

    async def listen(self, inlet: Inlet) -> None:
        """Hand over what comes, until cancelled.

        What was written while nobody listened is handed over first, as far as the channel keeps it.

        Raises:
            ChannelTrouble: The connection cannot be had; its `permanent` says whether waiting can help.
        """

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """What a file holds, while the channel still keeps it.

        Raises:
            ChannelTrouble: It is gone, out of reach, or larger than `most` bytes.
        """

    async def close(self) -> None:
        """Let go of every connection; it can be used again afterwards."""

    async def examine(self) -> Sequence[Remark]:
        """What stands in the way of hearing or doing everything, as the channel is set up; asked by `vigie doctor`.

        Raises:
            ChannelTrouble: The channel refuses us, or is out of reach.
        """


class HelpDesk(Protocol):
    """A help desk that takes tickets."""

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Open a ticket; what it is called there.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """A ticket that may have been opened, by its key; None where it was not. One that was half done is completed.

        Raises:
            SendFailed: The help desk cannot tell.
        """

    async def add(self, addition: Addition) -> Opened:
        """Add a later message of the customer to his ticket; what the addition is called there.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """

    async def find_added(self, addition: Addition) -> Opened | None:
        """An addition that may have been made, by its key; None where it was not, or where none can be found again.

        Raises:
            SendFailed: The help desk cannot tell.
        """

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """How a ticket stands there, with its agents' answers other than those `told`; None where nobody can be asked.

        Raises:
            SendFailed: The help desk refuses us, is out of reach, or does not know the ticket.
        """

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call that came in its name says, once the bytes of it have proved who makes it.

        Raises:
            CallRefused: They do not, it is too old, or it cannot be read.
        """

    async def examine(self) -> Sequence[Remark]:
        """What stands in the way of opening tickets, as the help desk is set up; asked by `vigie doctor`.

        Raises:
            SendFailed: The help desk refuses us, or is out of reach.
        """

    async def close(self) -> None:
        """Let go of every connection; it can be used again afterwards."""


class Speller(Protocol):
    """Knows the words of some languages."""

    def misspelt(self, words: Sequence[str], lang: str) -> Mapping[str, str | None]:
        """Those of the words that no language they may be in knows, each with the likeliest right word, if any.

        Args:
            words: As written, without the signs around them.
            lang: The language they are in, ISO 639-1; in one that it does not know, every word is right.
        """


class EntityFinder(Protocol):
    """Finds what a text names."""

    def __call__(self, text: str, lang: str) -> Sequence[Entity]:
        """What a text names, in order; `lang` is ISO 639-1, or `und`."""


class AbuseFinder(Protocol):
    """Finds insults, disguised ones too."""

    def in_text(self, text: str) -> Sequence[tuple[int, int]]:
        """Where words that insult whatever stands around them stand in a text, as start and end, in order."""

    def in_name(self, name: str) -> bool:
        """Whether a name that somebody goes by offends, or hides something that does."""


class Crm(Protocol):
    """What keeps the brand's leads besides us, and is told of each of them."""

    async def tell_lead(self, lead: Lead, *, key: str) -> Opened:
        """Tell how a lead stands; what it is called there. What is told again under a key has no effect there.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """

    async def examine(self) -> Sequence[Remark]:
        """What stands in the way of telling, as it is set up; asked by `vigie doctor`.

        Raises:
            SendFailed: It refuses us, or is out of reach.
        """

    async def close(self) -> None:
        """Let go of every connection; it can be used again afterwards."""


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Now, in UTC."""


class Tell(Protocol):
    """Puts a sentence into words."""

    def __call__(self, sentence: Sentence, lang: str | None = None) -> str:
        """The sentence in a language (ISO 639-1); None, or one we do not speak, gives English."""


Channels = Mapping[str, Channel]
"""The channels by name."""

HelpDesks = Mapping[str, HelpDesk]
"""The help desks by the name that the settings give them."""

"""The last look at the moment of sending: go, wait, or leave it to a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto

from inbox.abilities import Abilities
from inbox.checks import Checks, Context, check_words
from inbox.disclosure import disclosed
from inbox.findings import blocking
from inbox.lengths import too_long
from inbox.model import UNDETERMINED, Actor, Label, Visibility
from inbox.outgoing import INSIDE, OutboxKind, Outgoing, is_later_part
from inbox.responses import Polarity, check_blanks
from inbox.sentences import Sentence
from inbox.variety import REPEATED, Said, repeats
from inbox.windows import Way, needs_person, refusal, way_of

MOST_ATTEMPTS = 16
"""With the waits between them, about seven hours: a channel that is down for an evening costs no reply."""

LEASE = timedelta(minutes=2)

LATELY = timedelta(hours=1)
"""Within which automatic replies are counted, those to one contact and those of the whole brand."""

FLOOD_STOPPED = "flood.stopped"
"""What the audit log calls it that the automatic replies of the brand were stopped."""

_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


class Look(Enum):
    """What the last look says."""

    GO = auto()
    HOLD = auto()
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class DueSend:
    """A row of the outbox that is due, with the state of the world it is about to enter.

    `perhaps_sent` says that an earlier attempt may have reached the channel. `message_version_then` and `_now` differ
    when the author has edited; `human_replied_at` is the last reply of a person in the conversation. `labels_then` are
    those that the rule went by, `labels_now` those that stand. `wrote_at` is when the contact wrote what is answered,
    in a private conversation when he last wrote; None where there is nothing that is answered.

    Of automatic replies, `automatic_lately` counts those that the contact has had within `LATELY`, `brand_lately` those
    that anybody has had; `before` are the replies that stand right before it in its thread and on its account. All
    three are empty for what a person sends. `has_spoken` says whether the conversation has had an automatic reply
    before; `disclosure` is the line above the words, once they were given one.
    """

    id: int
    conversation_id: int
    message_id: int | None
    channel: str
    outgoing: Outgoing
    actor: Actor
    attempts: int
    perhaps_sent: bool
    message_deleted: bool
    message_version_then: int
    message_version_now: int
    human_replied_at: datetime | None
    unsure_now: bool
    automatic_lately: int = 0
    brand_lately: int = 0
    before: tuple[Said, ...] = ()
    labels_then: tuple[Label, ...] = ()
    labels_now: tuple[Label, ...] = ()
    message_text: str = ""
    contact_name: str = ""
    visibility: Visibility = Visibility.PUBLIC
    wrote_at: datetime | None = None
    is_private_reply: bool = False
    response: str | None = None
    lang: str = UNDETERMINED
    text: str = ""
    disclosure: str | None = None
    has_spoken: bool = False

    @property
    def is_automatic_reply(self) -> bool:
        """Whether it is words to a contact that no person has sent."""
        return self.outgoing.kind is OutboxKind.REPLY and not self.actor.is_person

    @property
    def is_later_part(self) -> bool:
        """Whether a part of the same reply has left before it: what has been begun is said to its end."""
        return is_later_part(self.outgoing.key)

    @property
    def way(self) -> Way:
        """How it reaches the contact."""
        return way_of(self.visibility, is_private_reply=self.is_private_reply)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one send: what the house has settled, what its channel allows, what its response is for.

    `replies_an_hour` and `replies_a_brand` are how many automatic replies one contact, and all together, get within
    `LATELY`. `disclosure` is the line that says in its language that a message is automatic, "" for none. `polarity`
    and `valid_until` are those of the canned response that the words come from. `today` is the day where the brand is.
    """

    now: datetime
    today: date
    paused: bool = False
    replies_an_hour: int = 3
    replies_a_brand: int = 200
    abilities: Abilities = field(default_factory=Abilities)
    disclosure: str = ""
    checks: Checks = field(default_factory=Checks)
    polarity: Polarity | None = None
    valid_until: date | None = None


def last_look(send: DueSend, terms: Terms) -> tuple[Look, Sentence | None]:
    """Whether something may be done now; for a refusal, why.

    A pause holds what rules send; what a person sends goes out, and so does what is told to nobody outside. A refused
    reply becomes a draft with its reason. What is not a reply was looked at when it was asked for, and stands.
    """
    if send.outgoing.kind is OutboxKind.REPLY and (reason := next(_against(send, terms), None)) is not None:
        return Look.REFUSE, reason
    if send.outgoing.kind is OutboxKind.EDIT and (blanks := check_blanks(send.outgoing.text)):
        return Look.REFUSE, blanks[0].sentence
    if terms.paused and not send.actor.is_person and send.outgoing.kind not in INSIDE and not send.outgoing.frees:
        return Look.HOLD, Sentence("Automatic sending is paused.")
    return Look.GO, None


def disclosure_for(send: DueSend, terms: Terms) -> str | None:
    """The line above what is about to leave: over the first automatic message of a conversation, and no other.

    Words that were given one keep it, so that what is tried again reads as it did.
    """
    if not send.is_automatic_reply:
        return None
    if send.disclosure is not None:
        return send.disclosure
    return terms.disclosure if terms.disclosure and not send.has_spoken and not send.is_later_part else None


def is_looping(send: DueSend, terms: Terms) -> bool:
    """Whether a contact has had as many automatic replies as he may: it may be a machine that answers a machine."""
    return send.is_automatic_reply and not send.is_later_part and send.automatic_lately >= terms.replies_an_hour


def is_flooding(send: DueSend, terms: Terms) -> bool:
    """Whether the brand has sent as many automatic replies as it may: whatever set them off, a person looks first."""
    return send.is_automatic_reply and not send.is_later_part and send.brand_lately >= terms.replies_a_brand


def leaves_as_person(send: DueSend, terms: Terms) -> bool:
    """Whether the channel has to be told that a person sends it."""
    if send.wrote_at is None or not send.actor.is_person or send.outgoing.kind is not OutboxKind.REPLY:
        return False
    return needs_person(terms.abilities.windows, send.way, since=send.wrote_at, now=terms.now)


def _against(send: DueSend, terms: Terms) -> Iterator[Sentence]:
    """What speaks against a reply, the plainest first; what costs most to find out comes last."""
    if send.message_deleted:
        yield Sentence("The author has deleted the message.")
    if send.message_version_now != send.message_version_then:
        yield Sentence("The author has edited the message.")
    if not send.actor.is_person:
        yield from _not_by_itself(send, terms)
    if send.wrote_at is not None:
        shut = refusal(
            terms.abilities.windows, send.way, since=send.wrote_at, now=terms.now, by_person=send.actor.is_person
        )
        if shut is not None:
            yield shut
    yield from _in_the_words(send, terms)


def _not_by_itself(send: DueSend, terms: Terms) -> Iterator[Sentence]:
    """What keeps a rule from speaking, where a person may."""
    if send.unsure_now:
        yield Sentence("The labels of the message are not sure any more.")
    if not set(send.labels_then) <= set(send.labels_now):
        yield Sentence("A person has said since that the message is something else.")
    if Label.OFFENSIVE in send.labels_now:
        yield Sentence("The message is offensive: a person decides whether it is answered.")
    if send.human_replied_at is not None:
        yield Sentence("A person has answered already.")
    if is_looping(send, terms):
        yield Sentence(
            "This contact has had {n} automatic replies within the hour: a person goes on.", n=send.automatic_lately
        )
    if is_flooding(send, terms):
        yield Sentence("{n} automatic replies have left within the hour: a person goes on.", n=send.brand_lately)


def _in_the_words(send: DueSend, terms: Terms) -> Iterator[Sentence]:
    if send.actor.is_person:
        # What else the checks found, he was told when he sent it.
        yield from (finding.sentence for finding in check_blanks(send.text))
        return
    if not send.is_later_part and repeats(Said(send.text, send.contact_name), send.before):
        yield REPEATED
    said = disclosed(disclosure_for(send, terms), send.text)
    if (found := terms.abilities.measure(said)) > terms.abilities.longest:
        yield too_long(found, terms.abilities.longest)
    context = Context(
        today=terms.today,
        lang=send.lang,
        message=send.message_text,
        contact=send.contact_name,
        labels=send.labels_now,
        polarity=terms.polarity,
        valid_until=terms.valid_until,
    )
    yield from (finding.sentence for finding in blocking(check_words(send.text, context, terms.checks)))


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after `attempts` tries; None when it is time to give up.

    Each wait is twice the one before, up to an hour.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: timedelta = _FIRST_WAIT * 2 ** max(0, attempts - 1)
    return now + min(doubled, _LONGEST_WAIT)

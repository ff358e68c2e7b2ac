"""A moderator's labels over the model's: corrected, confirmed, taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.learning import Labelled, in_order, told
from inbox.model import Actor, Label
from inbox.sentences import Sentence

_CORRECTED = Sentence("A person has corrected the labels of the message.")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction changed.

    `before` are the labels that stood until now, `model` those of the model. `withdrawn` counts automatic replies that
    were waiting to leave. `may_train` says whether models learn from the channel.
    """

    message_id: int
    channel: str
    model: tuple[Label, ...]
    before: tuple[Label, ...]
    after: tuple[Label, ...]
    withdrawn: int
    may_train: bool

    @property
    def is_confirmation(self) -> bool:
        """Whether the person says the same as the model."""
        return self.after == self.model


def correct(desk: Desk, message_id: int, *, after: Collection[Label], by: Actor, why: str = "") -> Corrected:
    """Set the labels of a message in a person's name; the same as the model's confirm them.

    Rules are not asked again. Where labels change, replies that rules have put in the outbox are withdrawn: they would
    leave by themselves, on the ground of what turned out to be wrong. Drafts stay, since a person looks at each, and
    one who corrects a label is often about to use the draft with other words.

    Args:
        desk: The desk.
        message_id: The message.
        after: All labels that hold; the others do not.
        by: The person.
        why: In his words, kept with the correction.

    Raises:
        NotFound: There is no such message.
        NotPossible: No model has labelled it as it reads now, or a person has said the same.
    """
    now = desk.clock()
    labels = in_order(after)
    with desk.store.begin() as books:
        stood = _must(books.labels_of(message_id), message_id)
        if stood.model is None:
            raise NotPossible(
                Sentence("Message {id} is not labelled yet. Label what waits: vigie triage", id=message_id)
            )
        changed = labels != stood.labels
        withdrawn = books.withdraw_automatic(message_id, why=_CORRECTED) if changed else 0
        if not books.keep_correction(message_id, after=labels, why=why, by=by, now=now):
            raise NotPossible(Sentence("A person has said the same of message {id} already.", id=message_id))
        reason = (
            Sentence("A person confirmed the labels: {labels}.", labels=told(labels))
            if labels == stood.model
            else Sentence("A person set the labels: {labels}.", labels=told(labels))
        )
        facts = {"before": _words(stood.labels), "after": _words(labels), "model": _words(stood.model)}
        _note(books, by, "message.corrected", message_id, reason, now=now, **facts, withdrawn=withdrawn)
    return Corrected(message_id, stood.channel, stood.model, stood.labels, labels, withdrawn, stood.may_train)


def take_back(desk: Desk, message_id: int, *, by: Actor) -> Labelled:
    """Take a correction back: the model's labels stand again, and nothing is learnt from the message.

    Raises:
        NotFound: There is no such message.
        NotPossible: Nobody has corrected it as it reads now.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        stood = _must(books.labels_of(message_id), message_id)
        if not books.drop_correction(message_id, now=now):
            raise NotPossible(Sentence("There is no correction of message {id} to take back.", id=message_id))
        stands = _must(books.labels_of(message_id), message_id)
        reason = Sentence("A person took the correction back: {labels}.", labels=told(stands.labels))
        facts = {"before": _words(stood.labels), "after": _words(stands.labels)}
        _note(books, by, "message.correction_undone", message_id, reason, now=now, **facts)
    return stands


def _must(found: Labelled | None, message_id: int) -> Labelled:
    if found is None:
        raise NotFound(Sentence("There is no message {id}.", id=message_id))
    return found


def _words(labels: Sequence[Label]) -> list[str]:
    return [label.value for label in labels]


def _note(
    books: Books, by: Actor, what: str, subject_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    books.write_audit([AuditLine(now, by, what, what.partition(".")[0], subject_id, why, facts)])
    books.seal_audit()

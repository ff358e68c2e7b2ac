"""What can go wrong, as a tree.

InboxError
├── BadInput            what was given cannot be read; says where
│   ├── BadLine         one line of a file or stream
│   ├── BadRuleBook     the rule book does not hold together; lists every finding
│   ├── BadResponses    the file of canned responses
│   └── BadSettings     the settings
├── NotFound            there is no such thing
├── NotPossible         there is, but not now, or no longer
│   ├── Collision       somebody of the team is at it, or was first
│   ├── AwaitsApproval  it was kept, and leaves once a colleague approves it
│   └── Unsendable      the checks keep words from being sent; says everything they found
├── NotAllowed          whoever asks has not the right to
├── SendFailed          the channel refused or did not answer
├── CallRefused         a call from outside does not prove who makes it, or is none of ours
├── ChannelTrouble      a channel cannot be listened to, now or as it is set up
├── StoreTrouble        the database is missing, too old, too new or out of reach
└── ModelTrouble        a model file is missing, damaged or from another format
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from inbox.findings import Finding
from inbox.sentences import Sentence, Translate, as_written


class InboxError(Exception):
    """Something a reader can act on; never shown as a traceback."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence

    def told_by(self, translate: Translate) -> str:
        """The error in the language of `translate`."""
        return self.sentence.told_by(translate)


class BadInput(InboxError):
    """What was given cannot be read."""


class BadLine(BadInput):
    """One line of a file or stream cannot be taken in."""

    def __init__(self, line: int, reason: Sentence) -> None:
        super().__init__(Sentence("line {line}: {reason}", line=line, reason=reason))
        self.line = line
        self.reason = reason


class _Findings(BadInput):
    """A file with one or more faults, each told in a sentence of its own."""

    def __init__(self, findings: Sequence[Sentence]) -> None:
        super().__init__(findings[0])
        self.findings = tuple(findings)

    def told_by(self, translate: Translate) -> str:
        """Every finding on a line of its own."""
        return "\n".join(finding.told_by(translate) for finding in self.findings)

    def __str__(self) -> str:
        return self.told_by(as_written)


class BadRuleBook(_Findings):
    """The rule book does not hold together."""


class BadResponses(_Findings):
    """The canned responses do not hold together."""


class BadSettings(_Findings):
    """The settings do not hold together."""


class NotFound(InboxError):
    """There is no such thing."""


class NotPossible(InboxError):
    """It exists, but this cannot be done with it now, or no longer."""


class Collision(NotPossible):
    """Somebody else of the team has answered already, or is about to. `answer` is what he said, None where not yet."""

    def __init__(self, sentence: Sentence, *, answer: str | None = None) -> None:
        super().__init__(sentence)
        self.answer = answer


class AwaitsApproval(NotPossible):
    """A reply was kept, and leaves once a colleague approves it.

    Attributes:
        draft_id: The draft that waits.
    """

    def __init__(self, draft_id: int) -> None:
        super().__init__(Sentence("It waits for a colleague to approve it, and leaves then. Nothing is lost."))
        self.draft_id = draft_id


class Unsendable(NotPossible):
    """Words that the checks keep from being sent, and why. Where `may_insist`, a person may send them all the same."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings[0].sentence)
        self.findings = tuple(finding.sentence for finding in findings)
        self.may_insist = all(finding.may_be_insisted_on for finding in findings)

    def told_by(self, translate: Translate) -> str:
        """Every finding on a line of its own."""
        return "\n".join(finding.told_by(translate) for finding in self.findings)

    def __str__(self) -> str:
        return self.told_by(as_written)


class NotAllowed(InboxError):
    """Whoever asks has not the right to."""


class SendFailed(InboxError):
    """The channel did not do what it was asked to.

    permanent: asking again cannot help. outcome_unknown: no answer came, so it may have been done. broken: the channel
    refuses everything as it is set up. retry_after: the channel is asked too often, and says how long to wait.
    """

    def __init__(
        self,
        sentence: Sentence,
        *,
        permanent: bool,
        outcome_unknown: bool = False,
        broken: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(sentence)
        self.permanent = permanent
        self.outcome_unknown = outcome_unknown
        self.broken = broken
        self.retry_after = retry_after


class Refusal(Enum):
    """Why a call from outside is refused."""

    UNPROVEN = "unproven"
    OLD = "old"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"


class CallRefused(InboxError):
    """A call from outside was not taken, and nothing has changed: why, as a word and as a sentence."""

    def __init__(self, why: Refusal, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.why = why


class ChannelTrouble(InboxError):
    """A channel cannot be listened to: `permanent` until its settings change, else for now."""

    def __init__(self, sentence: Sentence, *, permanent: bool) -> None:
        super().__init__(sentence)
        self.permanent = permanent


class StoreTrouble(InboxError):
    """The database is missing, too old, too new or out of reach."""


class ModelTrouble(InboxError):
    """A model file is missing, damaged or of another format."""

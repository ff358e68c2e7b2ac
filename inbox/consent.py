"""Whether models may learn from a channel."""

from __future__ import annotations

from inbox.audit import AuditLine
from inbox.books import Store
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.ports import Clock
from inbox.sentences import Sentence


def consent(store: Store, channel: str, *, allowed: bool, by: Actor, clock: Clock) -> None:
    """Let models learn from what people wrote on a channel, or no longer.

    Raises:
        NotFound: Nothing has come from such a channel.
        NotPossible: It stands so already.
    """
    now = clock()
    with store.begin() as books:
        known = [one.name for one in books.channels()]
        if channel not in known:
            raise NotFound(
                Sentence(
                    'There is no channel "{name}" yet. There are: {known}.', name=channel, known=", ".join(known) or "–"
                )
            )
        if not books.set_may_train(channel, allowed=allowed):
            raise NotPossible(
                Sentence("{channel} may be learnt from already.", channel=channel)
                if allowed
                else Sentence("{channel} is not learnt from anyway.", channel=channel)
            )
        reason = (
            Sentence("Models may learn from {channel}.", channel=channel)
            if allowed
            else Sentence("Models may not learn from {channel} any more.", channel=channel)
        )
        what = "channel.training_allowed" if allowed else "channel.training_forbidden"
        books.write_audit([AuditLine(now, by, what, "channel", 0, reason, {"channel": channel})])
        books.seal_audit()

"""Having people called: what rules ask for is kept with everything else of a message, and put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from inbox.actions import Notify
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.calls import NewCall, call_for
from inbox.model import Actor
from inbox.outcome import Outcome
from inbox.sentences import Sentence
from inbox.sla import ChainStep

NEWS = timedelta(days=1)
"""Nobody is called about a message that is older than this when it is read, such as one of an import."""


def call_about(
    books: Books, outcomes: Sequence[Outcome], *, chains: Mapping[str, Sequence[ChainStep]], now: datetime
) -> int:
    """Call whom the rules ask for about messages that have just been decided on; how many calls there are."""
    asked = [
        (one, plan.action, plan.rule)
        for one in outcomes
        if one.message.sent_at > now - NEWS
        for plan in one.decision.actions
        if isinstance(plan.action, Notify)
    ]
    if not asked:
        return 0
    team = books.moderators()
    done = 0
    for one, action, rule in asked:
        place = one.message.conversation_id
        call = call_for(action, rule=rule, conversation_id=place, team=team, chains=chains)
        done += put_on_record(books, call, now=now)
    return done


def put_on_record(books: Books, call: NewCall, *, now: datetime) -> bool:
    """Keep a call, with its line in the audit log; False where the same rule has called for the same already."""
    number = books.keep_call(call, now=now)
    if number is None:
        return False
    why = (
        Sentence('The rule "{rule}" calls {names}.', rule=call.rule, names=", ".join(call.people))
        if call.people
        else Sentence('The rule "{rule}" calls the team.', rule=call.rule)
    )
    facts = {"people": [*call.people], "ping": number, "event": call.event}
    line = AuditLine(now, Actor.rule(call.rule), "rule.called", "conversation", call.conversation_id, why, facts)
    books.write_audit([line])
    return True

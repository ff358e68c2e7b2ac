"""Reports: a member points at a message; the conversation goes up in the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.events import Reported
from inbox.model import Actor, StoredMessage
from inbox.policy import Policy
from inbox.ports import Clock
from inbox.sentences import Sentence

_HOUR = timedelta(hours=1)


def receive_report(store: Store, event: Reported, *, policy: Policy, clock: Clock) -> Sentence:
    """Keep a report, each member's once per message; what to tell the reporter.

    A message that is not known yet is taken in.
    """
    with store.begin() as books:
        books.take_turn()
        told = _keep(books, event, policy=policy, now=clock())
        books.seal_audit()
        return told


def _keep(books: Books, event: Reported, *, policy: Policy, now: datetime) -> Sentence:
    said = event.message
    known = books.find_message(said.channel, said.external_id)
    if (refusal := _against(books, event, known, policy=policy)) is not None:
        return refusal
    if known is None:
        books.add_messages([said], now=now)
        known = books.find_message(said.channel, said.external_id)
        if known is None:
            return Sentence("This message cannot be reported.")
    count = books.keep_report(known.id, event)
    why = (
        Sentence("A member has reported a message.")
        if count == 1
        else Sentence("{n} members have reported a message.", n=count)
    )
    books.call_attention(known.conversation_id, why=why)
    actor = Actor.vigie(f"channel/{said.channel}")
    facts = {"reporter": event.reporter, "reports": count}
    books.write_audit([AuditLine(now, actor, "message.reported", "message", known.id, why, facts)])
    return Sentence("Thank you. The moderators have been told.")


def _against(books: Books, event: Reported, known: StoredMessage | None, *, policy: Policy) -> Sentence | None:
    said = event.message
    if event.reporter == said.author:
        return Sentence("This message is your own. You can edit or delete it yourself.")
    if books.is_ours(said.channel, said.external_id):
        return Sentence("This message is one of ours. If it is wrong, please answer it and say so.")
    if known is not None and known.deleted_at is not None:
        return Sentence("Thank you. This message is gone already.")
    if known is not None and books.has_reported(known.id, event.reporter):
        return Sentence("You have reported this message already. Thank you, we are looking at it.")
    lately = books.reports_by(said.channel, event.reporter, since=event.at - _HOUR)
    return _too_many(lately, policy, at=event.at) if len(lately) >= policy.reports_an_hour else None


def _too_many(lately: list[datetime], policy: Policy, *, at: datetime) -> Sentence:
    if not lately:
        return Sentence("Reports are not taken here.")
    # The oldest that still counts against the limit has to be an hour old.
    frees_at = sorted(lately)[-policy.reports_an_hour] + _HOUR
    minutes = max(1, -((at - frees_at) // timedelta(minutes=1)))
    return Sentence(
        "Thank you for your reports. That is enough for now: you can report again in {minutes} min.", minutes=minutes
    )

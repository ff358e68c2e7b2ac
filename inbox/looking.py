"""The last look and the note that something is begun, in one transaction: nothing changes between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inbox.abilities import Abilities
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.delivery import (
    FLOOD_STOPPED,
    LATELY,
    DueSend,
    Look,
    Terms,
    disclosure_for,
    is_flooding,
    is_looping,
    last_look,
    leaves_as_person,
)
from inbox.desk import Desk
from inbox.disclosure import disclosed, line_for
from inbox.model import Actor
from inbox.sentences import Sentence
from inbox.switches import PAUSED

_UNKNOWN = Abilities()
"""What is taken for granted of a channel that is not connected here: there, the send fails all the same."""


def look_and_begin(desk: Desk, claimed: DueSend, *, against: Sentence | None = None) -> DueSend | None:
    """Look at a claimed row once more, and note that it is begun; what may not leave is given back or refused here.

    Automatic replies are looked at one after the other, whoever looks: two workers never count the same past, and
    never both find that their words are new.

    Args:
        desk: The desk.
        claimed: The row, as it was when it was claimed.
        against: What its way out has found to speak against it, if anything.

    Returns:
        What is to be done, as it is to be handed over; None where nothing is.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        if claimed.is_automatic_reply:
            books.take_turn()
        send = books.due_send(claimed.id, lately=now - LATELY)
        if send is None or send.attempts != claimed.attempts:
            return None
        terms = terms_of(desk, send, paused=books.switch(PAUSED).is_on, now=now)
        look, why = last_look(send, terms) if against is None else (Look.REFUSE, against)
        if look is Look.GO:
            line = disclosure_for(send, terms)
            books.note_attempt(send.id, disclosure=line)
            return _as_handed_over(send, line, terms)
        if look is Look.HOLD or why is None:
            books.release(send.id)
        else:
            _refuse(books, send, why, terms)
        return None


def terms_of(desk: Desk, send: DueSend, *, paused: bool, now: datetime) -> Terms:
    """What holds for one send."""
    response = desk.responses.get(send.response or "")
    return Terms(
        now=now,
        today=now.astimezone(desk.brand.hours.zone).date(),
        paused=paused,
        replies_an_hour=desk.replies_an_hour,
        replies_a_brand=desk.replies_a_brand,
        abilities=desk.abilities.get(send.channel, _UNKNOWN),
        disclosure=line_for(send.lang, desk.disclosures, desk.brand.languages),
        checks=desk.checks,
        polarity=response.polarity if response else None,
        valid_until=response.valid_until if response else None,
    )


def line_about(
    send: DueSend, what: str, why: Sentence, *, now: datetime, by: Actor | None = None, **facts: object
) -> AuditLine:
    """A line of the audit log about something that is on its way."""
    return AuditLine(
        at=now,
        actor=by or send.actor,
        what=what,
        subject="outbox",
        subject_id=send.id,
        reason=why,
        facts={
            "kind": send.outgoing.kind.value,
            "conversation": send.conversation_id,
            "message": send.message_id,
            "attempts": send.attempts,
            **facts,
        },
    )


def _as_handed_over(send: DueSend, line: str | None, terms: Terms) -> DueSend:
    if not send.text:
        return send
    text, as_person = disclosed(line, send.text), leaves_as_person(send, terms)
    return replace(send, disclosure=line, outgoing=replace(send.outgoing, text=text, as_person=as_person))


def _refuse(books: Books, send: DueSend, why: Sentence, terms: Terms) -> None:
    now = terms.now
    books.refuse(send.id, why=why, now=now)
    books.write_audit([line_about(send, "outbox.refused", why, now=now)])
    if is_looping(send, terms) and books.alert_loop(send.conversation_id):
        books.write_audit([line_about(send, "loop.stopped", why, now=now)])
    if is_flooding(send, terms) and books.alert_flood(send.conversation_id, why=why, since=now - LATELY):
        facts = {"outbox": send.id, "conversation": send.conversation_id, "replies": send.brand_lately}
        stopped = Sentence("The automatic replies of the brand were stopped: too many within the hour.")
        books.write_audit([AuditLine(now, Actor.vigie("delivery"), FLOOD_STOPPED, "brand", 0, stopped, facts)])
    books.seal_audit()

"""Calling people on a board, since nobody has acknowledged an escalation, or a rule asks for it; each call once.

What a process was killed over is put up again where the channel knows that it is the same, and else stays as it is: it
may stand there, the audit log says so, and the next step of the chain follows.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from bot.board import Board
from bot.commands.card import digest
from bot.commands.views import Button, Line, Press, Tone, View, When, bold, dotted, line, quote
from inbox.audit import AuditLine
from inbox.cards import PingRow
from inbox.care import is_blurred
from inbox.delivery import next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.people import Moderator
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.switches import CRISIS
from inbox.telling import HIDDEN
from inbox.text import excerpt
from inbox.views import ConversationView
from inbox.work import CLOCK

log = structlog.get_logger()

_AT_ONCE = 5
_SHOWN = 200


class Pinger:
    """Puts calls up on one board, and has them say so once somebody has acknowledged.

    Args:
        desk: The brand.
        board: Where they stand.
        lang: The language they are in.
        limiter: What has left on the channel lately, shared with cards and replies.
    """

    def __init__(self, desk: Desk, board: Board, *, lang: str, limiter: RateLimiter) -> None:
        self._desk = desk
        self._board = board
        self._lang = lang
        self._limiter = limiter
        self._begun: set[int] = set()

    async def step(self) -> int:
        """Put up what is new, and change what is over; how many calls were dealt with."""
        done = 0
        for row, view in await asyncio.to_thread(self._look):
            try:
                done += await self._show(row, view)
            except InboxError:
                raise
            except Exception as error:  # a fault with one call must keep no other from being put up
                log.exception("pings.fault", board=self._board.name, conversation=row.conversation_id)
                why = Sentence("A fault of ours: {error}.", error=type(error).__name__)
                await asyncio.to_thread(self._failed, row, why, self._desk.clock())
        return done

    def _look(self) -> list[tuple[PingRow, View]]:
        now, name = self._desk.clock(), self._board.name
        with self._desk.store.read() as books:
            waits = self._desk.brand.is_quiet(now) and not books.switch(CRISIS).is_on
            wanted = books.wanted_pings(name, limit=_AT_ONCE, urgent_only=waits)
        if wanted:
            with self._desk.store.begin() as books:
                for one in wanted:
                    books.begin_ping(name, one, now=now)
        with self._desk.store.read() as books:
            rows = [row for row in books.pings_on(name) if self._concerns(row, wanted, now)]
            team = books.moderators() if rows else []
            views = [(row, books.conversation(row.conversation_id, with_context=False)) for row in rows]
        return [(row, call_told(row, view, team=team, channel=name)) for row, view in views if view is not None]

    def _concerns(self, row: PingRow, wanted: list[int], now: datetime) -> bool:
        """Whether a call is to be put up or changed now: one that stands and is not over says what it is to say."""
        if row.external_id is not None and not row.is_over:
            return False
        if row.ping_id in wanted:
            self._begun.add(row.id)
        return row.id in self._begun or row.again_at is None or row.again_at <= now

    async def _show(self, row: PingRow, view: View) -> bool:
        now = self._desk.clock()
        if row.external_id is None and row.is_over:
            await asyncio.to_thread(self._shown, row, None, view)
            return False
        if self._limiter.take(self._board.buckets, now=now):
            self._begun.add(row.id)
            return False
        external_id = row.external_id
        if external_id is None and row.begun_at is not None and now - row.begun_at >= self._board.remembers:
            await asyncio.to_thread(self._left_in_doubt, row, view)
            return False
        try:
            if external_id is None:
                if row.begun_at is None:
                    await asyncio.to_thread(self._begin, row)
                external_id = await self._board.post(view, lang=self._lang, key=f"ping:{row.id}")
            else:
                # One that somebody has deleted needs no change.
                await self._board.change(external_id, view, lang=self._lang)
        except SendFailed as error:
            if error.retry_after is not None:
                self._limiter.block(self._board.buckets, until=now + error.retry_after)
            await asyncio.to_thread(self._failed, row, error.sentence, now, in_doubt=error.outcome_unknown)
            return False
        await asyncio.to_thread(self._shown, row, external_id, view)
        return True

    def _begin(self, row: PingRow) -> None:
        with self._desk.store.begin() as books:
            books.begin_post(row.id, now=self._desk.clock())

    def _left_in_doubt(self, row: PingRow, view: View) -> None:
        """Put up no second time what may stand there, and say so in the audit log."""
        now = self._desk.clock()
        log.warning("pings.in_doubt", board=self._board.name, conversation=row.conversation_id)
        self._begun.discard(row.id)
        why = Sentence(
            "Whether the call on {channel} stands there is not known: it is not repeated.", channel=self._board.name
        )
        line_of_it = AuditLine(
            now, CLOCK, "call.in_doubt", "conversation", row.conversation_id, why, {"ping": row.ping_id}
        )
        with self._desk.store.begin() as books:
            books.mark_ping_shown(row.id, external_id=None, shown=digest(view), closed=True, now=now)
            books.write_audit([line_of_it])
            books.seal_audit()

    def _shown(self, row: PingRow, external_id: str | None, view: View) -> None:
        self._begun.discard(row.id)
        with self._desk.store.begin() as books:
            books.mark_ping_shown(
                row.id, external_id=external_id, shown=digest(view), closed=row.is_over, now=self._desk.clock()
            )

    def _failed(self, row: PingRow, error: Sentence, now: datetime, *, in_doubt: bool = False) -> None:
        log.warning("pings.not_shown", board=self._board.name, conversation=row.conversation_id, error=str(error))
        self._begun.discard(row.id)
        again_at = next_attempt(min(row.attempts + 1, 8), now=now) or now
        with self._desk.store.begin() as books:
            books.mark_ping_unshown(row.id, error=error, again_at=again_at, in_doubt=in_doubt)


def call_told(row: PingRow, view: ConversationView, *, team: list[Moderator], channel: str) -> View:
    """That people are called, what for, and what to tap; once it is over, who has acknowledged it."""
    about = Sentence("Conversation {id}, {contact}", id=row.conversation_id, contact=view.contact)
    if row.is_over:
        ended = (
            dotted(Sentence("✓ {person} has acknowledged it", person=row.accepted_by), When(row.accepted_at))
            if row.accepted_at is not None
            else line(Sentence("It is taken care of."))
        )
        return View((line(bold(about)), ended), is_for_all=True)
    place = None if row.queue is None else Sentence("with {queue}", queue=row.queue)
    lines: list[Line] = [dotted(bold(about), place, When(row.called_at)), *_why_told(row)]
    if (shown := view.subject) is not None:
        lines.append(quote(HIDDEN if is_blurred(shown.labels, shown.severity) else excerpt(shown.text, _SHOWN)))
    if row.people:
        lines.append(line(Sentence("Called: {names}.", names=", ".join(row.people))))
    known = {one.name: external for one in team for name, external in one.identities if name == channel}
    return View(
        tuple(lines),
        rows=((_answer_to(view),),),
        is_for_all=True,
        mentions={name: known[name] for name in row.people if name in known},
    )


def _why_told(row: PingRow) -> list[Line]:
    """Why people are called: nobody has acknowledged, or what a rule says."""
    if row.rule is None:
        return [line(Sentence("Nobody has acknowledged this escalation yet."))]
    named = Sentence('Called by the rule "{rule}".', rule=row.rule)
    said = [line(bold(row.says))] if row.says else []
    return [*said, *([line(row.why)] if row.why is not None else []), line(named)]


def _answer_to(view: ConversationView) -> Button:
    """What whoever is called taps: that he has seen the escalation, or that he takes the conversation."""
    number = (str(view.id),)
    escalation = view.escalation
    if escalation is not None and escalation.accepted_at is None:
        return Button(Sentence("Acknowledge"), Press("ack", number), Tone.GOOD)
    return Button(Sentence("Take it"), Press("claim", number), Tone.GOOD)

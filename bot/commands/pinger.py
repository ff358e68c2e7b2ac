"""Calling people on a board because nobody has acknowledged an escalation; what is put up is never lost."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from bot.board import Board
from bot.commands.card import digest
from bot.commands.telling import HIDDEN
from bot.commands.views import Button, Line, Press, Tone, View, When, bold, dotted, line, quote
from inbox.cards import PingRow
from inbox.care import is_blurred
from inbox.delivery import next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.people import Moderator
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.text import excerpt
from inbox.views import ConversationView

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
            wanted = books.wanted_pings(name, limit=_AT_ONCE)
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
        try:
            if external_id is None:
                external_id = await self._board.post(view, lang=self._lang, key=f"ping:{row.id}")
            else:
                # One that somebody has deleted needs no change.
                await self._board.change(external_id, view, lang=self._lang)
        except SendFailed as error:
            if error.retry_after is not None:
                self._limiter.block(self._board.buckets, until=now + error.retry_after)
            await asyncio.to_thread(self._failed, row, error.sentence, now)
            return False
        await asyncio.to_thread(self._shown, row, external_id, view)
        return True

    def _shown(self, row: PingRow, external_id: str | None, view: View) -> None:
        self._begun.discard(row.id)
        with self._desk.store.begin() as books:
            books.mark_ping_shown(
                row.id, external_id=external_id, shown=digest(view), closed=row.is_over, now=self._desk.clock()
            )

    def _failed(self, row: PingRow, error: Sentence, now: datetime) -> None:
        log.warning("pings.not_shown", board=self._board.name, conversation=row.conversation_id, error=str(error))
        self._begun.discard(row.id)
        again_at = next_attempt(min(row.attempts + 1, 8), now=now) or now
        with self._desk.store.begin() as books:
            books.mark_ping_unshown(row.id, error=error, again_at=again_at)


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
    lines: list[Line] = [
        dotted(bold(about), Sentence("with {queue}", queue=row.queue), When(row.called_at)),
        line(Sentence("Nobody has acknowledged this escalation yet.")),
    ]
    if (shown := view.subject) is not None:
        lines.append(quote(HIDDEN if is_blurred(shown.labels, shown.severity) else excerpt(shown.text, _SHOWN)))
    if row.people:
        lines.append(line(Sentence("Called: {names}.", names=", ".join(row.people))))
    known = {one.name: external for one in team for name, external in one.identities if name == channel}
    return View(
        tuple(lines),
        rows=((Button(Sentence("Acknowledge"), Press("ack", (str(row.conversation_id),)), Tone.GOOD),),),
        is_for_all=True,
        mentions={name: known[name] for name in row.people if name in known},
    )

"""Keeping the cards of a board as the conversations stand: put up, brought up to date, repaired; never lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.board import Board
from bot.commands.announcer import Announcer
from bot.commands.card import card, digest, is_closed
from bot.commands.cards import facts_of
from bot.commands.pinger import Pinger
from bot.commands.views import View
from inbox.cards import CardRow
from inbox.delivery import next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.outgoing import OutboxKind
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.views import SendState

log = structlog.get_logger()

_LOOK_EVERY_S = 2.0
_NEW_AT_ONCE = 5
"""How many cards are put up before what has changed is looked at again: the most pressing go first."""

_LINES = 2_000
_ON_ITS_WAY = frozenset({SendState.WAITING, SendState.SENDING})
_SWEEP = timedelta(minutes=1)
"""How often every card is looked at, for what changes by the clock alone."""


@dataclass(frozen=True, slots=True)
class _Job:
    row: CardRow
    view: View
    shown: str
    closed: bool


class Keeper:
    """Keeps the cards of one brand on one board.

    Args:
        desk: The brand.
        board: Where they stand.
        lang: The language they are in.
        limiter: What has left on the channel lately, shared with the replies there.
    """

    def __init__(self, desk: Desk, board: Board, *, lang: str, limiter: RateLimiter) -> None:
        self._desk = desk
        self._board = board
        self._lang = lang
        self._limiter = limiter
        self._pinger = Pinger(desk, board, lang=lang, limiter=limiter)
        self._announcer = Announcer(desk, board, lang=lang, limiter=limiter)
        self._seq: int | None = None
        self._due: set[int] = set()
        self._limited: set[int] = set()
        self._new: set[int] = set()
        self._is_behind = False
        self._swept_at: datetime | None = None
        self._woken = asyncio.Event()

    @property
    def board(self) -> Board:
        """Where the cards stand."""
        return self._board

    def wake(self) -> None:
        """Say that something has changed: it is looked at at once."""
        self._woken.set()

    async def run(self) -> None:
        """Keep the cards until cancelled."""
        while True:
            self._woken.clear()
            try:
                busy = await self.step()
            except InboxError as error:
                log.warning("cards.trouble", board=self._board.name, error=str(error))
                busy = 0
            except Exception:  # a fault with one card must not take the board away
                log.exception("cards.fault", board=self._board.name)
                busy = 0
            if not busy:
                try:
                    async with asyncio.timeout(_LOOK_EVERY_S):
                        await self._woken.wait()
                except TimeoutError:
                    pass

    async def step(self) -> int:
        """Bring what has changed up to date, put up what is new; how many cards, calls and alerts were dealt with."""
        done = await self._announcer.step() + await self._pinger.step()
        for job in await asyncio.to_thread(self._look):
            try:
                done += await self._show(job)
            except InboxError:
                raise
            except Exception as error:
                log.exception("cards.fault", board=self._board.name, conversation=job.row.conversation_id)
                why = Sentence("A fault of ours: {error}.", error=type(error).__name__)
                await asyncio.to_thread(self._failed, job.row, why, self._desk.clock())
        return done

    def _look(self) -> list[_Job]:
        """What has to be shown: what reads otherwise, then what is new, the most pressing first."""
        now = self._desk.clock()
        name = self._board.name
        with self._desk.store.begin() as books:
            books.seal_audit()
            if self._seq is None:
                self._seq = books.last_sealed()
            self._seq, changed = books.changed_since(self._seq, limit=_LINES)
        self._due.update(changed)
        self._new.update(changed)
        is_swept = self._swept_at is not None and now - self._swept_at < _SWEEP
        with self._desk.store.read() as books:
            there = {row.conversation_id: row for row in books.cards_on(name)}
            among = self._new if is_swept and not self._is_behind else None
            wanted = books.wanted_cards(name, limit=_NEW_AT_ONCE, among=among)
        # As long as there is more than is put up at once, all of it is looked at: the most pressing go first.
        self._is_behind = len(wanted) == _NEW_AT_ONCE
        if not self._is_behind:
            self._new.clear()
        if not is_swept:
            self._due.update(there)
            self._swept_at = now
        # What the rates have kept back is ours to show as soon as they let it.
        limited, self._limited = self._limited, set()
        waits = {
            place
            for place, row in there.items()
            if row.again_at is not None and row.again_at > now and place not in limited
        }
        looked_at = [place for place, row in there.items() if place not in waits and self._concerns(place, row, now)]
        jobs = [job for place in looked_at if (job := self._job(there[place])) is not None]
        self._due &= waits
        for place in wanted:
            with self._desk.store.begin() as books:
                row = books.reopen_card(name, place) or books.open_card(name, place, now=now)
            if row is not None and (job := self._job(row)) is not None:
                jobs.append(job)
        return jobs

    def _concerns(self, place: int, row: CardRow, now: datetime) -> bool:
        tried_again = row.again_at is not None and row.again_at <= now
        return place in self._due or row.external_id is None or tried_again

    def _job(self, row: CardRow) -> _Job | None:
        """What has to be shown of a card, if anything; one that cannot be made keeps no other from being shown."""
        try:
            return self._made(row)
        except InboxError:
            raise
        except Exception as error:
            log.exception("cards.fault", board=self._board.name, conversation=row.conversation_id)
            self._failed(row, Sentence("A fault of ours: {error}.", error=type(error).__name__), self._desk.clock())
            return None

    def _made(self, row: CardRow) -> _Job | None:
        facts = facts_of(self._desk, row.conversation_id)
        if facts is None:
            return None
        view = card(facts)
        shown = digest(view)
        # What is on its way may yet fail, and what a help desk offers may yet be sent: the card will change.
        closed = (
            is_closed(facts.view)
            and facts.view.offered is None
            and not any(
                send.state in _ON_ITS_WAY and (send.kind == OutboxKind.REPLY or send.not_before <= facts.now)
                for send in facts.view.sends
            )
        )
        if shown == row.shown and row.external_id is not None and not closed:
            return None
        return _Job(row, view, shown, closed)

    async def _show(self, job: _Job) -> bool:
        now = self._desk.clock()
        buckets = self._board.buckets
        if wait := self._limiter.take(buckets, now=now):
            self._due.add(job.row.conversation_id)
            self._limited.add(job.row.conversation_id)
            await asyncio.sleep(min(wait.total_seconds(), _LOOK_EVERY_S))
            return False
        try:
            external_id = job.row.external_id
            if external_id is None:
                if job.closed:
                    await asyncio.to_thread(self._lost, job)
                    return False
                external_id = await self._board.post(job.view, lang=self._lang, key=f"card:{job.row.id}")
            elif not await self._board.change(external_id, job.view, lang=self._lang):
                await asyncio.to_thread(self._lost, job)
                return True
        except SendFailed as error:
            if error.retry_after is not None:
                self._limiter.block(buckets, until=now + error.retry_after)
            await asyncio.to_thread(self._failed, job.row, error.sentence, now)
            return False
        await asyncio.to_thread(self._shown, job, external_id)
        return True

    def _shown(self, job: _Job, external_id: str) -> None:
        with self._desk.store.begin() as books:
            books.mark_shown(
                job.row.id, external_id=external_id, shown=job.shown, closed=job.closed, now=self._desk.clock()
            )

    def _lost(self, job: _Job) -> None:
        """Forget a card that is gone from the board; where its conversation still needs a person, it gets a new one."""
        log.warning("cards.gone", board=self._board.name, conversation=job.row.conversation_id)
        with self._desk.store.begin() as books:
            books.mark_lost(job.row.id, now=self._desk.clock())

    def _failed(self, row: CardRow, error: Sentence, now: datetime) -> None:
        log.warning("cards.not_shown", board=self._board.name, conversation=row.conversation_id, error=str(error))
        again_at = next_attempt(min(row.attempts + 1, 8), now=now) or now + _SWEEP
        with self._desk.store.begin() as books:
            books.mark_unshown(row.id, error=error, again_at=again_at)

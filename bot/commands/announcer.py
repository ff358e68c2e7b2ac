"""Putting alerts up on a board, and having them say how things stand; what is put up is never lost."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from bot.board import Board
from bot.commands.alerts import alert_told, report_told
from bot.commands.card import digest
from bot.commands.views import View
from inbox.alerts import Alert, AlertKind, AlertPost
from inbox.books import Books
from inbox.delivery import next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.figures import Figures
from inbox.rates import RateLimiter
from inbox.samples import samples_of
from inbox.sentences import Sentence
from inbox.switches import CRISIS

log = structlog.get_logger()

_AT_ONCE = 5


class Announcer:
    """Puts alerts up on one board.

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
        """Put up what is new, and change what reads otherwise; how many alerts were dealt with."""
        done = 0
        for post, view in await asyncio.to_thread(self._look):
            try:
                done += await self._show(post, view)
            except InboxError:
                raise
            except Exception as error:  # a fault with one alert must keep no other from being put up
                log.exception("alerts.fault", board=self._board.name, alert=post.alert.id)
                why = Sentence("A fault of ours: {error}.", error=type(error).__name__)
                await asyncio.to_thread(self._failed, post, why, self._desk.clock())
        return done

    def _look(self) -> list[tuple[AlertPost, View]]:
        now, name = self._desk.clock(), self._board.name
        with self._desk.store.read() as books:
            wanted = [one for one in books.wanted_alerts(name, now=now, limit=_AT_ONCE) if self._belongs(one)]
        begun: set[int] = set()
        if wanted:
            with self._desk.store.begin() as books:
                begun = {one.id for one in wanted if books.begin_alert_post(name, one, now=now)}
        with self._desk.store.read() as books:
            posts = [post for post in books.alert_posts_on(name) if self._may_show(post, begun, now)]
            shown = [(post, self._told(books, post)) for post in posts]
        return [(post, view) for post, view in shown if post.is_over or digest(view) != post.shown]

    def _belongs(self, alert: Alert) -> bool:
        """Whether an alert is to stand here: whoever declares a crisis in a chat calls the team there himself."""
        return alert.kind is not AlertKind.CRISIS or alert.facts.get("called_on") != self._board.name

    def _may_show(self, post: AlertPost, begun: set[int], now: datetime) -> bool:
        """Whether an alert may be put up or changed now: not while another process is at it, nor too soon again."""
        if post.external_id is None and post.level == post.alert.level and post.alert.id in begun:
            self._begun.add(post.id)
        return post.id in self._begun or post.again_at is None or post.again_at <= now

    def _told(self, books: Books, post: AlertPost) -> View:
        if post.alert.kind is AlertKind.REPORT:
            return report_told(post.alert, Figures(self._lang, self._desk.tell))
        facts = post.alert.facts
        runs = books.switch(CRISIS).is_on
        is_quiet = self._desk.brand.is_quiet(self._desk.clock()) and post.alert.kind is not AlertKind.CRISIS
        is_called = runs and post.alert.kind is not AlertKind.CRISIS
        called = {} if is_quiet or is_called or post.is_over else self._present(books)
        # What is over quotes nobody any more: nobody looks after its words there.
        samples = () if post.is_over else samples_of(books, facts.get("samples", ()))
        return alert_told(post, self._desk, samples=samples, crisis_runs=runs, called=called)

    def _present(self, books: Books) -> dict[str, str]:
        """Everybody of the team who is there, with the channel's id of each."""
        return {
            one.name: external
            for one in books.moderators()
            if one.stands and one.absent_since is None
            for channel, external in one.identities
            if channel == self._board.name
        }

    async def _show(self, post: AlertPost, view: View) -> bool:
        now = self._desk.clock()
        if post.external_id is None and post.is_over:
            await asyncio.to_thread(self._shown, post, None, view)
            return False
        if self._limiter.take(self._board.buckets, now=now):
            self._begun.add(post.id)
            return False
        external_id = post.external_id
        try:
            if external_id is None:
                external_id = await self._board.post(view, lang=self._lang, key=f"alert:{post.id}")
            else:
                # One that somebody has deleted needs no change.
                await self._board.change(external_id, view, lang=self._lang)
        except SendFailed as error:
            if error.retry_after is not None:
                self._limiter.block(self._board.buckets, until=now + error.retry_after)
            await asyncio.to_thread(self._failed, post, error.sentence, now)
            return False
        await asyncio.to_thread(self._shown, post, external_id, view)
        return True

    def _shown(self, post: AlertPost, external_id: str | None, view: View) -> None:
        self._begun.discard(post.id)
        with self._desk.store.begin() as books:
            books.mark_alert_shown(
                post.id, external_id=external_id, shown=digest(view), closed=post.is_over, now=self._desk.clock()
            )

    def _failed(self, post: AlertPost, error: Sentence, now: datetime) -> None:
        log.warning("alerts.not_shown", board=self._board.name, alert=post.alert.id, error=str(error))
        self._begun.discard(post.id)
        again_at = next_attempt(min(post.attempts + 1, 8), now=now) or now
        with self._desk.store.begin() as books:
            books.mark_alert_unshown(post.id, error=error, again_at=again_at)

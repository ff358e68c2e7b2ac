"""What a page that is open asks for by itself: which conversations have changed, and how they stand now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import Field

from inbox.errors import InboxError, NotFound
from inbox.people import Right
from web.filters import ANY, Filters, read_spot
from web.live import BEAT_S, MOST, Feed, Live, News
from web.opened import open_conversation
from web.pages.inbox import TOLD, inbox_page, list_rows
from web.visitor import SignInNeeded, Visitor, onlooker, watching

router = APIRouter(prefix="/b/{brand}", include_in_schema=False)

Watching = Annotated[Visitor, Depends(watching)]
Numbers = Annotated[list[Annotated[int, Field(ge=1, lt=2**31)]], Query(max_length=200)]

_RETRY = b"retry: 3000\n\n"
_BEAT = b": \n\n"
_ENDED = b"event: ended\ndata: -\n\n"


@router.get("/live")
def live(
    request: Request,
    who: Watching,
    since: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Tell which conversations change, as server-sent events, until the session ends.

    Goes on where the browser was cut off, else where its page was made.
    """
    feed = cast(Live, request.app.state.live).feed(who.brand)
    if feed.watchers >= MOST:
        return Response(status_code=503, headers={"Retry-After": "60"})
    after = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else since
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold it back
    told = _told(feed, after, lambda: _is_there(request, who.brand))
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)


@router.get("/rows")
def rows(request: Request, who: Watching, shown: Numbers = [], new: Numbers = []) -> HTMLResponse:  # noqa: B006  # FastAPI copies defaults
    """Show some rows of the list again as they stand now, and say which new conversations have a place in it.

    Those that are shown and fit its filters no more come all the same: nothing goes away under the cursor.
    """
    filters = Filters.of(request.query_params)
    there = list_rows(who, filters.whole, limit=400, among=[*shown, *new])
    fitting = {row.item.conversation_id for row in there}
    gone = [one for one in shown if one not in fitting]
    left = list_rows(who, Filters(status=ANY), limit=200, among=gone) if gone else []
    last = read_spot(request.query_params.get("last", ""))
    fresh = [row.item.spot for row in there if row.item.conversation_id in set(new)]
    return who.page(
        "inbox.html.jinja",
        **TOLD,
        frame="live_rows.html.jinja",
        filters=filters,
        opened=None,
        done=None,
        ANY=ANY,
        rows=[*(row for row in there if row.item.conversation_id in set(shown)), *left],
        left=[row.item.conversation_id for row in left],
        fresh=[spot.conversation_id for spot in fresh if last is None or spot.is_before(last)],
    )


@router.get("/talk/{conversation}")
def talk(request: Request, who: Watching, conversation: int) -> HTMLResponse:
    """Show an open conversation again as it stands now."""
    opened = open_conversation(who, conversation)
    return inbox_page(who, Filters.of(request.query_params), opened=opened, frame="live_talk.html.jinja")


async def _told(feed: Feed, after: int | None, is_there: Callable[[], bool]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    looked_at = loop.time()
    async with feed.watched():
        yield _RETRY
        while not feed.is_closed:
            try:
                after = await feed.here() if after is None else after
                news = await feed.news(after)
                if loop.time() - looked_at >= BEAT_S:
                    looked_at = loop.time()
                    if not await asyncio.to_thread(is_there):
                        yield _ENDED
                        return
            except InboxError:
                return  # the browser comes again in a moment
            if news is None:
                yield _BEAT
            else:
                after = news.place
                yield _written(news)


def _written(news: News) -> bytes:
    name = "behind" if news.is_behind else "changed"
    return f"id: {news.place}\nevent: {name}\ndata: {' '.join(map(str, news.conversations)) or '-'}\n\n".encode()


def _is_there(request: Request, brand: str) -> bool:
    """Whether somebody's session has not ended, and he is still of the team."""
    try:
        return onlooker(request, brand).may(Right.LOOK)
    except (SignInNeeded, NotFound):
        return False

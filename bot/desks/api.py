"""Asking a help desk over HTTP, and what its refusals mean in our words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from inbox.errors import SendFailed
from inbox.sentences import Sentence

PATIENCE = timedelta(seconds=15)
"""How long one call may take."""

_UNTOLD_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_LONGEST_REASON = 300
_PASSING = frozenset({408, 425})
"""Refusals that say nothing of what was asked, only of now."""

_REASONS = ("error_human", "message", "description", "error", "title", "errors", "details")
"""What help desks call a reason."""

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What goes wrong before anything has been asked."""


class Api:
    """The API of one help desk, held open between calls.

    Args:
        name: What the help desk is called in the settings, for whoever reads of a failure.
        url: Where its API begins.
        headers: What every call carries, such as a token.
        auth: A name and a password, where it wants these.
        patience: How long one call may take.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self._headers = {"User-Agent": "vigie", "Accept": "application/json", **(headers or {})}
        self._auth = auth
        self._patience_s = patience.total_seconds()
        self._client: httpx.AsyncClient | None = None

    async def get(self, path: str, **params: str | int) -> Any:
        """Look something up; its answer.

        Raises:
            SendFailed: It refused, or did not answer.
        """
        return await self._ask("GET", path, params=params)

    async def post(self, path: str, told: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> Any:
        """Tell it something; its answer.

        Raises:
            SendFailed: It refused, or did not answer: then it may have been done.
        """
        return await self._ask("POST", path, json=told, headers=headers)

    async def put(self, path: str, told: Mapping[str, Any]) -> Any:
        """Tell it how something is to be; its answer.

        Raises:
            SendFailed: It refused, or did not answer: then it may have been done.
        """
        return await self._ask("PUT", path, json=told)

    async def tell(self, path: str, told: Mapping[str, Any]) -> None:
        """Tell it something whose answer says nothing.

        Raises:
            SendFailed: It refused, or did not answer: then it may have been done.
        """
        await self._send("POST", f"{self.url}{path}", json=told)

    async def post_raw(self, body: bytes, *, headers: Mapping[str, str]) -> httpx.Response:
        """Tell it something in these very bytes, at the address itself.

        Raises:
            SendFailed: It refused, or did not answer: then it may have been done.
        """
        return await self._send("POST", self.url, content=body, headers=headers)

    async def close(self) -> None:
        """Let go of the connections; the next call makes new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = await self._send(method, f"{self.url}{path}", **more)
        try:
            return answer.json()
        except ValueError as error:
            says = Sentence(
                "{desk} answers with something else than its API does. Is its address right? {url}",
                desk=self.name,
                url=self.url,
            )
            raise SendFailed(says, permanent=True, outcome_unknown=True) from error

    async def _send(self, method: str, url: str, **more: Any) -> httpx.Response:
        if self._client is None:
            self._client = httpx.AsyncClient(headers=self._headers, auth=self._auth, timeout=self._patience_s)
        try:
            answer = await self._client.request(method, url, **more)
        except _UNSENT as error:
            raise SendFailed(self._out_of_reach(error), permanent=False) from error
        except httpx.TransportError as error:
            says = Sentence(
                "No answer came from {desk} ({why}). It is looked for, then tried again.",
                desk=self.name,
                why=type(error).__name__,
            )
            raise SendFailed(says, permanent=False, outcome_unknown=True) from error
        if not answer.is_success:
            raise self._refusal(answer)
        return answer

    def _out_of_reach(self, error: Exception) -> Sentence:
        return Sentence(
            "{desk} is out of reach at {url} ({why}).", desk=self.name, url=self.url, why=type(error).__name__
        )

    def _refusal(self, answer: httpx.Response) -> SendFailed:
        status = answer.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS:
            says = Sentence("{desk} is asked too often. It is tried again later.", desk=self.name)
            return SendFailed(says, permanent=False, retry_after=_asked_wait(answer))
        if status >= httpx.codes.INTERNAL_SERVER_ERROR or status in _PASSING:
            says = Sentence(
                "{desk} has a fault of its own ({status}). It is tried again.", desk=self.name, status=status
            )
            return SendFailed(says, permanent=False, outcome_unknown=True)
        return SendFailed(self._refusal_told(answer), permanent=True)

    def _refusal_told(self, answer: httpx.Response) -> Sentence:
        status, why = answer.status_code, reason_in(answer)
        if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            return Sentence(
                "{desk} refuses our token, or it may not do this ({why}). Set another, then: vigie outbox replay",
                desk=self.name,
                why=why,
            )
        if status == httpx.codes.NOT_FOUND:
            return Sentence(
                "{desk} finds nothing at {url} ({why}). Is its address right?",
                desk=self.name,
                url=str(answer.request.url.copy_with(query=None)),
                why=why,
            )
        if answer.is_redirect:
            return Sentence(
                "{desk} sends us on to {url}. Set this address in its place.",
                desk=self.name,
                url=answer.headers.get("Location", "?"),
            )
        return Sentence("{desk} refuses this: {why}", desk=self.name, why=why)


def reason_in(answer: httpx.Response) -> str:
    """What an answer says of why it is a refusal, on one line; its status where it says nothing."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    words = " ".join(_words(told))[:_LONGEST_REASON]
    return f"{answer.status_code}: {words}" if words else str(answer.status_code)


def _words(told: Any) -> list[str]:
    """The words under the names that help desks give to reasons, however deep."""
    if isinstance(told, str):
        return [" ".join(told.split())]
    if isinstance(told, list):
        return [word for one in told for word in _words(one)]
    if isinstance(told, dict):
        named = [name for name in _REASONS if told.get(name)]
        if "message" in named and "field" in told:
            return [f"{told['field']}:", *_words(told["message"])]
        # The same reason often stands there twice, once in words and once in full.
        return list(dict.fromkeys(word for name in named for word in _words(told[name])))
    return []


def _asked_wait(answer: httpx.Response) -> timedelta:
    asked = answer.headers.get("Retry-After", "")
    try:
        wait = timedelta(seconds=float(asked))
    except (ValueError, OverflowError):
        try:
            wait = parsedate_to_datetime(asked) - datetime.now(UTC)
        except (ValueError, TypeError):
            return _UNTOLD_WAIT
    return min(max(wait, timedelta(seconds=1)), _LONGEST_WAIT)

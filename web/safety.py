"""What holds for every answer: headers that keep a page from being misused, names it answers to, sizes it takes."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

LARGEST_BODY = 10_000_000
"""Bytes that a request may bring."""


class Safety:
    """Adds the headers, and turns away requests for other names or with too much in them.

    Args:
        app: What answers the others.
        hosts: The names it answers to; empty for any.
        is_private: Whether the page is reached over TLS alone.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], is_private: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = dict(HEADERS)
        if is_private:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if self._hosts and host_of(asked.get("host", "")) not in self._hosts:
            await _refuse(send, 421, b"Vigie does not answer to this name: set web.address or web.hosts.")
            return
        length = asked.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            await _refuse(send, 413, b"This is more than Vigie takes at once: 10 MB.")
            return
        taken = 0

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise HTTPException(413)
            return message

        async def give(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, take, give)


def host_of(named: str) -> str:
    """The name in a Host header, without its port."""
    if named.startswith("["):
        return named[1:].partition("]")[0].casefold()
    return named.partition(":")[0].casefold()


def is_loopback(host: str) -> bool:
    """Whether an address to listen on reaches this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _refuse(send: Send, status: int, says: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(says)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": says})

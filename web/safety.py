"""What holds for every answer: headers that keep a page from being misused, names it answers to, sizes it takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
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

LARGEST_STREAM = 1_000_000_000
"""Bytes that a stream may bring, which is read line by line."""

_STREAM = "/messages/stream"


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
        path = str(scope["path"])
        if self._hosts and host_of(asked.get("host", "")) not in self._hosts:
            says = "Vigie does not answer to this name: set web.address or web.hosts."
            await _refuse(send, 421, says, path=path)
            return
        length, most = asked.get("content-length", "0"), LARGEST_STREAM if path.endswith(_STREAM) else LARGEST_BODY
        if not length.isdigit() or int(length) > most:
            await _refuse(send, 413, "This is more than Vigie takes at once: 10 MB.", path=path)
            return
        taken = 0

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
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


async def _refuse(send: Send, status: int, says: str, *, path: str) -> None:
    """Refuse before anything else is asked: in words, and to programs as problem details (RFC 9457)."""
    media_type, body = b"text/plain; charset=utf-8", says.encode()
    if path.startswith("/api/"):
        told = {"type": f"urn:vigie:problem:{status}", "title": HTTPStatus(status).phrase, "status": status}
        media_type, body = b"application/problem+json", json.dumps(told | {"detail": says}).encode()
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

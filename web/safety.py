"""What holds for every answer: headers that keep a page from being misused, names it answers to, sizes it takes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address, ip_network

from starlette.datastructures import URL, Headers, MutableHeaders
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

_HOST = re.compile(r"(?:\[(?P<inner>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:]*))(?::\d*)?")

LARGEST_BODY = 10_000_000
"""Bytes that a request may bring."""

LARGEST_STREAM = 1_000_000_000
"""Bytes that a stream may bring, which is read line by line."""

_STREAM = "/messages/stream"


class Headed:
    """Adds the headers to every answer: to refusals and faults too, so it stands before all else.

    Args:
        app: What answers.
        is_private: Whether the page is reached over TLS alone.
    """

    def __init__(self, app: ASGIApp, *, is_private: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if is_private:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def give(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, give)


class Readable:
    """Reads a NUL in an address, which no database keeps, as the sign for what cannot be read.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            path = scope["path"].replace("\x00", "\ufffd")
            scope = {**scope, "path": path, "query_string": scope["query_string"].replace(b"%00", b"%EF%BF%BD")}
        await self._app(scope, receive, send)


class Safety:
    """Turns away requests for other names or with too much in them.

    Args:
        app: What answers the others.
        hosts: The names it answers to; empty for any.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

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

        await self._app(scope, take, send)


def host_of(named: str) -> str:
    """The name in a Host header, without its port; the whole header where it is none."""
    found = _HOST.fullmatch(named)
    return (found["inner"] or found["name"] if found else named).casefold()


def is_exposed(url: URL) -> bool:
    """Whether what a browser and the page say to each other at an address can be read on the way."""
    return url.scheme != "https" and not is_loopback(url.hostname or "")


def counted_as(host: str) -> str:
    """The address that attempts from a host are counted under: one network of IPv6 is in one pair of hands."""
    try:
        return str(ip_network(f"{host}/64", strict=False)) if ip_address(host).version == 6 else host
    except ValueError:
        return host


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

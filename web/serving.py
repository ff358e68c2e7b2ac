"""Serving the application inside a loop that runs other things too."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from fastapi import FastAPI

from inbox.errors import NotPossible
from inbox.sentences import Sentence
from web.live import Live

_PATIENCE_S = 2
"""How long open connections are waited for at the end."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the loop it runs in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def take_port(host: str, port: int) -> socket.socket:
    """Take the port to listen on; 0 takes one that is free.

    Raises:
        NotPossible: Something else has it, or it is not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family)
    except OSError as error:
        why = error.strerror or str(error)
        raise NotPossible(
            Sentence(
                "The page cannot be served on {host}, port {port}: {why}. Set web.port to another.",
                host=host,
                port=port,
                why=why,
            )
        ) from error
    # asyncio does so only for sockets that name their protocol. Without it the end of a page waits 40 ms for the
    # browser to say that it has the beginning; what is accepted here is as this is.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


def take_free_port(host: str, port: int, *, tries: int = 50) -> socket.socket:
    """Take the port to listen on, else the first after it that is free.

    Raises:
        NotPossible: None of so many can be had.
    """
    for later in range(port, min(port + tries, 65_535)):
        with suppress(NotPossible):
            return take_port(host, later)
    return take_port(host, port)


async def serve(app: FastAPI, taken: socket.socket, *, behind_proxy: bool = False) -> None:
    """Serve until cancelled.

    Args:
        app: The application.
        taken: The port to listen on.
        behind_proxy: Whether a proxy on this machine says where requests come from.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=_PATIENCE_S,
        lifespan="off",
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[taken]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        live: Live = app.state.live
        live.close()  # whoever watches would be waited for
        await serving
        raise

"""The server itself: routes, loopback only, and connections that can be reset."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from deploy.demo_bot.bot_routes import Reset, bot_routes
from deploy.demo_bot.control_routes import control_routes
from deploy.demo_bot.world import World

HOST = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class DemoBotServer:
    """Serves one world on one port of this machine, in a thread of its own.

    Args:
        world: used by that thread alone while the server runs; it outlives the server.
        port: 0 for any that is free.

    Raises:
        OSError: where the port is taken.
    """

    def __init__(self, world: World, port: int = 0) -> None:
        self._listener = socket.create_server((HOST, port))
        self._server = uvicorn.Server(_config(world, self._reset))
        self._thread = threading.Thread(
            target=asyncio.run,
            args=(self._server.serve([self._listener]),),
            name="demo bot",
            daemon=True,
        )

    @property
    def port(self) -> int:
        """That it listens on."""
        return int(self._listener.getsockname()[1])

    def start(self) -> None:
        """Returns at once; who connects before it is ready waits."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it without waiting for polls, and waits until the port is free."""
        self._server.force_exit = self._server.should_exit = True
        self._thread.join()

    def _reset(self, request: Request) -> None:
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == request.scope["client"]:
                peer: socket.socket = connection.transport.get_extra_info("socket")
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                connection.transport.abort()


def _config(world: World, reset: Reset) -> uvicorn.Config:
    app = Starlette(
        routes=[*control_routes(world), *bot_routes(world, reset)],
        # A page of another site could reach this port under a name of its own.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )
    return uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False
    )

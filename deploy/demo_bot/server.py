"""The server itself: routes, loopback only, and connections that can be reset."""

from __future__ import annotations

import socket
import struct

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from deploy.demo_bot.bot_routes import bot_routes
from deploy.demo_bot.control_routes import control_routes
from deploy.demo_bot.world import World

HOST = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class DemoBotServer(uvicorn.Server):
    """Serves one world on one port of this machine."""

    def __init__(self, world: World, port: int) -> None:
        app = Starlette(
            routes=[*control_routes(world), *bot_routes(world, self._reset)],
            # A page of another site could reach this port under a name of its own.
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
        )
        super().__init__(
            uvicorn.Config(
                app,
                host=HOST,
                port=port,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
            )
        )

    def stop(self) -> None:
        """Ends it without waiting for polls; from any thread."""
        self.force_exit = self.should_exit = True

    def _reset(self, request: Request) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == request.scope["client"]:
                peer: socket.socket = connection.transport.get_extra_info("socket")
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                connection.transport.abort()

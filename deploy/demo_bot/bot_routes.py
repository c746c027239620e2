"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.demo_bot.api_error import ApiError, bad_request, not_found, unauthorized
from deploy.demo_bot.arguments import Arguments, arguments_of
from deploy.demo_bot.faults import AFTER_DOING, Fault, FaultKind
from deploy.demo_bot.methods import get_updates, method
from deploy.demo_bot.world import Call, World

_LONGEST_SILENCE_S = 600

Reset = Callable[[Request], None]
"""Ends the connection of a request with a TCP reset."""


def bot_routes(world: World, reset: Reset) -> list[Route]:
    """The routes of the Bot API."""
    api = _BotApi(world, reset)
    return [
        Route("/bot{token}/{method}", api.call, methods=["GET", "POST"]),
        Route("/file/bot{token}/photos/{name}", api.download),
    ]


class _BotApi:
    def __init__(self, world: World, reset: Reset) -> None:
        self._world = world
        self._reset = reset

    async def call(self, request: Request) -> Response:
        """One call: carried out, or met by the fault that was ordered for it."""
        record = self._record(request.path_params["method"])
        try:
            self._check(request.path_params["token"])
            given = await _arguments(request)
            fault = self._struck(record, given)
            if fault is not None and fault.kind not in AFTER_DOING:
                return await self._instead(request, fault, record)
            result = await _unless_gone(request, self._result(record.method, given))
            if fault is not None:
                await self._afterwards(request, fault, record)
        except ApiError as refusal:
            record.outcome, record.error_code = "refused", refusal.error_code
            return _refused(refusal)
        finally:
            self._world.touch()
        return JSONResponse({"ok": True, "result": result})

    async def download(self, request: Request) -> Response:
        """A file, by the path that getFile named. Faults know this as the method `download`."""
        record = self._record("download")
        try:
            self._check(request.path_params["token"])
            fault = self._struck(record, Arguments({}, {}))
            if fault is not None and fault.kind not in AFTER_DOING:
                return await self._instead(request, fault, record)
            found = self._world.photos.one(request.path_params["name"].removesuffix(".jpg"))
            if found is None:
                raise not_found()
            if fault is not None:
                await self._afterwards(request, fault, record)
        except ApiError as refusal:
            record.outcome, record.error_code = "refused", refusal.error_code
            return _refused(refusal)
        return Response(found.jpeg, media_type="application/octet-stream")

    async def _result(self, name: str, given: Arguments) -> object:
        if name.lower() == "getupdates":
            return await get_updates(self._world, given)
        return method(name)(self._world, given)

    async def _instead(self, request: Request, fault: Fault, record: Call) -> Response:
        """What comes instead of doing it."""
        if fault.kind is FaultKind.RESET_BEFORE:
            record.outcome = "reset"
            self._reset(request)
        elif fault.kind is FaultKind.SILENT_BEFORE:
            record.outcome = "silent"
            await _unless_gone(request, asyncio.sleep(_LONGEST_SILENCE_S))
        else:
            raise fault.answer()
        return Response(status_code=502)

    async def _afterwards(self, request: Request, fault: Fault, record: Call) -> None:
        """What comes between doing it and answering."""
        if fault.kind is FaultKind.RESET_AFTER:
            record.outcome = "reset"
            self._reset(request)
        elif fault.kind is FaultKind.SILENT_AFTER:
            record.outcome = "silent"
            await _unless_gone(request, asyncio.sleep(_LONGEST_SILENCE_S))
        else:
            await _unless_gone(request, asyncio.sleep(fault.seconds))

    def _record(self, name: str) -> Call:
        clock = self._world.clock
        record = Call(name, None, clock.monotonic_s(), clock.now_utc())
        self._world.calls.append(record)
        return record

    def _struck(self, record: Call, given: Arguments) -> Fault | None:
        record.chat_id = given.integer("chat_id") if given.text("chat_id") else None
        fault = self._world.faults.take(record.method, record.chat_id)
        if fault is not None:
            record.fault = fault.kind.value
        # A poll may last long, and the page tells at once that the bot listens.
        self._world.touch()
        return fault

    def _check(self, token: str) -> None:
        bot_id, colon, secret = token.partition(":")
        if not (bot_id.isdigit() and colon and secret):
            raise not_found()
        if token != self._world.token:
            raise unauthorized()


async def _arguments(request: Request) -> Arguments:
    try:
        return await arguments_of(request)
    except json.JSONDecodeError as error:
        raise bad_request("can't parse JSON object") from error


def _refused(refusal: ApiError) -> Response:
    return JSONResponse(refusal.body(), status_code=refusal.error_code)


async def _unless_gone(request: Request, work: Coroutine[Any, Any, object]) -> object:
    """The work's result; given up when the client leaves, so that no poll waits for nobody."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

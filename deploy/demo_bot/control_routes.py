"""What the page and the tests ask: to read everything, to act as a person, to order faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from deploy.demo_bot import person
from deploy.demo_bot.api_error import ApiError
from deploy.demo_bot.chats import Chat, User
from deploy.demo_bot.faults import Fault, FaultKind
from deploy.demo_bot.person import PersonError
from deploy.demo_bot.views import call_view, chat_view, faults_view, message_view, state_view
from deploy.demo_bot.world import World

_PAGE = Path(__file__).with_name("page.html")
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    # Everything comes from here; and what the bot or a person wrote can never be a script.
    "Content-Security-Policy": "default-src 'none'; connect-src 'self'; img-src 'self' blob: data:;"
    " style-src 'unsafe-inline'; script-src 'unsafe-inline'; form-action 'self'",
}
_LONGEST_WAIT_S = 25.0

Handler = Callable[[Request], Awaitable[Response]]


def control_routes(world: World) -> list[Route]:
    """The page at `/`, and `/control/...` in JSON."""
    control = _Control(world)
    chat = "/control/chats/{chat_id}"
    posts = {
        "/control/people": control.add_person,
        "/control/groups": control.add_group,
        f"{chat}/messages": control.write,
        f"{chat}/presses": control.press,
        f"{chat}/block": control.block,
        f"{chat}/migrate": control.migrate,
        "/control/faults": control.order,
        "/control/token": control.change_token,
    }
    return [
        Route("/", control.page),
        Route("/control/state", control.state),
        Route("/control/calls", control.calls),
        Route("/control/photos/{file_id}", control.photo),
        *(Route(path, _plainly(handler), methods=["POST"]) for path, handler in posts.items()),
        Route(f"{chat}/messages/{{message_id:int}}", _plainly(control.delete), methods=["DELETE"]),
        Route("/control/faults", control.lift, methods=["DELETE"]),
    ]


def _plainly(handler: Handler) -> Handler:
    """Refusals as a sentence; and no form of another site's page can post here."""

    async def handle(request: Request) -> Response:
        kind = request.headers.get("content-type", "")
        if request.method == "POST" and not kind.startswith(("application/json", "image/")):
            return JSONResponse({"error": "Send JSON or a picture."}, status_code=415)
        try:
            return await handler(request)
        except PersonError as error:
            return JSONResponse({"error": str(error)}, status_code=409)
        except ApiError as error:
            return JSONResponse({"error": error.description}, status_code=error.error_code)
        except (KeyError, TypeError, ValueError) as error:
            sentence = f"The request lacks something or is none: {error}"
            return JSONResponse({"error": sentence}, status_code=400)

    return handle


class _Control:
    def __init__(self, world: World) -> None:
        self._world = world

    async def page(self, _: Request) -> Response:
        return FileResponse(_PAGE, headers=_PAGE_HEADERS)

    async def state(self, request: Request) -> Response:
        """Everything; with `?seen=<version>` only once something is new, or after a while."""
        if seen := request.query_params.get("seen"):
            await self._world.changed_since(int(seen), _LONGEST_WAIT_S)
        return JSONResponse(state_view(self._world))

    async def calls(self, _: Request) -> Response:
        return JSONResponse([call_view(call) for call in self._world.calls])

    async def photo(self, request: Request) -> Response:
        found = self._world.photos.one(request.path_params["file_id"])
        if found is None:
            return JSONResponse({"error": "There is no such picture."}, status_code=404)
        return Response(found.jpeg, media_type="image/jpeg")

    async def add_person(self, request: Request) -> Response:
        name = str((await request.json())["name"]).strip()
        if not name:
            raise PersonError("A person needs a name.")
        return self._chat(self._world.chats.add_person(name))

    async def add_group(self, request: Request) -> Response:
        given = await request.json()
        people = [self._world.chats.find(each).people[0] for each in given["people"]]
        if not people:
            raise PersonError("A group needs somebody in it.")
        return self._chat(self._world.chats.add_group(str(given["title"]), people))

    async def write(self, request: Request) -> Response:
        chat = self._of(request)
        if request.headers["content-type"].startswith("image/"):
            caption = request.query_params.get("caption", "")
            message = person.write(self._world, chat, caption, await request.body())
        else:
            given = await request.json()
            user = _user(chat, given)
            message = person.write(self._world, chat, str(given["text"]), user=user)
        return JSONResponse(message_view(message))

    async def press(self, request: Request) -> Response:
        chat, given = self._of(request), await request.json()
        user = _user(chat, given)
        query = person.press(self._world, chat, given["message_id"], given["data"], user)
        return JSONResponse(asdict(query))

    async def block(self, request: Request) -> Response:
        chat = self._of(request)
        person.block(self._world, chat, blocked=bool((await request.json())["blocked"]))
        return self._chat(chat)

    async def migrate(self, request: Request) -> Response:
        return self._chat(person.migrate(self._world, self._of(request)))

    async def delete(self, request: Request) -> Response:
        person.delete(self._world, self._of(request), request.path_params["message_id"])
        return JSONResponse({})

    async def order(self, request: Request) -> Response:
        given = await request.json()
        self._world.faults.order(Fault(**{**given, "kind": FaultKind(given["kind"])}))
        self._world.touch()
        return JSONResponse(faults_view(self._world))

    async def lift(self, _: Request) -> Response:
        self._world.faults.lift()
        self._world.touch()
        return JSONResponse([])

    async def change_token(self, request: Request) -> Response:
        """As BotFather does when a token is revoked."""
        self._world.token = str((await request.json())["token"])
        return JSONResponse({})

    def _of(self, request: Request) -> Chat:
        return self._world.chats.find(int(request.path_params["chat_id"]))

    def _chat(self, chat: Chat) -> Response:
        self._world.touch()
        return JSONResponse(chat_view(chat))


def _user(chat: Chat, given: dict[str, Any]) -> User | None:
    """Who acts, in a group: the one that `user_id` names; None: the first."""
    return next((user for user in chat.people if user.id == given.get("user_id")), None)

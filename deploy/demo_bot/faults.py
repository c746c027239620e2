"""Failures on demand: which calls fail, how, and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase

from deploy.demo_bot import api_error
from deploy.demo_bot.api_error import ApiError, bad_request, forbidden, too_many_requests


class FaultKind(StrEnum):
    """How a call fails."""

    FLOOD = "flood"
    """429 with `retry_after`, rounded up to whole seconds."""
    BAD_GATEWAY = "bad gateway"
    SERVER_ERROR = "server error"
    UNAUTHORIZED = "unauthorized"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    CHAT_NOT_FOUND = "chat not found"
    BAD_DIMENSIONS = "bad dimensions"
    BAD_FILE = "bad file"
    ANSWER = "answer"
    """Any other refusal: `error_code` and `description`."""
    RESET_BEFORE = "reset before"
    """The connection is reset and nothing was done."""
    RESET_AFTER = "reset after"
    """It was done, and then the connection is reset."""
    SILENT_BEFORE = "silent before"
    """Nothing is done and nothing ever answered."""
    SILENT_AFTER = "silent after"
    """It is done and never answered: the client times out on what arrived."""
    SLOW = "slow"
    """It is done at once and answered after `seconds`."""


AFTER_DOING = {FaultKind.RESET_AFTER, FaultKind.SILENT_AFTER, FaultKind.SLOW}
"""Kinds that strike once the call was carried out."""


@dataclass(frozen=True)
class Fault:
    """One order to fail.

    Attributes:
        kind: how.
        method: pattern of the methods that it strikes, as `sendPhoto`, `send*`, `*`.
        times: how many calls; 0: all until it is lifted.
        chat_id: only calls for this chat; None: all.
        seconds: of `retry_after` and of a slow answer.
        error_code, description: of kind ANSWER.
    """

    kind: FaultKind
    method: str = "send*"
    times: int = 1
    chat_id: int | None = None
    seconds: float = 3.0
    error_code: int = 400
    description: str = "Bad Request"

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether it is meant for this call."""
        meant = self.chat_id is None or self.chat_id == chat_id
        return meant and fnmatchcase(method.lower(), self.method.lower())

    def answer(self) -> ApiError:
        """The refusal, of the kinds that answer."""
        if self.kind is FaultKind.ANSWER:
            return ApiError(self.error_code, self.description)
        if self.kind is FaultKind.FLOOD:
            return too_many_requests(max(1, -int(-self.seconds // 1)))
        return _REFUSALS[self.kind]()


_REFUSALS: Mapping[FaultKind, Callable[[], ApiError]] = {
    FaultKind.BAD_GATEWAY: lambda: ApiError(502, "Bad Gateway"),
    FaultKind.SERVER_ERROR: lambda: ApiError(500, "Internal Server Error"),
    FaultKind.UNAUTHORIZED: api_error.unauthorized,
    FaultKind.CONFLICT: api_error.conflict,
    FaultKind.BLOCKED: lambda: forbidden("bot was blocked by the user"),
    FaultKind.CHAT_NOT_FOUND: lambda: bad_request("chat not found"),
    FaultKind.BAD_DIMENSIONS: lambda: bad_request("PHOTO_INVALID_DIMENSIONS"),
    FaultKind.BAD_FILE: lambda: bad_request("wrong file identifier/HTTP URL specified"),
}


class FaultPlan:
    """The faults that are still to come, oldest first; each call meets at most one."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add one behind those that wait."""
        self._faults.append(fault)

    def lift(self) -> None:
        """Everything works again."""
        self._faults.clear()

    def waiting(self) -> tuple[Fault, ...]:
        """With the number of calls that each will still strike."""
        return tuple(self._faults)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that strikes this call, counted; None: the call goes through."""
        for index, fault in enumerate(self._faults):
            if fault.strikes(method, chat_id):
                if fault.times == 1:
                    del self._faults[index]
                elif fault.times > 1:
                    self._faults[index] = replace(fault, times=fault.times - 1)
                return fault
        return None

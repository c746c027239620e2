"""What a browser is told when a fragment refreshes before it has heard of the page's own run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import forward_msg_queue
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData

from app import message_queue
from app.message_queue import LOOK_AGAIN_S, keep_pages_in_order

FRAGMENT = "fragment"


@pytest.fixture(autouse=True)
def _mended() -> Iterator[None]:
    clear, create = ForwardMsgQueue.clear, AppSession._create_scriptrunner
    keep_pages_in_order()
    yield
    forward_msg_queue.ForwardMsgQueue.clear = clear
    AppSession._create_scriptrunner = create


def block(*path: int, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.add_block.vertical.SetInParent()
    if fragment:
        message.delta.fragment_id = fragment
    return message


def text(words: str, *path: int, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.new_element.markdown.body = words
    if fragment:
        message.delta.fragment_id = fragment
    return message


def finished() -> ForwardMsg:
    return ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


def test_what_the_page_said_of_a_fragment_outlives_the_fragments_next_run() -> None:
    queue = ForwardMsgQueue()
    page = [
        block(0, 0, fragment=FRAGMENT),
        text("old", 0, 0, 0, fragment=FRAGMENT),
        text("title", 0, 1),
        finished(),
    ]
    for message in page:
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[FRAGMENT])
    again = [block(0, 0, fragment=FRAGMENT), text("new", 0, 0, 0, fragment=FRAGMENT)]
    for message in again:
        queue.enqueue(message)
    assert queue.flush() == [*page, *again]


def test_a_run_of_the_whole_page_still_replaces_what_was_not_told() -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(text("old", 0, 0))
    queue.enqueue(finished())
    queue.clear(retain_lifecycle_msgs=True)
    (kept,) = queue.flush()
    assert kept.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass
class Runner:
    """Ended, or still able to run one thing more."""

    takes_more: bool = False
    asked: list[RerunData] = field(default_factory=list)

    def request_rerun(self, asked: RerunData) -> bool:
        if self.takes_more:
            self.asked.append(asked)
        return self.takes_more


class Session:
    """As much of a session as a request meets."""

    def __init__(self, loop: asyncio.AbstractEventLoop, runner: Runner | None) -> None:
        self._event_loop = loop
        self._scriptrunner = runner
        self._state = AppSessionState.APP_NOT_RUNNING
        self.fragments = {FRAGMENT}

    def has_fragment(self, fragment: str) -> bool:
        return fragment in self.fragments

    def _create_scriptrunner(self, asked: RerunData) -> None:
        AppSession._create_scriptrunner(self, asked)


@pytest.fixture
def created(monkeypatch: pytest.MonkeyPatch) -> list[RerunData]:
    """What new runners were made for."""
    made: list[RerunData] = []
    monkeypatch.setattr(message_queue, "_create", lambda session, asked: made.append(asked))
    return made


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def pass_time(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_until_complete(asyncio.sleep(3 * LOOK_AGAIN_S))


REFRESH = RerunData(fragment_id=FRAGMENT)


def ask(session: Session, asked: RerunData = REFRESH) -> None:
    AppSession._create_scriptrunner(session, asked)


def test_a_fragment_waits_until_the_last_run_was_heard(
    loop: asyncio.AbstractEventLoop, created: list[RerunData]
) -> None:
    session = Session(loop, Runner())
    ask(session)
    pass_time(loop)
    assert created == []
    session._scriptrunner = None  # its last event has come
    pass_time(loop)
    assert created == [REFRESH]


def test_a_fragment_joins_the_run_that_began_meanwhile(
    loop: asyncio.AbstractEventLoop, created: list[RerunData]
) -> None:
    session = Session(loop, Runner())
    ask(session)
    session._scriptrunner = new = Runner(takes_more=True)
    pass_time(loop)
    assert (created, new.asked) == ([], [REFRESH])


def test_nothing_waits_where_nothing_runs_or_all_is_said_again(
    loop: asyncio.AbstractEventLoop, created: list[RerunData]
) -> None:
    whole_page = RerunData()
    ask(Session(loop, None))
    ask(Session(loop, Runner()), whole_page)
    assert created == [REFRESH, whole_page]


@pytest.mark.parametrize("gone", ["fragment", "session"])
def test_what_is_gone_meanwhile_is_not_run(
    loop: asyncio.AbstractEventLoop, created: list[RerunData], gone: str
) -> None:
    session = Session(loop, Runner())
    ask(session)
    session._scriptrunner = None
    if gone == "fragment":
        session.fragments.clear()
    else:
        session._state = AppSessionState.SHUTDOWN_REQUESTED
    pass_time(loop)
    assert created == []

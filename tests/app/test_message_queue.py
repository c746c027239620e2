"""What a browser is told when a fragment refreshes before it has heard of the page's own run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import forward_msg_queue
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from app.message_queue import keep_pages_in_order

FRAGMENT = "fragment"


@pytest.fixture(autouse=True)
def _mended() -> Iterator[None]:
    original = ForwardMsgQueue.clear
    keep_pages_in_order()
    yield
    forward_msg_queue.ForwardMsgQueue.clear = original  # type: ignore[method-assign]


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

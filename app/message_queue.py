"""A mend of Streamlit's queue of messages to a browser. It touches names that are private."""

from __future__ import annotations

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear


def keep_pages_in_order() -> None:
    """Trap: on a busy machine parts of a page vanish, and what stands below them is made anew.

    A fragment that refreshes right after a run of its page throws out of the queue what that run
    has said of it. So the browser takes the fragment's place for a leftover and removes it as soon
    as it hears that the run has finished; all that follows moves up, and the fragment is then drawn
    over its neighbour. On Live the stream was made anew, and START was lost. Seen with 1.67.
    """
    ForwardMsgQueue.clear = _clear_less  # type: ignore[method-assign]


def _clear_less(
    self: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    """As the original, but what was said before a fragment's run is still told, and first."""
    if retain_lifecycle_msgs and fragment_ids_this_run is not None:
        self._delta_index_map = {}  # nothing new takes the place of something earlier
    else:
        _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)

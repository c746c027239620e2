"""Mends of how Streamlit tells a browser what a run has said. They touch names that are private."""

from __future__ import annotations

from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData

LOOK_AGAIN_S = 0.005

_clear = ForwardMsgQueue.clear
_create = AppSession._create_scriptrunner


def keep_pages_in_order() -> None:
    """Trap: on a busy machine parts of a page vanish, and what stands below them is made anew.

    A fragment that refreshes right after a run of its page throws out of the queue what that run
    has said of it. So the browser takes the fragment's place for a leftover and removes it as soon
    as it hears that the run has finished; all that follows moves up, and the fragment is then drawn
    over its neighbour. On Live the stream was made anew, and START was lost. Seen with 1.67.

    Trap: when a fragment refreshes in the moment in which a run of its page has ended, all that
    this run said and that was not passed on yet is lost, as it comes from a runner that was
    replaced. The demo played, and the browser still showed the button that starts it.
    """
    ForwardMsgQueue.clear = _clear_less  # type: ignore[method-assign]
    AppSession._create_scriptrunner = _create_in_turn  # type: ignore[method-assign]


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


def _create_in_turn(self: AppSession, initial_rerun_data: RerunData) -> None:
    """As the original, but a fragment waits until the runner that has ended was heard to its end.

    A run of the whole page need not wait: it says everything again.
    """
    if self._scriptrunner is None or not initial_rerun_data.fragment_id:
        _create(self, initial_rerun_data)
    else:
        self._event_loop.call_soon_threadsafe(
            self._event_loop.call_later, LOOK_AGAIN_S, _ask_again, self, initial_rerun_data
        )


def _ask_again(session: AppSession, asked: RerunData) -> None:
    """Meanwhile the session may have ended, the fragment be gone, or another run have begun."""
    over = session._state is AppSessionState.SHUTDOWN_REQUESTED
    if over or not session.has_fragment(asked.fragment_id or ""):
        return
    runner = session._scriptrunner
    if runner is None or not runner.request_rerun(asked):
        session._create_scriptrunner(asked)

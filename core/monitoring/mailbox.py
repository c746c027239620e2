"""One slot between a camera and its analysis, in which the newest picture wins."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """A slot that never makes the sender wait.

    A queue in this place grows into seconds of delay as soon as the reader is slower than the
    camera; here an unread item is replaced, and counted.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: Item | None = None
        self._dropped = 0
        self._closed = False

    @property
    def dropped(self) -> int:
        """Items that were replaced before anyone took them."""
        with self._changed:
            return self._dropped

    def put(self, item: Item) -> None:
        """Replace whatever lies there; a closed mailbox takes nothing."""
        with self._changed:
            if self._closed:
                return
            if self._item is not None:
                self._dropped += 1
            self._item = item
            self._changed.notify()

    def take(self, timeout_s: float) -> Item | None:
        """The newest item, waiting for one; None after the timeout or once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Wake the reader for the last time; what was not taken is let go."""
        with self._changed:
            self._closed = True
            self._item = None
            self._changed.notify_all()

"""How the connection to the browser's camera is going."""

from __future__ import annotations

from enum import StrEnum

from core.monitoring.conditions import LOST_AFTER_S

SLOW_AFTER_S = 8.0
"""On one machine or in one house a connection stands within two seconds."""

GAVE_UP_AFTER_S = 4.0
"""A shorter attempt that came to nothing was stopped by the person."""

LEFT_OVER_FOR_S = 4.0
"""After a visit to another page "playing" is left over for a look or two. Longer, and it is true:
the machine slept, and the browser has not given up its connection yet."""

AWAY_AFTER_S = 3.0
"""The page looks twice a second; a longer pause means that another page was shown."""


class Phase(StrEnum):
    """Designed phases, one at a time."""

    IDLE = "idle"
    CONNECTING = "connecting"
    SLOW = "taking long"
    FAILED = "could not connect"
    PLAYING = "playing"
    LOST = "lost"


_UNDER_WAY = frozenset({Phase.CONNECTING, Phase.SLOW, Phase.PLAYING})


class ConnectionWatch:
    """Tells an unasked end from STOP and from a visit to another page.

    streamlit-webrtc reports all three alike, and still says "playing" at the first look after
    such a visit.
    """

    def __init__(self) -> None:
        self._phase = Phase.IDLE
        self._began_s = 0.0
        self._looked_s = 0.0
        self._returned_s = 0.0

    def update(
        self, *, playing: bool, signalling: bool, frame_age_s: float | None, now_s: float
    ) -> Phase:
        """The phase now. While something is under way, call it at least once a second.

        Args:
            playing: the browser says that the media flow.
            signalling: the browser has made an offer.
            frame_age_s: seconds since the last frame arrived; None before the first.
            now_s: monotonic seconds.
        """
        was_away = now_s - self._looked_s > AWAY_AFTER_S
        self._looked_s = now_s
        if was_away and self._phase in _UNDER_WAY:
            self._phase = Phase.IDLE
            self._returned_s = now_s
        silent = frame_age_s is not None and frame_age_s > LOST_AFTER_S
        if playing:
            just_back = now_s - self._returned_s < LEFT_OVER_FOR_S
            left_over = self._phase not in _UNDER_WAY and silent and just_back
            self._phase = self._phase if left_over else Phase.PLAYING
        elif signalling:
            self._phase = self._connecting(now_s)
        else:
            self._phase = self._ended(silent, now_s)
        return self._phase

    def _connecting(self, now_s: float) -> Phase:
        if self._phase not in (Phase.CONNECTING, Phase.SLOW):
            self._began_s = now_s
        return Phase.SLOW if now_s - self._began_s >= SLOW_AFTER_S else Phase.CONNECTING

    def _ended(self, silent: bool, now_s: float) -> Phase:
        if self._phase in (Phase.CONNECTING, Phase.SLOW):
            return Phase.FAILED if now_s - self._began_s >= GAVE_UP_AFTER_S else Phase.IDLE
        if self._phase is Phase.PLAYING:
            return Phase.LOST if silent else Phase.IDLE
        return self._phase

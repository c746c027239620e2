"""How well one camera's analysis keeps up."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from statistics import median, quantiles

from core.clock import Clock

WINDOW_S = 5.0


@dataclass(frozen=True)
class Health:
    """Figures over the last seconds.

    Attributes:
        frames_in_per_s: frames that arrived from the browser.
        frames_out_per_s: frames given back to it.
        analyses_per_s: frames that were analysed.
        dropped: frames that were replaced by a newer one before analysis, since the start.
        latency_ms_median: from a frame's arrival to the end of its analysis; None before the first.
        latency_ms_p95: the same, 95th percentile.
        frame_age_s: since the last frame arrived; None before the first.
    """

    frames_in_per_s: float
    frames_out_per_s: float
    analyses_per_s: float
    dropped: int
    latency_ms_median: float | None
    latency_ms_p95: float | None
    frame_age_s: float | None


class HealthMeter:
    """Counts events of three threads over a rolling window."""

    def __init__(self, clock: Clock, window_s: float = WINDOW_S) -> None:
        self._clock = clock
        self._window_s = window_s
        self._lock = threading.Lock()
        self._in: deque[float] = deque()
        self._out: deque[float] = deque()
        self._latencies: deque[tuple[float, float]] = deque()
        self._started_s: float | None = None
        self._last_in_s: float | None = None

    def frame_in(self) -> None:
        now_s = self._clock.monotonic_s()
        with self._lock:
            if self._started_s is None:
                self._started_s = now_s
            self._last_in_s = now_s
            self._in.append(now_s)
            self._forget(now_s)

    def frame_out(self) -> None:
        with self._lock:
            self._out.append(self._clock.monotonic_s())

    def analysed(self, latency_s: float) -> None:
        with self._lock:
            self._latencies.append((self._clock.monotonic_s(), latency_s))

    def read(self, dropped: int) -> Health:
        """The figures now; rates count over the time since the start while that is shorter."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._forget(now_s)
            started_s = now_s if self._started_s is None else self._started_s
            # not below a second: the first frames would read as hundreds a second
            span_s = min(self._window_s, max(1.0, now_s - started_s))
            latencies_ms = [latency_s * 1000 for _, latency_s in self._latencies]
            return Health(
                frames_in_per_s=len(self._in) / span_s,
                frames_out_per_s=len(self._out) / span_s,
                analyses_per_s=len(latencies_ms) / span_s,
                dropped=dropped,
                latency_ms_median=median(latencies_ms) if latencies_ms else None,
                latency_ms_p95=_p95(latencies_ms),
                frame_age_s=None if self._last_in_s is None else now_s - self._last_in_s,
            )

    def _forget(self, now_s: float) -> None:
        horizon_s = now_s - self._window_s
        for times in (self._in, self._out):
            while times and times[0] <= horizon_s:
                times.popleft()
        while self._latencies and self._latencies[0][0] <= horizon_s:
            self._latencies.popleft()


def _p95(values: list[float]) -> float | None:
    if not values:
        return None
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]

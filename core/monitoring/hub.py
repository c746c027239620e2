"""Every live camera of this server."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.monitoring.worker import CameraState, CameraWorker


class CameraHub:
    """Owns the workers, so that a server can end them all, and a test can count them."""

    def __init__(self, build_worker: Callable[[AnalysisSettings], CameraWorker]) -> None:
        self._build_worker = build_worker
        self._workers: list[CameraWorker] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Cameras that were opened and not closed."""
        with self._lock:
            return len(self._workers)

    def states(self) -> tuple[CameraState, ...]:
        """Of every open camera, oldest first."""
        with self._lock:
            workers = tuple(self._workers)
        return tuple(worker.state() for worker in workers)

    def open(self, settings: AnalysisSettings, source: Source = Source.CAMERA) -> CameraWorker:
        """A running worker for a camera that has just connected."""
        worker = self._build_worker(settings)
        worker.source = source
        with self._lock:
            self._workers.append(worker)
        worker.start()
        return worker

    def close(self, worker: CameraWorker) -> None:
        """End one; returns at once. Closing it again does nothing."""
        with self._lock:
            if worker in self._workers:
                self._workers.remove(worker)
        worker.stop()

    def close_all(self, timeout_s: float = 2.0) -> None:
        """End all and wait for their threads, up to the timeout each."""
        with self._lock:
            workers, self._workers = self._workers, []
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join(timeout_s)

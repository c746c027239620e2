"""The server's alerts, from the cameras to the carers: put together, started and stopped in order.

They belong to the server, not to a browser session. The database is opened in a thread of its own,
so that the first page does not wait for it, and tried again while that fails: Live goes on without.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.clock import Clock
from core.delivery.settings import DeliverySettings
from core.delivery.stores import Stores
from core.errors import RecordsError
from core.faults import FaultLog
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.watching.desk import AlertDesk
from core.watching.follower import Follower
from core.watching.logbook import Logbook
from core.watching.retention import Retention
from core.watching.rolling import Rolling
from core.watching.rounds import Rounds
from core.watching.spool import Spool
from core.watching.steady_date import SteadyDate
from core.watching.tower import WatchTower

if TYPE_CHECKING:
    from app.looking_back import LookingBack
    from core.delivery.bot_context import PhotoReader
    from core.delivery.service import DeliveryHealth, DeliveryService
    from core.records.database import Database
    from core.records.recorder import Recorder
    from core.records.second_store import SecondStore

LOGGER = logging.getLogger(__name__)

OPEN_AGAIN_S = 5.0
FOLLOW_EVERY_S = 1.0
UPKEEP_EVERY_S = 1.0
PATIENCE_S = 10.0
"""A page that comes while the database is being opened waits for it so long at most."""

_STUMBLES = "Changed settings and snoozes may not count now. Please restart Mien if this stays."
_KEPT_TOO_LONG = (
    "Mien stumbles over old readings: they may stay for longer than they should, and charts of "
    "long times may lack something. Please restart Mien if this stays."
)
_WITHOUT = "Until then nobody can be told of an alert and nothing is kept; the live picture works."


@dataclass(frozen=True)
class Opened:
    """What there is once the database could be opened."""

    database: Database
    stores: Stores
    seconds: SecondStore
    recorder: Recorder
    delivery: DeliveryService
    looking_back: LookingBack

    def close(self) -> None:
        """The outbox's rows that were not sent stay in it."""
        self.delivery.stop()
        self.recorder.stop()
        self.database.close()


class AlertSystem:
    """One for each server.

    Args:
        url: of the database; None for the file in the data folder.
        data_dir: the data folder.
        settings: of the channels.
        clock: for all parts.
        place: the name of the cameras' room; "" for none.
        photo_reader: for photos that are sent to the bot.
    """

    def __init__(
        self,
        url: str | None,
        data_dir: Path,
        settings: DeliverySettings,
        clock: Clock,
        *,
        place: Callable[[], str] = str,
        photo_reader: PhotoReader | None = None,
    ) -> None:
        self.settings = settings
        self._url = url
        self.data_dir = data_dir
        self._clock = clock
        self._photo_reader = photo_reader
        self._opened: Opened | None = None
        self._trouble: RecordsError | None = None
        self._rounds: tuple[Rounds, ...] = ()
        self._faults = FaultLog(LOGGER)
        self._tried = threading.Event()
        self._stopping = threading.Event()
        self.desk = AlertDesk(
            lambda: self.opened().stores.alerts,
            self._delivery,
            lambda: self.tower.policy,
            clock,
            Spool(data_dir),
        )
        self.tower = WatchTower(self.desk, self, clock, place, Logbook(data_dir))
        self._thread = threading.Thread(target=self._run, name="alert-system", daemon=True)

    def start(self) -> None:
        """Returns at once."""
        self.desk.start()
        self.tower.start()
        self._thread.start()

    def stop(self) -> None:
        """After the cameras: what was decided is recorded, what was recorded is sent or kept."""
        self._stopping.set()
        self.tower.stop()
        self.desk.stop()
        self._thread.join(5.0)
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def opened(self) -> Opened:
        """What needs the database; waits while it is being opened.

        Raises:
            RecordsError: there is none.
        """
        if self._thread.is_alive():
            self._tried.wait(PATIENCE_S)
        if self._opened is None:
            raise self._trouble or RecordsError("The database is not open.")
        return self._opened

    def delivery_health(self) -> DeliveryHealth | None:
        """None without a database."""
        return self._opened.delivery.health() if self._opened is not None else None

    def troubles(self) -> tuple[str, ...]:
        """Sentences on why alerts are not what they should be; what is not set up is no trouble."""
        opened = self._opened
        if opened is None:
            return (self._trouble.sentence,) if self._trouble is not None else ()
        health = opened.delivery.health()
        found = [
            self.tower.trouble,
            self.desk.trouble,
            *(rounds.trouble for rounds in self._rounds),
            opened.stores.policy.trouble,
            opened.recorder.trouble,
            health.database,
            health.telegram if self.settings.telegram is not None else None,
            health.poller if self.settings.telegram is not None else None,
            health.email if self.settings.email is not None else None,
        ]
        told = dict.fromkeys(sentence for sentence in found if sentence is not None)
        # "The disk is full." says nothing beside "The disk is full. Readings wait in memory."
        return tuple(
            one for one in told if not any(other.startswith(one) for other in told if other != one)
        )

    @property
    def recording_trouble(self) -> str | None:
        """A sentence while readings are not written; None while they are."""
        if self._opened is not None:
            return self._opened.recorder.trouble
        return self._trouble.sentence if self._trouble is not None else None

    def add(self, camera: CameraRow, second: Second) -> None:
        """Keep a second; without a database there is nowhere to."""
        if self._opened is not None:
            self._opened.recorder.add(camera, second)

    def _delivery(self) -> DeliveryService | None:
        return self._opened.delivery if self._opened is not None else None

    def _run(self) -> None:
        if self._keep_opening() is None:
            return
        following, keeping = self._rounds
        # Trap: a backlog takes minutes, in which changed settings have to count all the same.
        thread = threading.Thread(target=keeping.run, args=[UPKEEP_EVERY_S], name="upkeep")
        thread.daemon = True
        thread.start()
        following.run(FOLLOW_EVERY_S)
        thread.join(3.0)

    def _keep_opening(self) -> Opened | None:
        while not self._stopping.is_set():
            try:
                if self._faults.works("Opening the database", self._open):
                    self._trouble = None
                else:
                    self._trouble = RecordsError(f"The database cannot be used. {_WITHOUT}")
            except RecordsError as error:
                if self._trouble is None:
                    LOGGER.error("The database cannot be opened: %s", error.cause)
                self._trouble = RecordsError(f"{error.sentence} {_WITHOUT}", error.cause)
            self._tried.set()
            if self._opened is not None:
                return self._opened
            self._stopping.wait(OPEN_AGAIN_S)
        return None

    def _open(self) -> None:
        # Imported in this thread: at the start they would keep the server from answering.
        from app.looking_back import looking_back_on  # noqa: PLC0415
        from core.delivery.service import DeliveryService  # noqa: PLC0415
        from core.records.database import open_database  # noqa: PLC0415
        from core.records.recorder import Recorder  # noqa: PLC0415
        from core.records.second_store import SecondStore  # noqa: PLC0415

        database = open_database(self._url, self.data_dir)
        stores = _stores_of(database, self._clock)
        seconds = SecondStore(database)
        recorder = Recorder(seconds)
        delivery = DeliveryService(
            stores,
            self.settings,
            self._clock,
            database.owner,
            cameras=self.tower,
            photo_reader=self._photo_reader,
        )
        looking_back = looking_back_on(database, self._clock, recorder, self.desk)
        recorder.start()
        delivery.start()
        opened = Opened(database, stores, seconds, recorder, delivery, looking_back)
        follower = Follower(stores, self.tower, self.desk, self._clock)
        upkeep = [step.keep for step in _upkeep_of(opened, self._clock)]
        self._rounds = (
            Rounds("Following the database", [follower.follow], _STUMBLES, self._stopping),
            Rounds("Keeping the records", upkeep, _KEPT_TOO_LONG, self._stopping),
        )
        self._opened = opened


def _stores_of(database: Database, clock: Clock) -> Stores:
    from core.records import stores  # noqa: PLC0415 (see _open)

    return Stores(
        alerts=stores.AlertStore(database, clock),
        outbox=stores.Outbox(database, clock),
        recipients=stores.Recipients(database, clock),
        link_codes=stores.LinkCodes(database, clock),
        snoozes=stores.Snoozes(database, clock),
        policy=stores.PolicyStore(database),
        leases=stores.Leases(database, clock),
    )


def _upkeep_of(opened: Opened, clock: Clock) -> tuple[Rolling, Retention]:
    from core.records.kept_setting import KeptSetting  # noqa: PLC0415 (see _open)
    from core.records.roller import Roller  # noqa: PLC0415

    database, stores = opened.database, opened.stores
    rolling = Rolling(Roller(database, clock), stores.leases, database.owner, clock)
    date = SteadyDate(KeptSetting(database, "retention"), clock)
    keeping = opened.looking_back.keeping
    return rolling, Retention(stores, opened.seconds, keeping, database, date, clock)

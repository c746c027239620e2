from __future__ import annotations

import logging
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.alerts.policy import AlertPolicy
from core.alerts.rule import Signal
from core.records.database import open_database
from core.watching.desk import AlertDesk
from core.watching.follower import Follower
from core.watching.logbook import FILE_NAME, Entry, Logbook
from core.watching.tower import RESTARTED_WITHIN, WatchTower
from core.watching.watch import MISSED_FROM_S
from tests.support.clock import FakeClock
from tests.support.delivering import stores_on
from tests.support.observing import START_UTC
from tests.support.watching import FakeCamera, FakeDesk, a_face

ENTRY = Entry(2, "tablet", START_UTC, ("before", "now"))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert Logbook(tmp_path).read() == ()
    Logbook(tmp_path / "data").write([ENTRY])
    assert Logbook(tmp_path / "data").read() == (ENTRY,)
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE_NAME]


def test_an_entry_of_before_ids_were_kept_is_read(tmp_path: Path) -> None:
    text = '[{"number": 2, "browser": "tablet", "seen_utc": "2026-01-01T00:00:00Z"}]'
    (tmp_path / FILE_NAME).write_text(text)
    (entry,) = Logbook(tmp_path).read()
    assert (entry.number, entry.ids) == (2, ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[{", id="no JSON"),
        pytest.param("3", id="no list"),
        pytest.param("[3]", id="no entries"),
        pytest.param('[{"number": "x", "browser": "", "seen_utc": "2026-01-01"}]', id="no number"),
        pytest.param('[{"number": 1, "browser": "", "seen_utc": "2026-01-01"}]', id="no zone"),
        pytest.param('[{"number": 1}]', id="half an entry"),
        pytest.param(
            '[{"number": 1, "browser": "", "seen_utc": "2026-01-01T00:00:00Z", "ids": "a"}]',
            id="no ids",
        ),
    ],
)
def test_what_cannot_be_read_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with caplog.at_level(logging.WARNING):
        assert Logbook(tmp_path).read() == ()
    assert len(caplog.records) == 1


def test_what_cannot_be_written_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    logbook = Logbook(tmp_path / "data")
    with caplog.at_level(logging.WARNING):
        logbook.write([ENTRY])
        logbook.write([ENTRY])
    assert len(caplog.records) == 1


class Servers:
    """One after the other on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self._logbook = Logbook(folder)

    def start(self) -> tuple[WatchTower, FakeDesk]:
        desk = FakeDesk()
        tower = WatchTower(desk, None, self.clock, logbook=self._logbook)
        tower._miss(self._logbook.read())  # as `start` does, without its thread
        return tower, desk

    def watch(self, tower: WatchTower, for_s: float = MISSED_FROM_S + 2) -> FakeCamera:
        camera = FakeCamera(self.clock)
        camera.id = tower.begin(camera.worker, "tablet")
        camera.shows(a_face(), for_s=for_s)
        tower.tick()
        return camera

    def time_passes(self, tower: WatchTower, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            tower.tick()


@pytest.fixture
def servers(tmp_path: Path) -> Servers:
    return Servers(tmp_path)


@pytest.mark.parametrize("crashes", [pytest.param(True, id="crash"), pytest.param(False, id="end")])
def test_after_a_restart_nobody_watches_and_carers_are_told(
    servers: Servers, crashes: bool
) -> None:
    before, _ = servers.start()
    servers.watch(before)
    if not crashes:
        before.stop()
    servers.clock.advance(20)
    after, desk = servers.start()
    (camera,) = after.cameras()
    assert camera.has_ended
    servers.time_passes(after, 58)
    assert desk.alerts == []
    servers.time_passes(after, 4)
    assert [alert.signal for alert in desk.alerts] == [Signal.CAMERA_LOST]


def test_a_camera_that_comes_back_after_a_restart_is_not_missed(servers: Servers) -> None:
    before, _ = servers.start()
    servers.watch(before)
    after, desk = servers.start()
    servers.watch(after)
    servers.time_passes(after, 1)
    assert desk.alerts == []
    assert [camera.lost_for_s for camera in after.cameras()] == [None]


@pytest.mark.parametrize(
    "case", [pytest.param("on purpose", id="stopped"), pytest.param("tried", id="tried out")]
)
def test_what_nobody_relied_on_is_not_missed_after_a_restart(servers: Servers, case: str) -> None:
    before, _ = servers.start()
    if case == "tried":
        servers.watch(before, for_s=5)
    else:
        before.on_purpose(servers.watch(before).id)
        before.tick()
    after, _ = servers.start()
    assert after.cameras() == ()


def test_a_server_that_was_off_for_long_misses_nobody(servers: Servers) -> None:
    before, _ = servers.start()
    servers.watch(before)
    servers.clock.advance(RESTARTED_WITHIN.total_seconds() + 20)
    after, _ = servers.start()
    assert after.cameras() == ()


def test_a_snooze_outlasts_restarts_as_long_as_the_camera_comes_back(
    servers: Servers, tmp_path: Path
) -> None:
    tower, _ = servers.start()
    first = servers.watch(tower).id
    with closing(open_database(None, tmp_path)) as database:
        stores = stores_on(database, servers.clock)
        until_utc = servers.clock.now_utc() + timedelta(minutes=30)
        stores.snoozes.add(first, "pain", None, until_utc, "Anna")
        for _ in range(2):
            tower.stop()
            tower, desk = servers.start()
            camera = servers.watch(tower, for_s=2)
            assert camera.id != first
            nobody = AlertDesk(lambda: stores.alerts, lambda: None, AlertPolicy, servers.clock)
            Follower(stores, tower, nobody, servers.clock).follow()
            camera.shows(a_face(pain=0.9), for_s=20)
            assert desk.alerts == []
        servers.clock.advance(1800)
        camera.shows(a_face(pain=0.9), for_s=20)
        assert [alert.rule_key for alert in desk.alerts][-1:] == ["pain"]

from __future__ import annotations

import io
from dataclasses import replace
from datetime import time

import pytest
from PIL import Image

from core.alerts.alert import NewAlert
from core.alerts.change import ChangeKind, Ending
from core.alerts.hours import DailyHours
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from core.alerts.replay import replay
from core.alerts.rule import Severity, Signal
from core.alerts.standing import Phase
from core.monitoring.source import Source
from core.records.camera_row import CameraRow
from core.watching.tower import STUMBLES, WatchTower
from core.watching.watch import MISSED_FROM_S
from tests.support.clock import FakeClock
from tests.support.watching import FakeCamera, FakeDesk, FakeKeeper, a_face

PAIN = a_face(pain=0.9)


class House:
    """A tower with what it hands over, and cameras that connect when the test says so."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.desk = FakeDesk()
        self.keeper = FakeKeeper()
        self.place = ""
        self.tower = WatchTower(self.desk, self.keeper, self.clock, lambda: self.place)

    def camera(self, browser: str = "", source: Source = Source.CAMERA) -> FakeCamera:
        camera = FakeCamera(self.clock, source)
        camera.id = self.tower.begin(camera.worker, browser)
        return camera

    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            self.tower.tick()

    @property
    def alert(self) -> NewAlert:
        (alert,) = self.desk.alerts
        return alert


@pytest.fixture
def house() -> House:
    return House()


def test_pain_that_lasts_is_handed_over_once_with_a_picture(house: House) -> None:
    camera = house.camera()
    camera.shows(a_face(), for_s=5)
    camera.shows(PAIN, for_s=20)
    assert (house.alert.title, house.alert.person) == ("Pain", 1)
    assert house.alert.camera_name == "Camera"
    assert house.alert.severity is Severity.HIGH
    assert house.alert.why.sentence == "“Pain” stayed above 50% for 5 seconds."
    assert house.alert.why.trail
    assert not house.alert.held
    assert house.alert.picture_jpeg is not None
    picture = Image.open(io.BytesIO(house.alert.picture_jpeg))
    assert picture.size == (640, 480)
    red, green, blue = picture.convert("RGB").getpixel((160, 100))  # the upper edge of the box
    assert red > 100 > max(green, blue) + 40


def test_the_end_of_an_episode_is_handed_over(house: House) -> None:
    camera = house.camera()
    camera.shows(PAIN, for_s=12)
    camera.shows(a_face(), for_s=40)
    assert [(end[0], end[2]) for end in house.desk.ends] == [(house.alert.id, Ending.CLEARED)]


def test_the_seconds_that_are_judged_are_those_that_are_kept(house: House) -> None:
    camera = house.camera()
    camera.shows(PAIN, for_s=12)
    cameras, seconds = zip(*house.keeper.seconds, strict=True)
    assert set(cameras) == {CameraRow(camera.id, "Camera", "mien7")}
    assert sum(second.frames for second in seconds) >= 55
    decided = replay(seconds, house.tower.policy)
    assert [(change.at_utc, change.kind) for change in decided] == [
        (house.alert.fired_utc, ChangeKind.FIRED)
    ]


def test_another_model_begins_another_session(house: House) -> None:
    camera = house.camera()
    camera.shows(a_face(), for_s=3)
    camera.worker.settings = replace(camera.worker.settings, model="fast", sure_from=0.6)
    camera.shows(a_face(), for_s=3)
    camera.worker.settings = replace(camera.worker.settings, sure_from=0.7)
    camera.shows(a_face(), for_s=3)
    kept = [connection for connection, _ in house.keeper.seconds]
    assert list(dict.fromkeys(kept)) == [
        CameraRow(camera.id, "Camera", "mien7"),
        CameraRow(f"{camera.id}-2", "Camera", "fast", 0.6),
    ]
    ends_s = [second.at_s for _, second in house.keeper.seconds]
    assert min(map(float.__sub__, ends_s[1:], ends_s)) > 0.999


def test_the_demo_is_not_watched(house: House) -> None:
    demo = house.camera(source=Source.DEMO)
    demo.shows(PAIN, for_s=20)
    assert (demo.id, house.tower.cameras()) == ("", ())
    assert house.desk.alerts == []
    assert house.keeper.seconds == []


@pytest.mark.parametrize(
    ("severity", "holds_high", "held"),
    [
        pytest.param(Severity.MEDIUM, False, True, id="medium waits for the morning"),
        pytest.param(Severity.HIGH, False, False, id="high does not"),
        pytest.param(Severity.HIGH, True, True, id="high waits where that was told"),
    ],
)
def test_quiet_hours(house: House, severity: Severity, holds_high: bool, held: bool) -> None:
    rule = replace(PRESETS["pain-careful"].rule, severity=severity)
    always = DailyHours(time(0), time(0))
    house.tower.use(AlertPolicy(rules=(rule,), quiet=always, quiet_holds_high=holds_high))
    house.camera().shows(PAIN, for_s=12)
    assert house.alert.held is held


def test_changed_settings_reach_a_running_watch(house: House) -> None:
    camera = house.camera()
    camera.shows(PAIN, for_s=12)
    house.tower.use(AlertPolicy(rules=()))
    assert house.desk.endings == [Ending.STOPPED]
    camera.shows(PAIN, for_s=20)
    assert len(house.desk.alerts) == 1


def test_a_snoozed_rule_does_not_fire(house: House) -> None:
    camera = house.camera()
    camera.shows(a_face(), for_s=2)
    (watch,) = house.tower.watches()
    watch.snooze("pain", None, 1800)
    camera.shows(PAIN, for_s=20)
    assert house.desk.alerts == []
    watch.snooze("pain", None, 0)
    camera.shows(PAIN, for_s=20)
    assert len(house.desk.alerts) == 1


def test_the_cooldown_counts_from_the_delivery(house: House) -> None:
    camera = house.camera()
    camera.shows(PAIN, for_s=12)
    (watch,) = house.tower.watches()
    assert watch.undelivered() == (house.alert.id,)
    camera.shows(a_face(), for_s=110)
    watch.delivered(house.alert.id)
    assert watch.undelivered() == ()
    camera.shows(PAIN, for_s=60)
    assert len(house.desk.alerts) == 1
    camera.shows(PAIN, for_s=80)
    assert len(house.desk.alerts) == 2


class TestNames:
    def test_a_second_camera_numbers_them(self, house: House) -> None:
        house.camera()
        second = house.camera()
        assert [camera.name for camera in house.tower.cameras()] == ["Camera 1", "Camera 2"]
        second.shows(PAIN, for_s=12)
        assert house.alert.camera_name == "Camera 2"

    def test_the_room_names_them(self, house: House) -> None:
        house.place = "Kitchen"
        house.camera()
        assert [camera.name for camera in house.tower.cameras()] == ["Kitchen"]


class TestAnEnd:
    @pytest.fixture
    def camera(self, house: House) -> FakeCamera:
        camera = house.camera("tablet")
        camera.shows(a_face(), for_s=MISSED_FROM_S + 2)
        return camera

    def test_that_nobody_asked_for_is_told_after_a_minute(
        self, house: House, camera: FakeCamera
    ) -> None:
        house.tower.ended(camera.worker)
        (told,) = house.tower.cameras()
        assert told.has_ended
        assert told.told_after_s == 60
        house.time_passes(58)
        assert house.desk.alerts == []
        house.time_passes(4)
        assert house.alert.signal is Signal.CAMERA_LOST
        assert house.alert.person is None
        assert house.alert.picture_jpeg is not None
        house.time_passes(600)
        assert len(house.desk.alerts) == 1

    def test_by_silence_is_told_as_well(self, house: House, camera: FakeCamera) -> None:
        house.time_passes(62)
        assert house.alert.signal is Signal.CAMERA_LOST
        camera.shows(a_face(), for_s=2)
        house.time_passes(1)
        assert house.desk.endings == [Ending.CLEARED]

    def test_on_purpose_is_not_told(self, house: House, camera: FakeCamera) -> None:
        house.tower.ended(camera.worker)
        house.tower.on_purpose(camera.id)
        house.time_passes(100)
        assert house.desk.alerts == []
        assert house.tower.cameras() == ()

    def test_on_purpose_ends_what_was_told_before(self, house: House, camera: FakeCamera) -> None:
        house.time_passes(70)
        house.tower.on_purpose(camera.id)
        assert house.desk.endings == [Ending.STOPPED]

    def test_is_settled_by_a_stream_of_the_same_browser(
        self, house: House, camera: FakeCamera
    ) -> None:
        house.tower.ended(camera.worker)
        house.time_passes(70)
        again = house.camera("tablet")
        assert again.id == camera.id
        again.shows(a_face(), for_s=2)
        house.time_passes(1)
        assert house.desk.endings == [Ending.CLEARED]
        kept = [connection.id for connection, _ in house.keeper.seconds]
        assert list(dict.fromkeys(kept)) == [camera.id, f"{camera.id}-2"]
        house.tower.ended(camera.worker)  # the old stream's end is reported once more
        assert not house.tower.cameras()[0].has_ended

    def test_is_not_settled_by_another_browser(self, house: House, camera: FakeCamera) -> None:
        house.tower.ended(camera.worker)
        other = house.camera("phone")
        assert other.id != camera.id
        for _ in range(70):
            other.shows(a_face())
            house.tower.tick()
        assert house.alert.camera_id == camera.id

    def test_of_one_that_was_only_tried_out_is_not_told(self, house: House) -> None:
        tried = house.camera("phone")
        tried.shows(PAIN, for_s=MISSED_FROM_S / 2)
        house.tower.ended(tried.worker)
        assert house.desk.endings == [Ending.STOPPED]
        assert len(house.tower.cameras()) == 0

    def test_keeps_an_episode_open_until_somebody_comes_back(
        self, house: House, camera: FakeCamera
    ) -> None:
        camera.shows(PAIN, for_s=12)
        house.tower.ended(camera.worker)
        house.time_passes(30)
        again = house.camera("tablet")
        again.shows(PAIN, for_s=12)
        house.tower.tick()
        assert len(house.desk.alerts) == 1
        assert house.desk.ends == []


def test_a_second_camera_of_the_same_browser_is_another_one(house: House) -> None:
    first, second = house.camera("tablet"), FakeCamera(house.clock)
    first.shows(a_face(), for_s=2)
    assert house.tower.begin(second.worker, "tablet") != first.id


def test_the_end_of_the_server_ends_all_episodes(house: House) -> None:
    house.camera().shows(PAIN, for_s=12)
    house.tower.stop()
    assert house.desk.endings == [Ending.STOPPED]


def test_a_frozen_picture_is_told(house: House) -> None:
    camera = house.camera()
    camera.motion = 0.0
    camera.shows(a_face(), for_s=70)
    assert house.alert.signal is Signal.FROZEN


def test_what_a_page_is_told(house: House) -> None:
    camera = house.camera()
    camera.shows(PAIN, for_s=3)
    (told,) = house.tower.cameras()
    assert told.last_face_utc is not None
    (pain,) = [one for one in told.standing if one.rule.key == "pain"]
    assert (pain.person, pain.phase) == (1, Phase.PENDING)
    jpeg = house.tower.snapshot(camera.id)
    assert jpeg is not None
    assert Image.open(io.BytesIO(jpeg)).size == (640, 480)
    assert house.tower.snapshot("nobody") is None


def test_after_stop_late_frames_fire_nothing(house: House) -> None:
    camera = house.camera()
    camera.shows(PAIN, for_s=3)
    house.tower.on_purpose(camera.id)
    camera.shows(PAIN, for_s=20)
    assert house.desk.alerts == []


def test_a_watch_that_fails_says_so_until_it_works_again(house: House) -> None:
    camera = house.camera()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    take, house.keeper.add = house.keeper.add, broken  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        camera.shows(PAIN, for_s=3)
    assert "alerts may not come" in str(house.tower.trouble)
    assert house.tower.cameras()[0].trouble == house.tower.trouble
    house.keeper.add = take  # type: ignore[method-assign]
    camera.shows(PAIN, for_s=12)
    assert house.tower.trouble is None
    assert len(house.desk.alerts) == 1


def test_a_watch_that_stumbles_at_a_tick_stops_no_other_and_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house.camera("phone")
    other = house.camera("tablet")
    other.shows(a_face(), for_s=MISSED_FROM_S + 2)

    def broken() -> None:
        raise ZeroDivisionError

    first = house.tower.watches()[0]
    monkeypatch.setattr(first, "tick", broken)
    house.time_passes(62)
    assert [alert.signal for alert in house.desk.alerts] == [Signal.CAMERA_LOST]
    assert house.tower.trouble == STUMBLES
    assert caplog.text.count("The watch tower stumbled") == 1
    monkeypatch.undo()
    house.time_passes(1)
    assert house.tower.trouble is None


def test_without_the_alert_model_a_page_is_told(house: House) -> None:
    camera = house.camera()
    camera.watch_trouble = "“pain” is not installed."
    camera.shows(a_face(), for_s=1)
    assert house.tower.cameras()[0].trouble == "“pain” is not installed."
    assert house.tower.trouble is None

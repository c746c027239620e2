from __future__ import annotations

import pytest

from core.monitoring.health import Health, HealthMeter
from tests.support.clock import FakeClock


def _run(meter: HealthMeter, clock: FakeClock, seconds: float, fps: int = 10) -> None:
    for _ in range(round(seconds * fps)):
        clock.advance(1 / fps)
        meter.frame_in()
        meter.frame_out()


def _read(meter: HealthMeter) -> Health:
    return meter.read(dropped=0)


def test_nothing_is_claimed_before_the_first_frame() -> None:
    health = HealthMeter(FakeClock()).read(dropped=0)
    assert health.frames_in_per_s == 0
    assert health.latency_ms_median is None
    assert health.latency_ms_p95 is None
    assert health.frame_age_s is None


def test_rates_over_the_window() -> None:
    clock = FakeClock()
    meter = HealthMeter(clock, window_s=5)
    _run(meter, clock, seconds=20)
    assert _read(meter).frames_in_per_s == pytest.approx(10, rel=0.05)
    assert _read(meter).frames_out_per_s == pytest.approx(10, rel=0.05)


def test_the_first_frame_does_not_read_as_hundreds_a_second() -> None:
    clock = FakeClock()
    meter = HealthMeter(clock)
    meter.frame_in()
    clock.advance(0.001)
    assert _read(meter).frames_in_per_s <= 1


def test_rates_fall_to_zero_when_the_camera_is_silent() -> None:
    clock = FakeClock()
    meter = HealthMeter(clock, window_s=5)
    _run(meter, clock, seconds=5)
    clock.advance(6)
    health = _read(meter)
    assert health.frames_in_per_s == 0
    assert health.frame_age_s == pytest.approx(6)


def test_latency_is_median_and_p95_of_the_window() -> None:
    clock = FakeClock()
    meter = HealthMeter(clock, window_s=5)
    meter.analysed(9.0)
    clock.advance(10)
    for latency_ms in range(1, 102):
        meter.analysed(latency_ms / 1000)
    health = _read(meter)
    assert health.latency_ms_median == pytest.approx(51)
    assert health.latency_ms_p95 == pytest.approx(96)

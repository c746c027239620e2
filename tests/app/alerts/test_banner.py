"""The banner that stands on every page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.alerts.banner import SHOWN_FOR, banner_text
from app.composition import PAGES_ROOT
from core.alerts.alert import Answer
from core.alerts.rule import Severity, Signal
from core.clock import SystemClock
from core.delivery.stores import Stores
from tests.support.alert_services import running_alert_system
from tests.support.episodes import alert, new_alert


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    with running_alert_system(tmp_path, monkeypatch) as system:
        yield system.opened().stores


def _page(stays: bool) -> AppTest:
    def script(page: str, stays: bool) -> None:
        from pathlib import Path

        from app.alerts.banner import alert_banner

        alert_banner(Path(page), stays=stays)

    values = {"page": str(PAGES_ROOT / "alerts.py"), "stays": stays}
    return AppTest.from_function(script, kwargs=values, default_timeout=60)


def _fired(stores: Stores, number: int, ago: timedelta, **changes: object) -> str:
    fired_utc = SystemClock().now_utc() - ago
    return stores.alerts.open(new_alert(number, fired_utc, **changes), 3600).id


def test_an_alert_is_taken_on_any_page(stores: Stores) -> None:
    first = _fired(stores, 1, timedelta(minutes=9))
    second = _fired(stores, 2, timedelta(minutes=1))
    page = _page(stays=False).run()
    assert not page.exception
    assert "Alert 2" in page.markdown[-1].value
    assert "And 1 more alert" in page.markdown[-1].value

    page.button(key="banner-ack-2").click().run()
    taken = stores.alerts.by_id(second)
    assert taken is not None
    assert taken.answer is Answer.ACKNOWLEDGED
    assert "Alert 1" in page.markdown[-1].value
    stores.alerts.answer(first, Answer.SNOOZED, "Anna")
    assert not page.run().markdown


def test_what_is_old_or_waits_for_the_morning_does_not_stand_on_every_page(stores: Stores) -> None:
    _fired(stores, 1, SHOWN_FOR + timedelta(minutes=1))
    _fired(stores, 2, timedelta(minutes=1), held=True, severity=Severity.MEDIUM)
    assert not _page(stays=False).run().markdown


def test_opening_it_never_leaves_the_cameras_page(stores: Stores) -> None:
    _fired(stores, 1, timedelta(minutes=1))
    on_live, elsewhere = _page(stays=True).run(), _page(stays=False).run()
    assert [button.label for button in on_live.button] == ["Acknowledge"]
    assert [button.label for button in elsewhere.button] == ["Acknowledge", "Open"]
    (link,) = on_live.get("link_button")
    assert link.proto.url == "alerts?alert=1"


def test_a_camera_is_not_said_to_be_in_pain() -> None:
    lost = alert(3, title="Camera lost", signal=Signal.CAMERA_LOST, person=None)
    assert "may be in pain" in banner_text(alert(), 0).lower()
    assert "pain" not in banner_text(lost, 0).lower()


def test_without_a_database_the_pages_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mien.db").write_bytes(b"no database at all, but long enough to look at" * 30)
    with running_alert_system(tmp_path, monkeypatch):
        page = _page(stays=False).run()
    assert not page.exception
    assert not page.markdown

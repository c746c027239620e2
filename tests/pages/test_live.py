"""The Live page without a browser: what stands on it before any camera, and its settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit_webrtc.component
from streamlit.testing.v1 import AppTest

from app import sidebar, streaming_fixes
from app.composition import camera_hub, settings_store
from app.live import demo
from app.words import HONEST_LINE
from core.monitoring.settings import AnalysisSettings
from core.vision.face import DetectorKind
from tests.support.clips import write_shades
from tests.support.no_streamer import let_live_run
from tests.support.waiting import eventually

PAGE = str(Path("pages/live.py").resolve())


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as a new visitor of a new server finds it."""
    let_live_run(monkeypatch)
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path))
    settings_store.cache_clear()
    yield AppTest.from_file(PAGE, default_timeout=60).run()
    settings_store.cache_clear()


def _said(page: AppTest) -> str:
    kinds = ("title", "markdown", "caption", "warning", "info", "success", "error")
    return "\n".join(element.value for kind in kinds for element in page.get(kind))


def test_before_start_the_page_says_what_to_do_and_what_would_be_here(page: AppTest) -> None:
    assert not page.exception
    assert "Press **START** and allow the camera" in _said(page)
    assert "The last two minutes appear here" in _said(page)
    assert HONEST_LINE in _said(page)
    assert page.toggle(key="live-paused").disabled


def test_the_mends_are_in_place_before_the_streamer(page: AppTest) -> None:
    assert streamlit_webrtc.component.WebRtcWorker is streaming_fixes.Vp8FirstWorker


def test_every_setting_is_kept_on_the_server(page: AppTest) -> None:
    page.selectbox(key="setting-detector").select(DetectorKind.HAAR)
    page.slider(key="setting-smallest_face_px").set_value(100)
    page.slider(key="setting-sure_from").set_value(0.6)
    page.toggle(key="setting-mirror").set_value(False)
    page.toggle(key="setting-power_saving").set_value(True)
    page.run()
    assert not page.exception
    assert settings_store().current == AnalysisSettings(
        detector=DetectorKind.HAAR,
        smallest_face_px=100,
        sure_from=0.6,
        mirror=False,
        power_saving=True,
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param(DetectorKind.HAAR_WITH_RESCUE, "so Haar works alone", id="rescue"),
        pytest.param(DetectorKind.YUNET, "choose another detector", id="YuNet only"),
        pytest.param(DetectorKind.HAAR, None, id="Haar only"),
    ],
)
def test_a_missing_yunet_is_said_where_it_is_missed(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, kind: DetectorKind, said: str | None
) -> None:
    monkeypatch.setattr(sidebar, "yunet_is_available", lambda: False)
    page.selectbox(key="setting-detector").select(kind).run()
    assert not page.exception
    assert ("not installed here" in _said(page)) is (said is not None)
    assert (said or "") in _said(page)


TRY = "live-demo-start"
BACK = "live-demo-end"


@pytest.fixture
def clip(page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A grey clip in the place of the demo's, and no server that knows of browsers."""
    path = write_shades(tmp_path / "demo.mp4", 128)
    monkeypatch.setattr(demo, "DEMO_CLIP", path)
    monkeypatch.setattr(demo, "_watch_of_session", lambda: lambda: True)
    yield path
    for player in _players(page):
        player.end()
        assert player.join(10)
    assert len(camera_hub()) == 0


def _players(page: AppTest) -> list[demo.DemoPlayer]:
    state = page.session_state
    return [state["live-demo"]] if "live-demo" in state else []


def _keys(page: AppTest) -> set[str | None]:
    """Of the buttons that begin and end the demo."""
    return {button.key for button in page.button} & {TRY, BACK}


@pytest.mark.usefixtures("clip")
def test_the_demo_takes_the_cameras_place_and_gives_it_back(page: AppTest) -> None:
    assert _keys(page) == {TRY}
    page.button(key=TRY).click().run()
    assert not page.exception
    assert _keys(page) == {BACK}
    assert "A rendered face, not a person" in _said(page)
    assert "Press **START**" not in _said(page)
    assert not page.toggle(key="live-paused").disabled
    (player,) = _players(page)
    pictures = [html.proto.body for html in page.get("html") if "<img" in html.proto.body]
    assert len(pictures) == 1
    assert player.picture.address in pictures[0]

    page.button(key=BACK).click().run()
    assert not page.exception
    assert _keys(page) == {TRY}
    assert "Press **START**" in _said(page)
    assert player.join(10)


@pytest.mark.usefixtures("clip")
def test_a_rerun_goes_on_with_the_same_clip(page: AppTest) -> None:
    page.button(key=TRY).click().run()
    before = _players(page)
    page.toggle(key="setting-mirror").set_value(False).run()
    assert _players(page) == before
    assert len(camera_hub()) <= 1


@pytest.mark.usefixtures("clip")
def test_save_power_leaves_the_demo_its_picture(page: AppTest) -> None:
    page.toggle(key="setting-power_saving").set_value(True).run()
    page.button(key=TRY).click().run()
    (player,) = _players(page)
    eventually(lambda: player.picture.jpeg is not None)
    assert player.bridge.sends_back
    assert settings_store().current.power_saving


@pytest.mark.usefixtures("clip")
def test_a_demo_that_ended_by_itself_gives_way_to_the_camera(page: AppTest) -> None:
    page.button(key=TRY).click().run()
    (player,) = _players(page)
    player.end()
    assert player.join(10)
    page.run()
    assert not page.exception
    assert _keys(page) == {TRY}
    page.button(key=TRY).click().run()
    assert _players(page) != [player]


def test_a_clip_that_is_missing_is_explained_and_leads_back(page: AppTest, clip: Path) -> None:
    clip.unlink()
    page.button(key=TRY).click().run()
    (player,) = _players(page)
    assert player.join(10)
    page.run()
    assert not page.exception
    assert "There is no demo" in _said(page)
    page.button(key=BACK).click().run()
    assert _keys(page) == {TRY}

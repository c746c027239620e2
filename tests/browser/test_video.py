"""The Video page as a person uses it: the real server, a browser, videos good and bad."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import av
import numpy as np
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Locator, Page, expect

from app.composition import DEMO_CLIP
from tests.support.clips import FPS
from tests.support.server import RunningServer

READ_WITHIN_MS = 150_000
FRAMES = 10 * FPS


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's first seconds, with a tone."""
    path = tmp_path_factory.mktemp("videos") / "Grandma’s party.mp4"
    with av.open(str(DEMO_CLIP)) as source, av.open(str(path), "w") as target:
        video = target.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 640, 480, "yuv420p"
        sound = target.add_stream("aac", rate=44_100, layout="mono")
        for _, frame in zip(range(FRAMES), source.decode(video=0), strict=False):
            image = frame.to_ndarray(format="rgb24")
            target.mux(video.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
        wave = np.sin(np.arange(44_100 * FRAMES // FPS) / 20).astype(np.float32)[None]
        tone = av.AudioFrame.from_ndarray(wave, "fltp", "mono")
        tone.sample_rate = 44_100
        target.mux(sound.encode(tone))
        target.mux([*video.encode(), *sound.encode()])
    return path


@pytest.fixture
def video(page: Page) -> Page:
    """The Video page, reached as a visitor reaches it."""
    page.get_by_role("link", name="Video", exact=True).click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    return page


def _button(video: Page, name: str) -> Locator:
    return video.get_by_role("button", name=name, exact=True)


def _upload(video: Page, path: Path) -> None:
    video.locator("input[type=file]").set_input_files(path)
    expect(video.get_by_role("heading", name=path.name)).to_be_visible(timeout=READ_WITHIN_MS)


def _work(server: RunningServer) -> set[Path]:
    """All files of all videos."""
    paths = (server.data_dir / "work").rglob("*")
    return {path for path in paths if path.is_file() and path.name != ".lock"}


def _download(video: Page, name: str) -> Path:
    with video.expect_download() as download:
        video.get_by_role("link", name=name).click()
    return Path(download.value.path())


def test_a_video_from_upload_to_removal(video: Page, server: RunningServer, clip: Path) -> None:
    before = _work(server)
    _upload(video, clip)
    _button(video, "Read the video").click()
    expect(video.get_by_text("faces so far")).to_be_visible(timeout=READ_WITHIN_MS)
    video.reload()
    chart = video.get_by_role("heading", name="Timeline", exact=True)
    expect(chart).to_be_visible(timeout=READ_WITHIN_MS)
    expect(video.get_by_role("img", name="looks happy")).to_be_visible()

    rows = list(csv.DictReader(io.StringIO(_text(_download(video, "Readings as CSV")), newline="")))
    assert {row["source"] for row in rows} == {clip.name}
    assert 40 <= len(rows) <= 52
    assert pq.read_table(_download(video, "Readings as Parquet")).num_rows == len(rows)

    _button(video, "Make the annotated video").click()
    expect(video.get_by_text("Drawing the boxes")).to_be_visible(timeout=READ_WITHIN_MS)
    player = video.locator("video")
    expect(player).to_be_visible(timeout=READ_WITHIN_MS)
    _expect_annotated(_download(video, "Annotated video"))
    video.get_by_role("button", name=re.compile(r"\d looks happy$")).last.click()
    video.wait_for_function("document.querySelector('video').currentTime > 3")

    _button(video, "Keep").click()
    video.get_by_role("link", name="Show it on the Timeline").click()
    expect(video.get_by_text(clip.name).first).to_be_visible(timeout=READ_WITHIN_MS)

    video.go_back()
    expect(_button(video, "Remove this video")).to_be_visible()
    address = player.get_attribute("src")
    _button(video, "Remove this video").click()
    expect(video.get_by_text("Nothing here yet")).to_be_visible()
    assert _work(server) <= before
    assert video.request.get(f"{server.url}{address}").status == 404


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _expect_annotated(path: Path) -> None:
    """Plays everywhere, is as long as it was, and sounds."""
    with av.open(str(path)) as container:
        (pictures,), (sound,) = container.streams.video, container.streams.audio
        assert (pictures.codec_context.name, pictures.pix_fmt) == ("h264", "yuv420p")
        assert sound.codec_context.name == "aac"
        assert sum(1 for _ in container.decode(pictures)) == FRAMES
    with av.open(str(path)) as container:
        loudest = max(np.abs(f.to_ndarray()).max() for f in container.decode(audio=0))
    assert loudest > 0.5


def test_cancelled_it_ends_and_can_be_read_again(
    video: Page, server: RunningServer, clip: Path
) -> None:
    before = _work(server)
    _upload(video, clip)
    _button(video, "Read the video").click()
    expect(video.get_by_text("faces so far")).to_be_visible(timeout=READ_WITHIN_MS)
    _button(video, "Cancel").click()
    expect(video.get_by_text("You stopped it")).to_be_visible(timeout=READ_WITHIN_MS)
    expect(_button(video, "Read the video")).to_be_visible()
    assert [path.name for path in _work(server) - before] == [clip.name]
    _button(video, "Remove this video").click()
    expect(video.get_by_text("Nothing here yet")).to_be_visible()


def test_a_text_file_named_mp4_gets_its_sentence(video: Page, tmp_path: Path) -> None:
    diary = tmp_path / "diary.mp4"
    diary.write_text("Dear diary, this is no film.\n")
    _upload(video, diary)
    _button(video, "Read the video").click()
    expect(video.get_by_role("alert").get_by_text("“diary.mp4”")).to_be_visible(
        timeout=READ_WITHIN_MS
    )
    expect(_button(video, "Remove this video")).to_be_visible()


def test_a_video_larger_than_a_picture_may_be_is_taken(
    video: Page, server: RunningServer, tmp_path: Path
) -> None:
    large = tmp_path / "large.mkv"
    with large.open("wb") as file:
        file.truncate(80_000_000)
    _upload(video, large)
    (path,) = (path for path in _work(server) if path.name == large.name)
    assert path.stat().st_size == 80_000_000

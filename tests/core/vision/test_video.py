from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from core.errors import VideoError
from core.vision import video_format
from core.vision.video import VideoFrame, VideoReader, probe
from core.vision.video_time import VideoTime
from tests.support.videos import Image, shade, sound_frames, write_sound, write_video

SIZE = (64, 48)


def shades(count: int) -> list[Image]:
    return [shade(20 + 2 * index) for index in range(count)]


def noise(count: int, size: tuple[int, int] = SIZE) -> list[Image]:
    random = np.random.default_rng(3)
    return [random.integers(0, 255, (size[1], size[0], 3), np.uint8) for _ in range(count)]


def read(path: Path, samples_per_s: float | None = None) -> list[VideoFrame]:
    with VideoReader(path) as video:
        return list(video.frames(samples_per_s))


def times_s(frames: Sequence[VideoFrame]) -> list[float]:
    return [frame.at_s for frame in frames]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds, 25 a second, from dark to bright."""
    return write_video(tmp_path_factory.mktemp("video") / "clip.mp4", shades(100))


def test_every_picture_comes_in_order_at_its_time(clip: Path) -> None:
    frames = read(clip)
    assert times_s(frames) == pytest.approx(np.arange(100) / 25)
    greys = [frame.image_bgr.mean() for frame in frames]
    assert greys == pytest.approx([20 + 2 * index for index in range(100)], abs=4)
    assert frames[0].image_bgr.dtype == np.uint8


JERKY_S = [0, 0.04, 0.5, 0.52, 0.54, 1.3, 1.31, 1.39, 1.41, 2.0, 4.0]


@pytest.mark.parametrize(
    ("taken_s", "rate", "expected_s"),
    [
        pytest.param(np.arange(50) / 25, 5, np.arange(10) / 5, id="25 a second"),
        pytest.param(np.arange(60) / 30, 5, np.arange(10) / 5, id="30 a second"),
        pytest.param(np.arange(20) / 10, 3, [0, 0.4, 0.7, 1.0, 1.4, 1.7], id="no whole multiple"),
        pytest.param(np.arange(5), 5, np.arange(5), id="fewer pictures than samples"),
        pytest.param(JERKY_S, 5, [0, 0.5, 1.3, 1.41, 2.0, 4.0], id="varying rate"),
        pytest.param(np.arange(50) / 25, 0.5, [0], id="one in two seconds"),
    ],
)
def test_a_sample_is_the_first_picture_at_or_after_its_due_time(
    tmp_path: Path, taken_s: Sequence[float], rate: float, expected_s: Sequence[float]
) -> None:
    path = write_video(tmp_path / "clip.mkv", shades(len(taken_s)), times_s=list(taken_s))
    assert times_s(read(path, rate)) == pytest.approx(list(expected_s), abs=1e-3)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        pytest.param(
            "clip.mp4", "libx264", {"bf": "3", "b_strategy": "0", "sc_threshold": "0"}, id="H.264"
        ),
        pytest.param(
            "clip.mkv",
            "libx264",
            {"bf": "8", "b_strategy": "0", "sc_threshold": "0"},
            id="many in a row",
        ),
        pytest.param("clip.mkv", "libx264", {"bf": "0"}, id="none to leave out"),
        pytest.param("clip.mkv", "libx265", {"x265-params": "log-level=none"}, id="HEVC"),
        pytest.param("clip.mp4", "mpeg4", {"bf": "2"}, id="MPEG-4"),
        pytest.param("clip.webm", "libvpx-vp9", {"deadline": "realtime"}, id="VP9"),
    ],
)
def test_samples_are_the_pictures_that_decoding_all_would_have_given(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    path = write_video(tmp_path / name, noise(60), codec=codec, options=options)
    every = {round(frame.at_s, 6): frame.image_bgr for frame in read(path)}
    samples = read(path, 5)
    assert len(samples) == 12
    for sample in samples:
        assert np.array_equal(sample.image_bgr, every[round(sample.at_s, 6)])


def test_what_is_not_wanted_and_needed_by_no_other_is_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_video(
        tmp_path / "clip.mp4",
        noise(100),
        options={"bf": "3", "b_strategy": "0", "sc_threshold": "0"},
    )
    decoded = []
    of = VideoTime.of
    monkeypatch.setattr(VideoTime, "of", lambda *args: decoded.append(1) or of(*args))
    read(path, 5)
    assert 20 <= len(decoded) < 80


CORNER = {
    "top left": (0, 0),
    "top right": (0, -1),
    "bottom left": (-1, 0),
    "bottom right": (-1, -1),
}


@pytest.mark.parametrize(
    ("rotated", "size", "degrees", "corner"),
    [
        pytest.param(None, (64, 48), 0, "top left", id="as it is"),
        pytest.param((90, False, False), (48, 64), 270, "bottom left", id="to the left"),
        pytest.param((-90, False, False), (48, 64), 90, "top right", id="to the right"),
        pytest.param((180, False, False), (64, 48), 180, "bottom right", id="on its head"),
        pytest.param((0, True, False), (64, 48), 0, "top right", id="mirrored"),
        pytest.param((0, False, True), (64, 48), 180, "bottom left", id="top to bottom"),
        pytest.param((90, True, False), (48, 64), 270, "bottom right", id="left and mirrored"),
    ],
)
def test_pictures_are_turned_upright(
    tmp_path: Path,
    rotated: tuple[float, bool, bool] | None,
    size: tuple[int, int],
    degrees: int,
    corner: str,
) -> None:
    image = shade(30)
    image[:16, :16] = 220  # in the stored picture's top left corner
    path = write_video(tmp_path / "clip.mp4", [image] * 3, rotated=rotated)
    info = probe(path)
    assert (info.size_px, info.rotation_deg % 180) == (size, degrees % 180)
    frame = read(path)[0].image_bgr
    assert frame.shape == (size[1], size[0], 3)
    bright = {name for name, at in CORNER.items() if frame[at].mean() > 120}
    assert bright == {corner}


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", shades(3), square=Fraction(4, 3))
    assert probe(path).size_px == (85, 48)
    assert read(path)[0].image_bgr.shape == (48, 85, 3)


def test_large_pictures_are_scaled_down_where_asked(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mp4", [shade(99, (320, 160))] * 3, rotated=(90, False, False)
    )
    with VideoReader(path) as video:
        frame = next(video.frames(None, longest_px=100))
        assert video.info.size_px == (160, 320)
    assert frame.image_bgr.shape == (100, 50, 3)
    assert frame.scale == pytest.approx(3.2)


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        pytest.param("clip.mp4", "libx264", "yuv420p10le", id="10 bits"),
        pytest.param("clip.mkv", "libx264", "yuv444p", id="4:4:4"),
        pytest.param("clip.mkv", "ffv1", "gray", id="grey"),
        pytest.param("clip.avi", "mjpeg", "yuvj422p", id="full range"),
        pytest.param("clip.mov", "qtrle", "argb", id="with alpha"),
        pytest.param("clip.mov", "png", "rgb48be", id="16 bits"),
        pytest.param("clip.avi", "rawvideo", "bgr24", id="raw"),
    ],
)
def test_odd_pixels_become_the_same_picture(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    path = write_video(tmp_path / name, [shade(150)] * 5, codec=codec, pix_fmt=pix_fmt)
    frames = read(path)
    assert len(frames) == 5
    assert frames[2].image_bgr.mean() == pytest.approx(150, abs=4)


def test_interlaced_pictures_are_read(tmp_path: Path) -> None:
    options = {"flags": "+ilme+ildct"}
    assert len(read(write_video(tmp_path / "clip.mp4", noise(10), options=options))) == 10


def test_a_change_of_size_midway_keeps_the_first_size(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        out.start_encoding()
        for index, size in enumerate([(64, 48)] * 3 + [(128, 96)] * 3):
            context = av.CodecContext.create("mjpeg", "w")
            context.width, context.height, context.pix_fmt = *size, "yuvj420p"
            context.time_base = Fraction(1, 25)
            frame = av.VideoFrame.from_ndarray(shade(40 * index, size), "bgr24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            for packet in context.encode(frame.reformat(format="yuvj420p")):
                packet.stream = stream
                out.mux(packet)
    frames = read(path)
    assert [frame.image_bgr.shape for frame in frames] == [(48, 64, 3)] * 6
    assert [frame.image_bgr.mean() for frame in frames] == pytest.approx(
        [0, 40, 80, 120, 160, 200], abs=4
    )


def test_time_counts_from_the_beginning_of_the_file(tmp_path: Path) -> None:
    late = write_video(tmp_path / "late.mkv", shades(5), times_s=[100 + n / 25 for n in range(5)])
    assert times_s(read(late)) == pytest.approx(np.arange(5) / 25, abs=1e-3)
    sound_first = write_video(
        tmp_path / "sound.mkv",
        shades(5),
        times_s=[2 + n / 25 for n in range(5)],
        sound="aac",
        seconds=2,
    )
    assert read(sound_first)[0].at_s == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(
    ("stamps", "expected_s"),
    [
        pytest.param([0, 4, 8], [0, 0.4, 0.8], id="plain"),
        pytest.param([3, 7], [0.3, 0.7], id="begins late"),
        pytest.param([None, None, None], [0, 0.2, 0.4], id="no stamps at all"),
        pytest.param([0, None, 4], [0, 0.2, 0.4], id="one is missing"),
        pytest.param([0, 4, 4, 8], [0, 0.4, 0.4001, 0.8], id="twice the same"),
        pytest.param([4, 2, 6], [0.4, 0.4001, 0.6], id="a little back"),
        pytest.param([0, 600, 2, 4], [0, 60, 60.2, 60.4], id="far back: goes on from there"),
        pytest.param([0, 10**9, 10**9 + 2], [0, 0.2, 0.4], id="years ahead"),
        pytest.param([-(10**9), 4 - 10**9], [0, 0.4], id="years before"),
    ],
)
def test_time_never_stands_still_or_goes_back(
    stamps: list[int | None], expected_s: list[float]
) -> None:
    time = VideoTime(0.0, 0.2)
    seen_s = []
    for stamp in stamps:
        frame = av.VideoFrame(16, 16, "gray")
        frame.pts, frame.time_base = stamp, Fraction(1, 10)
        seen_s.append(time.of(frame))
    assert seen_s == pytest.approx(expected_s)
    assert all(later > earlier for earlier, later in pairwise(seen_s))


def test_what_the_header_says(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mp4",
        shades(50),
        sound="aac",
        seconds=2,
        metadata={"creation_time": "2024-05-06T07:08:09Z"},
    )
    info = probe(path)
    assert info.duration_s == pytest.approx(2, abs=0.05)
    assert info.frames_per_s == pytest.approx(25)
    assert (info.size_px, info.rotation_deg, info.has_sound) == (SIZE, 0, True)
    assert info.size_bytes == path.stat().st_size
    assert info.recorded_utc == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_a_camera_whose_clock_was_never_set_tells_no_date(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mp4", shades(3), metadata={"creation_time": "1970-01-01T00:00:00Z"}
    )
    assert probe(path).recorded_utc is None


def test_titles_in_an_old_encoding_do_no_harm(tmp_path: Path, clip: Path) -> None:
    path = write_video(tmp_path / "clip.mkv", shades(3), metadata={"title": "XXXX"})
    path.write_bytes(path.read_bytes().replace(b"XXXX", b"\xff\xfe\xe4X"))
    assert len(read(path)) == 3


def empty(path: Path, clip: Path) -> None:
    path.write_bytes(b"")


def text(path: Path, clip: Path) -> None:
    path.write_bytes(b"Dear diary, this is no video.\n" * 50)


def animation(path: Path, clip: Path) -> None:
    path.write_bytes(b"GIF89a" + bytes(200))


def playlist(path: Path, clip: Path) -> None:
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{clip}\n#EXT-X-ENDLIST\n")


def script(path: Path, clip: Path) -> None:
    path.write_text(f"ffconcat version 1.0\nfile '{clip}'\n")


def only_sound(path: Path, clip: Path) -> None:
    write_sound(path.with_suffix(".m4a")).rename(path)


def song_with_cover(path: Path, clip: Path) -> None:
    with av.open(str(path), "w", format="mp4") as out:
        heard = out.add_stream("aac", rate=48_000)
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        frame = av.VideoFrame.from_ndarray(shade(99), "bgr24").reformat(format="yuvj420p")
        out.mux(cover.encode(frame))
        out.mux(cover.encode(None))
        for sound in sound_frames((), 1.0, 0.0):
            out.mux(heard.encode(sound))
        out.mux(heard.encode(None))


def without_index(path: Path, clip: Path) -> None:
    data = clip.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 4])


def index_cut(path: Path, clip: Path) -> None:
    path.write_bytes(clip.read_bytes()[:-1500])


def rubbish(path: Path, clip: Path) -> None:
    path.write_bytes(b"\0\0\0\x18ftypisom" + np.random.default_rng(1).bytes(5000))


def protected(path: Path, clip: Path) -> None:
    path.write_bytes(clip.read_bytes().replace(b"avc1", b"encv"))


def all_damaged(path: Path, clip: Path) -> None:
    data = clip.read_bytes()
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    path.write_bytes(data[:begin] + b"\xa5" * (end - begin) + data[end:])


def huge(path: Path, clip: Path) -> None:
    write_video(path.with_suffix(".mov"), [shade(9)] * 2, codec="png", pix_fmt="rgb24").rename(path)
    data = path.read_bytes()
    path.write_bytes(
        data.replace(
            struct.pack(">4sII", b"IHDR", 64, 48), struct.pack(">4sII", b"IHDR", 9000, 9000)
        )
    )


def said_to_be_huge(path: Path, clip: Path) -> None:
    huge(path, clip)
    data = bytearray(path.read_bytes())
    at = data.index(b"png ", data.index(b"stsd")) + 28
    data[at : at + 4] = struct.pack(">HH", 9000, 9000)
    path.write_bytes(bytes(data))


def folder(path: Path, clip: Path) -> None:
    path.mkdir()


def pipe(path: Path, clip: Path) -> None:
    os.mkfifo(path)


def missing(path: Path, clip: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(empty, "is empty", id="zero length"),
        pytest.param(text, "is not a video.*MP4, MOV, WebM", id="text"),
        pytest.param(animation, "is not a video", id="GIF"),
        pytest.param(playlist, "is not a video", id="playlist"),
        pytest.param(script, "is not a video", id="list of files"),
        pytest.param(only_sound, "only sound", id="only sound"),
        pytest.param(song_with_cover, "only sound", id="song with a cover"),
        pytest.param(without_index, "damaged or incomplete", id="broken off while recording"),
        pytest.param(index_cut, "cannot be read.*incomplete", id="broken off near the end"),
        pytest.param(rubbish, "damaged or incomplete", id="rubbish"),
        pytest.param(protected, "cannot be read.*protected", id="protected"),
        pytest.param(all_damaged, "Not one picture", id="no picture is whole"),
        pytest.param(huge, "Not one picture", id="pictures that fill the memory"),
        pytest.param(said_to_be_huge, "larger than 40 million", id="too large"),
        pytest.param(folder, "is no file", id="folder"),
        pytest.param(pipe, "is no file", id="pipe"),
        pytest.param(missing, "cannot be opened", id="missing"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, clip: Path, make: Callable[[Path, Path], None], words: str
) -> None:
    path = tmp_path / "holiday.mp4"
    make(path, clip)
    with pytest.raises(VideoError, match=words) as refusal:
        probe(path)
    assert refusal.value.sentence.count("“holiday.mp4”") == 1
    assert str(tmp_path) not in refusal.value.sentence


def test_a_list_of_files_in_a_video_opens_nothing(tmp_path: Path, clip: Path) -> None:
    # A demuxer that follows names is refused, whatever the file is called and begins with.
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/live.mp4"
        for name in ("list.mp4", "list.m3u8", "list.ffconcat"):
            path = tmp_path / name
            path.write_text(f"#EXTM3U\n#EXTINF:4,\n{address}\n")
            with pytest.raises(VideoError):
                read(path)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("demuxer", ["hls", "concat"])
def test_even_a_demuxer_that_follows_names_reaches_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demuxer: str
) -> None:
    # the second wall behind the choice of demuxers
    monkeypatch.setattr(video_format, "_demuxer", lambda path: demuxer)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/live.mp4"
        path = tmp_path / "list.mp4"
        path.write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{address}\n#EXT-X-ENDLIST\n"
            if demuxer == "hls"
            else f"ffconcat version 1.0\nfile '{address}'\n"
        )
        with pytest.raises(VideoError):
            read(path)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_name_that_looks_like_an_address_is_a_name(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("concat:a|b.mp4", "http:c.mp4", "-i.mp4", "100%d.mp4"):
        Path(name).write_bytes(clip.read_bytes())
        assert probe(Path(name)).size_px == SIZE


def half(path: Path, whole: Path) -> Path:
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


@pytest.mark.parametrize(
    ("name", "codec", "container"),
    [
        pytest.param("clip.mp4", "libx264", {"movflags": "+faststart"}, id="MP4"),
        pytest.param(
            "clip.mp4", "libx264", {"movflags": "+frag_keyframe+empty_moov"}, id="fragments"
        ),
        pytest.param("clip.mkv", "libx264", {}, id="MKV"),
        pytest.param("clip.webm", "libvpx", {}, id="WebM"),
        pytest.param("clip.avi", "mjpeg", {}, id="AVI"),
    ],
)
def test_a_file_that_is_cut_is_read_as_far_as_it_goes(
    tmp_path: Path, name: str, codec: str, container: dict[str, str]
) -> None:
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    whole = write_video(
        tmp_path / f"whole-{name}",
        noise(100),
        codec=codec,
        pix_fmt=pix_fmt,
        options={"g": "10"},
        container=container,
    )
    with VideoReader(whole) as video:
        assert len(list(video.frames(None))) == 100
        assert video.broke_off is None
    with VideoReader(half(tmp_path / name, whole)) as video:
        frames = list(video.frames(None))
        assert 20 < len(frames) < 80
        assert video.broke_off is not None
        assert "All until there was read" in video.broke_off


def test_a_damaged_part_is_left_out(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mp4", noise(100), options={"g": "5"}, container={"movflags": "+faststart"}
    )
    data = bytearray(path.read_bytes())
    third = len(data) // 3
    data[third : third + third // 2] = bytes(third // 2)
    path.write_bytes(bytes(data))
    with VideoReader(path) as video:
        frames = list(video.frames(None))
        assert 60 < len(frames) < 100
        assert video.damaged > 10
        assert video.broke_off is None


def test_a_header_that_lies_about_its_length_is_found_out(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mkv", noise(50))
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3  # Duration, a float of eight bytes, in milliseconds
    path.write_bytes(data[:at] + struct.pack(">d", 3_600_000.0) + data[at + 8 :])
    with VideoReader(path) as video:
        assert video.info.duration_s == pytest.approx(3600)
        assert len(list(video.frames(5))) == 10
        assert video.broke_off is not None
        assert "1:00:00" in video.broke_off


def test_a_header_that_lies_about_the_size_changes_nothing(tmp_path: Path, clip: Path) -> None:
    data = bytearray(clip.read_bytes())
    at = data.index(b"avc1", data.index(b"stsd")) + 28
    data[at : at + 4] = struct.pack(">HH", 6400, 4800)
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(data))
    assert probe(path).size_px == SIZE
    assert len(read(path, 5)) == 20

"""A folder of pictures and videos as a researcher reads it: with bad files, stopped, killed."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.batch.parts import Parts
from core.tables.parquet_table import read_rows
from core.tables.row import ReadingRow
from core.vision.photo import decode_photo
from core.vision.video import probe
from tests.support.pictures import cut_short, landscape, portrait, text, two_people
from tests.support.readers import is_there, readers_of
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
HAPPY = ROOT / "tests/faces/happy.jpg"
CLIP = ROOT / "app/assets/demo_face.mp4"
COMMAND = (sys.executable, "-m", "core.batch")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def batch(folder: Path, *arguments: str, before: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """Runs the command in the folder; its status, stdout and stderr."""
    done = subprocess.run(
        [*before, *COMMAND, "--workers=1", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command while it runs, hearing Ctrl-C even where the tests run in the background."""
    with subprocess.Popen(
        ["/usr/bin/env", "--default-signal=INT", *COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def many_pictures(folder: Path, count: int) -> None:
    """Enough that a command can be stopped in the middle."""
    (folder / "in").mkdir()
    for number in range(count):
        shutil.copy(HAPPY, folder / "in" / f"{number:02}.jpg")


def finished(folder: Path) -> int:
    return len(list((folder / "out.parquet.parts").glob("*.json")))


def rows_of(folder: Path, name: str = "out.parquet") -> list[ReadingRow]:
    return list(read_rows(folder / name))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with good and bad files, read once."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "in/videos").mkdir(parents=True)
    files = {
        "cut.jpg": cut_short(),
        "letter.jpg": text(),
        "nobody.png": landscape(),
        "notes.txt": text(),
        "two.webp": two_people(),
        "videos/empty.mp4": b"",
        "videos/letter.mov": text(),
        "[red]\x1b[2J.jpg": portrait(),
    }
    for name, content in files.items():
        (folder / "in" / name).write_bytes(content)
    shutil.copy(CLIP, folder / "in/videos/clip.mp4")
    return folder


BAD = ["in/cut.jpg", "in/letter.jpg", "in/videos/empty.mp4", "in/videos/letter.mov"]


def test_good_and_bad_files_in_one_folder(mixed: Path) -> None:
    status, said, errors = batch(
        mixed, "in", "--out=out.parquet", "--csv", "--annotate=marked", "--samples-per-s=1"
    )
    assert status == 1
    lines = said.splitlines()
    assert [line.split()[0] for line in lines[:8]] == [f"{number}/8" for number in range(1, 9)]
    assert "in/two.webp: 2 faces" in said
    assert "in/nobody.png: 0 faces" in said
    assert "in/[red]�[2J.jpg: 1 face\n" in said
    assert "in/videos/clip.mp4: up to 1 face at once" in said
    assert lines[8:] == [
        "Writing the table.",
        "4 files read into “out.parquet” and “out.csv”.",
        "Left alone, as neither pictures nor videos: 1.",
    ]
    *named, advice = errors.splitlines()
    assert sorted(line.split(":")[0] for line in named) == BAD
    assert "tries again what could not be read" in advice

    rows = rows_of(mixed)
    counted = Counter(row.source for row in rows)
    assert counted == {
        "in/[red]\x1b[2J.jpg": 1,
        "in/nobody.png": 1,
        "in/two.webp": 2,
        "in/videos/clip.mp4": 20,
        **dict.fromkeys(BAD, 1),
    }
    assert {row.source for row in rows if row.problem} == {*BAD, "in/nobody.png"}
    assert list(counted) == sorted(counted)
    read = [row for row in rows if row.kind == "picture" and row.reading is not None]
    assert all(row.pain is not None and row.box_xyxy_px is not None for row in read)


def test_csv_holds_what_parquet_holds(mixed: Path) -> None:
    with (mixed / "out.csv").open(newline="", encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    rows = rows_of(mixed)
    assert [one["source"] for one in told] == [row.source for row in rows]
    assert [one["looks"] for one in told] == [row.looks for row in rows]
    for one, row in zip(told, rows, strict=True):
        if row.reading is not None:
            assert float(one["p_happy"]) == pytest.approx(
                row.reading.probability("happy"), abs=1e-4
            )


def test_marked_copies_lie_as_the_originals_do(mixed: Path) -> None:
    marked = mixed / "marked/in"
    copies = sorted(str(path.relative_to(marked)) for path in marked.rglob("*.*"))
    assert copies == ["[red]\x1b[2J.jpg", "nobody.png.jpg", "two.webp.jpg", "videos/clip.mp4"]
    copy = decode_photo((marked / "two.webp.jpg").read_bytes(), "copy")
    original = decode_photo(two_people(), "original")
    assert copy.shape == original.shape
    assert abs(copy.astype(int) - original).max() > 100
    assert probe(marked / "videos/clip.mp4").duration_s == pytest.approx(20, abs=0.2)


def test_the_next_run_tries_only_what_was_bad_and_ends_well_once_it_is_mended(mixed: Path) -> None:
    before = rows_of(mixed)
    for name in BAD:
        (mixed / name).unlink()
    shutil.copy(HAPPY, mixed / "in/letter.jpg")
    arguments = ("in", "--out=out.parquet", "--csv", "--annotate=marked", "--samples-per-s=1")
    status, said, errors = batch(mixed, *arguments)
    assert (status, errors) == (0, "")
    assert said.splitlines()[:2] == [
        "4 of 5 were read by an earlier run.",
        "5/5 in/letter.jpg: 1 face",
    ]
    after = rows_of(mixed)
    good = [row for row in before if row.source not in BAD]
    assert [row for row in after if row.source != "in/letter.jpg"] == good
    assert not (mixed / "out.parquet.parts").exists()

    assert batch(mixed, *arguments)[0] == 0
    assert rows_of(mixed) == after


@pytest.fixture(scope="module")
def unmended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good and a bad picture, read once."""
    folder = tmp_path_factory.mktemp("unmended")
    many_pictures(folder, 1)
    (folder / "in/bad.jpg").write_bytes(text())
    assert batch(folder, "in", "--out=out.parquet")[0] == 1
    return folder


def test_killed_in_the_middle_it_goes_on(tmp_path: Path) -> None:
    many_pictures(tmp_path, 12)
    with running(tmp_path, "in", "--out=out.parquet", "--workers=2") as process:
        eventually(lambda: finished(tmp_path) >= 4)
        readers = readers_of(process.pid)
        assert len(readers) == 2
        process.kill()
        process.wait()
        eventually(lambda: not any(map(is_there, readers)))
    done = finished(tmp_path)
    assert 4 <= done < 12
    assert not (tmp_path / "out.parquet").exists()

    status, said, _ = batch(tmp_path, "in", "--out=out.parquet")
    assert status == 0
    assert said.startswith(f"{done} of 12 were read by an earlier run.\n{done + 1}/12 ")
    assert [row.source for row in rows_of(tmp_path)] == [f"in/{n:02}.jpg" for n in range(12)]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param(signal.SIGINT, 130, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 143, id="SIGTERM"),
    ],
)
def test_stopped_it_says_how_to_go_on(tmp_path: Path, how: signal.Signals, expected: int) -> None:
    many_pictures(tmp_path, 12)
    with running(tmp_path, "in", "--out=out.parquet", "--workers=1") as process:
        eventually(lambda: finished(tmp_path) >= 2)
        (reader,) = readers_of(process.pid)
        process.send_signal(how)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == expected
    assert errors == (
        "Stopped. What was read is kept: the same command goes on where this one ended.\n"
    )
    assert not is_there(reader)
    assert not (tmp_path / "out.parquet.parts/work").exists()
    assert finished(tmp_path) >= 2


def test_a_reader_that_dies_fails_only_its_file(tmp_path: Path) -> None:
    many_pictures(tmp_path, 2)
    shutil.copy(CLIP, tmp_path / "in/00.mp4")
    arguments = ("in", "--out=out.parquet", "--workers=1", "--samples-per-s=25")
    with running(tmp_path, *arguments) as process:
        eventually(lambda: any((tmp_path / "out.parquet.parts").glob("work/*/mien.db")))
        (reader,) = readers_of(process.pid)
        os.kill(reader, signal.SIGKILL)
        said, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "2 files read into" in said
    assert errors.startswith("in/00.mp4: The reader of this file was ended from outside")
    assert [row.source for row in rows_of(tmp_path)] == ["in/00.jpg", "in/00.mp4", "in/01.jpg"]


def test_on_a_full_disk_what_was_read_is_kept(unmended: Path, tmp_path: Path) -> None:
    shutil.copytree(unmended, tmp_path, dirs_exist_ok=True)
    table = (tmp_path / "out.parquet").read_bytes()
    shutil.copy(HAPPY, tmp_path / "in/new.jpg")

    full = ("bash", "-c", 'ulimit -f 4; exec "$@"', "bash")
    status, _, errors = batch(tmp_path, "in", "--out=out.parquet", before=full)
    assert status == 1
    assert errors.startswith("The disk is full")
    assert "What was read before is kept" in errors
    assert (tmp_path / "out.parquet").read_bytes() == table

    (tmp_path / "in/bad.jpg").unlink()
    status, said, _ = batch(tmp_path, "in", "--out=out.parquet")
    assert status == 0
    assert said.splitlines()[1:] == [
        "2/2 in/new.jpg: 1 face",
        "Writing the table.",
        "2 files read into “out.parquet”.",
    ]


def test_where_nobody_listens_it_ends_quietly(tmp_path: Path) -> None:
    many_pictures(tmp_path, 2)
    with running(tmp_path, "in", "--out=out.parquet", "--workers=1") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(60) == 128 + signal.SIGPIPE
        assert process.stderr.read() == ""


def test_two_runs_never_make_one_table(tmp_path: Path) -> None:
    many_pictures(tmp_path, 1)
    other = Parts(tmp_path / "out.parquet.parts")
    other.open()
    status, _, errors = batch(tmp_path, "in", "--out=out.parquet")
    other.close()
    assert status == 1
    assert "Another run is making the same table" in errors


@pytest.mark.parametrize("more", ["--restart", "--sure-from=0.9"])
def test_what_was_read_is_read_anew(unmended: Path, more: str) -> None:
    assert batch(unmended, "in", "--out=out.parquet", more)[1].startswith("1/2 ")

"""One person's model from a folder per label, by command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.expression.registry import DEFAULT_MODEL, load_classifier
from core.stills.search import PhotoSearch
from core.training.cli import main
from core.vision.crop import crop_grey
from core.vision.detectors import build_detector
from core.vision.face import DetectorKind
from core.vision.photo import decode_photo
from tests.support.expressions import LABELS, posed

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped model and pictures of one person, in which commands run."""
    shutil.copytree(MODELS / DEFAULT_MODEL, tmp_path / "models" / DEFAULT_MODEL)
    for label in LABELS:
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for seed in range(6):
            (tmp_path / "pictures" / label / f"{seed}.jpg").write_bytes(posed(label, seed))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _personal(*more: str) -> int:
    return main(["personal", "--pictures", "pictures", *more])


def test_it_reads_pictures_that_it_never_saw(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workplace / "pictures/happy/diary.jpg").write_text("Dear diary")
    assert _personal("--name", "Eileen") == 0
    told = capsys.readouterr()
    assert "Skipped: happy: “diary.jpg” is not a picture" in told.err
    assert "eileen on cross-validation: 18 faces" in told.out
    assert "knows nobody else" in told.out

    classifier = load_classifier("eileen", workplace / "models")
    assert classifier.labels == LABELS
    search = PhotoSearch(DetectorKind.HAAR_WITH_RESCUE, build_detector)
    read = []
    for label in LABELS:
        image_bgr = decode_photo(posed(label, 99), "new.jpg")
        box = search.faces(image_bgr)[0].box
        (reading,) = classifier.classify([crop_grey(image_bgr, box, classifier.input_px)])
        read.append(reading.top)
    assert tuple(read) == LABELS


@pytest.mark.parametrize(
    ("spoil", "arguments", "said"),
    [
        pytest.param(None, ("--name", "a/b"), "Give it a name", id="no file name"),
        pytest.param(None, ("--name", DEFAULT_MODEL), "already", id="a name that exists"),
        pytest.param(None, ("--name", "a", "--base", "none"), "not installed", id="no base"),
        pytest.param("happy", ("--name", "a"), "“happy” holds no picture", id="an empty label"),
        pytest.param("few", ("--name", "a"), "“pain” has 2", id="too few pictures"),
    ],
)
def test_what_a_person_can_mend_is_said(
    workplace: Path, capsys: pytest.CaptureFixture[str], spoil, arguments, said
) -> None:
    if spoil == "happy":
        shutil.rmtree(workplace / "pictures/happy")
        (workplace / "pictures/happy").mkdir()
    elif spoil == "few":
        for seed in range(4):
            (workplace / f"pictures/pain/{seed}.jpg").unlink()
    assert _personal(*arguments) == 1
    assert said in capsys.readouterr().err
    assert [path.name for path in (workplace / "models").iterdir()] == [DEFAULT_MODEL]

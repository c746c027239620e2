from pathlib import Path

import numpy as np
import pytest

from core.errors import DatasetError
from core.training.synthetic.contact_sheet import COLUMNS, contact_sheet, write_contact_sheet
from core.training.synthetic.dataset import RenderedFaces, load_rendered, save_rendered
from core.training.synthetic.prototypes import RENDERED_LABELS


def made_up(count: int) -> RenderedFaces:
    random = np.random.default_rng(0)
    return RenderedFaces(
        images=random.integers(0, 256, (count, 48, 48), dtype=np.uint8),
        label=(np.arange(count) % len(RENDERED_LABELS)).astype(np.uint8),
        label_names=np.array(RENDERED_LABELS),
        pspi=random.random(count, dtype=np.float32),
        action_units=random.random((count, 2), dtype=np.float32),
        action_unit_names=np.array(["AU4", "AU6"]),
        identity=np.arange(count, dtype=np.int32),
        credit=np.array("nobody"),
    )


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    faces = made_up(9)
    save_rendered(faces, tmp_path / "faces.npz")
    loaded = load_rendered(tmp_path / "faces.npz")
    assert np.array_equal(loaded.images, faces.images)
    assert loaded.label_names.tolist() == list(RENDERED_LABELS)
    assert str(loaded.credit) == "nobody"


@pytest.mark.parametrize("content", [None, b"", b"text"], ids=["absent", "empty", "text"])
def test_another_file_is_refused_with_the_way_to_one(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "faces.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"not a rendered data set.*synthetic render"):
        load_rendered(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be written"):
        save_rendered(made_up(1), tmp_path / "absent/faces.npz")


def test_contact_sheet_has_a_row_for_each_label() -> None:
    faces = made_up(16)
    sheet = contact_sheet(faces)
    assert sheet.shape[0] == 48 * len(RENDERED_LABELS)
    first_angry = sheet[:48, -48 * COLUMNS :][:, :48]
    assert np.array_equal(first_angry, faces.images[0])
    assert (sheet[:48, -48:] == 255).all(), "a place without a face is white"


def test_contact_sheet_is_a_small_jpeg(tmp_path: Path) -> None:
    write_contact_sheet(made_up(200), tmp_path / "sheet.jpg")
    content = (tmp_path / "sheet.jpg").read_bytes()
    assert content.startswith(b"\xff\xd8\xff")
    assert len(content) < 250_000

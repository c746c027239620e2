"""A model's folder appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import TrainingError
from core.training.publish import new_folder


def published(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_a_new_model_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "old").touch()
    with new_folder(target) as folder:
        (folder / "new").touch()
    assert [path.name for path in target.iterdir()] == ["new"]
    assert published(target) == ["mine"]


def test_a_full_disk_leaves_the_old_model(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "old").touch()
    with pytest.raises(TrainingError, match="Nothing was changed"):
        _publish_on_a_full_disk(target)
    assert [path.name for path in target.iterdir()] == ["old"]
    assert published(target) == ["mine"]


def _publish_on_a_full_disk(target: Path) -> None:
    with new_folder(target) as folder:
        (folder / "new").touch()
        raise OSError(28, "No space left on device")

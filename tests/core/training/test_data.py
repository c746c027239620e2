"""Data, augmentation and recipes, without Keras."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigurationError, DatasetError
from core.training.augmentation import Augmentation, augment_batch, centre_crop
from core.training.datasets import Split, load_fer2013, twins_of
from core.training.recipes import recipe_named
from tests.core.training.tiny_fer2013 import write_tiny_fer2013

STILL = Augmentation(rotate_deg=0, shear=0, zoom=0, shift=0, flip=False, contrast=0, erase=0)


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    return write_tiny_fer2013(tmp_path / "tiny.npz")


def test_splits_are_the_official_ones_and_blank_training_faces_are_left_out(npz: Path):
    training, private = (load_fer2013(npz, split) for split in (Split.TRAINING, Split.PRIVATE))
    assert (len(training), len(private)) == (139, 35)
    assert private.images_grey.shape == (35, 48, 48)


def test_votes_are_shares_without_outliers_and_unusable_rows_weigh_nothing(npz: Path):
    votes = load_fer2013(npz, Split.PRIVATE).votes
    assert votes[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
    assert not votes[1].any()
    assert not votes[2].any()
    assert votes[3:].sum(axis=1) == pytest.approx(1)


def test_twins_are_pixel_identical_faces(npz: Path):
    twins = twins_of(load_fer2013(npz, Split.PRIVATE), load_fer2013(npz, Split.TRAINING))
    assert twins.nonzero()[0].tolist() == [4]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "no data file", id="missing"),
        pytest.param(b"", "not a FER2013 npz", id="empty"),
        pytest.param(b"text", "not a FER2013 npz", id="text"),
        pytest.param(b"PK\x03\x04 cut short", "not a FER2013 npz", id="truncated"),
        pytest.param("other arrays", "not a FER2013 npz", id="other arrays"),
    ],
)
def test_a_wrong_file_is_said(tmp_path: Path, content, said):
    path = tmp_path / "data.npz"
    if content == "other arrays":
        np.savez(path, images=np.zeros((2, 48, 48), np.uint8))
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=said):
        load_fer2013(path, Split.PUBLIC)


@pytest.mark.parametrize("crop_px", [40, 48])
def test_an_augmentation_of_nothing_is_the_centre_crop(crop_px):
    faces = np.random.default_rng(1).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    changed = augment_batch(faces, STILL, crop_px, np.random.default_rng(2))
    assert changed.shape == (3, crop_px, crop_px, 1)
    assert np.abs(changed - centre_crop(faces, crop_px)).max() <= 1


@pytest.mark.parametrize(
    "change",
    [
        {"rotate_deg": 10.0},
        {"shear": 0.1},
        {"zoom": 0.1},
        {"shift": 0.06},
        {"flip": True},
        {"contrast": 0.3},
        {"erase": 1.0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_augmentation_changes_the_face_and_is_repeatable(change):
    faces = np.random.default_rng(1).integers(0, 256, (8, 48, 48), dtype=np.uint8)
    first, again = (
        augment_batch(faces, replace(STILL, **change), 48, np.random.default_rng(2))
        for _ in range(2)
    )
    assert np.array_equal(first, again)
    assert np.abs(first - centre_crop(faces, 48)).max() > 10
    assert first.min() >= 0
    assert first.max() <= 255


def test_an_unknown_recipe_names_the_known_ones():
    with pytest.raises(ConfigurationError, match="base"):
        recipe_named("unknown")

"""Which folders count as models, and what is said of those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.expression import registry
from core.expression.card import CARD_FILE
from core.expression.registry import survey
from tests.support.networks import edit_card, install

LABELS = ("calm", "worried")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("bad", "good"):
        install(tmp_path, name, LABELS)
    return tmp_path


def flip_a_byte(folder: Path, file: str) -> None:
    content = bytearray((folder / file).read_bytes())
    content[-1] ^= 1
    (folder / file).write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda f: flip_a_byte(f, "model.tflite"), "not the one", id="TFLite changed"),
        pytest.param(lambda f: flip_a_byte(f, "model.keras"), "not the one", id="Keras changed"),
        pytest.param(lambda f: (f / "model.tflite").unlink(), "lacks its file", id="TFLite gone"),
        pytest.param(lambda f: (f / CARD_FILE).unlink(), "has no card", id="no card"),
        pytest.param(lambda f: (f / CARD_FILE).write_text("{"), "cannot be read", id="half a card"),
        pytest.param(
            lambda f: edit_card(f, labels=["a", "b", "c"]), "shape", id="a label too many"
        ),
        pytest.param(lambda f: edit_card(f, input_px=48), "shape", id="another size"),
        pytest.param(lambda f: edit_card(f, name="good"), "cannot be read", id="another's name"),
    ],
)
def test_a_folder_that_disagrees_with_its_card_is_refused_and_the_others_are_not(
    models: Path, spoil, said: str
) -> None:
    spoil(models / "bad")
    found = survey(models)
    assert [card.name for card in found.cards] == ["good"]
    assert [refusal.name for refusal in found.refusals] == ["bad"]
    assert said in found.refusals[0].sentence


def test_a_change_is_seen_at_the_next_look(models: Path) -> None:
    assert len(survey(models).cards) == 2
    flip_a_byte(models / "bad", "model.tflite")
    assert len(survey(models).cards) == 1
    flip_a_byte(models / "bad", "model.tflite")
    assert len(survey(models).cards) == 2


def test_what_was_looked_at_is_not_loaded_again(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey(models)
    monkeypatch.setattr(registry, "read_card", None)
    assert len(survey(models).cards) == 2


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda root: (root / "notes.txt").write_text("no model"), id="a file"),
        pytest.param(lambda root: (root / "empty").mkdir(), id="an empty folder"),
        pytest.param(lambda root: (root / "bad").rename(root / ".publishing"), id="half published"),
    ],
)
def test_what_is_no_model_is_passed_over(models: Path, make) -> None:
    make(models)
    found = survey(models)
    assert "good" in {card.name for card in found.cards}
    assert found.refusals == ()


def test_without_a_folder_of_models_there_is_none(tmp_path: Path) -> None:
    assert survey(tmp_path / "nothing") == registry.Survey((), ())

"""Writes `models/NAME/` from a finished classic run, with the run's own label set."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from core.clock import Clock
from core.errors import TrainingError
from core.expression.card import ModelCard
from core.expression.litert import LiteRtClassifier
from core.expression.metrics import fitted_temperature
from core.training.checkpoints import RunFolder
from core.training.classics.recipes import ClassicRecipe
from core.training.classics.train import read_identity
from core.training.datasets import Framing, Split, WithoutFace
from core.training.evaluate import faces_labelled, tflite_logits
from core.training.export import Exported, ReaderOptions, exported
from core.training.loading import load_network
from core.training.publish import model_file, new_folder, write_history, write_measured

_LICENCE = "The weights are yours, as far as the terms of the faces that they were made of allow."
_LIMITS = (
    "It reads how a face looks, not what a person feels.",
    "It knows faces like those that it was trained on, and was measured on no others.",
)


def publish_classic(
    recipe: ClassicRecipe, run_path: Path, data_path: Path, target: Path, clock: Clock
) -> None:
    """Exports a run's best weights, fits the temperature on validation, and measures on test.

    The folder appears whole or not at all.

    Raises:
        TrainingError: nothing was trained there.
        ModelError: the run's best weights cannot be used.
        DatasetError: the data has no face for validation or test.
    """
    run = RunFolder(run_path)
    begun = read_identity(run)
    if begun is None:
        raise TrainingError(f"There is no run of the recipe “{recipe.name}” in {run_path} yet.")
    labels, recipe = (
        begun.labels,
        replace(recipe, find_faces=begun.find_faces, without_face=WithoutFace(begun.without_face)),
    )
    framing = Framing(recipe.face_px, recipe.find_faces, recipe.without_face)
    public = faces_labelled(labels, data_path, Split.PUBLIC, framing)
    reader = ReaderOptions(None, recipe.face_px, recipe.face_px, mirror=False)
    made = exported(load_network(run.best), reader)
    with new_folder(target) as folder:
        made.network.save(folder / "model.keras")
        (folder / "model.tflite").write_bytes(made.tflite)
        write_history(folder, run, recipe=asdict(recipe), reader=asdict(reader))
        card = _card(recipe, labels, made, data_path, folder, clock)
        logits = tflite_logits(LiteRtClassifier(card, made.tflite), public)
        card = replace(card, temperature=round(fitted_temperature(logits, public.label_index), 4))
        write_measured(card, folder, data_path, framing)


def _card(
    recipe: ClassicRecipe,
    labels: tuple[str, ...],
    made: Exported,
    data_path: Path,
    folder: Path,
    clock: Clock,
) -> ModelCard:
    framed = f" --find-faces --without-face {recipe.without_face}" if recipe.find_faces else ""
    return ModelCard(
        name=folder.name,
        title=f"{folder.name}: {', '.join(labels)}",
        description=recipe.description,
        labels=labels,
        input_px=recipe.face_px,
        colour="grey",
        scaling="values 0 to 255 as they are; the network scales them itself",
        temperature=1.0,
        keras=model_file(folder / "model.keras"),
        tflite=model_file(folder / "model.tflite"),
        weights=made.network.count_params(),
        data=f"Trained with the recipe {recipe.name}; measured on {data_path.name}.",
        licence=_LICENCE,
        limits=_LIMITS,
        figures={},
        figures_command=(
            f"python -m core.training evaluate --model {folder.name} --data {data_path.name} "
            f"--split private{framed} --json"
        ),
        figures_date=clock.now_utc().date().isoformat(),
        outputs=made.outputs,
    )

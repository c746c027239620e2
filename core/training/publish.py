"""Writes `models/NAME/`: Keras file, TFLite file, card, learning history and evaluation."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from core.clock import Clock
from core.expression.card import CARD_FILE, ModelCard, ModelFile
from core.expression.evaluation import EVALUATION_FILE, Evaluation
from core.expression.labels import FER7
from core.expression.litert import LiteRtClassifier
from core.training.architectures import FACE_PX
from core.training.augmentation import centre_crop
from core.training.checkpoints import RunFolder
from core.training.datasets import Split, load_fer2013
from core.training.evaluate import evaluate, tflite_logits
from core.training.export import Exported, export
from core.training.metrics import accuracy, fitted_temperature
from core.training.recipes import Recipe

_DESCRIPTION = "Seven expressions on a grey face of 48 pixels; small enough for any laptop."
_DATA = (
    "FER2013, Training split (Goodfellow et al. 2013, arXiv 1307.0414), with the FERPlus votes "
    "(Barsoum et al. 2016, arXiv 1608.01041) as a second target."
)
_LICENCE = (
    "The weights are the project's own. FER2013's photos come from a web search and keep their "
    "owners' rights; none is shipped. The FERPlus votes are under the MIT licence."
)
_LIMITS = (
    "It reads how a face looks, not what a person feels.",
    "About three faces in ten are read otherwise than FER2013 labels them; people agree with "
    "those labels on about 65 % of the faces.",
    "Weak on fear and sadness, which it takes for each other and for neutral; few examples of "
    "disgust.",
    "Trained on upright faces from the front: turned, covered or tilted heads are read badly.",
    "Children, old people and dark rooms are rare in its data and were not measured apart.",
)


def publish(recipe: Recipe, run_path: Path, data_path: Path, target: Path, clock: Clock) -> None:
    """Exports a run, fits its temperature on PublicTest, measures it, and writes its folder.

    The folder appears whole or not at all.

    Raises:
        ModelError: the run has nothing to publish.
        DatasetError: the evaluation data is missing.
    """
    run = RunFolder(run_path)
    exported = export(run.best, recipe)
    beside = target.with_name(f".{target.name}.publishing") / target.name
    shutil.rmtree(beside.parent, ignore_errors=True)
    beside.mkdir(parents=True)
    _write(exported, recipe, run, data_path, beside, clock)
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)
    beside.parent.rmdir()


def _write(
    exported: Exported, recipe: Recipe, run: RunFolder, data_path: Path, folder: Path, clock: Clock
) -> None:
    exported.network.save(folder / "model.keras")
    (folder / "model.tflite").write_bytes(exported.tflite)
    history = {"recipe": asdict(recipe), **asdict(run.read_progress())}
    (folder / "history.json").write_text(json.dumps(history, indent=1) + "\n")

    card = _card(folder, exported.network.count_params(), clock)
    card = replace(card, outputs=exported.outputs)
    public = load_fer2013(data_path, Split.PUBLIC)
    logits = tflite_logits(LiteRtClassifier(card, exported.tflite), public)
    card = replace(card, temperature=round(fitted_temperature(logits, public.label_index), 4))
    (folder / CARD_FILE).write_text(card.to_json())

    private = evaluate(card.name, folder.parent, data_path, Split.PRIVATE)
    (folder / EVALUATION_FILE).write_text(private.to_json(indent=1) + "\n")
    figures = {**_rounded(private), "accuracy_keras": _keras_accuracy(exported, data_path)}
    (folder / CARD_FILE).write_text(replace(card, figures=figures).to_json())


def _card(folder: Path, weights: int, clock: Clock) -> ModelCard:
    name = folder.name
    return ModelCard(
        name=name,
        title="Mien, seven expressions",
        description=_DESCRIPTION,
        labels=FER7,
        input_px=FACE_PX,
        colour="grey",
        scaling="values 0 to 255 as they are; the network standardises each face itself",
        temperature=1.0,
        keras=_file(folder / "model.keras"),
        tflite=_file(folder / "model.tflite"),
        weights=weights,
        data=_DATA,
        licence=_LICENCE,
        limits=_LIMITS,
        figures={},
        figures_command=(
            f"python -m core.training evaluate --model {name} --data fer2013.npz "
            "--split private --json"
        ),
        figures_date=clock.now_utc().date().isoformat(),
    )


def _file(path: Path) -> ModelFile:
    return ModelFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def _keras_accuracy(exported: Exported, data_path: Path) -> float:
    """Of the same reader before its conversion, to show what conversion costs."""
    faces = load_fer2013(data_path, Split.PRIVATE)
    images = centre_crop(faces.images_grey, FACE_PX)
    logits = exported.reader.predict(images, verbose=0)["logits"]
    return round(accuracy(logits, faces.label_index), 4)


def _rounded(private: Evaluation) -> Mapping[str, float]:
    measured = {
        "accuracy": private.accuracy,
        "accuracy_without_twins": private.accuracy_without_twins,
        "macro_f1": private.macro_f1,
        "macro_f1_without_twins": private.macro_f1_without_twins,
        "ece": private.ece,
        **private.figures,
    }
    return {name: round(value, 4) for name, value in measured.items() if value is not None}

"""Writes `models/NAME/`: Keras file, TFLite file, card, learning history and evaluation."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import keras

from core.clock import Clock
from core.errors import TrainingError
from core.expression.card import CARD_FILE, ModelCard, ModelFile
from core.expression.evaluation import EVALUATION_FILE, Evaluation
from core.expression.learning import HISTORY_FILE
from core.expression.litert import LiteRtClassifier
from core.expression.metrics import accuracy, fitted_temperature
from core.training.architectures import FACE_PX
from core.training.augmentation import centre_crop
from core.training.checkpoints import RunFolder
from core.training.datasets import Framing, Split
from core.training.evaluate import evaluate, faces_labelled, tflite_logits
from core.training.export import Exported, exported, trained_network
from core.training.publications import Publication
from core.training.trunks import side_by_side


def publish(
    publication: Publication, run_path: Path, data_path: Path, target: Path, clock: Clock
) -> None:
    """Exports a run, fits its temperature on PublicTest, measures it, and writes its folder.

    The folder appears whole or not at all. Where a publication is made of several runs, `run_path`
    is the first's; each other lies beside it in a folder named as its recipe.

    Raises:
        ModelError: the run has nothing to publish.
        DatasetError: the evaluation data is missing.
    """
    run = RunFolder(run_path)
    network = _network(publication, run)
    made = exported(network, publication.reader)
    with new_folder(target) as beside:
        _write(made, publication, run, data_path, beside, clock)


def _network(publication: Publication, run: RunFolder) -> keras.Model:
    first, *others = publication.recipes
    networks = [trained_network(run.best, first)]
    for recipe in others:
        beside = RunFolder(run.path.with_name(recipe.name))
        networks.append(trained_network(beside.best, recipe))
    if not others:
        return networks[0]
    return side_by_side(networks, [share for _, share in publication.shares])


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder of the same name to write into; it takes the target's place when all went well.

    Raises:
        TrainingError: the disk is full or cannot be written; the target stays as it was.
    """
    beside = target.with_name(f".{target.name}.publishing") / target.name
    shutil.rmtree(beside.parent, ignore_errors=True)
    try:
        beside.mkdir(parents=True)
        yield beside
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
    except OSError as error:
        raise TrainingError(
            f"The model could not be written to {target}: {error.strerror or error}. Nothing was "
            "changed. Make room on the disk and publish again.",
            repr(error),
        ) from error
    finally:
        shutil.rmtree(beside.parent, ignore_errors=True)


def _write(
    made: Exported,
    publication: Publication,
    run: RunFolder,
    data_path: Path,
    folder: Path,
    clock: Clock,
) -> None:
    made.network.save(folder / "model.keras")
    (folder / "model.tflite").write_bytes(made.tflite)
    write_history(
        folder,
        run,
        recipe=asdict(publication.recipes[0]),
        reader=asdict(publication.reader),
        shares=dict(publication.shares),
    )
    card = _card(publication, folder, made.network.count_params(), clock)
    card = replace(card, outputs=made.outputs)
    public = faces_labelled(card.labels, data_path, Split.PUBLIC)
    logits = tflite_logits(LiteRtClassifier(card, made.tflite), public)
    figures = {
        "accuracy_public": round(accuracy(logits, public.label_index), 4),
        "accuracy_keras": _keras_accuracy(made, card, data_path),
    }
    temperature = round(fitted_temperature(logits, public.label_index), 4)
    write_measured(replace(card, temperature=temperature, figures=figures), folder, data_path)


def write_history(folder: Path, run: RunFolder, **chosen: object) -> None:
    """How a model was learnt: what was chosen for it, and the run's progress."""
    history = {**chosen, **asdict(run.read_progress())}
    (folder / HISTORY_FILE).write_text(json.dumps(history, indent=1) + "\n")


def write_measured(
    card: ModelCard, folder: Path, data_path: Path, framing: Framing | None = None
) -> ModelCard:
    """Measures the model in this folder on PrivateTest; writes its evaluation and its card.

    Returns:
        The card with these figures; those that this data cannot give stay.

    Raises:
        DatasetError: the evaluation data is missing.
    """
    (folder / CARD_FILE).write_text(card.to_json())
    private = evaluate(card.name, folder.parent, data_path, Split.PRIVATE, framing=framing)
    (folder / EVALUATION_FILE).write_text(private.to_json(indent=1) + "\n")
    measured = _rounded_figures(private)
    others = {name: value for name, value in card.figures.items() if name not in measured}
    card = replace(card, figures={**measured, **others})
    (folder / CARD_FILE).write_text(card.to_json())
    return card


def _card(publication: Publication, folder: Path, weights: int, clock: Clock) -> ModelCard:
    name = folder.name
    return ModelCard(
        name=name,
        title=publication.title,
        description=publication.description,
        labels=publication.labels,
        input_px=FACE_PX,
        colour="grey",
        scaling="values 0 to 255 as they are; the network standardises each face itself",
        temperature=1.0,
        keras=model_file(folder / "model.keras"),
        tflite=model_file(folder / "model.tflite"),
        weights=weights,
        data=publication.data,
        licence=publication.licence,
        limits=publication.limits,
        figures={},
        figures_command=(
            f"python -m core.training evaluate --model {name} --data fer2013.npz "
            "--split private --json"
        ),
        figures_date=clock.now_utc().date().isoformat(),
    )


def model_file(path: Path) -> ModelFile:
    """A file as a card names it."""
    return ModelFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def _keras_accuracy(made: Exported, card: ModelCard, data_path: Path) -> float:
    """Of the same reader before its conversion, to show what conversion costs."""
    faces = faces_labelled(card.labels, data_path, Split.PRIVATE)
    images = centre_crop(faces.images_grey, FACE_PX)
    logits = made.reader.predict(images, verbose=0)["logits"]
    return round(accuracy(logits, faces.label_index), 4)


def _rounded_figures(private: Evaluation) -> Mapping[str, float]:
    """What a card tells of an evaluation; what was not measured is left out."""
    measured = {
        "accuracy": private.accuracy,
        "accuracy_without_twins": private.accuracy_without_twins,
        "macro_f1": private.macro_f1,
        "macro_f1_without_twins": private.macro_f1_without_twins,
        "ece": private.ece,
        **private.figures,
    }
    return {name: round(value, 4) for name, value in measured.items() if value is not None}

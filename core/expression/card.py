"""A model's card: all that the product knows of a model; its name tells nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

from core.errors import ModelError
from core.expression.model_json import read_json

CARD_FILE = "card.json"


@dataclass(frozen=True)
class ModelFile:
    """One file of a model's folder, with the hash that it must have."""

    name: str
    sha256: str


@dataclass(frozen=True)
class ModelCard:
    """What `card.json` says.

    Attributes:
        name: of the model and of its folder.
        title, description: for the person who chooses between models.
        labels: the label set, in the order of the outputs.
        input_px: side of the square face that the network takes.
        colour: "grey"; the only one so far.
        scaling: of the input values, in words.
        temperature: divides the logits before the softmax (Guo et al. 2017, arXiv 1706.04599).
        keras, tflite: the files; a model that was taught has no Keras file.
        weights: number of trained values.
        data, licence, limits: what it was trained on, its terms, and what it is bad at.
        figures: measured figures by name, 0 to 1 where they are shares.
        figures_command, figures_date: how and when they were measured.
        outputs: of the TFLite file, in its order, by name: "logits" (n, labels), and where it has
            them "activation" (n, rows, columns, labels), each label's class activation map, and
            "embedding" (n, values).
        thresholds: from which probability on a label counts as seen, where that was chosen.
        head: of a model that was taught: the last layer, which reads the embedding that another
            model's network gives; `tflite` is that network, unchanged.
        base: of a model that was taught: that other model's name.
    """

    name: str
    title: str
    description: str
    labels: tuple[str, ...]
    input_px: int
    colour: str
    scaling: str
    temperature: float
    keras: ModelFile | None
    tflite: ModelFile
    weights: int
    data: str
    licence: str
    limits: tuple[str, ...]
    figures: Mapping[str, float]
    figures_command: str
    figures_date: str
    outputs: tuple[str, ...] = ("logits",)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    head: ModelFile | None = None
    base: str = ""

    @property
    def files(self) -> tuple[ModelFile, ...]:
        """All that the card vouches for."""
        return tuple(file for file in (self.keras, self.tflite, self.head) if file is not None)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_card(folder: Path) -> ModelCard:
    """The card of one model's folder, without looking at its other files.

    Raises:
        ModelError: there is no card, or it lacks something or has it in the wrong form.
    """
    sentence = f"The card of the model “{folder.name}” cannot be read, so it is not used."
    card = read_json(folder / CARD_FILE, lambda values: _parsed(values, folder.name), sentence)
    if card is None:
        raise ModelError(f"The model “{folder.name}” has no card.")
    return card


def verified_bytes(folder: Path, file: ModelFile) -> bytes:
    """A file's content, if it is the one that the card names.

    Raises:
        ModelError: it is missing, unreadable or another file.
    """
    with _opened(folder, file) as opened:
        content = opened.read()
    _compare(folder, file, hashlib.sha256(content).hexdigest())
    return content


def verify(folder: Path, file: ModelFile) -> None:
    """Compares a file with the card; for those that are too large to read only for that.

    Raises:
        ModelError: as for `verified_bytes`.
    """
    with _opened(folder, file) as opened:
        digest = hashlib.file_digest(opened, "sha256")
    _compare(folder, file, digest.hexdigest())


@contextmanager
def _opened(folder: Path, file: ModelFile) -> Iterator[BufferedReader]:
    try:
        with (folder / file.name).open("rb") as opened:
            yield opened
    except OSError as error:
        sentence = f"The model “{folder.name}” lacks its file {file.name}, so it is not used."
        raise ModelError(sentence, repr(error)) from error


def _compare(folder: Path, file: ModelFile, sha256: str) -> None:
    if sha256 != file.sha256:
        raise ModelError(
            f"The file {file.name} of the model “{folder.name}” is not the one that its card "
            "describes, so it is not used. Publish or install the model again."
        )


def _parsed(values: dict[str, Any], folder_name: str) -> ModelCard:
    card = ModelCard(
        **{
            **values,
            "labels": tuple(str(label) for label in values["labels"]),
            "limits": tuple(str(limit) for limit in values["limits"]),
            "outputs": tuple(str(output) for output in values.get("outputs", ("logits",))),
            "thresholds": {
                str(label): float(value) for label, value in values.get("thresholds", {}).items()
            },
            "keras": _file(values["keras"]),
            "tflite": ModelFile(**values["tflite"]),
            "head": _file(values.get("head")),
            "temperature": float(values["temperature"]),
            "input_px": int(values["input_px"]),
        }
    )
    _check(card, folder_name)
    return card


def _file(values: dict[str, str] | None) -> ModelFile | None:
    return None if values is None else ModelFile(**values)


def _check(card: ModelCard, folder_name: str) -> None:
    checks = {
        "the name is not the folder's": card.name == folder_name,
        "fewer than two labels": len(card.labels) >= 2,
        "a label stands twice": len(set(card.labels)) == len(card.labels),
        "the temperature is not positive": card.temperature > 0,
        "the input size is not between 16 and 512": 16 <= card.input_px <= 512,
        "the first output is not the logits": card.outputs[:1] == ("logits",),
        "a threshold is of an unknown label": set(card.thresholds) <= set(card.labels),
        "the colour is unknown": card.colour == "grey",
        "a file is outside the folder": all(
            Path(file.name).name == file.name for file in card.files
        ),
        "neither a Keras file nor a head": card.keras is not None or card.head is not None,
        "a head without an embedding": card.head is None or "embedding" in card.outputs,
    }
    for fault, holds in checks.items():
        if not holds:
            raise ValueError(fault)

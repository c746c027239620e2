"""Installed models made up for tests: a real TFLite network of one layer, with any labels."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from core.expression.card import CARD_FILE, ModelCard, ModelFile
from core.expression.evaluation import EVALUATION_FILE, CalibrationBin, Evaluation
from core.expression.learning import HISTORY_FILE

SIDE_PX = 16


def one_layer_tflite(labels: int, side_px: int = SIDE_PX) -> bytes:
    """A network that any batch of grey faces passes, (n, side, side, 1) to (n, labels)."""
    rng = np.random.default_rng(labels)
    weights = rng.normal(0, 0.05, (labels, side_px**2)).astype(np.float32)
    subgraph = schema.SubGraphT()
    subgraph.tensors = [
        _tensor("face", [1, side_px, side_px, 1], 0),
        _tensor("weights", list(weights.shape), 1),
        _tensor("logits", [1, labels], 0),
    ]
    subgraph.inputs, subgraph.outputs = [0], [2]
    layer = schema.OperatorT()
    layer.opcodeIndex, layer.inputs, layer.outputs = 0, [0, 1, -1], [2]
    layer.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
    layer.builtinOptions = schema.FullyConnectedOptionsT()
    subgraph.operators = [layer]
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FULLY_CONNECTED
    code.version = 1
    model = schema.ModelT()
    model.version, model.operatorCodes, model.subgraphs = 3, [code], [subgraph]
    model.buffers = [schema.BufferT(), schema.BufferT()]
    model.buffers[1].data = np.frombuffer(weights.tobytes(), np.uint8)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def install(models_root: Path, name: str, labels: tuple[str, ...], title: str = "") -> Path:
    """A folder with a card that matches its files, and nothing measured; the folder."""
    folder = models_root / name
    folder.mkdir()
    contents = {"model.tflite": one_layer_tflite(len(labels)), "model.keras": b"not read here"}
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    files = {
        file: ModelFile(file, hashlib.sha256(content).hexdigest())
        for file, content in contents.items()
    }
    card = ModelCard(
        name=name,
        title=title or f"Model {name}",
        description="Made up for a test.",
        labels=labels,
        input_px=SIDE_PX,
        colour="grey",
        scaling="none",
        temperature=1.0,
        keras=files["model.keras"],
        tflite=files["model.tflite"],
        weights=len(labels) * SIDE_PX**2,
        data="Noise.",
        licence="Nobody's.",
        limits=("It knows nothing.",),
        figures={},
        figures_command="none",
        figures_date="2026-01-01",
    )
    (folder / CARD_FILE).write_text(card.to_json())
    return folder


def edit_card(folder: Path, **changes: object) -> None:
    """As a person with an editor would: the files stay as they are."""
    path = folder / CARD_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def evaluation_of(
    labels: tuple[str, ...], confusion: list[list[int]] | None = None, **figures: float
) -> Evaluation:
    """With this confusion matrix; without one, nine of ten faces of each label are found."""
    size = len(labels)
    counts = np.array(confusion) if confusion is not None else np.eye(size, dtype=int) * 9
    if confusion is None:
        counts[:, 0] += 1
    accuracy = float(np.trace(counts) / counts.sum())
    return Evaluation(
        model="made-up",
        split="private",
        n=int(counts.sum()),
        accuracy=accuracy,
        accuracy_without_twins=None,
        macro_f1=accuracy,
        macro_f1_without_twins=None,
        twins=0,
        ece=0.02,
        labels=labels,
        confusion=tuple(tuple(row) for row in counts.tolist()),
        calibration=(CalibrationBin(0.3, 0.25, 10), CalibrationBin(0.9, 0.92, 30)),
        tflite_ms_per_face=0.5,
        tflite_bytes=1000,
        weights=100,
        figures=figures,
    )


def measure(folder: Path, evaluation: Evaluation) -> None:
    """Puts an evaluation into a model's folder."""
    (folder / EVALUATION_FILE).write_text(evaluation.to_json())


def remember(folder: Path, history: object, best_epoch: int = 1) -> None:
    """Puts a learning history into a model's folder."""
    (folder / HISTORY_FILE).write_text(json.dumps({"best_epoch": best_epoch, "history": history}))


def _tensor(name: str, shape: list[int], buffer: int) -> schema.TensorT:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.buffer = name, shape, buffer
    tensor.type = schema.TensorType.FLOAT32
    return tensor

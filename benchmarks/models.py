"""How fast the installed models are, on one core.

    python -m benchmarks.models --json

A list with an object for each model: `ms_batch1` is the median time of a call with one face,
`ms_batch8` of a call with eight, `ms_per_face_batch8` an eighth of that. The models take turns, so
that a busy moment of the machine meets all of them. A turn is a few calls in a row, as in a stream;
the first, which finds another model's weights in the processor's cache, is left out (it costs
`tiny` a third more). Time is the thread's own, without that of other programs. With `--float`, each
model that has a Keras file is also measured as its network was
before it was made smaller: see `benchmarks.float_network`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.litert import LiteRtClassifier
from core.expression.registry import load_classifier, survey

MODELS_ROOT = Path("models")
ROUNDS = 25
CALLS = 5
BATCH = 8


@dataclass(frozen=True)
class Speed:
    """Of one network; times are medians, in milliseconds of one core."""

    name: str
    weights: int
    bytes: int
    ms_batch1: float
    ms_batch8: float
    ms_per_face_batch8: float


@dataclass(frozen=True, eq=False)
class Network:
    """What is measured: `build` gives a classifier of its own for each size of batch."""

    card: ModelCard
    bytes: int
    build: Callable[[], LiteRtClassifier]


def installed_networks(models_root: Path) -> list[Network]:
    """All models that can be used."""
    return [
        Network(
            card,
            (models_root / card.name / card.tflite.name).stat().st_size,
            partial(load_classifier, card.name, models_root),
        )
        for card in survey(models_root).cards
    ]


def float_networks(models_root: Path, folder: Path) -> list[Network]:
    """Of the models with a Keras file, converted anew without any loss of precision."""
    cards = [card for card in survey(models_root).cards if card.keras is not None]
    return [network for card in cards if (network := _as_float(card, models_root, folder))]


def _as_float(card: ModelCard, models_root: Path, folder: Path) -> Network | None:
    target = folder / f"{card.name}.tflite"
    # TensorFlow takes its time and memory in a process of its own.
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.float_network", str(models_root / card.name), target],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"{card.name} as floats: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    content = target.read_bytes()
    named = replace(card, name=f"{card.name} (float)", outputs=("logits",), head=None)
    return Network(named, len(content), partial(LiteRtClassifier, named, content))


def measure(networks: Iterable[Network], rounds: int = ROUNDS) -> list[Speed]:
    """Each network at batch 1 and 8, all of them in every round."""
    rng = np.random.default_rng(0)
    contestants = []
    for network in networks:
        side = network.card.input_px
        for batch in (1, BATCH):
            faces = rng.integers(0, 256, (batch, side, side), dtype=np.uint8)
            classifier = network.build()
            classifier.logits(faces)  # the first call of a batch size lays out its memory
            contestants.append((network, batch, classifier, faces, list[float]()))
    for _ in range(rounds):
        for _, _, classifier, faces, taken_ms in contestants:
            classifier.logits(faces)  # warms the cache
            for _ in range(CALLS):
                started_s = time.thread_time()
                classifier.logits(faces)
                taken_ms.append((time.thread_time() - started_s) * 1000)
    medians = {(n, batch): statistics.median(taken) for n, batch, _, _, taken in contestants}
    return [
        _speed(network, ms, medians[network, BATCH])
        for (network, batch), ms in medians.items()
        if batch == 1
    ]


def _speed(network: Network, ms_batch1: float, ms_batch8: float) -> Speed:
    return Speed(
        name=network.card.name,
        weights=network.card.weights,
        bytes=network.bytes,
        ms_batch1=round(ms_batch1, 3),
        ms_batch8=round(ms_batch8, 3),
        ms_per_face_batch8=round(ms_batch8 / BATCH, 3),
    )


def table(speeds: Sequence[Speed]) -> str:
    """For a person."""
    rows = [
        "model                     weights     size   1 face  8 faces  of 8, each",
        *(
            f"{one.name:20} {one.weights:12,} {one.bytes / 1e6:5.1f} MB {one.ms_batch1:5.2f} ms "
            f"{one.ms_batch8:5.2f} ms {one.ms_per_face_batch8:8.2f} ms"
            for one in speeds
        ),
    ]
    return "\n".join(rows)


def main() -> None:
    """Prints a table, or a JSON list."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS_ROOT, help="folder of the models")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--float", action="store_true", help="also as floats; needs TensorFlow")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        networks = installed_networks(options.models)
        if options.float:
            networks += float_networks(options.models, Path(folder))
        if not networks:
            raise ModelError(f"There is no model in {options.models}.")
        speeds = measure(networks, options.rounds)
    print(json.dumps([asdict(one) for one in speeds]) if options.json else table(speeds))


if __name__ == "__main__":
    main()

"""How faithful saliency maps are, on faces of FER2013's PublicTest.

`python -m benchmarks.saliency --data fer2013.npz [--model NAME] [--faces 300] [--json]`

For each face the most and the least salient window of the same size are hidden. `holds` is the
share of faces where the former costs the label more probability.

`deletion` is the share of the probability that is left, on average, while the half of the pixels
that a map ranks highest is blurred step by step (Petsiuk et al. 2018, arXiv 1806.07421): the lower,
the more faithful. Beside it the same for the class activation map and for a random order of cells.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.report import print_figures
from core.expression.litert import LiteRtClassifier
from core.expression.reading import Reading
from core.expression.registry import DEFAULT_MODEL, load_classifier
from core.expression.saliency import SaliencyMap, blurred, saliency, without_window
from core.training.datasets import Split, load_fer2013
from core.vision.frame import ImageGrey

STEPS = 12
MODELS_ROOT = Path(__file__).parents[1] / "models"


def measure(model: str, data: Path, count: int) -> dict[str, float]:
    """The figures over `count` faces, drawn with a fixed seed."""
    classifier = load_classifier(model, MODELS_ROOT)
    faces = load_fer2013(data, Split.PUBLIC).images_grey
    rng = np.random.default_rng(7)
    rows = rng.permutation(len(faces))[:count]
    measured = [_measured(classifier, face_grey, rng) for face_grey in faces[rows]]
    figures = {name: float(np.mean([one[name] for one in measured])) for name in measured[0]}
    figures["ms_per_map"] = float(np.median([one["ms_per_map"] for one in measured]))
    return {"faces": len(rows), **figures}


def _measured(
    classifier: LiteRtClassifier, face_grey: ImageGrey, rng: np.random.Generator
) -> dict[str, float]:
    (whole,) = classifier.classify([face_grey])
    start_s = time.thread_time()
    heat = saliency(classifier, face_grey, whole.top)
    taken_s = time.thread_time() - start_s
    window_px = classifier.input_px // 4
    hidden = [without_window(face_grey, heat, window_px, most=most) for most in (True, False)]
    most, least = (
        whole.confidence - one.probability(whole.top) for one in classifier.classify(hidden)
    )
    activations = classifier.activations(face_grey[np.newaxis])[0]
    maps = {
        "deletion": heat,
        "deletion_activation": _enlarged(activations[..., whole.labels.index(whole.top)], heat),
        "deletion_random": _enlarged(rng.random(activations.shape[:2]), heat),
    }
    return {
        "holds": float(most > least),
        "drop_without_most": most,
        "drop_without_least": least,
        **{name: _left(classifier, face_grey, whole, one) for name, one in maps.items()},
        "ms_per_map": taken_s * 1000,
    }


def _enlarged(cells: npt.NDArray[Any], heat: SaliencyMap) -> SaliencyMap:
    picture = Image.fromarray(cells.astype(np.float32))
    return np.asarray(picture.resize(heat.shape, Image.Resampling.BILINEAR))


def _left(
    classifier: LiteRtClassifier, face_grey: ImageGrey, whole: Reading, heat: SaliencyMap
) -> float:
    order = np.argsort(-heat, axis=None, kind="stable")
    fill = blurred(face_grey).ravel()
    hidden = []
    for step in range(1, STEPS + 1):
        pixels = order[: heat.size * step // (2 * STEPS)]
        face = face_grey.flatten()
        face[pixels] = fill[pixels]
        hidden.append(face.reshape(face_grey.shape))
    left = [one.probability(whole.top) for one in classifier.classify(hidden)]
    return float(np.mean(left)) / whole.confidence


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the FER2013 npz")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--faces", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_figures(measure(options.model, options.data, options.faces), as_json=options.json)


if __name__ == "__main__":
    main()

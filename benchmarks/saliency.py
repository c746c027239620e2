"""How faithful saliency maps are, on faces of FER2013's PublicTest.

`python -m benchmarks.saliency --data fer2013.npz [--model NAME] [--faces 300] [--json]`

For each face the most and the least salient window of the same size are hidden. `holds` is the
share of faces where the former costs the label more probability.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.report import print_figures
from core.expression.registry import DEFAULT_MODEL, load_classifier
from core.expression.saliency import saliency, without_window
from core.training.datasets import Split, load_fer2013

MODELS_ROOT = Path(__file__).parents[1] / "models"


def measure(model: str, data: Path, count: int) -> dict[str, float]:
    """The figures over `count` faces, drawn with a fixed seed."""
    classifier = load_classifier(model, MODELS_ROOT)
    faces = load_fer2013(data, Split.PUBLIC).images_grey
    rows = np.random.default_rng(7).permutation(len(faces))[:count]
    window_px = classifier.input_px // 4
    probabilities, taken_ms = [], []
    for face_grey in faces[rows]:
        (whole,) = classifier.classify([face_grey])
        start_s = time.thread_time()
        heat = saliency(classifier, face_grey, whole.top)
        taken_ms.append((time.thread_time() - start_s) * 1000)
        hidden = [without_window(face_grey, heat, window_px, most=most) for most in (True, False)]
        read = (whole, *classifier.classify(hidden))
        probabilities.append([one.probability(whole.top) for one in read])
    whole_p, without_most, without_least = np.array(probabilities).T
    return {
        "faces": len(rows),
        "window_px": window_px,
        "holds": float((without_most < without_least).mean()),
        "drop_without_most": float((whole_p - without_most).mean()),
        "drop_without_least": float((whole_p - without_least).mean()),
        "ms_per_map": float(np.median(taken_ms)),
    }


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

"""The pain model's part of the command line: pseudo-labels, training, publishing."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from core.clock import SystemClock
from core.errors import ConfigurationError
from core.training.datasets import LabelledFaces, Split, load_fer2013
from core.training.pain.recipe import PAIN_RECIPE
from core.training.pain.seen import seen_faces
from core.training.pain.targets import PainFaces, real_faces, rendered_faces
from core.training.pseudo_labels import face_landmarker, load_pseudo_labels, write_pseudo_labels
from core.training.synthetic.dataset import load_rendered


def make_pseudo_labels(options: argparse.Namespace) -> None:
    """`pseudo-labels`: the teacher looks at FER2013 once."""
    with face_landmarker() as teacher:
        write_pseudo_labels(
            options.data, options.out, teacher, lambda line: print(line, file=sys.stderr)
        )
    print(f"Pseudo-labels written to {options.out}.")


def train(options: argparse.Namespace) -> None:
    """`train pain`: the branch beside the parent's network.

    Raises:
        ConfigurationError: an option that this recipe needs is missing.
    """
    if options.parent is None or options.pseudo is None:
        raise ConfigurationError(
            "The pain recipe needs --parent, the Keras file of the network that it grows from, "
            "and --pseudo, what the command pseudo-labels wrote."
        )
    if len(options.data) > 1:
        raise ConfigurationError("The pain recipe learns from one FER2013 npz.")
    recipe = PAIN_RECIPE if options.epochs is None else replace(PAIN_RECIPE, epochs=options.epochs)
    real, public = (
        _real(options.data[0], options.pseudo, split, options.limit, options.distil)
        for split in (Split.TRAINING, Split.PUBLIC)
    )
    rendered = None
    if options.rendered is not None:
        rendered = rendered_faces(load_rendered(options.rendered)).select(slice(options.limit))

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from core.training.pain.train import PainData, train_pain

    run_path = options.run or Path("runs") / recipe.name
    progress = train_pain(recipe, PainData(real, public, rendered, options.parent), run_path)
    print(f"{progress.epochs_done} epochs done: AUC {progress.history[-1]['val_pain_auc']:.4f}.")


def publish(options: argparse.Namespace) -> None:
    """`publish pain`: the folder of the model.

    Raises:
        ConfigurationError: an option that it needs is missing.
    """
    if options.parent is None or options.rendered is None:
        raise ConfigurationError(
            "To publish the pain model give --parent, the network that it grew from, and "
            "--rendered, a rendered set of people that it was not trained on."
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from core.training.pain.publish import PainSources, publish_pain

    run_path = options.run or Path("runs") / PAIN_RECIPE.name
    target = Path("models") / (options.name or PAIN_RECIPE.name)
    sources = PainSources(run_path, options.parent, options.data, options.rendered)
    publish_pain(PAIN_RECIPE, sources, target, SystemClock())
    print(f"Published to {target}.")


def _real(data: Path, pseudo: Path, split: Split, limit: int | None, distil: bool) -> PainFaces:
    faces: LabelledFaces = load_fer2013(data, split)
    labels = load_pseudo_labels(pseudo, split, faces)
    seen = None if distil else seen_faces(split, faces)
    return real_faces(faces, labels, seen).select(slice(limit))

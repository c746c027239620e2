"""The command line of training: train, evaluate, publish, and teach one person's expressions."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.clock import SystemClock
from core.command_line import run_command
from core.expression.evaluation import read_evaluation
from core.expression.labels import FER7
from core.expression.registry import DEFAULT_MODEL
from core.training.classics.data import CACHE_FOLDER, Sources, load_sources
from core.training.classics.recipes import CLASSICS, Backbone, ClassicRecipe
from core.training.datasets import Framing, Split, WithoutFace, joined, load
from core.training.evaluate import evaluate, summary
from core.training.figures import readme_figures
from core.training.pain import commands as pain_commands
from core.training.pain.recipe import PAIN_RECIPE
from core.training.personal import teach
from core.training.recipes import RECIPES, Recipe, recipe_named

MODELS_ROOT = Path("models")
_DATA_HELP = "the FER2013 npz, as the README describes it"
_FIND_FACES_HELP = "cut the face out of each picture of a folder and level its eyes"
_SOURCES_HELP = "fer2013.csv, an npz, or a folder with a sub-folder of pictures for each class"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status."""
    return run_command(_parser(), arguments, "The same command goes on where this one ended.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    train = commands.add_parser("train", help="train a recipe, or go on with a run")
    train.add_argument(
        "recipe", help=f"one of {', '.join((*RECIPES, *CLASSICS, PAIN_RECIPE.name))}"
    )
    train.add_argument("--data", type=Path, required=True, nargs="+", help=_SOURCES_HELP)
    train.add_argument("--run", type=Path, help="folder of the run (default: runs/RECIPE)")
    train.add_argument("--epochs", type=_positive, help="train fewer epochs, for a trial")
    train.add_argument("--limit", type=_positive, help="use only so many faces, for a trial")
    train.add_argument("--parent", type=Path, help="an earlier network to grow from and learn from")
    _add_classic_options(train)
    train.add_argument("--pseudo", type=Path, help="pain: what pseudo-labels wrote")
    train.add_argument("--distil", action="store_true", help="pain: learn from the teacher alone")
    train.set_defaults(command=_train)
    evaluate = commands.add_parser("evaluate", help="measure an installed model")
    evaluate.add_argument("--model", default="default")
    evaluate.add_argument("--data", type=Path, required=True, help=_DATA_HELP)
    evaluate.add_argument("--split", type=Split, choices=list(Split), default=Split.PUBLIC)
    evaluate.add_argument("--find-faces", action="store_true", help=_FIND_FACES_HELP)
    _add_without_face(evaluate)
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    evaluate.add_argument("--rendered", type=Path, help="pain: a rendered set of other people")
    evaluate.set_defaults(command=_evaluate)
    publish = commands.add_parser("publish", help="write a model of a finished run to models/NAME")
    publish.add_argument("model", help="one that ships, or a recipe")
    publish.add_argument("--data", type=Path, required=True, help=_DATA_HELP)
    publish.add_argument("--run", type=Path, help="folder of the run (default: runs/RECIPE)")
    publish.add_argument("--name", help="of the folder (default: the model's)")
    publish.add_argument("--parent", type=Path, help="pain: the network that it grew from")
    publish.add_argument("--rendered", type=Path, help="pain: a rendered set of other people")
    publish.set_defaults(command=_publish)
    pseudo = commands.add_parser("pseudo-labels", help="let a teacher look at FER2013's faces")
    pseudo.add_argument("--data", type=Path, required=True, help=_DATA_HELP)
    pseudo.add_argument("--out", type=Path, required=True, help="the npz to write")
    pseudo.set_defaults(command=pain_commands.make_pseudo_labels)
    export = commands.add_parser("export", help="make a model's TFLite file again, and measure it")
    export.add_argument("model")
    export.add_argument("--data", type=Path, required=True, help=_DATA_HELP)
    export.set_defaults(command=_export)
    figures = commands.add_parser("figures", help="the README's tables of the shipped models")
    figures.set_defaults(command=lambda _: print(readme_figures(MODELS_ROOT)))
    personal = commands.add_parser("personal", help="teach one person's expressions")
    personal.add_argument("--pictures", type=Path, required=True, help="a folder per label")
    personal.add_argument("--name", required=True, help="of the new model")
    personal.add_argument("--base", default=DEFAULT_MODEL, help="model whose network is used")
    personal.set_defaults(command=_personal)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from 1 up")
    return int(text)


def _add_classic_options(train: argparse.ArgumentParser) -> None:
    classic = train.add_argument_group(f"for {', '.join(CLASSICS)}")
    classic.add_argument("--weights", type=Path, help="of the backbone: a .keras of ours, or .h5")
    classic.add_argument("--backbone", type=Backbone, choices=list(Backbone), help="another one")
    classic.add_argument("--rendered", type=Path, help="faces to learn from, never judged by")
    classic.add_argument(
        "--find-faces",
        action=argparse.BooleanOptionalAction,
        help=_FIND_FACES_HELP,
    )
    _add_without_face(train)


def _add_without_face(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-face",
        type=WithoutFace,
        choices=list(WithoutFace),
        default=WithoutFace.SKIP,
        help="what becomes of a picture in which no face is found",
    )


def _evaluate(options: argparse.Namespace) -> None:
    evaluation = evaluate(
        options.model,
        MODELS_ROOT,
        options.data,
        options.split,
        options.rendered,
        Framing(find_faces=options.find_faces, without_face=options.without_face),
    )
    print(evaluation.to_json() if options.json else summary(evaluation))


def _publish(options: argparse.Namespace) -> None:
    if options.model == PAIN_RECIPE.name:
        pain_commands.publish(options)
        return
    if options.model in CLASSICS:
        _publish_classic(CLASSICS[options.model], options)
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from core.training.publications import publication_named
    from core.training.publish import publish

    publication = publication_named(options.model)
    run_path = options.run or Path("runs") / publication.recipes[0].name
    target = MODELS_ROOT / (options.name or publication.name)
    publish(publication, run_path, options.data, target, SystemClock())
    print(f"Published to {target}.")


def _personal(options: argparse.Namespace) -> None:
    card, skipped = teach(options.pictures, options.name, options.base, MODELS_ROOT, SystemClock())
    for sentence in skipped:
        print(f"Skipped: {sentence}", file=sys.stderr)
    evaluation = read_evaluation(MODELS_ROOT / card.name, card)
    if evaluation is not None:
        print(summary(evaluation))
    print(f"Published to {MODELS_ROOT / card.name}. {card.limits[0]}")


def _export(options: argparse.Namespace) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from core.training.reexport import reexport

    card = reexport(options.model, MODELS_ROOT, options.data, SystemClock())
    print(f"{card.name} gives {', '.join(card.outputs)}; accuracy {card.figures['accuracy']:.2%}.")


def _train(options: argparse.Namespace) -> None:
    if options.recipe == PAIN_RECIPE.name:
        pain_commands.train(options)
        return
    if options.recipe in CLASSICS:
        _train_classic(CLASSICS[options.recipe], options)
        return
    recipe = _shortened(recipe_named(options.recipe), options.epochs)
    sources = [load(path, cache_folder=CACHE_FOLDER) for path in options.data]
    training, public = (
        joined([source[split] for source in sources])
        .reading(FER7)
        .sample(options.limit, recipe.seed)
        for split in (Split.TRAINING, Split.PUBLIC)
    )

    # Keras takes seconds to load: only the commands that need it do, once their input is sound.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from core.training.train import TrainingData, train

    run_path = options.run or Path("runs") / recipe.name
    progress = train(recipe, TrainingData(training, public, options.parent), run_path)
    print(f"Best epoch {progress.best_epoch + 1}: {progress.best_value:.4f} of PublicTest.")


def _publish_classic(recipe: ClassicRecipe, options: argparse.Namespace) -> None:
    from core.training.classics.publish import publish_classic

    run_path = options.run or Path("runs") / recipe.name
    target = MODELS_ROOT / (options.name or recipe.name)
    publish_classic(recipe, run_path, options.data, target, SystemClock())
    print(f"Published to {target}.")


def _train_classic(recipe: ClassicRecipe, options: argparse.Namespace) -> None:
    recipe = replace(
        recipe,
        epochs=options.epochs or recipe.epochs,
        backbone=options.backbone or recipe.backbone,
        find_faces=recipe.find_faces if options.find_faces is None else options.find_faces,
        without_face=options.without_face,
    )
    sources = Sources(tuple(options.data), options.rendered)
    data = load_sources(recipe, sources).limited(options.limit, recipe.seed)

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from core.training.classics.train import train_classic

    run_path = options.run or Path("runs") / recipe.name
    progress = train_classic(recipe, data, run_path, options.weights)
    print(
        f"Best epoch {progress.best_epoch + 1}: {progress.best_value:.4f} of validation. "
        f"Curves and confusion matrix are in {run_path}."
    )


def _shortened(recipe: Recipe, epochs: int | None) -> Recipe:
    if epochs is None:
        return recipe
    return replace(recipe, phases=(replace(recipe.phases[-1], epochs=epochs),))

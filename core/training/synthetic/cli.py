"""The command line of the rendered faces: a data set, its contact sheet, the demo clip."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from core.clock import Clock, SystemClock
from core.errors import DatasetError, MienError
from core.training.synthetic.dataset import render_faces, save_rendered
from core.training.synthetic.face_model import load_face_model

_MODEL_HELP = "the ICT-FaceKit npz, as the README describes it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; what a person can mend is said in a sentence, without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except MienError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.training.synthetic", description=__doc__)
    commands = parser.add_subparsers(required=True)
    render = commands.add_parser("render", help="render a data set of small grey faces")
    render.add_argument("--face-model", type=Path, required=True, help=_MODEL_HELP)
    render.add_argument("--out", type=Path, required=True, help="the npz to write")
    render.add_argument("--faces", type=int, default=24_000)
    render.add_argument("--seed", type=int, default=0, help="another seed renders other people")
    render.set_defaults(command=_render)
    return parser


def _render(options: argparse.Namespace) -> None:
    model = load_face_model(options.face_model)
    # Only what draws needs OpenGL.
    from core.training.synthetic.renderer import Renderer

    _check_folder(options.out)
    with Renderer(model) as renderer:
        progress = _progress(options.faces, SystemClock())
        faces = render_faces(renderer, options.faces, options.seed, progress)
    save_rendered(faces, options.out)
    print(f"\n{len(faces.images)} faces written to {options.out}.")


def _progress(total: int, clock: Clock) -> Callable[[int], None]:
    """Prints how many faces are done and how long the rest will take."""
    started_s = clock.monotonic_s()

    def show(done: int) -> None:
        left_s = (clock.monotonic_s() - started_s) / done * (total - done)
        print(f"\r{done} of {total} faces, {left_s / 60:.0f} min left  ", end="", flush=True)

    return show


def _check_folder(path: Path) -> None:
    """An hour's work must not be lost to a folder that is not there.

    Raises:
        DatasetError: there is no such folder.
    """
    if not path.parent.is_dir():
        raise DatasetError(f"There is no folder {path.parent} to write to.")

"""The command line of the rendered faces: a data set, its contact sheet, the demo clip, stills."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from core.clock import Clock, SystemClock
from core.command_line import run_command
from core.errors import ConfigurationError, DatasetError
from core.training.synthetic.contact_sheet import write_contact_sheet
from core.training.synthetic.dataset import load_rendered, save_rendered
from core.training.synthetic.face_model import load_face_model

_MODEL_HELP = "the ICT-FaceKit npz, as the README describes it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status."""
    return run_command(_parser(), arguments, "Nothing was written.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.training.synthetic", description=__doc__)
    commands = parser.add_subparsers(required=True)
    render = commands.add_parser("render", help="render a data set of small grey faces")
    render.add_argument("--face-model", type=Path, required=True, help=_MODEL_HELP)
    render.add_argument("--out", type=Path, required=True, help="the npz to write")
    render.add_argument("--faces", type=int, default=24_000)
    render.add_argument("--seed", type=int, default=0, help="another seed renders other people")
    render.set_defaults(command=_render)
    sheet = commands.add_parser("contact-sheet", help="show a rendered data set in one picture")
    sheet.add_argument("--faces", type=Path, required=True, help="what `render` wrote")
    sheet.add_argument("--out", type=Path, required=True, help="the JPEG to write")
    sheet.set_defaults(command=_contact_sheet)
    clip = commands.add_parser("clip", help="render the demo clip")
    clip.add_argument("--face-model", type=Path, required=True, help=_MODEL_HELP)
    clip.add_argument("--out", type=Path, required=True, help="the MP4 to write")
    clip.set_defaults(command=_clip)
    stills = commands.add_parser("stills", help="render one test picture of each expression")
    stills.add_argument("--face-model", type=Path, required=True, help=_MODEL_HELP)
    stills.add_argument("--out", type=Path, required=True, help="the folder to write into")
    stills.set_defaults(command=_stills)
    return parser


def _render(options: argparse.Namespace) -> None:
    model = load_face_model(options.face_model)
    _check_can_draw()
    _check_folder(options.out)
    from core.training.synthetic.generate import render_faces
    from core.training.synthetic.renderer import Renderer

    with Renderer(model) as renderer:
        progress = _progress(options.faces, "faces", SystemClock())
        faces = render_faces(renderer, options.faces, options.seed, progress)
    save_rendered(faces, options.out)
    print(f"\n{len(faces.images)} faces written to {options.out}.")


def _contact_sheet(options: argparse.Namespace) -> None:
    write_contact_sheet(load_rendered(options.faces), options.out)
    print(f"Written to {options.out}.")


def _clip(options: argparse.Namespace) -> None:
    model = load_face_model(options.face_model)
    _check_can_draw()
    _check_folder(options.out)
    from core.training.synthetic.clip import frame_count, render_clip
    from core.training.synthetic.renderer import Renderer

    with Renderer(model, paint_px_per_cm=40) as renderer:
        render_clip(renderer, options.out, _progress(frame_count(), "frames", SystemClock()))
    print(f"\nWritten to {options.out}.")


def _stills(options: argparse.Namespace) -> None:
    model = load_face_model(options.face_model)
    _check_can_draw()
    _check_folder(options.out / "any.jpg")
    from core.training.synthetic.clip import render_stills
    from core.training.synthetic.renderer import Renderer

    with Renderer(model, paint_px_per_cm=40) as renderer:
        render_stills(renderer, options.out)
    print(f"Written to {options.out}.")


def _progress(total: int, things: str, clock: Clock) -> Callable[[int], None]:
    """Prints how many are done and how long the rest will take."""
    started_s = clock.monotonic_s()

    def show(done: int) -> None:
        left_s = (clock.monotonic_s() - started_s) / done * (total - done)
        print(f"\r{done} of {total} {things}, {left_s / 60:.0f} min left  ", end="", flush=True)

    return show


def _check_can_draw() -> None:
    """Only what draws needs the training packages: reading a data set does not.

    Raises:
        ConfigurationError: moderngl is not installed.
    """
    if find_spec("moderngl") is None:
        raise ConfigurationError(
            "Faces cannot be rendered: the package moderngl is missing. "
            "Install it with: pip install -r requirements-training.txt"
        )


def _check_folder(path: Path) -> None:
    """An hour's work must not be lost to a folder that is not there.

    Raises:
        DatasetError: there is no such folder.
    """
    if not path.parent.is_dir():
        raise DatasetError(f"There is no folder {path.parent} to write to.")

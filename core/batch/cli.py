"""Reads the faces in pictures and videos, and in folders of them, into one table."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from core.batch.child_process import PROJECT_ROOT
from core.batch.run import BatchOptions, BatchResult, run_batch
from core.batch.screen import screen_for, tell_problems
from core.batch.table import CSV, PARQUET
from core.batch.video import VideoOptions
from core.clock import SystemClock
from core.command_line import run_command
from core.errors import ConfigurationError, DetectorError, ModelError
from core.expression.card import read_card, verify
from core.expression.registry import DEFAULT_MODEL
from core.monitoring.settings import SURE_FROM, AnalysisSettings
from core.tables.columns import COLUMN_HELP
from core.vision.detectors import build_detector
from core.vision.face import DetectorKind

ALL_READ, SOME_NOT_READ, MAKES_NO_SENSE = 0, 1, 2
TERMINATED, NOBODY_LISTENS = 128 + signal.SIGTERM, 128 + signal.SIGPIPE

_KEPT = "What was read is kept: the same command goes on where this one ended."

_EPILOG = """\
The same command goes on where an earlier one ended.
Exit status: 0 all files were read; 1 some were not, or it could not go on; 2 the command makes no
sense; 130 stopped with Ctrl-C; 143 stopped with SIGTERM.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads one batch; the exit status."""
    terminated = False

    def stop(_: int, __: FrameType | None) -> NoReturn:
        nonlocal terminated
        terminated = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        status = run_command(_parser(), arguments, _KEPT)
    except BrokenPipeError:
        # What is still to be said at the interpreter's end would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_LISTENS
    finally:
        signal.signal(signal.SIGTERM, before)
    return TERMINATED if terminated else status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.batch",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "given", metavar="FOLDER_OR_FILE", type=Path, nargs="+", help="pictures, videos, folders"
    )
    parser.add_argument(
        "--out", type=_table, required=True, help="the table to write: .parquet or .csv"
    )
    parser.add_argument("--csv", action="store_true", help="beside a Parquet table the same as CSV")
    parser.add_argument(
        "--annotate", type=Path, metavar="DIR", help="write copies with marked faces there"
    )
    parser.add_argument(
        "--workers", type=_from_1, metavar="N", help="processes (default: one for each core)"
    )
    parser.add_argument("--restart", action="store_true", help="read all anew")
    parser.add_argument("--verbose", action="store_true", help="say more about what goes wrong")
    parser.add_argument(
        "--columns", action="version", version=_columns(), help="say what the table's columns are"
    )
    how = parser.add_argument_group("how faces are read")
    how.add_argument("--model", default=DEFAULT_MODEL, help=f"(default: {DEFAULT_MODEL})")
    how.add_argument(
        "--models", type=Path, default=_models_root(), metavar="DIR", help="where models lie"
    )
    how.add_argument(
        "--detector",
        type=DetectorKind,
        choices=list(DetectorKind),
        default=DetectorKind.HAAR_WITH_RESCUE,
        help="how faces are found (default: %(default)s)",
    )
    how.add_argument(
        "--sure-from",
        type=_share,
        default=SURE_FROM,
        metavar="P",
        help="probability from which a face looks like something (default: %(default)s)",
    )
    how.add_argument(
        "--samples-per-s",
        type=_positive,
        default=5.0,
        metavar="N",
        help="pictures to read of each second of a video (default: %(default)s)",
    )
    how.add_argument(
        "--smallest-face",
        type=_from_1,
        default=AnalysisSettings().smallest_face_px,
        metavar="PX",
        help="in videos, in pixels of a picture 640 wide (default: %(default)s)",
    )
    parser.set_defaults(command=_read)
    return parser


def _models_root() -> Path:
    return Path(os.environ.get("MIEN_MODELS_DIR") or PROJECT_ROOT / "models")


def _columns() -> str:
    width = max(map(len, COLUMN_HELP))
    return "\n".join(f"{name:{width}}  {meaning}" for name, meaning in COLUMN_HELP.items())


def _table(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in {PARQUET, CSV} or path.is_dir():
        raise argparse.ArgumentTypeError(f"“{text}” does not end in .parquet or .csv")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder “{path.parent}”")
    return path


def _from_1(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from 1 up")
    return int(text)


def _positive(text: str) -> float:
    number = _number(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number above 0")
    return number


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 0 to 1")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number") from error


def _read(given: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO if given.verbose else logging.ERROR)
    try:
        options = _options(given)
        result = run_batch(options, screen_for(sys.stdout, SystemClock()), SystemClock())
    except (ConfigurationError, ModelError, DetectorError) as error:
        print(error.sentence, file=sys.stderr)
        return MAKES_NO_SENSE
    _tell(options, result)
    return SOME_NOT_READ if result.problems else ALL_READ


def _options(given: argparse.Namespace) -> BatchOptions:
    """Before a long run: can anything be read at all? ModelError or DetectorError where not."""
    build_detector(given.detector, given.smallest_face)
    card = read_card(given.models / given.model)
    verify(given.models / given.model, card.tflite)
    settings = AnalysisSettings(
        model=given.model,
        detector=given.detector,
        smallest_face_px=given.smallest_face,
        sure_from=given.sure_from,
    )
    return BatchOptions(
        given=tuple(given.given),
        out=given.out,
        video=VideoOptions(settings, given.samples_per_s, annotate=given.annotate is not None),
        card=card,
        models_root=given.models.absolute(),
        annotate=given.annotate,
        workers=given.workers or len(os.sched_getaffinity(0)),
        restart=given.restart,
        csv_too=given.csv,
    )


def _tell(options: BatchOptions, result: BatchResult) -> None:
    tables = " and ".join(f"“{path}”" for path in options.outs)
    read = "1 file" if result.read == 1 else f"{result.read} files"
    print(f"{read} read into {tables}.")
    if result.others:
        print(f"Left alone, as neither pictures nor videos: {result.others}.")
    if result.problems:
        tell_problems(result.problems, sys.stderr)
        print(
            f"The same command tries again what could not be read; all else is kept in "
            f"“{options.parts_folder}” until then.",
            file=sys.stderr,
        )

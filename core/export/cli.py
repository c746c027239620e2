"""The command `python -m core.export`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from core.clock import SystemClock
from core.command_line import run_command
from core.errors import MienError, TableError
from core.export.task import ExportKind, ExportTask
from core.export.write import write_export
from core.records.database import open_database
from core.records.session import SessionSource
from core.timeline.span import Span
from core.work.pace import Pace

_ABOUT = """Writes what was kept into one file: all of it as a .zip, or readings, second by second
and person by person, as .csv or .parquet. The ending of the file decides.

The database is that of the dashboard: MIEN_DATABASE_URL, or mien.db in MIEN_DATA_DIR, which is the
folder “data” if not set. The dashboard may run meanwhile."""

_DATA_DIR = Path(__file__).resolve().parents[2] / "data"
_TELL_EVERY_S = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m core.export",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "out", type=Path, help="the file; an older one is replaced once it is whole"
    )
    parser.add_argument("--sessions", type=_ids, help="only these, as 3,4,7 (see sessions.json)")
    parser.add_argument(
        "--source",
        type=SessionSource,
        choices=tuple(SessionSource),
        help="only sessions of this one",
    )
    parser.add_argument("--since", type=_time, help="readings from then on, as 2026-01-31T12:00Z")
    parser.add_argument("--until", type=_time, help="readings before then")
    parser.add_argument("--nice", type=int, default=0, help="let others go first, 0 to 19")
    parser.add_argument("--spare-mb", type=int, default=0, help="leave so much of the disk free")
    parser.add_argument("--json", action="store_true", help="tell progress as lines of JSON")
    parser.set_defaults(command=_export)
    return run_command(parser, arguments, "Nothing half-written was left.")


def _export(options: argparse.Namespace) -> int:
    os.nice(options.nice)
    os.umask(0o077)  # readings of people: for this user alone
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tell = _tell_json if options.json else _tell_people
    try:
        _write(options, _now_and_then(tell, os.getppid(), partial(_check_room, options)))
    except MienError as error:
        if not options.json:
            raise
        print(json.dumps({"problem": error.sentence, "cause": error.cause}), flush=True)
        return 1
    return 0


def _write(options: argparse.Namespace, report: Callable[[float, str], None]) -> None:
    task = _task(options)
    data_dir = Path(os.environ.get("MIEN_DATA_DIR") or _DATA_DIR)
    database = open_database(os.environ.get("MIEN_DATABASE_URL"), data_dir)
    with closing(database):
        write_export(database, SystemClock(), task, options.out, report)


def _task(options: argparse.Namespace) -> ExportTask:
    try:
        kind = ExportKind(options.out.suffix.removeprefix("."))
    except ValueError:
        raise MienError("The file has to end in .zip, .csv or .parquet.") from None
    since_utc = options.since or datetime(1970, 1, 1, tzinfo=UTC)
    until_utc = options.until or datetime(9999, 1, 1, tzinfo=UTC)
    if until_utc <= since_utc:
        raise MienError("The time has to end after it begins.")
    return ExportTask(kind, Span(since_utc, until_utc), options.sessions, options.source)


def _now_and_then(
    tell: Callable[[float, str], None], parent: int, check: Callable[[], None]
) -> Callable[[float, str], None]:
    pace = Pace(_TELL_EVERY_S, SystemClock())

    def report(done: float, what: str) -> None:
        if os.getppid() != parent:  # nobody waits for it any more
            raise KeyboardInterrupt
        if pace.is_due():
            check()
            tell(done, what)

    return report


def _check_room(options: argparse.Namespace) -> None:
    if options.spare_mb and shutil.disk_usage(options.out.parent).free < options.spare_mb * 10**6:
        raise TableError(
            "The disk is nearly full, and the rest of it is left for alerts and readings. Nothing "
            "half-written was left. Make room, then try again."
        )


def _tell_json(done: float, what: str) -> None:
    print(json.dumps({"done": round(done, 4), "what": what}), flush=True)


def _tell_people(done: float, what: str) -> None:
    print(f"{done:4.0%}  {what}", file=sys.stderr, flush=True)


def _ids(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(",") if each)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC)  # without a zone, this machine's

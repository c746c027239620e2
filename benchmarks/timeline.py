"""How long the Timeline takes to show what was recorded, and how large the records are.

    python -m benchmarks.timeline --days 30 --json [--postgresql]

One camera that sees one person all the time, a reading a second, made up, through the stores that
the product uses. What is timed is what the server does when somebody opens the page: the records'
extent, the sessions, the chart and the first figure below it, and their JSON. `…_first_ms` is with
a database that was opened for it, `…_data_ms` the part until the sums are read. `…_per_scan` is the
time by that of reading all rows once. `--postgresql` starts a server of the system's packages.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, select, text

from app.looking_back import LookingBack, looking_back_on
from app.timeline.charts import distribution_figure
from app.timeline.view import MOST_COLUMNS, build_view
from benchmarks.recorded_days import keep_days
from benchmarks.report import print_figures
from core.records.database import Database, open_database
from core.records.roller import Roller
from core.records.second_store import SecondStore
from core.records.session import SessionSource
from core.records.tables import reading, rollup
from core.timeline.distribution import distribution
from core.timeline.grain import width_for
from core.timeline.span import Span
from core.timeline.tally import Tally
from tests.support.clock import FakeClock
from tests.support.postgresql import running_postgresql, url_of

_RUNS = 7
_SCAN = select(func.sum(func.length(reading.c.shown)))
_LENGTHS = {
    "default": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}


def measure(days: int, url: str | None = None, runs: int = _RUNS) -> dict[str, Any]:
    """All figures, of so many days in a database of their own, or in an empty one at this URL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(open_database(url, folder)) as database:
            figures, now_utc = _kept(database, days)
        for what, length in _LENGTHS.items():
            span = Span(now_utc - length, now_utc)
            with closing(open_database(url, folder)) as database:
                records = looking_back_on(database, FakeClock(now_utc))
                figures |= _opened(records, span, what, runs)
        with closing(open_database(url, folder)) as database, database.read() as connection:
            figures["scan_ms"] = _ms(lambda: connection.scalar(_SCAN), runs)
            figures |= _sizes(connection)
    for what in _LENGTHS:
        figures[f"{what}_per_scan"] = round(figures[f"{what}_ms"] / figures["scan_ms"], 3)
    return {**figures, "bytes_to_browser": figures["default_bytes"]}


def _kept(database: Database, days: int) -> tuple[dict[str, Any], datetime]:
    """Recorded and rolled up, but for what has not been over for long."""
    began_s = time.process_time()
    now_utc = keep_days(SecondStore(database), days)
    kept_s = time.process_time() - began_s
    roller = Roller(database, FakeClock(now_utc))
    began_s = time.process_time()
    while roller.roll():
        pass
    rolled_s = time.process_time() - began_s
    with database.read() as connection:
        rows = connection.scalar(select(func.count()).select_from(reading)) or 0
        rollups = connection.scalar(select(func.count()).select_from(rollup))
    figures = {
        "days": days,
        "rows": rows,
        "rollup_rows": rollups,
        "kept_us_per_second": round(kept_s / rows * 1e6, 1),
        "roll_up_cpu_s_per_day": round(rolled_s / days, 3),
    }
    return figures, now_utc


def _opened(records: LookingBack, span: Span, what: str, runs: int) -> dict[str, Any]:
    sizes: list[int] = []

    def show() -> None:
        sizes.append(_show(records, span))

    first_ms = _ms(show, 1)
    return {
        f"{what}_ms": _ms(show, runs),
        f"{what}_first_ms": first_ms,
        f"{what}_data_ms": _ms(lambda: _read(records, span), runs),
        f"{what}_bytes": sizes[-1],
    }


def _show(records: LookingBack, span: Span) -> int:
    """What the page does; bytes of its figures."""
    records.timeline.extent()
    records.sessions.list(span, SessionSource.CAMERA)
    view = build_view(records, span, (), UTC)
    if view.figure is None:
        raise RuntimeError("Nothing was shown.")
    figures = (view.figure, distribution_figure(distribution(view.everybody)))
    return sum(len(figure.to_json(validate=False)) for figure in figures)


def _read(records: LookingBack, span: Span) -> Tally:
    return records.timeline.tally(span, width_for(span, MOST_COLUMNS))


def _ms(work: Callable[[], object], runs: int) -> float:
    """Median."""
    took_ms = []
    for _ in range(runs):
        began_s = time.perf_counter()
        work()
        took_ms.append((time.perf_counter() - began_s) * 1e3)
    return round(median(took_ms), 1)


def _sizes(connection: Connection) -> dict[str, Any]:
    """In MB of a million bytes, with what each table's indexes take."""
    if connection.dialect.name == "sqlite":
        query = "SELECT sum(pgsize) FROM dbstat"
        of_table = f"{query} WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = :table)"
    else:
        query, of_table = "SELECT pg_database_size(current_database())", _OF_TABLE
    kinds = {
        name: connection.scalar(text(of_table), {"table": name})
        for name in ("reading", "second", "rollup")
    }
    sizes = {"database_mb": connection.scalar(text(query))} | {
        f"{name}_mb": size for name, size in kinds.items()
    }
    return {name: round(float(size) / 1e6, 2) for name, size in sizes.items()}


_OF_TABLE = "SELECT pg_total_relation_size(CAST(:table AS regclass))"


@contextmanager
def _url(*, postgresql: bool) -> Iterator[str | None]:
    if not postgresql:
        yield None
        return
    with running_postgresql() as folder:
        yield url_of(folder, "postgres")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with _url(postgresql=options.postgresql) as url:
        print_figures(measure(options.days, url), as_json=options.json)


if __name__ == "__main__":
    main()

"""A real PostgreSQL server for the tests: from the system's packages, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

_UNPRIVILEGED = ("postgres", "nobody")
"""Who runs it where the tests run as root, which PostgreSQL refuses."""


class NoPostgresqlError(Exception):
    """It cannot be started here."""


def _program(name: str) -> str:
    found = shutil.which(name) or max(
        map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None
    )
    if found is None:
        raise NoPostgresqlError(f"there is no {name}")
    return found


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


@contextmanager
def running_postgresql() -> Iterator[str]:
    """The folder of its socket; nobody else can reach it. NoPostgresqlError."""
    user = _user()
    # pytest's own folders are closed to other users
    with tempfile.TemporaryDirectory(prefix="mien-postgresql-", dir="/tmp") as folder:
        if user is not None:
            shutil.chown(folder, user)
        cluster = f"{folder}/cluster"
        _run(user, _program("initdb"), "-D", cluster, "-U", "mien", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = (_program("pg_ctl"), "-D", cluster, "-w", "-l", f"{folder}/log")
        _run(user, *control, "-o", options, "start")
        try:
            yield folder
        finally:
            _run(user, *control, "-m", "immediate", "stop")


def _run(user: str | None, *command: str) -> None:
    # Trap: the server inherits the pipes of pg_ctl, so reading them would never end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, user=user, cwd="/", stdout=output, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            output.seek(0)
            raise NoPostgresqlError(output.read().decode())


def url_of(folder: str, name: str) -> str:
    """Of one database of the server with this socket."""
    return f"postgresql://mien@/{name}?host={quote(folder, safe='')}"

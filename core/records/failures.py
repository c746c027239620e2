"""What a failing database means, in a sentence.

Traps: PostgreSQL's details quote the row ("Key (address)=(…) already exists"), and SQLAlchemy's
texts quote parameters; addresses are private. So causes are made of names and codes alone, and the
original is cut off from the traceback (`from None`).
"""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy import exc

from core.errors import RecordsError

BUSY = "The database is busy; nothing was changed. Mien tries again by itself."
FULL = "The disk with the database is full; what was kept stays. Please free some space."
READ_ONLY = "The database cannot be written to; nothing was changed. Please check its permissions."
NOT_OPENED = "The database's file or folder cannot be opened; nothing was changed."
NO_DATABASE = (
    "The file of the database is no database of Mien's; it was left as it is. "
    "Please move it away, or name another folder in MIEN_DATA_DIR."
)
DAMAGED = "The database is damaged; nothing was changed. Please restore a copy of it."
DISK = "The disk with the database does not answer as it should; what was kept stays."
UNREACHABLE = "The database server cannot be reached; nothing was changed."
REFUSED = "The database server refuses the user, the password or the database's name."
OTHER = "The database refused; nothing was changed."

_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: NOT_OPENED,
    sqlite3.SQLITE_NOTADB: NO_DATABASE,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_IOERR: DISK,
}
_POSTGRESQL = {  # by the first characters of the SQLSTATE; the longest match counts
    "08": UNREACHABLE,
    "25006": READ_ONLY,
    "28": REFUSED,
    "3D000": REFUSED,
    "40": BUSY,
    "42501": READ_ONLY,
    "53": UNREACHABLE,
    "53100": FULL,
    "55P03": BUSY,
    "57014": BUSY,
    "57P": UNREACHABLE,
    "58": DISK,
}


class ClashError(RecordsError):
    """What was to be kept contradicts what is there already: it exists, or its parent does not."""


def records_error(error: exc.DBAPIError | exc.TimeoutError) -> RecordsError:
    """The sentence and the cause for any failure of the driver or the pool."""
    origin = error.orig if isinstance(error, exc.DBAPIError) else error
    kind = ClashError if isinstance(error, exc.IntegrityError) else RecordsError
    return kind(_sentence(origin), _cause(origin))


def _sentence(origin: BaseException | None) -> str:
    if isinstance(origin, sqlite3.Error):
        # the low byte is the primary code, the rest tells its variety
        return _SQLITE.get(getattr(origin, "sqlite_errorcode", 0) & 0xFF, OTHER)
    if isinstance(origin, psycopg.Error):
        return _sentence_of_state(origin.sqlstate, origin)
    return BUSY if isinstance(origin, exc.TimeoutError) else OTHER


def _sentence_of_state(state: str | None, origin: psycopg.Error) -> str:
    if state is None:  # it never came to an answer
        refused = "authentication" in str(origin) or "does not exist" in str(origin)
        unreachable = isinstance(origin, psycopg.OperationalError)
        return REFUSED if refused else UNREACHABLE if unreachable else OTHER
    matches = [start for start in _POSTGRESQL if state.startswith(start)]
    return _POSTGRESQL[max(matches, key=len)] if matches else OTHER


def _cause(origin: BaseException | None) -> str:
    name = type(origin).__name__
    if isinstance(origin, sqlite3.Error):
        return f"{name} {getattr(origin, 'sqlite_errorname', '')}: {origin}"
    if isinstance(origin, psycopg.Error):
        return f"{name} {origin.sqlstate or ''}: {origin.diag.message_primary or ''}"
    return name

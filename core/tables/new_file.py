"""A file that is there as a whole or not at all."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import TableError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A name beside it, to write to; in the end that becomes the file, in place of an older one.

    When anything fails, what was written goes, and an older file stays as it was.

    Raises:
        TableError: the disk is full, or cannot be written.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise not_written(error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def not_written(error: OSError) -> TableError:
    """The sentence for a disk that did not take a file."""
    cause = f"{type(error).__name__}: {error}"
    if error.errno in _FULL:
        return TableError(
            "The disk is full, so the file could not be written. Nothing half-written was left. "
            "Make room, then try again.",
            cause,
        )
    return TableError(
        "The file could not be written. Check that its folder exists and may be written to.", cause
    )

"""What the command lines share: each error as a sentence, never a traceback."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.errors import MienError


def run_command(
    parser: argparse.ArgumentParser, arguments: Sequence[str] | None, when_stopped: str
) -> int:
    """Runs the command that the arguments choose; what a person can mend is said in a sentence.

    Args:
        parser: its commands each set `command`, which takes the options and may return a status.
        arguments: None for those of the process.
        when_stopped: what Ctrl-C leaves behind, as a sentence.

    Returns:
        The exit status: the command's, 0 where it returns none, 1 after an error, 130 when stopped.
    """
    options = parser.parse_args(arguments)
    try:
        status: int | None = options.command(options)
    except MienError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped. {when_stopped}", file=sys.stderr)
        return 130
    return status or 0

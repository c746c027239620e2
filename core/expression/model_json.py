"""The JSON files of a model's folder, which people may have edited."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from core.errors import ModelError

Content = TypeVar("Content")


def read_json(path: Path, parsed: Callable[[Any], Content], sentence: str) -> Content | None:
    """What a file holds; None where there is none.

    Args:
        path: of the file.
        parsed: makes the content of the values, or finds that they have the wrong form.
        sentence: what a person is told where that is so.

    Raises:
        ModelError: with this sentence.
    """
    try:
        return parsed(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(sentence, repr(error)) from error

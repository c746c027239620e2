"""Frozen dataclasses to JSON and back, strict about types and lenient about missing keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import time
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


def plain(value: object) -> object:
    """What `json.dumps(..., default=plain)` does with what JSON does not know."""
    if isinstance(value, time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def built(
    kind: type[T],
    values: object,
    special: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
) -> T:
    """A dataclass from what JSON gave.

    Keys that it does not know are passed over, missing ones take their defaults.

    Args:
        kind: the dataclass.
        values: should be a mapping.
        special: readers of fields that are not plain.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: a value is of the wrong type, or one without
            a default is missing.
    """
    if not isinstance(values, dict):
        raise TypeError(f"{kind.__name__}: {type(values).__name__}")
    hints = get_type_hints(kind)
    found = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in values:
            read = special.get(field.name) or _reader(hints[field.name])
            found[field.name] = read(values[field.name])
        elif field.default is MISSING:
            raise KeyError(f"{kind.__name__}.{field.name}")
    return kind(**found)


def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return {
        float: _number,
        int: _of(int),
        bool: _of(bool),
        str: _of(str),
        time: time.fromisoformat,
        tuple[str, ...]: _strings,
    }[hint]


def _of(kind: type) -> Callable[[object], object]:
    def read(value: object) -> object:
        if type(value) is not kind:  # a bool is an int, but not here
            raise TypeError(f"{kind.__name__} expected: {value!r}")
        return value

    return read


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"number expected: {value!r}")
    return float(value)


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"list of strings expected: {value!r}")
    return tuple(value)

"""A post office for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.delivering import Post


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """With an empty database."""
    office = Post(tmp_path)
    yield office
    office.database.close()

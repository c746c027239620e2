from __future__ import annotations

import pytest

from app.words import counted, plain, size


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 faces"), (1, "1 face"), (2, "2 faces")], ids=["none", "one", "two"]
)
def test_numbers_agree_with_their_noun(count: int, said: str) -> None:
    assert counted(count, "face") == said


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("Anna and Ben", "Anna and Ben", id="words"),
        pytest.param("![x](http:a)", r"\!\[x\]\(http\:a\)", id="picture"),
        pytest.param("**a** _b_", r"\*\*a\*\* \_b\_", id="bold"),
        pytest.param(":red[x]", r"\:red\[x\]", id="directive"),
        pytest.param("a\\b", r"a\\b", id="backslash"),
        pytest.param("<b>$x$", r"\<b\>\$x\$", id="html and formula"),
    ],
)
def test_markdown_loses_its_meaning(text: str, escaped: str) -> None:
    assert plain(text) == escaped


@pytest.mark.parametrize(
    ("size_bytes", "words"), [(0, "0.1 MB"), (274_555, "0.3 MB"), (34_400_000, "34 MB")]
)
def test_sizes_are_those_of_the_uploader(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words

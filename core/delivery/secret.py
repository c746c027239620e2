"""Text that must not be seen."""

from __future__ import annotations


class Secret:
    """A token or password; shows itself only when asked to.

    Not a `str`: joining, formatting or logging it by accident gives dots.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the library that needs it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "•••"

    def __reduce__(self) -> tuple[type, tuple[str]]:
        raise TypeError("A secret is not written anywhere.")

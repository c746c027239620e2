from __future__ import annotations

from dataclasses import dataclass

from app.stills.tray import digest_of
from app.stills.uploader import Uploader


@dataclass(frozen=True)
class File:
    """An upload."""

    file_id: str
    content: bytes

    def getvalue(self) -> bytes:
        """The content."""
        return self.content


A, B, B_AGAIN = File("1", b"a"), File("2", b"b"), File("3", b"b")


def test_a_file_is_fresh_once() -> None:
    uploader = Uploader()
    assert uploader.fresh([A, B]) == [A, B]
    uploader.taken([A], [])
    assert uploader.fresh([A, B]) == [B]


def test_a_removed_file_is_told() -> None:
    uploader = Uploader()
    uploader.taken([A, B], [])
    assert uploader.removed([B]) == {digest_of(b"a")}
    assert uploader.removed([B]) == set()


def test_content_stays_while_one_copy_is_there() -> None:
    uploader = Uploader()
    uploader.taken([A, B, B_AGAIN], [])
    assert uploader.removed([A, B_AGAIN]) == set()
    assert uploader.removed([A]) == {digest_of(b"b")}


def test_what_vanished_with_the_page_is_not_removed_by_the_next_upload() -> None:
    uploader = Uploader()
    uploader.taken([A], [])
    uploader.fresh([])
    assert uploader.removed([B]) == set()


def test_refusals_last_until_the_person_changes_the_files() -> None:
    uploader = Uploader()
    uploader.taken([A], ["too many"])
    uploader.fresh([A])
    assert uploader.refused == ["too many"]
    uploader.removed([])
    assert uploader.refused == []


def test_an_emptied_uploader_is_another_widget() -> None:
    uploader = Uploader()
    uploader.taken([A], ["too many"])
    key = uploader.key
    uploader.empty()
    assert uploader.key != key
    assert uploader.refused == []
    assert uploader.removed([]) == set()

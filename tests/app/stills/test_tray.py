from __future__ import annotations

from app.stills.tray import ReadWith, Tray, TrayPicture, digest_of
from core.stills.still import Still

MIEN = ReadWith("mien7", "haar")
OTHER = ReadWith("other", "haar")


def _picture(data: bytes, read_with: ReadWith = MIEN, *, readable: bool = True) -> TrayPicture:
    still = Still((640, 480), ()) if readable else None
    return TrayPicture(digest_of(data), "a.jpg", data, read_with, still)


def test_the_same_content_lies_there_once_and_keeps_its_place() -> None:
    tray = Tray()
    for data in (b"one", b"two", b"one"):
        tray.lay_down(_picture(data))
    assert [picture.data for picture in tray.pictures] == [b"one", b"two"]


def test_too_many_pictures_are_refused_with_the_reason() -> None:
    tray = Tray(most_pictures=2)
    tray.lay_down(_picture(b"one"))
    assert tray.refusal(digest_of(b"two"), 3) is None
    tray.lay_down(_picture(b"two"))
    assert tray.refusal(digest_of(b"three"), 5) == "the page holds 2 pictures at most"


def test_too_much_data_is_refused_with_the_reason() -> None:
    tray = Tray(most_bytes=2_000_000)
    tray.lay_down(_picture(bytes(1_500_000)))
    assert tray.refusal(digest_of(b"small"), 500_000) is None
    assert tray.refusal(digest_of(b"large"), 500_001) == "the page holds 2 MB at most"


def test_a_picture_that_lies_there_may_be_read_again_in_a_full_tray() -> None:
    tray = Tray(most_pictures=1)
    tray.lay_down(_picture(b"one"))
    assert tray.refusal(digest_of(b"one"), 3) is None


def test_other_settings_make_pictures_stale_but_not_broken_files() -> None:
    tray = Tray()
    tray.lay_down(_picture(b"one"))
    tray.lay_down(_picture(b"broken", readable=False))
    assert tray.stale(MIEN) == ()
    assert [picture.data for picture in tray.stale(OTHER)] == [b"one"]
    assert tray.holds(digest_of(b"one"), MIEN)
    assert not tray.holds(digest_of(b"one"), OTHER)


def test_removed_pictures_make_room() -> None:
    tray = Tray(most_pictures=1)
    tray.lay_down(_picture(b"one"))
    tray.remove([digest_of(b"one"), digest_of(b"never there")])
    assert len(tray) == 0
    assert tray.refusal(digest_of(b"two"), 3) is None

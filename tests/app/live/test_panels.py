from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.monitoring.observation import ObservedFace
from core.vision.quality import QualityNote
from tests.support.observing import observed_face, reading


def _panel() -> None:
    """Faces of the numbers in `seen`, the first of them the largest; None before any picture."""
    import streamlit as st

    from app.live.panels import choose_face
    from core.vision.face import Box
    from tests.support.observing import observation, observed_face

    seen = st.session_state.get("seen")
    sizes_px = (200, 100, 50)
    shown = choose_face(
        None
        if seen is None
        else observation(
            *(
                observed_face(id_, box=Box(0, 0, side, side))
                for id_, side in zip(seen, sizes_px, strict=False)
            )
        )
    )
    st.text(shown.track_id if shown else "nobody")


@pytest.fixture
def panel() -> AppTest:
    return AppTest.from_function(_panel).run()


def _shown(panel: AppTest, *seen: int) -> str:
    panel.session_state["seen"] = seen
    panel.run()
    assert not panel.exception
    return panel.text[-1].value


def test_the_largest_face_is_shown_first_and_stays_though_another_grows(panel: AppTest) -> None:
    assert _shown(panel, 2, 1) == "2"
    assert panel.selectbox[0].value == 2
    assert _shown(panel, 1, 2) == "2"


def test_one_face_needs_no_choice(panel: AppTest) -> None:
    assert _shown(panel, 4) == "4"
    assert len(panel.selectbox) == 0


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param((1,), id="one is left"),
        pytest.param((1, 2), id="two"),
        pytest.param((), id="0"),
    ],
)
def test_a_chosen_face_that_is_missed_for_a_moment_stays_chosen(
    panel: AppTest, meanwhile: tuple[int, ...]
) -> None:
    _shown(panel, 1, 2, 3)
    panel.selectbox[0].select(3).run()
    assert panel.text[-1].value == "3"
    assert _shown(panel, *meanwhile) == ("1" if meanwhile else "nobody")
    assert _shown(panel, 1, 2, 3) == "3"
    assert panel.selectbox[0].value == 3


def test_a_new_connection_knows_nothing_of_the_last_choice(panel: AppTest) -> None:
    _shown(panel, 1, 2)
    panel.selectbox[0].select(2).run()
    panel.session_state["seen"] = None
    panel.run()
    assert _shown(panel, 1, 2) == "1"


def _reading_panel(face):  # no annotations: AppTest runs the text of a function alone
    from app.live.panels import show_reading

    show_reading(face)


def _reading(face: ObservedFace | None) -> str:
    panel = AppTest.from_function(_reading_panel, args=(face,)).run()
    assert not panel.exception
    return panel.get("html")[0].proto.body


DARK = (QualityNote.TOO_DARK,)


@pytest.mark.parametrize(
    ("face", "said"),
    [
        pytest.param(None, "No reading yet", id="nobody"),
        pytest.param(observed_face(), "Looks happy", id="sure"),
        pytest.param(replace(observed_face(), label=None), "Not sure", id="not sure"),
        pytest.param(observed_face(read=False, notes=DARK), "Face 1 · too dark", id="never read"),
        pytest.param(
            replace(observed_face(read=False, notes=DARK), smoothed=reading()),
            "Not readable now",
            id="not readable any more",
        ),
    ],
)
def test_the_reading_says_what_it_can(face: ObservedFace | None, said: str) -> None:
    assert said in _reading(face)


def test_a_face_that_cannot_be_read_shows_no_probabilities() -> None:
    assert "listitem" in _reading(observed_face())
    assert "listitem" not in _reading(observed_face(read=False, notes=DARK))

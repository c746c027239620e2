from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest


def _page_with_a_known_trouble() -> None:
    from app.failures import show_error
    from core.errors import ModelError

    assert show_error(ModelError("The model “a_b_c” is not installed.", "no card.json"))


def _page_with_a_fault() -> None:
    from app.failures import show_error

    assert show_error(KeyError("secret"))


def test_a_known_trouble_is_said_and_its_cause_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        page = AppTest.from_function(_page_with_a_known_trouble).run()
    assert page.error[0].value == r"The model “a\_b\_c” is not installed."
    assert "no card.json" in caplog.text
    assert "no card.json" not in page.error[0].value


def test_a_fault_shows_nothing_of_itself() -> None:
    page = AppTest.from_function(_page_with_a_fault).run()
    assert not page.exception
    assert "secret" not in page.error[0].value
    assert "Your settings were kept" in page.error[0].value

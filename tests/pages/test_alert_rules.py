"""Several rules in the sidebar of Alerts, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.alerts import rule_settings
from core.alerts.rule import Severity
from core.delivery.stores import Stores
from core.errors import ModelError
from tests.support.alert_services import running_alert_system

PAGE = str(Path("pages/alerts.py").resolve())


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    with running_alert_system(tmp_path, monkeypatch) as system:
        yield system.opened().stores


@pytest.fixture
def page(stores: Stores) -> AppTest:
    del stores  # must run first
    return AppTest.from_file(PAGE, default_timeout=60).run()


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def _kept(stores: Stores) -> list[tuple[str, bool]]:
    return [(rule.key, rule.enabled) for rule in stores.policy.load().rules]


def _labels(page: AppTest) -> set[str]:
    kinds = ("radio", "toggle", "button")
    return {element.label for kind in kinds for element in page.sidebar.get(kind)}


def test_with_one_rule_nothing_is_to_be_chosen(page: AppTest) -> None:
    assert not _labels(page) & {"Rules", "This rule is on", "Remove this rule"}


def test_a_rule_is_added_changed_switched_off_and_removed(page: AppTest, stores: Stores) -> None:
    _press(page, "Add a rule")
    assert page.radio(key="tuning-rules").options == [
        "Pain, high", "Negative expression, medium",
    ]  # fmt: skip
    assert page.selectbox(key="tuning-preset").value == "any-negative"
    page.slider(key="tuning-rule.enter").set_value(0.8).run()
    page.toggle(key="tuning-rule.enabled").set_value(False).run()
    assert _kept(stores) == [("pain", True), ("negative", False)]
    assert page.radio(key="tuning-rules").options[1] == "Negative expression, medium, off"
    assert [rule.enter for rule in stores.policy.load().rules] == [0.5, 0.8]

    page.radio(key="tuning-rules").set_value(0).run()
    assert page.slider(key="tuning-rule.enter").value == 0.5
    _press(page, "Remove this rule")
    assert _kept(stores) == [("negative", False)]
    assert "This rule is on" in _labels(page)
    page.toggle(key="tuning-rule.enabled").set_value(True).run()
    assert not _labels(page) & {"Rules", "This rule is on", "Remove this rule"}


def test_the_same_rule_twice_is_not_saved(page: AppTest, stores: Stores) -> None:
    _press(page, "Add a rule")
    page.selectbox(key="tuning-preset").set_value("pain-careful").run()
    assert "only once" in page.warning[0].value
    assert _kept(stores) == [("pain", True), ("negative", True)]
    page.selectbox(key="tuning-preset").set_value("original").run()
    assert not page.warning
    assert _kept(stores) == [("pain", True), ("original", True)]


def test_what_another_session_removed_is_shown_no_more(page: AppTest, stores: Stores) -> None:
    before = stores.policy.load()
    _press(page, "Add a rule")
    stores.policy.save(before)
    page.run()
    assert not page.exception
    assert page.selectbox(key="tuning-preset").value == "pain-careful"


def test_a_watch_has_a_severity(page: AppTest, stores: Stores) -> None:
    page.radio(key="tuning-watch.frozen.severity").set_value(Severity.MEDIUM).run()
    assert not page.exception
    severities = {watch.key: watch.severity for watch in stores.policy.load().watches}
    assert severities["frozen"] is Severity.MEDIUM
    assert severities["camera lost"] is Severity.HIGH


@pytest.mark.parametrize(
    ("known", "warnings"),
    [
        pytest.param({"sad", "happy"}, 1, id="none of them"),
        pytest.param({"pain"}, 0, id="all"),
        pytest.param(set(), 0, id="no model at all"),
    ],
)
def test_a_rule_that_no_model_can_serve_says_so(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, known: set[str], warnings: int
) -> None:
    monkeypatch.setattr(rule_settings, "_known_labels", lambda: frozenset(known))
    page.run()
    said = [warning.value for warning in page.warning if "No model in use" in warning.value]
    assert len(said) == warnings
    assert all("“Pain”" in sentence for sentence in said)


def test_what_is_read_only_in_part_is_a_note(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_settings, "_known_labels", lambda: frozenset({"sad", "pain"}))
    page.selectbox(key="tuning-preset").set_value("any-negative").run()
    assert any("the rule goes by the rest" in caption.value for caption in page.caption)
    assert not page.warning


def test_without_any_model_there_is_nothing_to_compare_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(_: str) -> str:
        raise ModelError("None is installed.")

    monkeypatch.setattr(rule_settings, "model_cards", tuple)
    monkeypatch.setattr(rule_settings, "usable_model", none)
    assert rule_settings._known_labels() == frozenset()

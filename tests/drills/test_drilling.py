"""The count and the search that the drills rely on do find what is wrong."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.delivery.words import alert_text, buttons
from tests.support.drilling import Household, Tally, household
from tests.support.episodes import alert, new_alert
from tests.support.fake_token import TOKEN, files_with

ALERT = alert(1)


@pytest.fixture
def home() -> Iterator[Household]:
    with household() as made:
        yield made


def send(home: Household, chat_id: int, *, maybe_repeat: bool = False) -> None:
    """What delivery would have sent for the alert."""
    button = buttons(ALERT.id)[0][0]
    key = {"text": button.label, "callback_data": button.data}
    text = alert_text(ALERT, SystemClock().now_utc(), maybe_repeat=maybe_repeat)
    body = {"chat_id": chat_id, "text": text, "reply_markup": {"inline_keyboard": [[key]]}}
    request = urllib.request.Request(
        f"{home.bot_api.base_url}{home.bot_api.token}/sendMessage",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize(
    ("copies", "is_recorded", "expected"),
    [
        pytest.param([], True, Tally(alerts=1, lost=1), id="lost"),
        pytest.param([False], True, Tally(alerts=1), id="once"),
        pytest.param([False, True], True, Tally(alerts=1, marked_repeats=1), id="marked"),
        pytest.param([False, False], True, Tally(alerts=1, unmarked_duplicates=1), id="doubled"),
        pytest.param([False], False, Tally(unrecorded=1), id="not recorded"),
    ],
)
def test_the_count(home: Household, copies: list[bool], is_recorded: bool, expected: Tally) -> None:
    anna = home.carer()
    if is_recorded:
        home.stores.alerts.open(new_alert(1), 3600)
    for maybe_repeat in copies:
        send(home, anna, maybe_repeat=maybe_repeat)
    assert home.tally() == expected


def test_the_search_finds_the_token_in_any_file(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    (tmp_path / "deep").mkdir()
    found = tmp_path / "deep" / "mien.db"
    found.write_bytes(b"\x00\xffanother-token\x00")
    assert files_with("17:another-token", tmp_path) == [found]


def test_a_household_fails_where_a_file_holds_the_token() -> None:
    with pytest.raises(AssertionError), household() as home:
        (home.folder / "server.log").write_text(f"POST /bot{TOKEN}/sendMessage")

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

from core.alerts.alert import Answer
from core.alerts.change import Ending
from core.records.alert_export import COLUMNS, episodes_csv, episodes_json
from core.records.delivery import Attempt, Delivery, Kind, State
from core.records.recipient import ChannelKind, Recipient
from tests.support.episodes import FIRED_UTC, alert

OVER = alert(
    7,
    over_utc=FIRED_UTC + timedelta(minutes=2),
    ending=Ending.CLEARED,
    answer=Answer.FALSE_ALARM,
    answered_by='=HYPERLINK("x")',
)


def test_every_episode_is_one_row() -> None:
    rows = list(csv.DictReader(io.StringIO(episodes_csv([OVER, alert(6)]))))
    assert [row["number"] for row in rows] == ["7", "6"]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["fired_utc"] == "2026-11-20T11:30:00.000+00:00"
    assert (rows[0]["ending"], rows[0]["answer"]) == ("cleared", "false alarm")
    assert rows[1]["over_utc"] == ""


def test_no_spreadsheet_runs_a_name() -> None:
    (row,) = csv.DictReader(io.StringIO(episodes_csv([OVER])))
    assert not row["answered_by"].startswith("=")


def test_json_has_the_scores_and_the_deliveries_but_no_address() -> None:
    anna = Recipient(1, "Anna", ChannelKind.EMAIL, "anna@example.org")
    row = Delivery(1, OVER.id, 1, Kind.ALERT, State.SENT, FIRED_UTC, FIRED_UTC, 1, False, "55:66")
    attempt = Attempt(1, FIRED_UTC, State.SENT, "Accepted by the mail server.")
    text = episodes_json([(OVER, [(row, anna, (attempt,))])])
    (episode,) = json.loads(text)
    assert episode["lines"] == {"upper": 0.5, "lower": 0.3}
    assert len(episode["trail"]) == len(OVER.why.trail)
    assert episode["deliveries"][0]["to"] == "Anna"
    assert episode["deliveries"][0]["attempts"][0]["what"] == "Accepted by the mail server."
    assert "example.org" not in text
    assert "55:66" not in text

from __future__ import annotations

from datetime import timedelta

import pytest

from app.alerts.channels import health_line
from core.clock import SystemClock
from core.delivery.service import DeliveryHealth


@pytest.mark.parametrize(
    ("waiting", "sent", "said"),
    [
        pytest.param(0, False, "", id="nothing yet"),
        pytest.param(1, False, "1 message waits to be sent.", id="one"),
        pytest.param(
            3, True, "3 messages wait to be sent. The last message was delivered ", id="both"
        ),
        pytest.param(0, True, "The last message was delivered ", id="all sent"),
    ],
)
def test_how_delivery_stands(waiting: int, sent: bool, said: str) -> None:
    at_utc = SystemClock().now_utc() - timedelta(minutes=5) if sent else None
    line = health_line(DeliveryHealth(waiting=waiting, last_sent_utc=at_utc))
    assert line.startswith(said)
    assert bool(line) is bool(said)

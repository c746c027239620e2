from __future__ import annotations

from collections.abc import Callable

import pytest

from app.alerts.testing import Test, test_text
from core.delivery.direct import Outcome
from core.errors import DeliveryError
from core.records.delivery import State
from core.records.recipient import ChannelKind

test_text.__test__ = False  # type: ignore[attr-defined]  # it is no test


class _Delivery:
    """Sends nothing; answers as told."""

    def __init__(self, answer: Callable[[int], Outcome]) -> None:
        self.send_test = answer


def _refuses(_: int) -> Outcome:
    raise DeliveryError("Delivery is not running; nothing was sent.")


@pytest.mark.parametrize(
    ("answer", "channel", "said"),
    [
        pytest.param(
            lambda id_: Outcome(id_, State.SENT, "Sent."),
            ChannelKind.TELEGRAM,
            "was delivered: look into the chat",
            id="Telegram",
        ),
        pytest.param(
            lambda id_: Outcome(id_, State.SENT, "Sent."),
            ChannelKind.EMAIL,
            "The mail server took the test message",
            id="e-mail",
        ),
        pytest.param(
            lambda id_: Outcome(id_, State.UNCERTAIN, "No answer in time."),
            ChannelKind.TELEGRAM,
            "may have arrived. No answer in time.",
            id="uncertain",
        ),
        pytest.param(
            lambda id_: Outcome(id_, State.WAITING, "Telegram asks to wait."),
            ChannelKind.TELEGRAM,
            "was not delivered.] Telegram asks to wait.",
            id="what was not sent is not tried again",
        ),
        pytest.param(
            _refuses,
            ChannelKind.EMAIL,
            "was not delivered.] Delivery is not running; nothing was sent.",
            id="no service",
        ),
    ],
)
def test_what_became_of_a_test_message(
    answer: Callable[[int], Outcome], channel: ChannelKind, said: str
) -> None:
    test = Test()
    assert "on its way" in test_text(test, channel)
    test.run(_Delivery(answer), 1)  # type: ignore[arg-type]
    assert said in test_text(test, channel)

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.alerts import linking
from app.alerts.linking import start_link
from core.delivery.running import DeliveryHealth
from core.delivery.secret import Secret
from core.delivery.settings import DeliverySettings, TelegramSettings

TELEGRAM = TelegramSettings(Secret("6000000001:a-fake-token"))
DEMO = replace(TELEGRAM, api_url="http://localhost:8081")


@pytest.mark.parametrize(
    ("telegram", "bot", "link"),
    [
        pytest.param(TELEGRAM, "MienBot", "https://t.me/MienBot?start=ABCD2345", id="Telegram's"),
        pytest.param(TELEGRAM, None, None, id="not known yet"),
        pytest.param(DEMO, "MienBot", None, id="a server of one's own"),
        pytest.param(None, None, None, id="not set up"),
    ],
)
def test_a_link_leads_to_telegrams_own_bots_only(
    telegram: TelegramSettings | None, bot: str | None, link: str | None
) -> None:
    assert start_link(telegram, bot, "ABCD2345") == link


class _Services:
    """As much as the steps ask of the server."""

    def __init__(self, telegram: TelegramSettings, bot: str | None) -> None:
        self.settings = DeliverySettings(telegram)
        self.delivery = self
        self._bot = bot

    def health(self) -> DeliveryHealth:
        return DeliveryHealth(bot_name=self._bot)


def _script() -> None:
    from datetime import UTC, datetime

    from app.alerts import linking

    ends = datetime(2030, 1, 1, tzinfo=UTC)
    linking._steps(linking._Pending("ABCD2345", "Anna", ends, frozenset()))


@pytest.mark.parametrize(
    ("telegram", "bot", "said", "links"),
    [
        pytest.param(TELEGRAM, "Mien_bot", r"find **@Mien\_bot**", True, id="known"),
        pytest.param(TELEGRAM, None, "find your bot", False, id="not known yet"),
        pytest.param(DEMO, "Mien", "find **@Mien**", False, id="a server of one's own"),
    ],
)
def test_the_steps_name_the_bot_and_the_code_can_be_copied(
    monkeypatch: pytest.MonkeyPatch,
    telegram: TelegramSettings,
    bot: str | None,
    said: str,
    links: bool,
) -> None:
    monkeypatch.setattr(linking, "alert_services", lambda: _Services(telegram, bot))
    page = AppTest.from_function(_script, default_timeout=60).run()
    assert not page.exception
    assert said in page.markdown[0].value
    assert page.code[0].value == "ABCD2345"
    assert [caption.value.count("https://t.me/") for caption in page.caption] == [1] * links

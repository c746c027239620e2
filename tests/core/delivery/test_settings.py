"""Settings of the channels, and what is said about missing ones."""

from __future__ import annotations

import pytest

from core.delivery.secret import Secret
from core.delivery.settings import EmailSettings, TelegramSettings, settings_from

TOKEN = "6000000001:AAFakeTokenThatIsNeverToBeSeen"
MAIL = {"MIEN_SMTP_HOST": "mail.example.org", "MIEN_SMTP_FROM": "mien@example.org"}


def test_nothing_is_set_up_and_both_gaps_are_told() -> None:
    settings = settings_from({}, {})
    assert (settings.telegram, settings.email) == (None, None)
    assert [sentence.split(":")[0] for sentence in settings.missing] == [
        "Telegram is not set up",
        "E-mail is not set up",
    ]


def test_the_environment_wins_over_the_file() -> None:
    file = {"telegram": {"token": TOKEN + "old", "api_url": "http://localhost:8081/"}}
    settings = settings_from({"MIEN_TELEGRAM_TOKEN": TOKEN}, file)
    assert settings.telegram == TelegramSettings(Secret(TOKEN), "http://localhost:8081")


def test_all_of_e_mail_from_the_file() -> None:
    file = {
        "email": {
            "host": "mail.example.org",
            "port": 2525,
            "user": "mien",
            "password": "secret",
            "from": "mien@example.org",
            "security": "TLS",
        }
    }
    assert settings_from({}, file).email == EmailSettings(
        "mail.example.org", 2525, "mien", Secret("secret"), "mien@example.org", "tls"
    )


@pytest.mark.parametrize(
    ("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)]
)
def test_the_usual_port(security: str, port: int) -> None:
    email = settings_from({**MAIL, "MIEN_SMTP_SECURITY": security}, {}).email
    assert email is not None
    assert email.port == port


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        pytest.param({"MIEN_TELEGRAM_TOKEN": "hunter2"}, "does not look like", id="token"),
        pytest.param(
            {"MIEN_TELEGRAM_TOKEN": TOKEN, "MIEN_TELEGRAM_API_URL": "localhost"},
            "must begin with https",
            id="address of the server",
        ),
        pytest.param({**MAIL, "MIEN_SMTP_PORT": "25a"}, "`port`", id="port"),
        pytest.param({**MAIL, "MIEN_SMTP_PORT": "65536"}, "`port`", id="port too large"),
        pytest.param({**MAIL, "MIEN_SMTP_SECURITY": "ssl"}, "`security`", id="security"),
        pytest.param({**MAIL, "MIEN_SMTP_FROM": "Mien"}, "MIEN_SMTP_FROM", id="sender"),
        pytest.param({**MAIL, "MIEN_SMTP_USER": "mien"}, "or neither", id="no password"),
        pytest.param({**MAIL, "MIEN_SMTP_PASSWORD": "hunter2"}, "or neither", id="no user"),
    ],
)
def test_a_wrong_value_is_told_without_the_value(environment: dict[str, str], says: str) -> None:
    settings = settings_from(environment, {})
    assert any(says in sentence for sentence in settings.missing)
    assert "hunter2" not in "".join(settings.missing)


@pytest.mark.parametrize("section", ["text", 3, None, ["list"]], ids=repr)
def test_a_section_of_another_shape_is_as_good_as_none(section: object) -> None:
    assert settings_from({}, {"telegram": section, "email": section}).telegram is None

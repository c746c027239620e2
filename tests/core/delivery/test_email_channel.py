"""E-mail, over real SMTP on loopback."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from core.delivery.channel import (
    Button,
    ChannelDeadError,
    MaybeSentError,
    Message,
    MessageRefusedError,
    NeverSentError,
    Receipt,
    RecipientGoneError,
)
from core.delivery.email_channel import EmailChannel
from core.delivery.secret import Secret
from core.delivery.settings import EmailSettings, Security
from core.errors import DeliveryError
from tests.support.clock import FakeClock
from tests.support.mail import HOST, PASSWORD, MailServer, running_mail_server
from tests.support.server import find_free_port

ALERT = Message(
    "Mien · Alert 17 · Küche\nMay be in pain, please check. <Now> & here",
    b"\xff\xd8 a picture",
    ((Button("Acknowledge", "ack:17"),),),
)


def settings(
    port: int, security: Security = "none", user: str = "", password: str = PASSWORD
) -> EmailSettings:
    secret = Secret(password if user else "")
    return EmailSettings(HOST, port, user, secret, "mien@example.org", security)


def send(
    how: EmailSettings,
    trust: ssl.SSLContext | None = None,
    address: str = "anna@example.org",
    message: Message = ALERT,
) -> Receipt:
    async def once() -> Receipt:
        channel = EmailChannel(how, FakeClock(), trust, answer_within_s=1)
        try:
            return await channel.send(address, message)
        finally:
            await channel.close()

    return asyncio.run(once())


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_letter_arrives_by_each_kind_of_connection(tmp_path: Path, security: Security) -> None:
    with running_mail_server(tmp_path, security) as (mail, trust):
        send(settings(mail.port, security), trust)
    [letter] = mail.letters
    assert letter["Subject"] == "Mien · Alert 17 · Küche"
    assert letter["To"] == "anna@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_letter_reads_the_same_with_and_without_html_and_carries_its_picture(
    tmp_path: Path,
) -> None:
    with running_mail_server(tmp_path) as (mail, _):
        send(settings(mail.port))
    [letter] = mail.letters
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert ALERT.text in plain.get_content().replace("\r\n", "\n")
    assert "&lt;Now&gt; &amp; here" in rich.get_content()
    [picture] = [part for part in letter.walk() if part.get_content_type() == "image/jpeg"]
    assert picture.get_payload(decode=True) == ALERT.picture_jpeg
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in rich.get_content()
    assert "alt=" in rich.get_content()
    assert "http" not in rich.get_content()


def test_a_letter_without_a_picture_has_none(tmp_path: Path) -> None:
    with running_mail_server(tmp_path) as (mail, _):
        send(settings(mail.port), message=Message("Nothing has happened."))
    assert not [part for part in mail.letters[0].walk() if part.get_content_maintype() == "image"]


def test_logs_in_where_a_user_is_given(tmp_path: Path) -> None:
    with running_mail_server(tmp_path, "starttls", log_in=True) as (mail, trust):
        send(settings(mail.port, "starttls", "mien"), trust)
    assert len(mail.letters) == 1


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        pytest.param(
            {"to": {"anna@example.org": "550 5.1.1 No such user"}}, RecipientGoneError, id="550"
        ),
        pytest.param(
            {"to": {"anna@example.org": "550 5.7.1 Relaying denied"}},
            MessageRefusedError,
            id="550, but for policy: the person is not gone",
        ),
        pytest.param(
            {"to": {"anna@example.org": "552 5.2.2 Mailbox full"}}, MessageRefusedError, id="full"
        ),
        pytest.param(
            {"to": {"anna@example.org": "451 4.7.1 Greylisted"}}, NeverSentError, id="greylisted"
        ),
        pytest.param({"data": "554 5.6.0 Refused"}, MessageRefusedError, id="letter refused"),
        pytest.param({"data": "452 4.3.1 Full"}, NeverSentError, id="letter refused for now"),
        pytest.param({"data": ""}, MaybeSentError, id="breaks after the letter"),
        pytest.param({"data": "silence"}, MaybeSentError, id="silence after the letter"),
        pytest.param({"sender": "553 5.1.8 No such sender"}, ChannelDeadError, id="sender refused"),
        pytest.param({"sender": "421 4.3.2 Closing"}, NeverSentError, id="closing"),
    ],
)
def test_what_an_answer_means(
    tmp_path: Path, faults: dict[str, object], expected: type[DeliveryError]
) -> None:
    with running_mail_server(tmp_path) as (mail, _):
        for name, answer in faults.items():
            setattr(mail, name, answer)
        with pytest.raises(DeliveryError) as raised:
            send(settings(mail.port))
    assert type(raised.value) is expected
    assert raised.value.__context__ is None
    assert bool(mail.letters) == (expected is MaybeSentError)


def _wrong_password(mail: MailServer) -> EmailSettings:
    return settings(mail.port, "starttls", "mien", "wrong")


def _no_tls(mail: MailServer) -> EmailSettings:
    return settings(mail.port, "none", "mien")


@pytest.mark.parametrize("wrong", [_wrong_password, _no_tls], ids=["password", "log-in needs TLS"])
def test_a_refused_log_in_means_that_the_channel_is_dead(tmp_path: Path, wrong: object) -> None:
    assert callable(wrong)
    with (
        running_mail_server(tmp_path, "starttls", log_in=True) as (mail, trust),
        pytest.raises(ChannelDeadError) as raised,
    ):
        send(wrong(mail), trust)
    assert PASSWORD not in f"{raised.value!r}{raised.value.cause}"
    assert mail.letters == []


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    with (
        running_mail_server(tmp_path) as (mail, trust),
        pytest.raises(ChannelDeadError),
    ):
        send(settings(mail.port, "starttls"), trust)
    assert mail.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_ends_it(tmp_path: Path, security: Security) -> None:
    with (
        running_mail_server(tmp_path, security) as (mail, _),
        pytest.raises(ChannelDeadError, match="certificate"),
    ):
        send(settings(mail.port, security))
    assert mail.letters == []


def test_a_server_that_is_away_means_never_sent() -> None:
    with pytest.raises(NeverSentError):
        send(settings(find_free_port()))


def test_a_name_that_nobody_knows_means_never_sent() -> None:
    unknown = EmailSettings("mail.invalid", 25, "", Secret(""), "mien@example.org", "none")
    with pytest.raises(NeverSentError):
        send(unknown)


@pytest.mark.parametrize("address", ["änna@example.org", "anna @example.org", "a\nb@example.org"])
def test_an_address_that_cannot_be_used_is_gone(address: str) -> None:
    with pytest.raises(RecipientGoneError):
        send(settings(1), address=address)


def test_a_letter_is_not_edited(tmp_path: Path) -> None:
    with running_mail_server(tmp_path) as (mail, _):
        channel = EmailChannel(settings(mail.port), FakeClock())
        asyncio.run(channel.edit("anna@example.org", "1", Message("Over.")))
    assert mail.letters == []

"""E-mail over SMTP, so that Telegram's outage is not the end."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor

from core.clock import Clock
from core.delivery.channel import (
    ChannelDeadError,
    MaybeSentError,
    Message,
    MessageRefusedError,
    NeverSentError,
    Receipt,
    RecipientGoneError,
)
from core.delivery.email_words import email_for
from core.delivery.redaction import redacted
from core.delivery.settings import EmailSettings
from core.errors import DeliveryError

_AT_A_TIME = 4


class EmailChannel:
    """Each message is a conversation of its own with the mail server, in a thread."""

    def __init__(
        self,
        settings: EmailSettings,
        clock: Clock,
        trust: ssl.SSLContext | None = None,
        answer_within_s: float = 10.0,
    ) -> None:
        """Connects to nobody yet.

        Args:
            settings: of the mail server.
            clock: dates the letters.
            trust: of the server's certificate; the machine's own if None.
            answer_within_s: patience with each answer.
        """
        self._settings = settings
        self._answer_within_s = answer_within_s
        self._clock = clock
        self._trust = trust or ssl.create_default_context()
        self._threads = ThreadPoolExecutor(_AT_A_TIME, "mien-email")

    async def send(self, address: str, message: Message) -> Receipt:
        """Text, and the picture inside it. Raises the port's DeliveryErrors."""
        if not address.isascii() or any(letter.isspace() for letter in address):
            raise RecipientGoneError("This is not an e-mail address that can be used.")
        loop = asyncio.get_running_loop()
        failure = await loop.run_in_executor(self._threads, self._talk, address, message)
        if failure is not None:
            raise failure
        return Receipt(None)

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """A letter that was delivered stays as it is."""

    async def close(self) -> None:
        """Conversations under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _talk(self, address: str, message: Message) -> DeliveryError | None:
        # Returned, not raised: what smtplib raises may quote what was said at the log-in.
        letter = email_for(message, self._settings.sender, address, self._clock.now_utc())
        conversation = _Conversation(self._settings, self._trust, self._answer_within_s)
        try:
            conversation.deliver(address, letter)
        except (smtplib.SMTPException, OSError) as error:
            return conversation.meaning(error)
        return None


class _Conversation:
    """One letter to one mail server. `step` tells how far it came."""

    def __init__(
        self, settings: EmailSettings, trust: ssl.SSLContext, answer_within_s: float
    ) -> None:
        self._settings = settings
        self._answer_within_s = answer_within_s
        self._trust = trust
        self._step = "connect"

    def deliver(self, address: str, letter: bytes) -> None:
        smtp = self._connect()
        try:
            self._log_in(smtp)
            self._hand_over(smtp, address, letter)
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self._settings.host, self._settings.port
        if self._settings.security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=self._answer_within_s, context=self._trust)
        return smtplib.SMTP(host, port, timeout=self._answer_within_s)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        self._step = "log in"
        if self._settings.security == "starttls":
            smtp.starttls(context=self._trust)
        if self._settings.user:
            smtp.login(self._settings.user, self._settings.password.reveal())
        else:
            smtp.ehlo_or_helo_if_needed()

    def _hand_over(self, smtp: smtplib.SMTP, address: str, letter: bytes) -> None:
        # One by one, unlike `send_message`, to know what a silence means.
        self._step = "from"
        _must(smtp.mail(self._settings.sender))
        self._step = "to"
        _must(smtp.rcpt(address))
        self._step = "data"
        _must(smtp.data(letter))
        self._step = "taken"
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()  # It has been taken; the good-bye is a courtesy.

    def meaning(self, error: smtplib.SMTPException | OSError) -> DeliveryError:
        cause = redacted(f"{self._step}: {type(error).__name__}")
        match error:
            case ssl.SSLCertVerificationError():
                return ChannelDeadError("The mail server's certificate cannot be trusted.", cause)
            case smtplib.SMTPNotSupportedError():
                return ChannelDeadError(
                    "The mail server cannot do what the settings ask for (TLS or log-in).", cause
                )
            case smtplib.SMTPResponseException():
                return self._of_answer(error.smtp_code, _text(error), cause)
            case _ if self._step == "data":
                return MaybeSentError(
                    "The mail server did not confirm the message; it may have arrived.", cause
                )
            case socket.gaierror():
                return NeverSentError("The mail server's name could not be found.", cause)
            case _:
                return NeverSentError("The mail server could not be reached.", cause)

    def _of_answer(self, code: int, text: str, cause: str) -> DeliveryError:
        cause = f"{cause} {code}"
        if code < 500:
            return NeverSentError("The mail server asks to try later.", cause)
        if self._step in {"connect", "log in", "from"} or code == 530:
            return ChannelDeadError("The mail server refuses our log-in or sender.", cause)
        # Enhanced codes (RFC 3463): 5.7 is policy, 5.2.2 a full mailbox, 5.3.4 a message too large.
        policy = code in {552, 554} or text.startswith(("5.7.", "5.2.2", "5.3.4"))
        if self._step == "to" and not policy:
            return RecipientGoneError("The mail server does not know this address.", cause)
        return MessageRefusedError("The mail server refused the message.", cause)


def _must(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, text)


def _text(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return said.decode(errors="replace") if isinstance(said, bytes) else said

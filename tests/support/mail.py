"""A mail server on loopback that refuses as it is told."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
PASSWORD = "the-mail-password-that-must-never-be-seen"

_OK = "250 OK"


@dataclass
class MailServer:
    """What it took, and how it answers.

    Attributes:
        port: on loopback.
        letters: taken, in order.
        to: answers to each address (RCPT), e.g. "550 5.1.1 No such user"; others are taken.
        data: answer to a letter; "" for a connection that breaks after the letter was taken,
            "silence" for one that never answers.
        sender: answer to MAIL FROM.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    to: dict[str, str] = field(default_factory=dict)
    data: str = _OK
    sender: str = _OK

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to.get(address, _OK)
        if answer == _OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data in {_OK, "", "silence"}:
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        if self.data == "":
            assert server.transport is not None
            server.transport.abort()
        if self.data == "silence":
            await asyncio.Event().wait()
        return self.data


@contextmanager
def running_mail_server(
    folder: Path, security: Literal["starttls", "tls", "none"] = "none", *, log_in: bool = False
) -> Iterator[tuple[MailServer, ssl.SSLContext]]:
    """A server on a free port, and a context that trusts its certificate."""
    certificate = _certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    mail = MailServer()
    loop = asyncio.new_event_loop()

    def session() -> SMTP:
        return SMTP(
            mail,
            hostname="mail.example",
            loop=loop,
            tls_context=tls if security == "starttls" else None,
            authenticator=_authenticate,
            auth_required=log_in,
            auth_require_tls=security == "starttls",
        )

    server = loop.run_until_complete(
        loop.create_server(session, HOST, 0, ssl=tls if security == "tls" else None)
    )
    mail.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield mail, ssl.create_default_context(cafile=str(certificate))
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.05)  # lets the transports close


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
) -> AuthResult:
    right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path

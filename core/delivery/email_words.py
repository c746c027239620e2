"""A message as an e-mail."""

from __future__ import annotations

import html
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from core.delivery.channel import Message

# Servers without 8BITMIME take nothing but seven bits.
_POLICY = SMTP.clone(cte_type="7bit")


def email_for(message: Message, sender: str, address: str, now_utc: datetime) -> bytes:
    """Text and HTML that say the same, the picture inside. Loads nothing from anywhere."""
    email = EmailMessage(_POLICY)
    domain = sender.rpartition("@")[2]
    email["Subject"] = message.text.partition("\n")[0].strip()[:200]
    email["From"] = f"Mien <{sender}>"
    email["To"] = address
    email["Date"] = format_datetime(now_utc)
    email["Message-ID"] = make_msgid(domain=domain)
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(_with_advice(message))
    picture_id = make_msgid(domain=domain)
    email.add_alternative(_html(message, picture_id[1:-1]), subtype="html")
    if message.picture_jpeg is not None:
        # Trap: in Python's model the HTML part becomes multipart/related and keeps the picture.
        html_part = tuple(email.iter_parts())[-1]
        assert isinstance(html_part, EmailMessage)  # noqa: S101  # for the type checker
        html_part.add_related(
            message.picture_jpeg, "image", "jpeg", cid=picture_id, filename="alert.jpg"
        )
    return email.as_bytes()


def _with_advice(message: Message) -> str:
    if not message.buttons:
        return message.text
    return f"{message.text}\n\nTo answer, open Alerts on the dashboard, or use Telegram."


def _html(message: Message, picture_id: str) -> str:
    lines = html.escape(_with_advice(message)).replace("\n", "<br>\n")
    picture = (
        f'<p><img src="cid:{picture_id}" alt="The camera\'s picture, with the face boxed" '
        'style="max-width:100%"></p>'
        if message.picture_jpeg is not None
        else ""
    )
    return f"<html><body><p>{lines}</p>{picture}</body></html>"

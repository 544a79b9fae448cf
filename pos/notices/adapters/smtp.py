"""E-mail by SMTP, as the environment says: `POS_SMTP_URL=smtp+starttls://user:password@host:587` (also `smtp://`,
`smtps://`) and `POS_SMTP_FROM=ocop@example.vn`. Plain data in, nothing out; knows no models."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

SECONDS = 20
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class NotTaken(Exception):
    """The server will never take it: no such mailbox, not allowed."""


@dataclass(frozen=True)
class Server:
    """Where mail goes out."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str


def server_of(url: str, sender: str) -> Server:
    """Read the settings. Raises ValueError, naming what is wrong but no secret."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or "@" not in sender:
        raise ValueError("POS_SMTP_URL: smtp://, smtp+starttls:// or smtps:// and a host; POS_SMTP_FROM: an address")
    return Server(
        parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], unquote(parts.username or ""),
        unquote(parts.password or ""), sender,
    )  # fmt: skip


def send(server: Server, *, to: str, text: str, subject: str, message_id: str, at: datetime) -> None:
    """One plain text. The same `message_id` for the same notice: a mailbox shows a repeated one once.

    Raises NotTaken when it never can go, smtplib.SMTPException or OSError when it may later.
    """
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = server.sender, to, subject
    mail["Message-ID"] = f"<{message_id}@{server.sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    secure = ssl.create_default_context()
    try:
        with _connected(server, secure) as line:
            if server.scheme == "smtp+starttls":
                line.starttls(context=secure)
            if server.user:
                line.login(server.user, server.password)
            line.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        if all(code >= 500 for code in codes):
            raise NotTaken(f"refused: {codes}") from refused
        raise


def _connected(server: Server, secure: ssl.SSLContext) -> smtplib.SMTP:
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=secure)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)

"""Send one notice to one address. Safe to run twice: what went is not sent again."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.notices.adapters.smtp import NotTaken, send, server_of
from pos.notices.queries import find_sending, tries_of
from pos.notices.service import note_sent, note_trouble

MOST_TRIES = 12
WAIT = (1, 5, 15, 60, 240)  # minutes


def send_notice(payload: dict[str, Any]) -> datetime | None:
    """Send, or come back later; after twelve tries, or when the server says never, it is given up."""
    notice_id, address_id = payload["notice"], payload["address"]
    found = find_sending(db.session(), notice_id, address_id)
    if found is None:
        return None
    notice, address = found
    to, text = address.address, notice.en if address.language == "en" else notice.vi
    at, tries = now(), tries_of(db.session(), notice_id, address_id)
    db.session.remove()  # no transaction is open while a server outside is waited for
    problem, for_good = None, False
    try:
        server = server_of(current_app.config["POS_SMTP_URL"] or "", current_app.config["POS_SMTP_FROM"] or "")
        subject, message_id = text.partition("\n")[0][:150], f"{notice_id}.{address_id}"
        send(server, to=to, text=text, subject=subject, message_id=message_id, at=at)
    except NotTaken as never:
        problem, for_good = str(never), True
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        problem, for_good = f"{type(trouble).__name__}: {trouble}", tries + 1 >= MOST_TRIES
    with unit_of_work() as session:
        if problem is None:
            note_sent(session, notice_id, address_id, at=at)
            return None
        note_trouble(session, notice_id, address_id, problem, for_good=for_good)
    return None if for_good else at + timedelta(minutes=WAIT[min(tries, len(WAIT) - 1)])

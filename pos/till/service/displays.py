"""The customer's screen on another tablet: pair it, say something to it, end it. The last word only, for one day."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from pos.access.service import hash_of
from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import NotFound
from pos.till.models import CustomerDisplay

LIFE = timedelta(hours=18)  # a day of selling
WATCHED = timedelta(minutes=1)
NOTED = timedelta(seconds=30)  # a screen asks every other second: it is written down less often


def pair_display(session: Session, log_id: str, *, at: datetime) -> tuple[str, datetime]:
    """A new key for one till's screens, and until when; the key before it opens nothing any more."""
    session.execute(delete(CustomerDisplay).where(CustomerDisplay.expires_at < at))
    key, until = secrets.token_urlsafe(16), at + LIFE
    fresh = {
        "key_hash": hash_of(key), "paired_at": at, "expires_at": until,
        "message": None, "n": 0, "said_at": None, "seen_at": None,
    }  # fmt: skip
    made = upsert_of(is_postgresql(session), CustomerDisplay).values(log_id=log_id, **fresh)
    session.execute(made.on_conflict_do_update(index_elements=["log_id"], set_=fresh))
    return key, until


def say_to_display(session: Session, log_id: str, message: str, *, at: datetime) -> bool:
    """Keep the till's last word; the same again is a sign of life. True when a screen listens. Raises NotFound."""
    row = session.get(CustomerDisplay, log_id, with_for_update=True)
    if row is None or row.expires_at < at:
        raise NotFound("display.ended")
    if row.message != message:
        row.message, row.n = message, row.n + 1
    row.said_at = at
    return row.seen_at is not None and at - row.seen_at < WATCHED


def note_watched(session: Session, log_id: str, *, at: datetime) -> None:
    """A screen asked."""
    session.execute(update(CustomerDisplay).where(CustomerDisplay.log_id == log_id).values(seen_at=at))


def end_display(session: Session, log_id: str) -> None:
    """Nothing of it stays. Twice is once."""
    session.execute(delete(CustomerDisplay).where(CustomerDisplay.log_id == log_id))

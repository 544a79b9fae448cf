"""Every five minutes: close the doubts whose cause has gone, and apply what an older release could not read.

Safe to run twice or late.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.outbox.service import enqueue
from pos.till.service.flags import cause_gone
from pos.till.service.recheck import list_gone
from pos.till.service.replay import replay_unapplied

RECHECK = "flags.recheck"
REPLAY = "events.replay"
EVERY = timedelta(minutes=5)


def keep_rechecking(session: Session, *, at: datetime) -> None:
    """Promise both; there is one of each, done again and again, so the list of promises does not grow."""
    enqueue(session, RECHECK, {}, at=at, key=RECHECK)
    enqueue(session, REPLAY, {}, at=at, key=REPLAY)


def replay_events(_payload: dict[str, Any]) -> datetime:
    """Apply kept events of formats this release can read. Answers when to look again."""
    at = now()
    replay_unapplied(at=at)
    return at + EVERY


def recheck_flags(_payload: dict[str, Any]) -> datetime:
    """Read without a lock, then close what was found. Answers when to do it again."""
    session = db.session()
    gone = list_gone(session)
    at = now()
    if gone:
        with unit_of_work() as work:
            cause_gone(work, gone, at=at)
    return at + EVERY

"""Once a day, just after midnight: tell the tablets what time alone changed. Safe to run twice or days late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import CatalogueHead
from pos.catalogue.service import announce
from pos.kernel.clock import day_bounds, from_iso, iso, local_date, now
from pos.kernel.db import unit_of_work
from pos.outbox.service import enqueue

ANNOUNCE = "catalogue.announce"


def keep_announcing(session: Session, *, at: datetime) -> None:
    """Promise the next announcement; a promise already made for that day stays the only one."""
    night = day_bounds(local_date(at) + timedelta(days=1))[0]
    key = f"{ANNOUNCE}:{local_date(night).isoformat()}"
    enqueue(session, ANNOUNCE, {"since": iso(at)}, at=at, key=key, not_before=night + timedelta(minutes=1))


def announce_coming(payload: dict[str, Any]) -> None:
    """Stamp every operator's offers that came within a tablet's 30 days since `payload["since"]`."""
    since, at = from_iso(payload["since"]), now()
    with unit_of_work() as session:
        for operator_id in session.scalars(select(CatalogueHead.operator_id).order_by(CatalogueHead.operator_id)).all():
            announce(session, operator_id, since=since, at=at)
        keep_announcing(session, at=at)

"""Once a night: look at all the books and keep what was found. Safe to run twice or days late."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.kernel.clock import day_bounds, local_date, now
from pos.kernel.db import db, unit_of_work
from pos.ledger.service import keep_check
from pos.ledger.service.sums import keep_day_sums
from pos.outbox.service import enqueue
from pos.places.models import Operator
from pos.reports.check import check_all
from pos.stock.service.day_sums import add_up
from pos.till.service.slips import number_cash

CHECK = "books.check"
AFTER_MIDNIGHT = timedelta(hours=2, minutes=30)  # when no till sells


def keep_checking(session: Session, *, at: datetime) -> None:
    """Promise the next look; a promise already made for that night stays the only one."""
    night = day_bounds(local_date(at) + timedelta(days=1))[0]
    key = f"{CHECK}:{local_date(night).isoformat()}"
    enqueue(session, CHECK, {}, at=at, key=key, not_before=night + AFTER_MIDNIGHT)


def check_books(_payload: dict[str, Any]) -> None:
    """Add up what moved, look, keep the result, bring sums by day and slips of cash up to date, promise the next."""
    began = time.monotonic()
    with unit_of_work() as work:
        add_up(work, at=now())
    session = db.session()
    found = [
        {"number": f.number, "vi": f.vi, "en": f.en, "looked_at": f.looked_at, "problems": f.problems[:100]}
        for f in check_all(session)
    ]
    took_ms = int((time.monotonic() - began) * 1000)
    operators = list(session.scalars(select(Operator.id)))
    for operator_id in operators:
        with unit_of_work() as work:
            keep_day_sums(work, operator_id)
        with unit_of_work() as work:
            number_cash(work, operator_id, at=now(), by=None)
    with unit_of_work() as work:
        keep_check(work, found, took_ms=took_ms, at=now())
        keep_checking(work, at=now())

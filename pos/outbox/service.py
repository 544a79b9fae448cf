"""Promise work inside a transaction; do it afterwards, outside any."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pos.kernel.db import unit_of_work
from pos.kernel.ids import new_id
from pos.outbox.models import Job

log = logging.getLogger("pos.outbox")

Work = Callable[[dict[str, Any]], datetime | None]
LEASE = timedelta(minutes=2)
PATIENCE = (5, 15, 60, 300, 900, 3600)


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, object],
    *,
    at: datetime,
    key: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Promise a piece of work; it is kept only if the transaction commits. `key` names it once for ever."""
    if key is not None and session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return
    session.execute(
        insert(Job).values(
            id=new_id(),
            kind=kind,
            key=key,
            payload=json.dumps(payload),
            made_at=at,
            not_before=not_before or at,
            attempts=0,
        )
    )


def _claim(now: datetime) -> tuple[str, str, dict[str, Any], int] | None:
    """Take the oldest due promise on lease, so that two workers do not both do it."""
    with unit_of_work() as session:
        due = select(Job).where(Job.done_at.is_(None), Job.not_before <= now).order_by(Job.not_before, Job.id).limit(1)
        job = session.scalars(due.with_for_update(skip_locked=True)).one_or_none()
        if job is None:
            return None
        job.attempts += 1
        job.not_before = now + LEASE
        return job.id, job.kind, json.loads(job.payload), job.attempts


def do_one(work: Mapping[str, Work], now: datetime) -> bool:
    """Do one due promise; False when nothing is due. A failure is noted and tried again later."""
    taken = _claim(now)
    if taken is None:
        return False
    job_id, kind, payload, attempts = taken
    again: datetime | None
    problem = None
    try:
        again = work[kind](payload)
    except Exception as error:
        log.exception("job %s (%s) failed", job_id, kind)
        problem = f"{type(error).__name__}: {error}"
        again = now + timedelta(seconds=PATIENCE[min(attempts, len(PATIENCE)) - 1])
    with unit_of_work() as session:
        change = {"problem": problem, "done_at": now} if again is None else {"problem": problem, "not_before": again}
        session.execute(update(Job).where(Job.id == job_id).values(**change))
    return True

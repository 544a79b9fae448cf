"""A freeze of many producers, promised: a job per some of them, each its own transaction, safe to run twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from pos.consignment.queries.freezing import key_of
from pos.kernel.clock import iso
from pos.kernel.ids import new_id
from pos.outbox.service import enqueue

KIND = "consignment.freeze"
AT_ONCE = 200  # producers of one transaction


def promise_freeze(
    session: Session, operator_id: str, producer_ids: Sequence[str], cutoff: date, *, run_on: date, at: datetime,
    by: str | None,
) -> str:  # fmt: skip
    """Have them frozen by the outbox; answers the name under which its progress is asked."""
    name, ids = new_id(), sorted(set(producer_ids))
    for n, first in enumerate(range(0, len(ids), AT_ONCE)):
        payload: dict[str, object] = {
            "operator": operator_id, "producers": ids[first : first + AT_ONCE], "cutoff": cutoff.isoformat(),
            "run_on": run_on.isoformat(), "at": iso(at), "by": by,
        }  # fmt: skip
        enqueue(session, KIND, payload, at=at, key=key_of(name, n))
    return name

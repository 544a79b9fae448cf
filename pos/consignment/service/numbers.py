"""Numbers of papers, per operator and kind: no gaps, no repeats. The counter's row is held till the end."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from pos.consignment.models import PaperCounter
from pos.kernel.db import is_postgresql, upsert_of


def take_numbers(session: Session, operator_id: str, kind: str, count: int = 1) -> int:
    """Reserve so many numbers; answers the first."""
    row = upsert_of(is_postgresql(session), PaperCounter).values(operator_id=operator_id, kind=kind, last=0)
    session.execute(row.on_conflict_do_nothing())
    last = session.execute(
        update(PaperCounter)
        .where(PaperCounter.operator_id == operator_id, PaperCounter.kind == kind)
        .values(last=PaperCounter.last + count)
        .returning(PaperCounter.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(last) - count + 1

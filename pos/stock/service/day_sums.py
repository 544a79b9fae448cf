"""Add up what moved, once a night: the goods equation then reads sums of days instead of every movement.

Movements are taken by their id, which says when they were born. The last hour is left for the next night: what a slow
transaction still holds must not fall between two runs. If something did (a clock set back), the runs of the last
week are made anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from pos.kernel.ids import floor_id
from pos.stock.models import DaySum, DaySumRun, Movement

SETTLED = timedelta(hours=1)
LOOK_BACK = 7  # runs
ALIKE = ("operator_id", "product_id", "from_kind", "from_id", "to_kind", "to_id", "reason", "business_date")


def add_up(session: Session, *, at: datetime) -> int:
    """Take what moved since the last run into the sums; answers how many movements. Safe to run twice."""
    _mend(session)
    last = session.scalar(select(func.max(DaySumRun.upto_id))) or ""
    upto = floor_id(int((at - SETTLED).timestamp() * 1000))
    if upto <= last:
        return 0
    return _take(session, last, upto, at)


def _between(from_id: str, upto_id: str) -> ColumnElement[bool]:
    return and_(Movement.id >= from_id, Movement.id < upto_id)


def _count(session: Session, from_id: str, upto_id: str) -> int:
    return session.scalar(select(func.count(Movement.id)).where(_between(from_id, upto_id))) or 0


def _take(session: Session, from_id: str, upto_id: str, at: datetime) -> int:
    moved = _count(session, from_id, upto_id)
    if not moved:
        return 0
    lot: Any = func.coalesce(Movement.lot_id, "")
    alike = [getattr(Movement, name) for name in ALIKE]
    summed = (
        select(literal(upto_id), *alike, lot, func.sum(Movement.qty_milli))
        .where(_between(from_id, upto_id))
        .group_by(*alike, lot)
    )
    session.execute(insert(DaySum).from_select(["upto_id", *ALIKE, "lot_id", "qty_milli"], summed))
    session.add(DaySumRun(upto_id=upto_id, from_id=from_id, movements=moved, made_at=at))
    session.flush()
    return moved


def _mend(session: Session) -> None:
    """A run that no longer says how many movements it covers is made anew."""
    for run in session.scalars(select(DaySumRun).order_by(DaySumRun.upto_id.desc()).limit(LOOK_BACK)).all():
        if _count(session, run.from_id, run.upto_id) != run.movements:
            from_id, upto_id, at = run.from_id, run.upto_id, run.made_at
            session.execute(delete(DaySum).where(DaySum.upto_id == upto_id))
            session.delete(run)
            session.flush()
            _take(session, from_id, upto_id, at)

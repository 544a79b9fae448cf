"""Shifts as the office reads them: a list, and one with its sums, moves, people and devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import AccessLog, DeviceLog, Person
from pos.access.reach import Reach
from pos.kernel.canonical import parse
from pos.places.models import Operator, Site, Till
from pos.producers.models import Producer
from pos.till.models import CashMove, Sale, Shift, Tender, TillEvent
from pos.till.service.sealing import gap_of
from pos.till.service.shifts import missing_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A shift in the list; `difference_vnd` is counted less expected, None before the close has posted."""

    id: str
    site: str
    till: str
    day: date
    state: str
    z_no: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    opened_by: str | None
    keeper: str | None
    sales: int
    sales_vnd: int
    difference_vnd: int | None
    limit_vnd: int


def list_shifts(session: Session, reach: Reach, *, state: str | None, page: int) -> tuple[list[Row], bool]:
    """Newest day first; those that still sell or wait before the closed ones of a day."""
    query = (
        select(
            Shift.id, Site.name, Till.name, Shift.day, Shift.state, Shift.z_no, Shift.opened_at, Shift.closed_at,
            Person.name, Producer.name, Shift.sales, Shift.sales_vnd, Shift.counted_vnd - Shift.expected_vnd,
            Operator.close_limit_vnd,
        )
        .join(Site, Site.id == Shift.site_id)
        .join(Till, Till.id == Shift.till_id)
        .join(Operator, Operator.id == Shift.operator_id)
        .outerjoin(Person, Person.id == Shift.opened_by)
        .outerjoin(Producer, Producer.id == Shift.keeper)
        .where(reach.where(operator=Shift.operator_id, site=Shift.site_id, fair=Shift.fair_id))
    )  # fmt: skip
    if state:
        query = query.where(Shift.state == state)
    order = (Shift.day.desc(), Shift.state.desc(), Shift.last_at.desc(), Shift.id)
    rows: Any = session.execute(query.order_by(*order).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    # Of a kept shift nothing of ours was expected: what its keeper holds is the keeper's.
    found = [Row(*(*row[:12], None if row[9] else row[12], row[13])) for row in rows[:PAGE]]
    return found, len(rows) > PAGE


@dataclass(slots=True)
class ShiftPage:
    """One shift with all that hangs on it."""

    shift: Shift
    site: str
    till: str
    operator: str
    limit_vnd: int
    opened_by: str | None
    keeper: str | None
    tenders: list[tuple[str, int]] = field(default_factory=list)
    refunds: int = 0
    moves: list[tuple[CashMove, datetime, str | None]] = field(default_factory=list)
    people: list[tuple[str, int]] = field(default_factory=list)
    devices: list[tuple[str, str, int]] = field(default_factory=list)  # (log id, till code, events of the shift)
    close: dict[str, Any] | None = None
    closed_by: str | None = None
    hash: str | None = None
    waiting: int = 0
    gap: str = ""  # what it waits for: `HK03A 3, 5–8`
    sealed: tuple[datetime, str | None, str] | None = None  # over a gap: when, who, what was missing and why
    opened_without_sale: int = 0

    @property
    def expected_vnd(self) -> int:
        """What should be, or should have been, in the drawer."""
        return self.shift.drawer_vnd if self.shift.expected_vnd is None else self.shift.expected_vnd

    @property
    def difference_vnd(self) -> int | None:
        """Counted less expected; None before the count, and of takings that are a producer's."""
        if self.shift.counted_vnd is None or self.shift.keeper:
            return None
        return self.shift.counted_vnd - self.expected_vnd


def find_shift(session: Session, shift_id: str) -> ShiftPage | None:
    """A shift, or None; the view checks its place."""
    row = session.execute(
        select(Shift, Site.name, Till.name, Operator.name, Operator.close_limit_vnd, Person.name, Producer.name)
        .join(Site, Site.id == Shift.site_id)
        .join(Till, Till.id == Shift.till_id)
        .join(Operator, Operator.id == Shift.operator_id)
        .outerjoin(Person, Person.id == Shift.opened_by)
        .outerjoin(Producer, Producer.id == Shift.keeper)
        .where(Shift.id == shift_id)
    ).first()
    if row is None:
        return None
    found = ShiftPage(*row)
    mine = (Tender.shift_id == shift_id, Tender.kind != "cash")
    sums = select(Tender.kind, func.sum(Tender.amount_vnd)).where(*mine).group_by(Tender.kind)
    found.tenders = sorted((kind, int(vnd)) for kind, vnd in session.execute(sums) if vnd)
    refunds = select(func.count()).select_from(Sale).where(Sale.shift_id == shift_id, Sale.total_vnd < 0)
    found.refunds = session.scalar(refunds) or 0
    moves = (
        select(CashMove, TillEvent.at, Person.name)
        .join(TillEvent, TillEvent.id == CashMove.id)
        .outerjoin(Person, Person.id == TillEvent.staff_id)
        .where(CashMove.shift_id == shift_id)
        .order_by(TillEvent.at, TillEvent.id)
    )
    found.moves = [(move, at, name) for move, at, name in session.execute(moves)]
    sold = (
        select(func.coalesce(Person.name, ""), func.count())
        .select_from(Sale)
        .outerjoin(Person, Person.id == Sale.staff_id)
        .where(Sale.shift_id == shift_id)
        .group_by(Person.name)
        .order_by(func.count().desc(), Person.name)
    )
    found.people = [(name, n) for name, n in session.execute(sold)]
    devices = (
        select(DeviceLog.id, DeviceLog.till_code, func.count())
        .join(TillEvent, TillEvent.log_id == DeviceLog.id)
        .where(TillEvent.shift_id == shift_id)
        .group_by(DeviceLog.id, DeviceLog.till_code)
        .order_by(DeviceLog.till_code)
    )
    found.devices = [(id_, code, n) for id_, code, n in session.execute(devices)]
    opened = select(func.count()).where(TillEvent.shift_id == shift_id, TillEvent.kind == "drawer.open")
    found.opened_without_sale = session.scalar(opened) or 0
    if found.shift.close_event:
        close = session.get_one(TillEvent, found.shift.close_event)
        found.close, found.hash = parse(close.canonical)["body"], close.hash
        found.closed_by = session.scalar(select(Person.name).where(Person.id == close.staff_id))
        if found.shift.state == "closing":
            found.waiting, found.gap = missing_of(session, found.shift, close), gap_of(session, found.shift, close)
        sealed = (
            select(AccessLog.at, Person.name, AccessLog.note)
            .outerjoin(Person, Person.id == AccessLog.person_id)
            .where(
                AccessLog.subject_kind == "shift", AccessLog.subject_id == shift_id, AccessLog.action == "shift.seal"
            )
        )
        for when, who, why in session.execute(sealed):
            found.sealed = (when, who, why or "")
    return found

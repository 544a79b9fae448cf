"""Slips of cash for their list and their paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.ledger.models import CashSlip, JournalEntry, SlipHead
from pos.ledger.queries import head_of
from pos.places.models import Operator, Site

SIZE = 50


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A slip with its place and the entry it stands for."""

    slip: CashSlip
    site: str | None
    entry_id: str | None


def number_of(slip: CashSlip) -> str:
    """`PT26-000012`, `PC26-000012`: the series of a year starts anew."""
    return f"{'PT' if slip.side == 'in' else 'PC'}{slip.year % 100:02d}-{slip.no:06d}"


def list_slips(
    session: Session, operator_id: str, from_on: date, until_on: date, side: str, after: tuple[date, str] | None = None
) -> tuple[list[SlipRow], bool]:
    """Of the days asked for, newest first, by key. One query."""
    entry = (
        select(func.min(JournalEntry.id))
        .where(JournalEntry.source_kind == CashSlip.source_kind, JournalEntry.source_id == CashSlip.source_id)
        .correlate(CashSlip)
        .scalar_subquery()
    )
    query = (
        select(CashSlip, Site.name, entry)
        .outerjoin(Site, Site.id == CashSlip.site_id)
        .where(
            CashSlip.operator_id == operator_id, CashSlip.business_date >= from_on, CashSlip.business_date <= until_on
        )
        .order_by(CashSlip.business_date.desc(), CashSlip.id.desc())
        .limit(SIZE + 1)
    )
    if side:
        query = query.where(CashSlip.side == side)
    if after:
        day, id_ = after
        query = query.where((CashSlip.business_date < day) | ((CashSlip.business_date == day) & (CashSlip.id < id_)))
    rows = session.execute(query).all()
    return [SlipRow(*row) for row in rows[:SIZE]], len(rows) > SIZE


def cash_of(session: Session, operator_id: str, from_on: date, until_on: date) -> dict[str, int]:
    """đồng on either side in these days."""
    rows = session.execute(
        select(CashSlip.side, func.sum(CashSlip.amount_vnd))
        .where(
            CashSlip.operator_id == operator_id, CashSlip.business_date >= from_on, CashSlip.business_date <= until_on
        )
        .group_by(CashSlip.side)
    )
    return {side: int(vnd) for side, vnd in rows}


def entries_waiting(session: Session, operator_id: str) -> int:
    """Entries nobody has looked at for cash since the last numbering."""
    seen = session.scalar(select(SlipHead.seq).where(SlipHead.operator_id == operator_id)) or 0
    return head_of(session, operator_id)[0] - seen


@dataclass(frozen=True, slots=True)
class SlipPage:
    """All that the paper says."""

    slip: CashSlip
    operator: Operator
    site: str | None
    by: str | None


def find_slip(session: Session, slip_id: str) -> SlipPage | None:
    """None when there is none."""
    row = session.execute(
        select(CashSlip, Operator, Site.name, Person.name)
        .join(Operator, Operator.id == CashSlip.operator_id)
        .outerjoin(Site, Site.id == CashSlip.site_id)
        .outerjoin(Person, Person.id == CashSlip.made_by)
        .where(CashSlip.id == slip_id)
    ).one_or_none()
    return SlipPage(*row) if row else None

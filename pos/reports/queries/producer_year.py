"""What a producer sold in a year through every operator here: for the household threshold and its report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLine
from pos.consignment.rules.shares import MARGIN
from pos.places.models import Operator

THRESHOLD_VND = 1_000_000_000  # Decree 141/2026: a household above it pays VAT and PIT and issues e-invoices


@dataclass(slots=True)
class Year:
    """Revenue by month (1–12) and operator: what customers were asked less the producer's own discounts, returns taken
    off; where the operator buys and resells, the agreed cost."""

    year: int
    months: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    @property
    def operators(self) -> list[str]:
        """Names, sorted."""
        return sorted({name for month in self.months.values() for name in month})

    @property
    def total_vnd(self) -> int:
        """All of it."""
        return sum(sum(month.values()) for month in self.months.values())

    def of(self, operator: str) -> int:
        """One operator's part."""
        return sum(month.get(operator, 0) for month in self.months.values())

    @property
    def of_threshold_bp(self) -> int:
        """Of the threshold, in basis points, rounded down."""
        return max(0, self.total_vnd) * 10_000 // THRESHOLD_VND


def year_of(session: Session, producer_id: str, year: int) -> Year:
    """One query over the year's lines."""
    line = SettlementLine
    revenue = case((line.mode == MARGIN, line.amount_vnd), else_=line.gross_vnd - line.discount_producer_vnd)
    rows: Any = session.execute(
        select(line.business_date, Operator.name, func.sum(revenue))
        .join(Operator, Operator.id == line.operator_id)
        .where(
            line.producer_id == producer_id, line.business_date >= date(year, 1, 1),
            line.business_date <= date(year, 12, 31), line.share_id.is_not(None),
        )
        .group_by(line.business_date, Operator.name)
    )  # fmt: skip
    found = Year(year)
    for day, operator, vnd in rows:
        found.months[day.month][operator] += int(vnd)
    return found


def first_year(session: Session, producer_id: str) -> int | None:
    """The year of its first sale here."""
    day = session.scalar(
        select(func.min(SettlementLine.business_date)).where(SettlementLine.producer_id == producer_id)
    )
    return day.year if day else None

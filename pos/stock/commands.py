"""What is asked of the goods, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Move:
    """So many thousandths of a product from one place (kind, id) to another."""

    product_id: str
    qty_milli: int
    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
    reason: str
    business_date: date
    occurred_at: datetime
    source_kind: str
    source_id: str
    line: str
    lot_id: str | None = None


@dataclass(frozen=True, slots=True)
class Receive:
    """A consignment counted in: lines of (product id, qty_milli, expiry or None)."""

    operator_id: str
    producer_id: str
    site_id: str
    business_date: date
    lines: tuple[tuple[str, int, date | None], ...]
    note: str | None = None

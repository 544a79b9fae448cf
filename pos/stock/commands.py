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


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One product of a paper; `lot_id` only of a lot that somebody keeps apart."""

    product_id: str
    qty_milli: int
    expected_milli: int | None = None
    lot_id: str | None = None
    expires_on: date | None = None
    certificate: str | None = None
    member: str | None = None
    difference: str | None = None
    why: str | None = None
    lot_code: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A stock document as somebody wants it. Places are (kind, id); id None where the lines go to several."""

    operator_id: str
    kind: str
    business_date: date
    from_: tuple[str, str | None]
    to: tuple[str, str | None]
    lines: tuple[DraftLine, ...]
    producer_id: str | None = None
    agreement_id: str | None = None
    reason: str | None = None
    liability: str | None = None
    note: str | None = None
    announced_id: str | None = None
    answers_id: str | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """A delivery a producer announces: lines of (product, thousandths)."""

    operator_id: str
    producer_id: str
    site_id: str
    due_on: date
    lines: tuple[tuple[str, int], ...]
    note: str | None = None

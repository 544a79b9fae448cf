"""What selling tells consignment, and what it gets back, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pos.ledger.commands import PostingDraft


@dataclass(frozen=True, slots=True)
class Terms:
    """The agreement version in force for a producer on a business date."""

    producer_id: str
    agreement_version_id: str
    mode: str
    commission_bp: int
    vat_on_commission_bp: int
    return_window_days: int


@dataclass(frozen=True, slots=True)
class Where:
    """The ticket a line stands on: everything frozen with it."""

    operator_id: str
    site_id: str
    fair_id: str | None
    organizer_id: str | None
    event_id: str
    business_date: date
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line as sold: đồng, thousandths, basis points; discounts already split by who funds them."""

    line: int
    product_id: str | None
    producer_id: str | None
    qty_milli: int
    gross_vnd: int
    discount_producer_vnd: int
    discount_organizer_vnd: int
    discount_operator_vnd: int
    vat_bp: int
    vat_class: str


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """Goods taken back: `line` on this ticket, `of_sale_id`/`of_line` what it came from, what was paid out."""

    line: int
    of_sale_id: str | None
    of_line: int | None
    qty_milli: int
    paid_vnd: int


@dataclass(slots=True)
class Accrued:
    """What a ticket does to the producers: postings, rows to keep once posted, doubts."""

    postings: list[PostingDraft] = field(default_factory=list)
    settlement_lines: list[dict[str, Any]] = field(default_factory=list)
    no_agreement: list[int] = field(default_factory=list)  # sale lines without a known owner or terms
    too_much: dict[int, int] = field(default_factory=dict)  # return line → thousandths beyond what was sold

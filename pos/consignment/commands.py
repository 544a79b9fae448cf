"""What selling tells consignment, and what it gets back, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pos.ledger.commands import PostingDraft


@dataclass(frozen=True, slots=True)
class Terms:
    """The agreement version in force for a producer on a business date; of a line also its cost per unit."""

    producer_id: str
    agreement_version_id: str | None
    mode: str
    commission_bp: int
    vat_on_commission_bp: int
    return_window_days: int
    cost_vnd: int | None = None
    discount_producer_bp: int = 0  # of a discount of at most `discount_max_bp` of the price
    discount_max_bp: int = 0
    fair_window_days: int | None = None  # null: as in shops


@dataclass(frozen=True, slots=True)
class Goods:
    """Terms of one product: where ("" everywhere), for which lot ("" any), from when; cost in đồng per unit."""

    product_id: str
    site_id: str
    lot_id: str
    starts_on: date
    mode: str | None
    cost_vnd: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Another commission than the agreement's, from a day and a price on. `producer_id` "": everybody's goods;
    `product_id` the line's where the rule is its product's or its group's."""

    kind: str
    producer_id: str
    product_id: str
    from_price_vnd: int
    starts_on: date
    commission_bp: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """All terms that may apply to a ticket's lines."""

    by_producer: dict[str, Terms]
    by_product: dict[str, list[Goods]]
    rates: list[Rate] = field(default_factory=list)


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
    lot_id: str | None = None  # only where the line names it
    standard_cost_vnd: int | None = None  # per unit, from the price row


@dataclass(frozen=True, slots=True)
class AssignOwner:
    """Whose line it was, said later by a person. Without a version it is the operator's own goods.

    `mode` and `cost_vnd` (per unit) where the terms of the product do not say them; `product_id` where the
    till did not know it."""

    operator_id: str
    event_id: str
    line: int
    agreement_version_id: str | None
    product_id: str | None = None
    mode: str | None = None
    cost_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """Goods taken back: `line` on this ticket, `of_sale_id`/`of_line` what it came from, what was paid out."""

    line: int
    of_sale_id: str | None
    of_line: int | None
    qty_milli: int
    paid_vnd: int
    product_id: str | None = None  # as the till said; what the sale's line was not, is not in its sale


@dataclass(slots=True)
class Accrued:
    """What a ticket does to the producers: postings, rows to keep once posted, doubts."""

    postings: list[PostingDraft] = field(default_factory=list)
    settlement_lines: list[dict[str, Any]] = field(default_factory=list)
    no_agreement: list[int] = field(default_factory=list)  # sale lines without a known owner, terms or cost
    not_allowed_vnd: int = 0  # producer-funded discounts on the operator's own goods
    too_much: dict[int, int] = field(default_factory=dict)  # return line → thousandths beyond what was sold
    products: dict[int, str] = field(default_factory=dict)  # return line → what its sale's line was

    def add(self, postings: list[PostingDraft], settlement_lines: list[dict[str, Any]]) -> None:
        """One more line's."""
        self.postings += postings
        self.settlement_lines += settlement_lines


@dataclass(frozen=True, slots=True)
class Note:
    """A paper between operator and producer: + for the producer. `line_kind` None: it makes no settlement line."""

    id: str
    producer_id: str
    kind: str
    amount_vnd: int
    business_date: date
    reason: str
    line_kind: str | None
    what: str | None = None
    vat_vnd: int = 0
    site_id: str | None = None
    fair_id: str | None = None
    undoes: str | None = None
    answers_line: str | None = None
    reverses: str | None = None

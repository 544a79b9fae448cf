"""Terms as a person writes them, and what they come to on a sale of 100,000 đ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pos.consignment.commands import SoldLine, Terms
from pos.consignment.rules.shares import freeze

EXAMPLE_VND = 100_000


@dataclass(frozen=True, slots=True)
class NewTerms:
    """A new version: rates in basis points, `pay_weekday` 0 Monday … 6 Sunday."""

    starts_on: date
    commission_bp: int
    vat_on_commission_bp: int = 800
    return_window_days: int = 0
    min_payout_vnd: int = 0
    pay_weekday: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """Both shares of one sale, in đồng: price = commission + its VAT + the producer's amount."""

    price_vnd: int
    commission_vnd: int
    commission_vat_vnd: int
    producer_vnd: int


def worked_example(commission_bp: int, vat_on_commission_bp: int, price_vnd: int = EXAMPLE_VND) -> Example:
    """The same arithmetic as a sale at the till (goods with VAT, no discount)."""
    line = SoldLine(1, None, None, 1000, price_vnd, 0, 0, 0, 800, "standard")
    made = freeze(line, Terms("", "", "commission", commission_bp, vat_on_commission_bp, 0))
    return Example(price_vnd, made.commission_vnd, made.commission_vat_vnd, made.producer_due_vnd)

"""What a basket costs: gross, line discounts, the basket's discount shared out, VAT inside, cash rounding.

The same figures as static/till/pricing.js; pinned by tests/vectors/basket.json. The tablet decides what
was paid; the server recomputes and flags a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos.kernel.money import allocate, cash_part, line_gross, net_of_vat, pct


@dataclass(frozen=True, slots=True)
class BasketLine:
    """Price per unit (VAT included), thousandths, and the line's own discount in đồng or basis points."""

    price_vnd: int
    qty_milli: int
    vat_bp: int
    discount_vnd: int = 0
    discount_bp: int = 0
    no_discount: bool = False  # strong alcohol takes no share


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as it will be printed."""

    gross: int
    line_discount: int
    basket_discount: int
    paid: int
    net: int
    vat: int


@dataclass(frozen=True, slots=True)
class Priced:
    """A basket: total = Σ paid − returns; cash = what is due in cash, rounded."""

    lines: tuple[PricedLine, ...]
    total: int
    cash: int
    cash_rounding: int


def price_basket(
    lines: Sequence[BasketLine],
    *,
    basket_discount_vnd: int = 0,
    returns_vnd: int = 0,
    other_tenders_vnd: int = 0,
    cash_step_vnd: int = 0,
) -> Priced:
    """Price a basket. Raises ValueError when a discount has no line that may take it."""
    gross = [line_gross(line.price_vnd, line.qty_milli) for line in lines]
    own = [
        0 if line.no_discount else line.discount_vnd + pct(g, line.discount_bp)
        for line, g in zip(lines, gross, strict=True)
    ]
    rest = [g - d for g, d in zip(gross, own, strict=True)]
    weights = [0 if line.no_discount else r for line, r in zip(lines, rest, strict=True)]
    shares = allocate(basket_discount_vnd, weights)
    priced = []
    for line, g, d, share in zip(lines, gross, own, shares, strict=True):
        paid = g - d - share
        priced.append(PricedLine(g, d, share, paid, *net_of_vat(paid, line.vat_bp)))
    total = sum(line.paid for line in priced) - returns_vnd
    cash, rounding = cash_part(total - other_tenders_vnd, cash_step_vnd)
    return Priced(tuple(priced), total, cash, rounding)

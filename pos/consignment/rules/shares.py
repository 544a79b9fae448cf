"""The division of a line, frozen at the sale, and the part of it a return takes back.

Source: money.md "Rounding" (commission base, part), "Three modes"; golden rounding.json `part_line`, G22, G23.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos.consignment.commands import SoldLine, Terms
from pos.kernel.money import line_gross, net_of_vat, part, pct

COMMISSION, MARGIN, OWN, UNKNOWN = "commission", "margin", "own", "unknown"
MODES = (COMMISSION, MARGIN, OWN)
PRIMARY = (
    "gross_vnd", "discount_producer_vnd", "discount_organizer_vnd", "discount_operator_vnd", "vat_vnd",
    "commission_vnd", "commission_vat_vnd", "cost_vnd",
)  # fmt: skip
# What a settlement line repeats of its share, so that a settlement sums lines alone.
COPIED = (
    "mode", "commission_bp", "commission_vat_bp", "gross_vnd", "discount_producer_vnd", "commission_vnd",
    "commission_vat_vnd",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amounts:
    """A frozen line. Primary: gross, the discounts, vat, commission, its vat, cost. Derived: paid, net, due."""

    gross_vnd: int
    discount_producer_vnd: int
    discount_organizer_vnd: int
    discount_operator_vnd: int
    vat_vnd: int
    commission_vnd: int
    commission_vat_vnd: int
    cost_vnd: int = 0
    mode: str = COMMISSION

    @property
    def paid_vnd(self) -> int:
        return self.gross_vnd - self.discount_producer_vnd - self.discount_organizer_vnd - self.discount_operator_vnd

    @property
    def net_vnd(self) -> int:
        return self.paid_vnd - self.vat_vnd

    @property
    def goods_income_vnd(self) -> int:
        """Margin and own: what the customer and the organizer pay, without VAT."""
        return self.net_vnd + self.discount_organizer_vnd

    @property
    def producer_due_vnd(self) -> int:
        if self.mode == OWN:
            return 0
        if self.mode == MARGIN:
            return self.cost_vnd - self.discount_producer_vnd
        return self.gross_vnd - self.discount_producer_vnd - self.commission_vnd - self.commission_vat_vnd


def commission_vat_bp(terms: Terms, vat_class: str) -> int:
    """VAT on the commission: none for goods outside VAT (KCT), else the agreement's rate that day."""
    return 0 if vat_class == "KCT" else terms.vat_on_commission_bp


def freeze(line: SoldLine, terms: Terms | None) -> Amounts:
    """Divide a sold line. Without terms nothing is taken.

    Commission base: gross − what the producer funds. In margin and own every discount lowers the VAT of the
    goods except the organizer's part: that is somebody else paying for the customer.
    """
    paid = line.gross_vnd - line.discount_producer_vnd - line.discount_organizer_vnd - line.discount_operator_vnd
    mode = terms.mode if terms else UNKNOWN
    ours = mode in (MARGIN, OWN)
    commission = cost = 0
    if terms and ours:
        cost = line_gross(terms.cost_vnd or 0, line.qty_milli)
    elif terms:
        commission = pct(line.gross_vnd - line.discount_producer_vnd, terms.commission_bp)
    return Amounts(
        gross_vnd=line.gross_vnd,
        discount_producer_vnd=line.discount_producer_vnd,
        discount_organizer_vnd=line.discount_organizer_vnd,
        discount_operator_vnd=line.discount_operator_vnd,
        vat_vnd=net_of_vat(paid + line.discount_organizer_vnd if ours else paid, line.vat_bp)[1],
        commission_vnd=commission,
        commission_vat_vnd=pct(commission, commission_vat_bp(terms, line.vat_class)) if terms else 0,
        cost_vnd=cost,
        mode=mode,
    )


def part_of(sold: Amounts, returned_milli: int, now_milli: int, whole_milli: int) -> Amounts:
    """What a return of `now_milli` takes back, positive; parts of a full return add up to the whole."""

    def of(total: int) -> int:
        return part(total, returned_milli, now_milli, whole_milli)

    return Amounts(
        gross_vnd=of(sold.gross_vnd),
        discount_producer_vnd=of(sold.discount_producer_vnd),
        discount_organizer_vnd=of(sold.discount_organizer_vnd),
        discount_operator_vnd=of(sold.discount_operator_vnd),
        vat_vnd=of(sold.vat_vnd),
        commission_vnd=of(sold.commission_vnd),
        commission_vat_vnd=of(sold.commission_vat_vnd),
        cost_vnd=of(sold.cost_vnd),
        mode=sold.mode,
    )

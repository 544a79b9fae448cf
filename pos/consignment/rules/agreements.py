"""Terms as a person writes them, and what they come to on a sale of 100,000 đ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pos.consignment.commands import SoldLine, Terms
from pos.consignment.rules.losses import NET_PROCEEDS
from pos.consignment.rules.shares import COMMISSION, freeze

EXAMPLE_VND, EXAMPLE_COST_VND = 100_000, 70_000


BEARERS = ("operator", "producer")


@dataclass(frozen=True, slots=True)
class MoreTerms:
    """What is folded behind safe defaults: nothing kept back, no tier, no guarantee. Basis points, đồng.

    `tier_from_vnd` 0: no tier; beyond it in a month the commission is `tier_bp`."""

    reserve_bp: int = 0
    recoup_bp: int = 5_000
    tier_from_vnd: int = 0
    tier_bp: int = 0
    guarantee_vnd: int = 0
    card_fee_on: str = "operator"
    booth_day_vnd: int = 0

    def trouble(self) -> str | None:
        """The first figure that cannot be."""
        rates = ("reserve_bp", "recoup_bp", "tier_bp")
        sums = ("tier_from_vnd", "guarantee_vnd", "booth_day_vnd")
        wrong = [name for name in rates if not 0 <= getattr(self, name) <= 10_000]
        wrong += [name for name in sums if getattr(self, name) < 0]
        wrong += ["card_fee_on"] if self.card_fee_on not in BEARERS else []
        return wrong[0] if wrong else None


SAFE = MoreTerms()


@dataclass(frozen=True, slots=True)
class NewTerms:
    """A new version: rates in basis points, `pay_weekday` 0 Monday … 6 Sunday."""

    starts_on: date
    commission_bp: int
    vat_on_commission_bp: int = 800
    return_window_days: int = 0
    min_payout_vnd: int = 0
    pay_weekday: int = 0
    mode: str = COMMISSION
    discount_producer_bp: int = 0
    discount_max_bp: int = 1_000
    shrinkage_bp: int = 0
    loss_basis: str = NET_PROCEEDS
    loss_bp: int = 10_000
    fair_window_days: int | None = None
    more: MoreTerms = SAFE


@dataclass(frozen=True, slots=True)
class GoodsCost:
    """What one product costs per unit from a day on (VAT included), or how it is sold other than agreed."""

    product_id: str
    starts_on: date
    mode: str | None
    cost_vnd: int | None


@dataclass(frozen=True, slots=True)
class Example:
    """Both shares of one sale, in đồng. Commission: price = commission + its VAT + the producer's amount.
    Margin and own: price = VAT of the goods + cost + what is left; of `own` the producer gets nothing more."""

    mode: str
    price_vnd: int
    commission_vnd: int
    commission_vat_vnd: int
    producer_vnd: int
    goods_vat_vnd: int
    cost_vnd: int
    kept_vnd: int


def worked_example(
    commission_bp: int, vat_on_commission_bp: int, price_vnd: int = EXAMPLE_VND, *, mode: str = COMMISSION,
    cost_vnd: int = 0,
) -> Example:  # fmt: skip
    """The same arithmetic as a sale at the till (goods with VAT of 8 %, no discount)."""
    line = SoldLine(1, None, None, 1000, price_vnd, 0, 0, 0, 800, "standard")
    made = freeze(line, Terms("", "", mode, commission_bp, vat_on_commission_bp, 0, cost_vnd))
    kept = made.commission_vnd if mode == COMMISSION else made.goods_income_vnd - made.cost_vnd
    return Example(
        mode, price_vnd, made.commission_vnd, made.commission_vat_vnd, made.producer_due_vnd, made.vat_vnd,
        made.cost_vnd, kept,
    )  # fmt: skip

"""What a settlement adds by the month: a tier's rebate, a guarantee. Never at the till, so arrival cannot matter.

Pure. Source: money.md "Rounding" (tiers, minimums, bonuses), golden ledger.json G14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pos.kernel.money import allocate, pct

TIER, GUARANTEE = "tier", "guarantee"


@dataclass(frozen=True, slots=True)
class Bonus:
    """One adjusting line of a month, + for the producer; a tier's is commission given back with its VAT."""

    kind: str
    month: date
    vat_bp: int
    amount_vnd: int
    commission_vnd: int = 0
    vat_vnd: int = 0

    @property
    def line_kind(self) -> str:
        return "rebate" if self.kind == TIER else "adjustment"

    @property
    def note(self) -> str:
        what = "vượt bậc doanh số" if self.kind == TIER else "bảo đảm tối thiểu"
        return f"{what} tháng {self.month:%m/%Y}"


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def tier_bonuses(
    month: date, base_by_rate: Mapping[int, int], given_by_rate: Mapping[int, int], *, from_vnd: int, step_bp: int
) -> list[Bonus]:
    """What a month beyond the tier gives back now: `step_bp` of what is above, less what was given before.

    Base by rate of VAT on commission; `given` is commission without VAT. Later returns take it back.
    """
    whole = sum(base_by_rate.values())
    due = pct(max(0, whole - from_vnd), max(0, step_bp))
    rates = sorted(base_by_rate.keys() | given_by_rate.keys())
    weights = [max(0, base_by_rate.get(rate, 0)) for rate in rates]
    parts = allocate(due, weights) if sum(weights) else [0] * len(rates)
    made = []
    for rate, part in zip(rates, parts, strict=True):
        now = part - given_by_rate.get(rate, 0)
        if now:
            vat = pct(now, rate)
            made.append(Bonus(TIER, month, rate, now + vat, now, vat))
    return made


def guarantee_bonus(month: date, due_vnd: int, given_vnd: int, *, least_vnd: int) -> list[Bonus]:
    """What a whole month lacks of the guarantee, less what was given before."""
    now = max(0, least_vnd - due_vnd) - given_vnd
    return [Bonus(GUARANTEE, month, 0, now)] if now else []

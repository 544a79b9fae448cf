"""Which promotion a line gets, how much, and who pays for it. Pure: the same as static/till/promotions.js, bound to
it by tests/till/promotions.json. One promotion per line: the one that gives most, the first of two alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pos.kernel.clock import local
from pos.kernel.money import div_round, pct

STRONG_BP = 1500
ALL_DAYS = 127
DAY_END = 1440
KINDS = ("percent", "amount", "x_get_y")


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """What a producer pays of a discount, as long as it is not more than so much of the line (basis points)."""

    discount_producer_bp: int
    discount_max_bp: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A promotion in force somewhere. `value`: basis points, đồng off a unit, or how many are paid for; `get`: how
    many come with them; `weekdays`: bit 0 Monday … bit 6 Sunday; minutes of the day in Hanoi, half-open."""

    id: str
    name: str
    kind: str
    value: int
    starts_on: date
    ends_on: date
    get: int = 0
    products: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    producers: frozenset[str] = frozenset()
    from_minute: int = 0
    to_minute: int = DAY_END
    weekdays: int = ALL_DAYS
    producer_bp: int = 0
    organizer_bp: int = 0


@dataclass(frozen=True, slots=True)
class Goods:
    """A line before its discounts."""

    product: str | None
    producer: str | None
    group: str | None
    alcohol_bp: int
    weighed: bool
    price: int
    qty_milli: int
    gross: int
    bundled: bool = False
    terms: DiscountTerms | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a line gets: đồng off, by which promotion, and who pays (basis points, summing to 10000)."""

    amount: int
    promotion: str
    funders: dict[str, int]


def runs(rule: Rule, at: datetime) -> bool:
    """Whether a promotion runs at an instant, by the clock of Hanoi."""
    here = local(at)
    return (
        rule.starts_on <= here.date() <= rule.ends_on
        and rule.weekdays >> here.weekday() & 1 == 1
        and rule.from_minute <= here.hour * 60 + here.minute < rule.to_minute
    )


def is_about(rule: Rule, goods: Goods) -> bool:
    """Whether a promotion names these goods; one that names none is about all."""
    if not (rule.products or rule.groups or rule.producers):
        return True
    return goods.product in rule.products or goods.producer in rule.producers or goods.group in rule.groups


def off_of(rule: Rule, goods: Goods) -> int:
    """What a promotion takes off a line, đồng."""
    if rule.kind == "percent":
        return pct(goods.gross, rule.value)
    if rule.kind == "amount":
        return min(goods.gross, div_round(rule.value * goods.qty_milli, 1000))
    if goods.weighed:
        return 0
    sets = goods.qty_milli // 1000 // (rule.value + rule.get)
    return min(goods.gross, sets * rule.get * goods.price)


def funders_for(
    producer_bp: int, organizer_bp: int, terms: DiscountTerms | None, amount: int, gross: int
) -> dict[str, int]:
    """The producer no more than the agreement says, and nothing of a discount beyond its limit; the operator pays
    the rest."""
    within = terms is not None and amount <= pct(gross, terms.discount_max_bp)
    producer = min(producer_bp, terms.discount_producer_bp) if terms is not None and within else 0
    organizer = min(organizer_bp, 10_000 - producer)
    found = {"producer": producer, "organizer": organizer, "operator": 10_000 - producer - organizer}
    return {who: bp for who, bp in found.items() if bp}


def promote(rules: Sequence[Rule], lines: Sequence[Goods], at: datetime) -> list[Given | None]:
    """The promotion of each line, or None. Strong alcohol gets none, goods of a hamper neither."""
    running = [rule for rule in rules if runs(rule, at)]
    found: list[Given | None] = []
    for line in lines:
        best, most = None, 0
        if line.product and not line.bundled and line.alcohol_bp < STRONG_BP:
            for rule in running:
                off = off_of(rule, line) if is_about(rule, line) else 0
                if off > most:
                    best, most = rule, off
        if best is None:
            found.append(None)
            continue
        funders = funders_for(best.producer_bp, best.organizer_bp, line.terms, most, line.gross)
        found.append(Given(most, best.id, funders))
    return found

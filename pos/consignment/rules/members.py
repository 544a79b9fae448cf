"""A co-op's money behind its statement: which member's deliveries were sold, and what each gets. Pure.

Goods a lot names are its member's. Of the rest the oldest delivery sells first (as stock tells what is left): all
that earlier statements settled stands before what this one settles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pos.kernel.money import allocate

COMMON = ""  # delivered without a name, or sold beyond every delivery: the co-op's own


@dataclass(frozen=True, slots=True)
class Sold:
    """Of one product, what a statement settles: net of returns, thousandths and đồng. `member` where a lot says so."""

    product_id: str
    qty_milli: int
    vnd: int
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What of a product a member sold on this statement."""

    member: str
    product_id: str
    qty_milli: int
    vnd: int


def taken(deliveries: Sequence[tuple[str, int]], before_milli: int, qty_milli: int) -> dict[str, int]:
    """Whose goods these were: of (member, thousandths) in order of arrival those after the first `before_milli`.

    More came back than was sold: the same way, backwards. Beyond the last delivery it is the co-op's own.
    """
    low, high = sorted((before_milli, before_milli + qty_milli))
    found: dict[str, int] = defaultdict(int)
    start = 0
    for member, delivered in deliveries:
        found[member] += max(0, min(high, start + delivered) - max(low, start))
        start += delivered
    found[COMMON] += high - low - sum(found.values())
    sign = -1 if qty_milli < 0 else 1
    return {member: sign * qty for member, qty in found.items() if qty}


def parts_of(
    sold: Sequence[Sold], deliveries: Mapping[str, Sequence[tuple[str, int]]], before: Mapping[str, int]
) -> list[Part]:
    """Each member's part of each product, by largest remainder: together exactly what the statement settles."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in sold:
        whose = {one.member: one.qty_milli} if one.member is not None else {}
        if one.member is None:
            whose = taken(deliveries.get(one.product_id, ()), before.get(one.product_id, 0), one.qty_milli)
        names = sorted(whose) or [COMMON]
        weights = [abs(whose.get(name, 0)) for name in names]
        shares = allocate(one.vnd, weights if sum(weights) else [1])
        for name, vnd in zip(names, shares, strict=True):
            at = sums[name, one.product_id]
            at[0] += whose.get(name, 0)
            at[1] += vnd
    return [Part(member, product, qty, vnd) for (member, product), (qty, vnd) in sums.items() if qty or vnd]


def payouts_of(parts: Sequence[Part], payout_vnd: int) -> list[tuple[str, int, int]]:
    """(member, goods, to be paid), by name, the co-op's own last: the payout shared by goods, exactly.

    Fees, reserve, advance and what was carried are borne by everybody alike; who has nothing coming gets nothing.
    """
    goods: dict[str, int] = defaultdict(int)
    for part in parts:
        goods[part.member] += part.vnd
    names = sorted(goods, key=lambda name: (name == COMMON, name))
    weights = [max(0, goods[name]) for name in names]
    if payout_vnd and not sum(weights):
        names, weights = [*[name for name in names if name != COMMON], COMMON], []
        return [(name, goods.get(name, 0), payout_vnd if name == COMMON else 0) for name in names]
    return [(name, goods[name], vnd) for name, vnd in zip(names, allocate(payout_vnd, weights), strict=True)]

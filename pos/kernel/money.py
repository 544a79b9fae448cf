"""Rounding of đồng: integers only, the same figures as static/till/money.js.

Source: money.md "Rounding", pinned by tests/vectors/rounding.json and basket.json.
"""

from __future__ import annotations

from collections.abc import Sequence

NOTES = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000)


def div_round(numerator: int, denominator: int) -> int:
    """numerator / denominator, half away from zero; denominator > 0."""
    half = (2 * abs(numerator) + denominator) // (2 * denominator)
    return half if numerator >= 0 else -half


def pct(amount: int, bp: int) -> int:
    """`bp` basis points of an amount: pct(-x) is exactly -pct(x)."""
    return div_round(amount * bp, 10_000)


def net_of_vat(gross: int, bp: int) -> tuple[int, int]:
    """(net, vat) inside a price that includes VAT."""
    net = div_round(gross * 10_000, 10_000 + bp)
    return net, gross - net


def line_gross(price: int, qty_milli: int) -> int:
    """đồng for a quantity in thousandths at a price per unit."""
    return div_round(price * qty_milli, 1000)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total over lines by weight: largest remainder, ties to the lowest line.

    Weights ≥ 0; a line of weight 0 (strong alcohol, a free item) takes nothing.
    Raises ValueError when there is something to share and nobody to take it.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to share over: every weight is 0")
        return [0] * len(weights)
    sign = -1 if total < 0 else 1
    shares = [abs(total) * weight // whole for weight in weights]
    rests = [abs(total) * weight % whole for weight in weights]
    left = abs(total) - sum(shares)
    for n in sorted(range(len(weights)), key=lambda n: (-rests[n], n))[:left]:
        shares[n] += 1
    return [sign * share for share in shares]


def cumulative(parts: Sequence[int], num: int, den: int) -> list[int]:
    """num/den of each part so that every prefix is round(prefix·num/den)."""
    shares, prefix, before = [], 0, 0
    for part_ in parts:
        prefix += part_
        upto = div_round(prefix * num, den)
        shares.append(upto - before)
        before = upto
    return shares


def funders(shares: Sequence[int], producers_bp: int, organizer_bp: int) -> tuple[list[int], list[int], list[int]]:
    """(producers, organizer, operator) parts of a discount's line shares: producers cumulative
    down the lines, the organizer cumulative over the rest, the operator the remainder."""
    theirs = cumulative(shares, producers_bp, 10_000)
    rest = [share - part_ for share, part_ in zip(shares, theirs, strict=True)]
    others_bp = 10_000 - producers_bp
    organizer = cumulative(rest, organizer_bp, others_bp) if others_bp else [0] * len(rest)
    return theirs, organizer, [r - o for r, o in zip(rest, organizer, strict=True)]


def part(total: int, returned: int, now: int, whole: int) -> int:
    """What a return of `now` takes of a frozen total, `returned` having gone before, of `whole`
    (all in thousandths): the parts of a full return add up to the total."""
    return div_round(total * (returned + now), whole) - div_round(total * returned, whole)


def cash_part(amount: int, step: int) -> tuple[int, int]:
    """(rounded, cash_rounding): the absolute value rounded down to the step, the sign put back."""
    if step <= 0:
        return amount, 0
    rounded = abs(amount) // step * step
    rounded = -rounded if amount < 0 else rounded
    return rounded, rounded - amount


def quick_cash(due: int) -> list[int]:
    """The sums a customer is likely to hand over, first the exact one; at most five."""
    if due <= 0:
        return []
    sums = {due} | {-(-due // note) * note for note in NOTES}
    return sorted(sums)[:5]

"""First expired, first out: what is left of deliveries nobody keeps apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def left_of(arrived: Sequence[tuple[str, date | None, date, int]], left_milli: int) -> dict[str, int]:
    """Lot → what is left of it, in the order in which they should go: what expires first is gone first, what has no
    end last, of the same end what came first.

    `arrived` is (lot, last day, arrival, thousandths). What is left beyond every arrival belongs to none.

    >>> left_of([("b", None, date(2026, 1, 1), 5), ("a", date(2026, 2, 1), date(2026, 1, 9), 5)], 7)
    {'a': 2, 'b': 5}
    """
    order = sorted(arrived, key=lambda lot: (lot[1] or date.max, lot[2], lot[0]))
    rest, found = max(0, left_milli), {}
    for lot, _end, _day, milli in reversed(order):
        found[lot] = min(milli, rest)
        rest -= found[lot]
    return {lot: found[lot] for lot, *_ in order}

"""First expired, first out: what is left of deliveries nobody keeps apart. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def shared_out(
    delta_milli: int, levels: Mapping[str, int], ends: Mapping[str, date], taken: Mapping[str, int]
) -> dict[str, int]:
    """Lot → its part of what a count found missing (−) or too much (+); "" is what nobody keeps apart.

    What is missing is missing of the loose goods first, then of the lot that ends first, never more than is there;
    what not even the lots explain stays loose. What is found goes back to the lots an earlier look `taken` it from,
    then to lots below zero, the rest is loose.

    >>> shared_out(-5, {"": 2, "a": 4, "b": 9}, {"a": date(2026, 1, 9), "b": date(2026, 1, 1)}, {})
    {'': -2, 'b': -3}
    >>> shared_out(4, {"": 0, "a": 0, "b": -2}, {}, {"a": 1})
    {'a': 1, 'b': 2, '': 1}
    """
    lots = sorted((lot for lot in levels if lot), key=lambda lot: (ends.get(lot, date.max), lot))
    found: dict[str, int] = {}
    rest, sign = abs(delta_milli), 1 if delta_milli > 0 else -1
    if sign < 0:
        room = [(lot, max(0, levels.get(lot, 0))) for lot in ["", *lots]]
    else:
        room = [(lot, taken[lot]) for lot in sorted(taken) if lot and taken[lot] > 0]
        back = dict(room)
        room += [(lot, max(0, -levels[lot] - back.get(lot, 0))) for lot in lots]
    for lot, most in room:
        part = min(rest, most)
        if part:
            found[lot] = found.get(lot, 0) + sign * part
            rest -= part
    if rest:
        found[""] = found.get("", 0) + sign * rest
    return found

"""Years in which a VAT rate is lower than it is: 8 % instead of 10 %. What is after them comes back by itself. Pure.

A person says "8 %" of goods once; the law says until when. So the end is not written on a thousand products: it is
one period here, and a period somebody adds later holds for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

VatStep = tuple[date, int, str]  # from which day, basis points, class
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cut:
    """From the first to the last day goods of `full_bp` are sold at `cut_bp`."""

    cut_bp: int
    full_bp: int
    starts_on: date
    ends_on: date
    source: str = ""


# In force on 22 November 2026; no extension was found (vietnam.md 0, 2.2). Excise goods never had it.
LAW = Cut(800, 1000, date(2025, 7, 1), date(2026, 12, 31), "Nghị quyết 204/2025/QH15, Nghị định 174/2025/NĐ-CP")


def holds(cuts: Iterable[Cut], vat_bp: int, day: date) -> bool:
    """Is that lower rate in force on a day? Also before the first period known: what was sold then is sold."""
    mine = [cut for cut in cuts if cut.cut_bp == vat_bp]
    return any(c.starts_on <= day <= c.ends_on for c in mine) or (bool(mine) and day < min(c.starts_on for c in mine))


def full_rate(cuts: Iterable[Cut], vat_bp: int) -> int | None:
    """What a lower rate is lowered from; None for a rate that is none. 800 → 1000."""
    return next((cut.full_bp for cut in cuts if cut.cut_bp == vat_bp), None)


def by_law(steps: Sequence[VatStep], cuts: Sequence[Cut]) -> list[VatStep]:
    """The steps a person set, in order of time, with those the law adds: 8 % from July becomes 10 % on 1 January."""
    made: list[VatStep] = []
    for n, (start, bp, vat_class) in enumerate(steps):
        full = full_rate(cuts, bp) if vat_class == "standard" else None
        if full is None:
            made.append((start, bp, vat_class))
            continue
        until = steps[n + 1][0] if n + 1 < len(steps) else date.max
        turns = {start}
        for cut in cuts:
            if cut.cut_bp == bp:
                turns |= {day for day in (cut.starts_on, cut.ends_on + DAY) if start < day < until}
        said: int | None = None
        for day in sorted(turns):
            now = bp if holds(cuts, bp, day) else full
            if now != said:
                made.append((day, now, vat_class))
                said = now
    return made


def turns_between(cuts: Iterable[Cut], first: date, last: date) -> set[int]:
    """The lower rates that begin or end on a day after `first` and up to `last`."""
    return {cut.cut_bp for cut in cuts for day in (cut.starts_on, cut.ends_on + DAY) if first < day <= last}

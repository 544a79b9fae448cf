"""Geometry of the small charts the server draws: pure figures in, coordinates out. A table stands beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


def nice_top(greatest: int, lines: int = 4) -> tuple[int, int]:
    """(top, step) of a scale from 0: at most `lines` steps of 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for nice in (1, 2, 5):
            step = nice * power
            if step * lines >= greatest:
                return step * max(1, -(-greatest // step)), step
        power *= 10


def shares_of(parts: Sequence[int], whole: int = 1000, gap: int = 4) -> list[tuple[int, int]]:
    """(x, width) of bars side by side for amounts above 0; the rest take no room."""
    positive = [max(0, part) for part in parts]
    total = sum(positive)
    room = whole - gap * max(0, sum(1 for part in positive if part) - 1)
    out, x = [], 0
    for part in positive:
        width = part * room // total if total else 0
        out.append((x, max(width, 2) if part else 0))
        x += width + gap if part else 0
    return out


def millions(vnd: int) -> str:
    """`35,3` for 35.300.000 đ; below a tenth of a million the last digits count: `0,04`."""
    digits = 1 if abs(vnd) >= 100_000 or not vnd else 2
    scaled = (abs(vnd) * 10**digits * 2 + 1_000_000) // 2_000_000
    whole, rest = divmod(scaled, 10**digits)
    text = f"{whole:,}".replace(",", ".") + (f",{rest:0{digits}d}" if rest else "")
    return ("−" if vnd < 0 else "") + text


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: its place, and what it says."""

    key: int
    x: float
    y: float
    width: float
    height: float
    vnd: int
    last: bool
    tag: float  # where the figure stands: above the column, and above the other series where that crosses


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns on a scale from 0, with lines across and a second series as points."""

    bars: list[Bar]
    grid: list[tuple[float, int]]  # y, đồng
    before: str  # points of the other series' polyline, "" without one
    base: float


def clear_of(line: Sequence[tuple[float, float]], x: float, y: float, *, reach: float, tall: float = 18) -> float:
    """The baseline of a figure over a column that ends at (x, y): just above it, or above the line where that
    runs through the figure within `reach` to either side."""
    seen = [py for px, py in line if abs(px - x) <= reach]
    for (x1, y1), (x2, y2) in pairwise(line):
        seen += [y1 + (y2 - y1) * (edge - x1) / (x2 - x1) for edge in (x - reach, x + reach) if x1 <= edge <= x2]
    base = y - 7
    crosses = bool(seen) and min(seen) <= base + 4 and max(seen) >= base - tall
    return round(min(seen) - 8 if crosses else base, 1)


def columns(
    now: Mapping[int, int],
    before: Mapping[int, int],
    keys: Sequence[int],
    *,
    current: int | None = None,
    width: float = 1000,
    height: float = 300,
    left: float = 52,
    top: float = 24,
    bottom: float = 30,
) -> Columns:
    """Columns for `keys` in order; `current` marks the one still filling."""
    greatest = max([0, *(now.get(k, 0) for k in keys), *(before.get(k, 0) for k in keys)])
    high, step = nice_top(greatest)
    base, room = height - bottom, height - bottom - top
    slot = (width - left) / max(1, len(keys))

    def y_of(vnd: int) -> float:
        return round(base - max(0, vnd) * room / high, 1)

    known = [n for n, key in enumerate(keys) if before.get(key)]
    line = [
        (left + (n + 0.5) * slot, y_of(before.get(key, 0)))
        for n, key in enumerate(keys)
        if known and known[0] <= n <= known[-1]
    ]
    bars = [
        Bar(
            key=key,
            x=round(left + n * slot + slot * 0.1, 1),
            y=y_of(now.get(key, 0)),
            width=round(slot * 0.8, 1),
            height=round(base - y_of(now.get(key, 0)), 1),
            vnd=now.get(key, 0),
            last=key == current,
            tag=clear_of(line, left + (n + 0.5) * slot, y_of(now.get(key, 0)), reach=min(slot * 0.6, 30)),
        )
        for n, key in enumerate(keys)
    ]
    points = [f"{x:.1f},{y}" for x, y in line]
    grid = [(y_of(vnd), vnd) for vnd in range(0, high + 1, step)]
    return Columns(bars, grid, " ".join(points), base)


def heat(cells: Mapping[int, int], keys: Sequence[int], greatest: int) -> list[tuple[int, int]]:
    """(position, level 0 … 5) for each key; any takings at all are at least 1."""
    return [
        (n, 0 if cells.get(key, 0) <= 0 else 1 + min(4, cells[key] * 5 // (greatest + 1))) for n, key in enumerate(keys)
    ]

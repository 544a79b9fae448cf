"""Patterns of labels that scales print: thirteen signs and a step. Pure; the tablet reads labels by them."""

from __future__ import annotations

import re
from dataclasses import dataclass

MASK = re.compile(r"2[0-9][0-9IPWx]{10}K")
MOST = 8


@dataclass(frozen=True, slots=True)
class LabelPattern:
    """`mask`: digits that must be there, I the item's number, P the price or W the weight, x anything, K the check
    digit. `scale`: đồng per step of the price, grams per step of the weight."""

    mask: str
    scale: int


def read_patterns(text: str) -> list[LabelPattern] | None:
    """One pattern per line, `21IIIIIPPPPPK` or `21IIIIIPPPPPK x 100`; None when a line is none."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = re.fullmatch(r"(\S{13})(?:\s*[x×*]\s*(\d{1,6}))?", line.strip())
        scale = int(parts[2] or 1) if parts else 0
        if parts is None or not is_pattern(parts[1]) or not 0 < scale <= 100_000:
            return None
        found.append(LabelPattern(parts[1], scale))
    return found if len(found) <= MOST else None


def is_pattern(mask: str) -> bool:
    """An in-store number (2…) with an item's number and either a price or a weight, each in one piece."""
    one_piece = all(re.fullmatch(f"[^{sign}]*{sign}*[^{sign}]*", mask) for sign in "IPW")
    return bool(MASK.fullmatch(mask)) and "I" in mask and ("P" in mask) != ("W" in mask) and one_piece

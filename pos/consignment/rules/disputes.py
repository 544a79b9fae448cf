"""What a producer may say of a line, and how a dispute is called."""

from __future__ import annotations

MISSING, PRICE, UNSOLD = "missing", "price", "unsold"
KINDS = (MISSING, PRICE, UNSOLD)
MOST_WORDS = 300


def number_of(no: int) -> str:
    """`KN-0007`."""
    return f"KN-{no:04d}"

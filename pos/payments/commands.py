"""What a bank's file says, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Booked:
    """One line: + in, − out, đồng; `row` as the person sees it in the file."""

    row: int
    booked_on: date
    amount_vnd: int
    text: str
    reference: str | None
    counter_account: str | None

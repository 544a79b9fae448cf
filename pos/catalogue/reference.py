"""The reference data shipped with the code: real OCOP products, Decision 148 groups, wards, provinces, banks."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=8)
def read(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/<name>.csv`: ocop-products, ocop-groups, hanoi-wards, provinces, vietqr-banks."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))

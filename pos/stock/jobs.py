"""Counts that are looked at again: something came late with an earlier time. Safe to run twice."""

from __future__ import annotations

from typing import Any

from pos.kernel.clock import now
from pos.kernel.db import unit_of_work
from pos.stock.service.counts import look_again


def recheck_count(payload: dict[str, Any]) -> None:
    """`count`, and the `products` it is about (all without)."""
    with unit_of_work() as work:
        look_again(work, payload["count"], payload.get("products"), at=now())

"""Promotions: the same figures as the tablet, and what the server says when they differ."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pos.catalogue.promotions import DiscountTerms, Goods, Rule, promote
from pos.kernel.clock import from_iso

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "promotions.json").read_text())
FIELDS = {"get", "from_minute", "to_minute", "weekdays", "producer_bp", "organizer_bp"}


def rule(told: dict[str, Any]) -> Rule:
    """A promotion as the tablet gets it."""
    plain: dict[str, Any] = {name: told[name] for name in FIELDS if name in told}
    plain |= {name: frozenset(told[name]) for name in ("products", "groups", "producers") if name in told}
    plain |= {name: date.fromisoformat(told[name]) for name in ("starts_on", "ends_on")}
    return Rule(told["id"], told["name"], told["kind"], told["value"], **plain)


def goods(line: dict[str, Any]) -> Goods:
    """A line as the tablet's module gets it."""
    terms = DiscountTerms(**line["terms"]) if "terms" in line else None
    return Goods(
        line["product"], line["producer"], line["group"], line.get("alcohol_bp", 0), line.get("weighed", False),
        line["price"], line["qty_milli"], line["gross"], "bundle" in line, terms,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_promotion_gives_what_the_tablet_gave(case: dict[str, Any]) -> None:
    got = promote([rule(p) for p in case["promotions"]], [goods(x) for x in case["lines"]], from_iso(case["at"]))
    expect = [
        x and (x["amount"], x["promotion"], {f["who"]: f["bp"] for f in x["funders"]}) for x in case["expect"]
    ]  # fmt: skip
    assert [x and (x.amount, x.promotion, x.funders) for x in got] == expect

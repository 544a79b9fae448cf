"""Baskets to the đồng, the same vectors as the tablet's."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.till.rules.basket import BasketLine, price_basket
from tests.conftest import VECTORS

GOLDEN: list[dict[str, Any]] = json.loads((VECTORS / "basket.json").read_text())


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_golden_basket(case: dict[str, Any]) -> None:
    given_, expect = case["input"], case["expect"]
    lines = [
        BasketLine(
            x["price"], x["qty_milli"], x["vat_bp"], x.get("discount", 0), x.get("discount_bp", 0),
            x.get("no_discount", False),
        )
        for x in given_["lines"]
    ]  # fmt: skip

    priced = price_basket(
        lines,
        basket_discount_vnd=given_.get("basket_discount", 0),
        returns_vnd=sum(given_.get("returns", [])),
        other_tenders_vnd=given_.get("other_tenders", 0),
        cash_step_vnd=given_.get("cash_rounding", 0),
    )

    assert [asdict(line) for line in priced.lines] == expect["lines"]
    assert (priced.total, priced.cash, priced.cash_rounding) == (
        expect["total"], expect["cash"], expect["cash_rounding"],
    )  # fmt: skip


basket_lines = st.lists(
    st.builds(BasketLine, st.integers(1, 5_000_000), st.integers(1, 20_000), st.sampled_from([0, 500, 800, 1000])),
    min_size=1,
    max_size=12,
)


@given(basket_lines, st.integers(0, 10_000), st.sampled_from([0, 500, 1000]))
def test_nothing_is_lost_between_the_lines(lines: list[BasketLine], share_bp: int, step: int) -> None:
    whole = price_basket(lines)
    discount = whole.total * share_bp // 10_000

    priced = price_basket(lines, basket_discount_vnd=discount if whole.total else 0, cash_step_vnd=step)

    assert priced.total == whole.total - discount
    assert sum(line.basket_discount for line in priced.lines) == discount
    assert all(0 <= line.paid <= line.gross for line in priced.lines)
    assert priced.cash - priced.cash_rounding == priced.total

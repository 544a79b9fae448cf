"""Rounding to the đồng: the golden figures, and what must hold for any figures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.consignment.rules.shares import Amounts, part_of
from pos.kernel import money
from tests.conftest import VECTORS

GOLDEN: dict[str, list[dict[str, Any]]] = json.loads((VECTORS / "rounding.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["pct"])
def test_pct(case: dict[str, Any]) -> None:
    assert money.pct(case["amount"], case["bp"]) == case["expect"]


@pytest.mark.parametrize("case", GOLDEN["net_of_vat"])
def test_net_of_vat(case: dict[str, Any]) -> None:
    assert money.net_of_vat(case["gross"], case["bp"]) == (case["net"], case["vat"])


@pytest.mark.parametrize("case", GOLDEN["allocate"])
def test_allocate(case: dict[str, Any]) -> None:
    assert money.allocate(case["total"], case["weights"]) == case["expect"]


@pytest.mark.parametrize("case", GOLDEN["cumulative"])
def test_cumulative(case: dict[str, Any]) -> None:
    assert money.cumulative(case["parts"], case["num"], case["den"]) == case["expect"]


@pytest.mark.parametrize("case", GOLDEN["funders"])
def test_funders(case: dict[str, Any]) -> None:
    expect = case["expect"]

    assert money.funders(case["shares"], case["producers_bp"], case["organizer_bp"]) == (
        expect["producers"], expect["organizer"], expect["operator"],
    )  # fmt: skip


@pytest.mark.parametrize("case", GOLDEN["part"])
def test_part(case: dict[str, Any]) -> None:
    returned, parts = 0, []
    for now in case["returns"]:
        parts.append(money.part(case["total"], returned, now, case["whole"]))
        returned += now

    assert parts == case["expect"]


@pytest.mark.parametrize("case", GOLDEN["cash_part"])
def test_cash_part(case: dict[str, Any]) -> None:
    assert money.cash_part(case["amount"], case["step"]) == (case["rounded"], case["cash_rounding"])


@pytest.mark.parametrize("case", GOLDEN["quick_cash"])
def test_quick_cash(case: dict[str, Any]) -> None:
    assert money.quick_cash(case["due"]) == case["expect"]


def test_quick_cash_offers_nothing_when_nothing_is_due() -> None:
    assert [money.quick_cash(0), money.quick_cash(-20_500)] == [[], []]


@pytest.mark.parametrize("case", GOLDEN["part_line"])
def test_part_of_a_line(case: dict[str, Any]) -> None:
    sold = case["sold"]
    amounts = Amounts(
        sold["gross"], sold["discount_producer"], 0, sold["discount_operator"], sold["vat"], sold["commission"],
        sold["commission_vat"],
    )  # fmt: skip
    assert (amounts.paid_vnd, amounts.net_vnd, amounts.producer_due_vnd) == (
        sold["paid"], sold["net"], sold["producer_due"],
    )  # fmt: skip
    returned = 0
    for now, expect in zip(case["returns_milli"], case["expect"], strict=True):
        part = part_of(amounts, returned, now, case["qty_milli"])
        returned += now
        assert {
            "gross": part.gross_vnd, "discount_operator": part.discount_operator_vnd,
            "discount_producer": part.discount_producer_vnd, "vat": part.vat_vnd, "commission": part.commission_vnd,
            "commission_vat": part.commission_vat_vnd, "paid": part.paid_vnd, "net": part.net_vnd,
            "producer_due": part.producer_due_vnd,
        } == expect  # fmt: skip


amounts = st.integers(-(10**12), 10**12)


@given(amounts, st.integers(0, 10_000))
def test_a_percentage_of_the_negative_is_the_exact_negative(amount: int, bp: int) -> None:
    assert money.pct(-amount, bp) == -money.pct(amount, bp)


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_allocate_shares_all_of_it_in_proportion(total: int, weights: list[int]) -> None:
    shares = money.allocate(total, weights)

    assert sum(shares) == total
    assert all(abs(s * sum(weights) - total * w) < sum(weights) for s, w in zip(shares, weights, strict=True))


@given(st.integers(0, 10**10), st.lists(st.integers(1, 50_000), min_size=1, max_size=10))
def test_the_parts_of_a_full_return_add_up(total: int, returns: list[int]) -> None:
    whole, returned, parts = sum(returns), 0, []
    for now in returns:
        parts.append(money.part(total, returned, now, whole))
        returned += now

    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


def test_nothing_to_share_over_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to share over"):
        money.allocate(5, [0, 0])

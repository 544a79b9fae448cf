"""What came back when the return does not say it, or says something else than was sold."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.catalogue.models import Price
from pos.consignment.models import GoodsTerms, Share
from pos.consignment.service.agreements import agree_on_goods
from pos.kernel.db import unit_of_work
from pos.reports.check import check_all
from pos.stock.models import Level
from pos.till.models import Flag
from tests.till.golden import BEFORE, LONG_AGO, SETUP, World, build
from tests.till.tablet import Tablet, back, enrol, line, voucher
from tests.till.test_twice import sound

TEA, HONEY, BOWL = (product["id"] for product in SETUP["products"])
P1 = SETUP["producers"][0]["id"]
PRICE = SETUP["products"][0]["price"]


def levels(session: Session, product: str) -> dict[str, int]:
    session.rollback()
    rows = session.execute(select(Level.place_kind, Level.on_hand_milli).where(Level.product_id == product))
    return {kind: int(milli) for kind, milli in rows if milli and kind != "producer"}


def both_ways(world: World, tablet: Tablet, sale: dict[str, Any], refund: dict[str, Any], late: bool) -> None:
    for event in (refund, sale) if late else (sale, refund):
        tablet.tell(world, event)


@pytest.mark.parametrize("late", [False, True], ids=["sale first", "return first"])
@pytest.mark.parametrize(
    ("disposition", "units", "expect"),
    [
        ("shelf", 1, {"site": 49_000, "customer": 1000}),
        ("damaged", 1, {"site": 48_000, "customer": 1000, "quarantine": 1000}),
        ("producer", 2, {"site": 48_000}),
        ("shelf", 3, {"site": 50_000, "customer": -1000, "quarantine": 1000}),
    ],
)
def test_a_return_that_names_its_line_moves_what_was_sold(
    session: Session, late: bool, disposition: str, units: int, expect: dict[str, int]
) -> None:
    world = build()
    tablet = Tablet(world.log_id)
    sale = tablet.sale(line(TEA, 2, PRICE), tenders={"cash": 2 * PRICE})
    returned = back(sale, 1, units, units * PRICE, product=None, disposition=disposition)
    refund = tablet.sale(returns=[returned], tenders={"cash": -units * PRICE})

    both_ways(world, tablet, sale, refund, late)

    sound(session)
    assert levels(session, TEA) == expect


@pytest.mark.parametrize("late", [False, True], ids=["sale first", "return first"])
def test_another_product_is_not_in_that_sale(session: Session, late: bool) -> None:
    world = build()
    tablet = Tablet(world.log_id)
    sale = tablet.sale(line(TEA, 1, PRICE), tenders={"cash": PRICE})
    refund = tablet.sale(returns=[back(sale, 1, 1, 125_500, product=HONEY)], tenders={"cash": -125_500})

    both_ways(world, tablet, sale, refund, late)

    sound(session)
    balances = world.balances(session)
    assert balances["goodwill_expense"] == 125_500
    assert balances["unsettled:P1"] == -155_030  # tea: nothing was taken back of it
    assert balances.get("refund_pending:S1", 0) == 0
    assert levels(session, HONEY) == {"site": 200_000, "customer": -1000, "quarantine": 1000}
    assert "returned_too_much" in session.scalars(select(Flag.code)).all()


def test_goods_of_our_own_bear_no_producers_discount(session: Session) -> None:
    world = build()
    with unit_of_work() as work:
        work.execute(update(Price).where(Price.product_id == TEA).values(cost_vnd=100_000))
        agree_on_goods(
            work, operator_id=world.operator_id, product_id=TEA, starts_on=LONG_AGO, at=BEFORE, by=None, mode="own"
        )
    assert session.scalar(select(GoodsTerms.mode)) == "own"
    tablet = Tablet(world.log_id)

    sale = tablet.sale(
        line(TEA, 1, PRICE), discounts=[voucher(21_600, [21_600], producer=100)], tenders={"cash": PRICE - 21_600}
    )
    [result] = tablet.tell(world, sale)

    assert "discount_not_allowed" in result["flags"]
    sound(session)
    net = round((PRICE - 21_600) / 1.08)
    world.names[tablet.shift] = "D"
    assert world.balances(session) == {
        "drawer:D": PRICE - 21_600, "goods_income": -net, "vat_output": -(PRICE - 21_600 - net),
        "cost_of_goods": 100_000, "inventory": -100_000,
    }  # fmt: skip
    assert session.scalar(select(Flag.amount_vnd).where(Flag.code == "discount_not_allowed")) == 21_600
    assert session.scalar(select(Share.producer_due_vnd)) == 0


def test_two_refunds_before_their_sale_take_no_more_than_was_sold(session: Session) -> None:
    world = build()
    tablet = enrol(world, "B")
    sale = tablet.sale(line(TEA, 1, 185_000), tenders={"cash": 185_000})
    refunds = [tablet.sale(returns=[back(sale, 1, 1, 185_000)], tenders={"cash": -185_000}) for _ in range(2)]

    tablet.tell(world, *refunds)
    tablet.tell(world, sale)

    books = world.balances(session)
    assert books["goodwill_expense"] == 185_000
    assert books.get("unsettled:P1", 0) == books.get("refund_pending:S1", 0) == 0
    assert [(found.number, found.problems) for found in check_all(session) if not found.holds] == []

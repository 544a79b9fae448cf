"""Goods missing and found again: who bears how much. The golden G08, G08b are told in tests/stories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.catalogue.service.offers import offer_product, set_price
from pos.consignment.models import AgreementVersion, LossShare, SettlementLine
from pos.consignment.rules.losses import EarlierLoss, allowance, bear, found_again, year_start
from pos.consignment.service.agreements import agree_on_goods
from pos.consignment.service.losses import Difference, post_differences
from pos.kernel.ids import new_id
from pos.stock.commands import Receive
from pos.stock.service import receive
from tests.consignment.shop import DAY, PRICES, Shop, noon

UNIT_NET = 108_557  # honey 125,500 less 12.5 % and the VAT on it


def a_shop(session: Session, *, came: int = 60, shrinkage_bp: int = 400, name: str = "P2") -> Shop:
    """The golden producers with so many units of one delivered, a day before anything is missing."""
    shop = Shop(session)
    version = update(AgreementVersion).values(shrinkage_bp=shrinkage_bp)
    session.execute(version)
    product, early = shop.product(name), noon(DAY - timedelta(days=200))
    offer_product(session, operator_id=shop.operator_id, product_id=product)
    set_price(
        session, operator_id=shop.operator_id, product_id=product, price_vnd=PRICES[name], starts_at=early, at=early
    )
    lines = ((product, came * 1000, None),)
    came_on = DAY - timedelta(days=30)
    receive(
        session, Receive(shop.operator_id, shop.producer(name), shop.site_id, came_on, lines), at=noon(came_on), by=None
    )
    return shop


def miss(shop: Shop, milli: int, *, liability: str = "agreement", day: date = DAY, name: str = "P2") -> str:
    """− is missing, + was found; answers the source."""
    source = new_id()
    difference = Difference(
        "count", source, shop.site_id, None, shop.product(name), milli, liability, day, noon(day)
    )  # fmt: skip
    made = post_differences(shop.session, shop.operator_id, [difference], kind="count_loss", recorded_at=noon(day))
    assert made == 1
    return source


def borne(session: Session) -> list[tuple[int, int, int, int]]:
    """(producer's, operator's, surplus, đồng) of every row, in units."""
    rows = session.execute(
        select(
            LossShare.producer_milli, LossShare.operator_milli, LossShare.surplus_milli, LossShare.amount_vnd
        ).order_by(LossShare.business_date, LossShare.n)
    )  # fmt: skip
    return [(p // 1000, o // 1000, s // 1000, vnd) for p, o, s, vnd in rows]


def test_the_allowance_is_used_up_over_the_year_and_the_rest_is_compensated(session: Session) -> None:
    shop = a_shop(session)  # 60 came, 4 %: 2.4, so 2

    first, second = miss(shop, -5_000), miss(shop, -1_000, day=DAY + timedelta(days=3))

    assert borne(session) == [(2, 3, 0, 3 * UNIT_NET), (0, 1, 0, UNIT_NET)]
    assert shop.entry(first, "count_loss") == {"shrinkage_expense": 325_671, "unsettled:P2": -325_671}
    assert shop.entry(second, "count_loss") == {"shrinkage_expense": UNIT_NET, "unsettled:P2": -UNIT_NET}
    assert session.scalars(select(SettlementLine.note).order_by(SettlementLine.seq)).first() == (
        "Mật ong hoa nhãn: thiếu 5, hao hụt cho phép 2, bồi thường 3 × 108.557 đ"
    )
    shop.check()


def test_what_is_found_again_takes_back_the_latest_loss_and_its_money(session: Session) -> None:
    shop = a_shop(session)
    miss(shop, -5_000)

    found = miss(shop, 4_000, day=DAY + timedelta(days=1))
    more = miss(shop, 3_000, day=DAY + timedelta(days=2))
    again = miss(shop, -2_000, day=DAY + timedelta(days=3))

    assert borne(session) == [(2, 3, 0, 325_671), (-1, -3, 0, -325_671), (-1, 0, 0, 0), (0, 0, 2, 0), (2, 0, 0, 0)]
    assert shop.entry(found, "count_loss") == {"shrinkage_expense": -325_671, "unsettled:P2": 325_671}
    assert [shop.entry(more, "count_loss"), shop.entry(again, "count_loss")] == [{}, {}]
    shop.check()


def test_staff_pay_nothing_of_the_allowance_and_a_stated_producers_loss_costs_the_operator_nothing(
    session: Session,
) -> None:
    shop = a_shop(session)

    miss(shop, -1_000, liability="operator")
    miss(shop, -4_000, liability="producer", day=DAY + timedelta(days=1))
    miss(shop, -2_000, day=DAY + timedelta(days=2))

    assert borne(session) == [(0, 1, 0, UNIT_NET), (4, 0, 0, 0), (2, 0, 0, 0)]
    shop.check()


def test_a_margin_loss_is_worth_its_cost_and_own_goods_leave_the_inventory(session: Session) -> None:
    shop = a_shop(session, shrinkage_bp=0)
    early: dict[str, Any] = {
        "operator_id": shop.operator_id,
        "at": noon(DAY),
        "by": None,
        "product_id": shop.product("P2"),
    }
    agree_on_goods(session, **early, starts_on=DAY - timedelta(days=9), mode="margin", cost_vnd=90_000)
    margin = miss(shop, -2_000)
    session.execute(update(AgreementVersion).values(loss_basis="declared_cost"))
    agree_on_goods(session, **early, starts_on=DAY + timedelta(days=1), mode="commission", cost_vnd=70_000)
    declared = miss(shop, -1_000, day=DAY + timedelta(days=1))
    session.execute(update(AgreementVersion).values(loss_basis="percent", loss_bp=5_000))
    percent = miss(shop, -1_000, day=DAY + timedelta(days=2))

    assert shop.entry(margin, "count_loss") == {"shrinkage_expense": 180_000, "unsettled:P2": -180_000}
    assert shop.entry(declared, "count_loss") == {"shrinkage_expense": 70_000, "unsettled:P2": -70_000}
    assert shop.entry(percent, "count_loss") == {"shrinkage_expense": 62_750, "unsettled:P2": -62_750}
    shop.check()


def test_the_same_difference_told_twice_posts_once(session: Session) -> None:
    shop = a_shop(session)
    one = Difference("count", new_id(), shop.site_id, None, shop.product("P2"), -3_000, "agreement", DAY, noon(DAY))

    made = [
        post_differences(session, shop.operator_id, [one], kind="count_loss", recorded_at=noon(DAY)) for _ in range(2)
    ]

    assert made == [1, 0]
    shop.check()


def test_an_agreement_year_begins_on_the_day_of_the_first_terms() -> None:
    first = date(2024, 2, 29)

    days = [date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 1), date(2028, 2, 29)]
    assert [year_start(first, day) for day in days] == [first, first, date(2025, 3, 1), date(2028, 2, 29)]


def test_an_allowance_is_whole_units_of_what_is_counted() -> None:
    assert (allowance(60_000, 400, weighed=False), allowance(60_000, 400, weighed=True)) == (2_000, 2_400)


@given(
    lost=st.lists(st.integers(1, 50_000), min_size=1, max_size=5),
    finds=st.lists(st.integers(1, 60_000), max_size=5),
    most=st.integers(0, 80_000),
)
def test_finds_never_take_back_more_than_was_missing_and_end_at_nothing(
    lost: list[int], finds: list[int], most: int
) -> None:
    used = 0
    losses: list[EarlierLoss] = []
    for n, milli in enumerate(lost):
        part_ = bear(milli, "agreement", allowance_milli=most, used_milli=used)
        used += part_.producer_milli
        losses.insert(0, EarlierLoss(str(n), part_.producer_milli, part_.operator_milli, part_.operator_milli * 7 // 3))
    assert used == min(most, sum(lost))
    taken = surplus = 0
    back = {loss.id: [0, 0, 0] for loss in losses}
    for milli in [*finds, sum(lost)]:  # the last finds whatever is left
        now = [
            EarlierLoss(x.id, x.producer_milli, x.operator_milli, x.amount_vnd, back[x.id][0], back[x.id][1])
            for x in losses
        ]
        backs, left = found_again(milli, now)
        surplus += left
        for one in backs:
            taken += one.producer_milli + one.operator_milli
            for n, part_back in enumerate((one.producer_milli, one.operator_milli, one.amount_vnd)):
                back[one.loss_id][n] += part_back
    assert taken + surplus == sum(finds) + sum(lost)
    assert {x.id: [x.producer_milli, x.operator_milli, x.amount_vnd] for x in losses} == back

"""Commission by rule: item before group before producer before the fair's default, and by price; windows at fairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from pos.catalogue.models import Group, Product
from pos.consignment.commands import SoldLine, Where
from pos.consignment.models import AgreementVersion
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules.modes import terms_of_line
from pos.consignment.service.agreements import rule_commission
from pos.consignment.service.shares import window_of
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import named_id
from tests.consignment.shop import DAY, Shop, later, noon

FAIR = named_id("fair", "x")
HOW: dict[str, Any] = {"at": noon(DAY - timedelta(days=1)), "by": None}


def sold(shop: Shop, units: int = 1, price: int = 185_000, name: str = "P1") -> SoldLine:
    return SoldLine(1, shop.product(name), shop.producer(name), units * 1000, units * price, 0, 0, 0, 800, "standard")


def rate(shop: Shop, line: SoldLine, fair_id: str | None = None, days: int = 0) -> int | None:
    agreed = agreed_on(
        shop.session, shop.operator_id, [str(line.producer_id)], [str(line.product_id)], later(days), fair_id
    )
    terms = terms_of_line(line, shop.site_id, agreed)
    return terms.commission_bp if terms else None


def test_the_nearest_rule_wins_and_a_price_step_within_it(session: Session) -> None:
    shop = Shop(session)
    session.add(Group(code="tra", name="Trà", ministry="nn", is_leaf=True, position=1))
    session.flush()
    session.execute(update(Product).where(Product.id == shop.product("P1")).values(group_code="tra"))
    line, p1 = sold(shop), shop.producer("P1")

    def rule(kind: str, scope: str, bp: int, **more: Any) -> str:
        return rule_commission(
            session, shop.operator_id, scope_kind=kind, scope_id=scope, commission_bp=bp, starts_on=DAY, **HOW | more
        )

    told = [rate(shop, line)]
    rule("fair", FAIR, 900)
    told.append(rate(shop, line, FAIR))
    rule("producer", p1, 1_400, producer_id=p1, from_price_vnd=185_000)
    told += [rate(shop, line), rate(shop, sold(shop, 3, 184_999))]
    rule("group", "tra", 1_300)
    told += [rate(shop, line), rate(shop, sold(shop, name="P2"))]
    rule("group", "tra", 1_250, producer_id=p1)
    told.append(rate(shop, line))
    rule("product", shop.product("P1"), 1_100)
    rule("product", shop.product("P1"), 1_000, from_price_vnd=200_000)
    told += [rate(shop, line), rate(shop, sold(shop, 2, 200_000)), rate(shop, line, days=-1)]

    assert told == [1_500, 1_500, 1_400, 1_500, 1_300, 1_250, 1_250, 1_100, 1_000, 1_500]


def test_a_fairs_default_is_for_whoever_has_no_agreement(session: Session) -> None:
    shop = Shop(session)
    stranger = replace(sold(shop), producer_id=named_id("producer", "new"))
    assert rate(shop, stranger, FAIR) is None
    rule_commission(
        session, shop.operator_id, scope_kind="fair", scope_id=FAIR, commission_bp=2_000, starts_on=DAY, **HOW
    )
    assert (rate(shop, stranger, FAIR), rate(shop, stranger), rate(shop, sold(shop), FAIR)) == (2_000, None, 1_500)


def test_rules_work_forward_and_say_a_day_once(session: Session) -> None:
    shop = Shop(session)
    given: dict[str, Any] = {"scope_kind": "product", "scope_id": shop.product("P1"), "commission_bp": 900, **HOW}
    with pytest.raises(Invalid, match=r"agreement\.too_soon"):
        rule_commission(session, shop.operator_id, starts_on=DAY - timedelta(days=1), **given)
    rule_commission(session, shop.operator_id, starts_on=DAY, **given)
    with pytest.raises(Conflict, match=r"agreement\.day_taken"):
        rule_commission(session, shop.operator_id, starts_on=DAY, **given)
    with pytest.raises(Invalid, match=r"agreement\.terms"):
        rule_commission(session, shop.operator_id, starts_on=later(1), **given | {"commission_bp": 10_001})


@pytest.mark.parametrize(("at_fair", "fair_id", "days"), [(0, FAIR, 0), (0, None, 3), (None, FAIR, 3)])
def test_money_waits_fewer_days_at_a_fair_where_it_was_agreed(
    session: Session, at_fair: int | None, fair_id: str | None, days: int
) -> None:
    shop = Shop(session, window=3)
    session.execute(update(AgreementVersion).values(fair_window_days=at_fair))
    terms = agreed_on(session, shop.operator_id, [shop.producer("P1")], [], DAY).by_producer[shop.producer("P1")]

    assert window_of(terms, Where(shop.operator_id, shop.site_id, fair_id, None, "e", DAY, noon(DAY))) == days

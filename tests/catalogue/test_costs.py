"""A new price says nothing of what the goods cost: the standard cost stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.commands import ProductFacts
from pos.catalogue.models import Price
from pos.catalogue.service.offers import offer_product, set_price
from pos.catalogue.service.register import add_product
from tests.factories import NOON, a_producer, an_operator


def test_the_cost_goes_on_with_a_new_price(session: Session) -> None:
    operator, producer = an_operator(session), a_producer(session)
    product = add_product(session, producer.id, ProductFacts(name="Bát sứ"), at=NOON)
    offer_product(session, operator_id=operator.id, product_id=product.id)

    for price, starts_at, cost in ((89_000, NOON, 52_000), (95_000, NOON + timedelta(days=1), None)):
        set_price(
            session, operator_id=operator.id, product_id=product.id, price_vnd=price, starts_at=starts_at, at=NOON,
            cost_vnd=cost,
        )  # fmt: skip
    session.flush()

    costs = session.scalars(select(Price.cost_vnd).order_by(Price.starts_at)).all()
    assert list(costs) == [52_000, 52_000]

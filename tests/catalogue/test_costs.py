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
    of = {"operator_id": operator.id, "product_id": product.id}

    set_price(session, **of, price_vnd=89_000, starts_at=NOON, at=NOON, cost_vnd=52_000)
    later = NOON + timedelta(days=1)
    set_price(session, **of, price_vnd=95_000, starts_at=later, at=NOON)
    session.flush()

    costs = session.scalars(select(Price.cost_vnd).order_by(Price.starts_at)).all()
    assert list(costs) == [52_000, 52_000]

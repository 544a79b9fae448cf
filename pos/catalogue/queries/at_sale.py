"""What the register and the offer said of some products at the moment they were sold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import BindParameter

from pos.catalogue.models import Certificate, Offer, Price, Product
from pos.producers.models import Producer

NARROW = {"operator": 0, "fair": 1, "site": 2}


@dataclass(frozen=True, slots=True)
class Facts:
    """One product as this operator offered it."""

    product_id: str
    producer_id: str
    producer_name: str
    name: str
    name_en: str | None
    unit: str
    offered: bool
    price_vnd: int | None
    cost_vnd: int | None  # standard cost of a unit, on the same price row


_PRODUCTS: BindParameter[Any] = bindparam("products", expanding=True)
_PRICES = select(Price.product_id, Price.scope_kind, Price.starts_at, Price.price_vnd, Price.cost_vnd).where(
    Price.operator_id == bindparam("operator"),
    Price.product_id.in_(_PRODUCTS),
    Price.starts_at <= bindparam("at"),
    Price.scope_id.in_(bindparam("places", expanding=True)),
)
_FACTS = (
    select(
        Product.id, Product.producer_id, Producer.name, Product.name, Product.name_en, Product.unit,
        Offer.product_id.is_not(None),
    )
    .join(Producer, Producer.id == Product.producer_id)
    .outerjoin(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == bindparam("operator")))
    .where(Product.id.in_(_PRODUCTS))
)  # fmt: skip
_CERTIFIED = select(Certificate.product_id).where(
    Certificate.product_id.in_(_PRODUCTS),
    Certificate.valid_from <= bindparam("day"),
    Certificate.valid_to >= bindparam("day"),
    or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > bindparam("day")),
)


def facts_at(
    session: Session,
    product_ids: Collection[str],
    *,
    operator_id: str,
    site_id: str,
    fair_id: str | None,
    at: datetime,
) -> dict[str, Facts]:
    """Those of the products that are registered, with the price in force; two queries."""
    if not product_ids:
        return {}
    connection = session.connection()
    places = [operator_id, site_id] + ([fair_id] if fair_id else [])
    asked = {"operator": operator_id, "products": list(product_ids)}
    prices: dict[str, tuple[int, datetime, int, int | None]] = {}
    for product_id, kind, starts_at, price, cost in connection.execute(_PRICES, asked | {"places": places, "at": at}):
        before = prices.get(product_id)
        if before is None or before[:2] < (NARROW[kind], starts_at):
            prices[product_id] = (NARROW[kind], starts_at, price, cost)
    return {
        row[0]: Facts(*row[:6], bool(row[6]), *(prices[row[0]][2:] if row[0] in prices else (None, None)))
        for row in connection.execute(_FACTS, asked)
    }


def certified(session: Session, product_ids: Collection[str], day: date) -> set[str]:
    """Those with a certificate in force that day."""
    if not product_ids:
        return set()
    rows = session.connection().execute(_CERTIFIED, {"products": list(product_ids), "day": day})
    return {row[0] for row in rows}


def makers_of(session: Session, product_ids: Collection[str]) -> dict[str, str]:
    """Whose product each is."""
    rows = session.execute(select(Product.id, Product.producer_id).where(Product.id.in_(product_ids)))
    return {row[0]: row[1] for row in rows}

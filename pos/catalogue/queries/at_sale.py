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
    alcohol_bp: int
    offered: bool
    price_vnd: int | None
    cost_vnd: int | None  # standard cost of a unit, on the same price row


_PRODUCTS: BindParameter[Any] = bindparam("products", expanding=True)
_FACTS = (
    select(
        Product.id, Product.producer_id, Producer.name, Product.name, Product.name_en, Product.unit,
        Product.alcohol_bp, Offer.product_id.is_not(None), Price.scope_kind, Price.starts_at, Price.price_vnd,
        Price.cost_vnd,
    )
    .join(Producer, Producer.id == Product.producer_id)
    .outerjoin(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == bindparam("operator")))
    .outerjoin(
        Price,
        and_(
            Price.operator_id == bindparam("operator"),
            Price.product_id == Product.id,
            Price.starts_at <= bindparam("at"),
            Price.scope_id.in_(bindparam("places", expanding=True)),
        ),
    )
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
    """Those of the products that are registered, with the price in force (narrowest scope, latest start); one query."""
    if not product_ids:
        return {}
    places = [operator_id, site_id] + ([fair_id] if fair_id else [])
    asked = {"operator": operator_id, "products": list(product_ids), "places": places, "at": at}
    found: dict[str, tuple[tuple[int, datetime] | None, Facts]] = {}
    for row in session.connection().execute(_FACTS, asked):
        kind, starts_at, price, cost = row[8:]
        rank = (NARROW[kind], starts_at) if kind else None
        before = found.get(row[0])
        if before is None or before[0] is None or (rank is not None and before[0] < rank):
            found[row[0]] = rank, Facts(*row[:7], bool(row[7]), price, cost)
    return {product_id: facts for product_id, (_, facts) in found.items()}


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

"""What the register and the offer said of some products at the moment they were sold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import BindParameter

from pos.catalogue.models import Certificate, Offer, Price, Product, Promotion
from pos.kernel.clock import local_date
from pos.kernel.db import connection_of
from pos.kernel.rows import ask
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
    group_code: str | None
    weighed: bool
    offered: bool
    price_vnd: int | None
    cost_vnd: int | None  # standard cost of a unit, on the same price row
    certified: bool | None = None  # a certificate is in force; False: there was one; None: never
    promoted: bool = False  # the operator has promotions around that day


_PRODUCTS: BindParameter[Any] = bindparam("products", expanding=True)
_DAY: BindParameter[Any] = bindparam("day")
_BEGUN = (Certificate.product_id == Product.id) & (Certificate.valid_from <= _DAY)
_LIVE = _BEGUN & (Certificate.valid_to >= _DAY) & (Certificate.revoked_on.is_(None) | (Certificate.revoked_on > _DAY))
_PROMOTED = (
    (Promotion.operator_id == bindparam("operator"))
    & (Promotion.starts_on <= _DAY)
    & (Promotion.ends_on >= bindparam("eve"))
)
_FACTS = (
    select(
        Product.id, Product.producer_id, Producer.name, Product.name, Product.name_en, Product.unit,
        Product.alcohol_bp, Product.group_code, Product.weighed, Offer.product_id.is_not(None), Price.scope_kind,
        Price.starts_at, Price.price_vnd, Price.cost_vnd, exists().where(_LIVE), exists().where(_BEGUN),
        exists().where(_PROMOTED),
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
    day = local_date(at)
    asked = {
        "operator": operator_id,
        "products": list(product_ids),
        "places": places,
        "at": at,
        "day": day,
        "eve": day - timedelta(days=1) if day > date.min else day,
    }
    found: dict[str, tuple[tuple[int, datetime] | None, Facts]] = {}
    for row in ask(connection_of(session), _FACTS, asked):
        product, producer, producer_name, name, name_en, unit, alcohol_bp, group, weighed, offered, *rest = row
        kind, starts_at, price, cost, live, begun, promoted = rest
        rank = (NARROW[kind], starts_at) if kind else None
        before = found.get(product)
        if before is None or before[0] is None or (rank is not None and before[0] < rank):
            certified = bool(live) or (False if begun else None)
            facts = Facts(
                product, producer, producer_name, name, name_en, unit, alcohol_bp, group, weighed, bool(offered),
                price, cost, certified, bool(promoted),
            )  # fmt: skip
            found[product] = (rank, facts)
    return {product_id: facts for product_id, (_, facts) in found.items()}


def makers_of(session: Session, product_ids: Collection[str]) -> dict[str, str]:
    """Whose product each is."""
    rows = session.execute(select(Product.id, Product.producer_id).where(Product.id.in_(product_ids)))
    return {row[0]: row[1] for row in rows}

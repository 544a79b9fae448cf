"""Goods first named at a till that the office has not looked at. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.consignment.models import Share
from pos.consignment.service.assignments import nobodys
from pos.kernel.errors import NotFound
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.till.models import NewProduct, NewProductDone, Photo

PAGE = 50


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`registered`: with a known producer, so it is in the register already. `waiting_vnd`: sold, owner unknown."""

    id: str
    operator_id: str
    operator: str
    site: str
    name: str
    price_vnd: int
    barcode: str | None
    at: datetime
    producer_id: str | None
    producer: str | None
    registered: bool
    waiting: int
    waiting_vnd: int
    photo: str | None


def list_newcomers(
    session: Session, reach: Reach, *, page: int = 1, new_id: str | None = None
) -> tuple[list[Newcomer], bool]:
    """Those that wait, the newest first; one query. True when there are more."""
    sold = (
        select(Share.product_id, func.count().label("n"), func.sum(Share.paid_vnd).label("vnd"))
        .where(nobodys(), Share.product_id.is_not(None))
        .group_by(Share.product_id)
        .subquery()
    )
    query = (
        select(
            NewProduct.id, NewProduct.operator_id, Operator.name, Site.name, NewProduct.name, NewProduct.price_vnd,
            NewProduct.barcode, NewProduct.at, func.coalesce(Product.producer_id, NewProduct.producer_id),
            Producer.name, Product.id, func.coalesce(sold.c.n, 0), func.coalesce(sold.c.vnd, 0), Photo.sha256,
        )
        .join(Operator, Operator.id == NewProduct.operator_id)
        .join(Site, Site.id == NewProduct.site_id)
        .outerjoin(NewProductDone, NewProductDone.id == NewProduct.id)
        .outerjoin(Product, Product.id == NewProduct.id)
        .outerjoin(Producer, Producer.id == func.coalesce(Product.producer_id, NewProduct.producer_id))
        .outerjoin(Photo, (Photo.operator_id == NewProduct.operator_id) & (Photo.sha256 == NewProduct.photo))
        .outerjoin(sold, sold.c.product_id == NewProduct.id)
        .where(NewProductDone.id.is_(None), reach.where(operator=NewProduct.operator_id, site=NewProduct.site_id))
        .order_by(NewProduct.at.desc(), NewProduct.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )  # fmt: skip
    if new_id is not None:
        query = query.where(NewProduct.id == new_id)
    rows = [
        Newcomer(*row[:10], row[10] is not None, int(row[11]), int(row[12]), row[13]) for row in session.execute(query)
    ]
    return rows[:PAGE], len(rows) > PAGE


def get_newcomer(session: Session, reach: Reach, new_id: str) -> Newcomer:
    """One that waits. Raises NotFound."""
    found, _ = list_newcomers(session, reach, new_id=new_id)
    if not found:
        raise NotFound("product.unknown")
    return found[0]


def merged_lately(session: Session, operator_id: str, since: datetime) -> dict[str, str]:
    """Goods a tablet named → the known product a person said they are: the tablet lets go of its own."""
    merged = (
        select(NewProductDone.id, NewProductDone.product_id)
        .join(NewProduct, NewProduct.id == NewProductDone.id)
        .where(
            NewProduct.operator_id == operator_id, NewProductDone.made_at > since,
            NewProductDone.product_id != NewProductDone.id,
        )
        .order_by(NewProductDone.id)
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(merged)}

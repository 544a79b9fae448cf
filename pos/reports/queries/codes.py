"""Codes scanned at the tills that nobody knows, with the goods a person found for them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.catalogue.models import Barcode, Offer, Product
from pos.places.models import Operator
from pos.producers.models import Producer
from pos.till.models import Sale, SaleLine

MOST = 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """One code sold as one product, which the catalogue does not know of it. `taken`: it finds other goods."""

    code: str
    product_id: str
    product: str
    producer: str
    operator_id: str
    operator: str
    times: int
    last_at: datetime
    taken: bool


def list_proposals(session: Session, reach: Reach, since: date) -> list[Proposal]:
    """The most often first. Labels that carry a price or weight (in-store codes, 2…) are no codes of goods."""
    ours = Barcode.operator_id.is_(None) | (Barcode.operator_id == Sale.operator_id)
    known = exists().where(Barcode.code == SaleLine.barcode, Barcode.product_id == SaleLine.product_id, ours)
    taken = exists().where(Barcode.code == SaleLine.barcode, Barcode.product_id != SaleLine.product_id, ours)
    rows: Any = session.execute(
        select(
            SaleLine.barcode, Product.id, Product.name, Producer.name, Operator.id, Operator.name,
            func.count().label("times"), func.max(Sale.at), taken.label("taken"),
        )
        .select_from(SaleLine)
        .join(Sale, Sale.id == SaleLine.sale_id)
        .join(Product, Product.id == SaleLine.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .join(Offer, (Offer.product_id == Product.id) & (Offer.operator_id == Sale.operator_id))
        .join(Operator, Operator.id == Sale.operator_id)
        .where(
            reach.where(operator=Sale.operator_id), Sale.day >= since, SaleLine.barcode.is_not(None),
            SaleLine.barcode != Offer.sku, ~known, ~SaleLine.barcode.like("2" + "_" * 12),
        )
        .group_by(
            SaleLine.barcode, SaleLine.product_id, Product.id, Product.name, Producer.name, Operator.id, Operator.name,
            Sale.operator_id,
        )
        .order_by(func.count().desc(), func.max(Sale.at).desc(), SaleLine.barcode)
        .limit(MOST)
    )  # fmt: skip
    return [Proposal(*row) for row in rows]

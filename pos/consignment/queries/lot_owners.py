"""Whose a lot is: consigned under which agreement, bought when sold, or the operator's own. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.models import GoodsTerms
from pos.consignment.queries.terms import agreed_on
from pos.consignment.rules.modes import applying
from pos.kernel.errors import NotFound
from pos.stock.queries.lots import LotRow, list_lots


@dataclass(frozen=True, slots=True)
class OwnedLot:
    """A lot kept apart with how it is sold: `mode` None without an agreement; `own_terms` where the lot has its own."""

    row: LotRow
    mode: str | None
    cost_vnd: int | None
    own_terms: bool


@dataclass(frozen=True, slots=True)
class LotOwners:
    """All of a product's lots that are kept apart, beside the agreement they are under otherwise."""

    product_id: str
    producer_id: str
    unit: str
    agreed_mode: str | None
    lots: list[OwnedLot]


def lot_owners(session: Session, operator_id: str, product_id: str, today: date) -> LotOwners:
    """Four queries whatever the number of lots."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound("product.unknown")
    agreed = agreed_on(session, operator_id, [product.producer_id], [product_id], today)
    base = agreed.by_producer.get(product.producer_id)
    found = []
    for row in list_lots(session, operator_id, product_id):
        if row.lot.made_itself:
            continue
        terms = applying(agreed.by_product.get(product_id, ()), row.lot.site_id or "", row.lot.id)
        mode = next((g.mode for g in terms if g.mode), base.mode if base else None)
        cost = next((g.cost_vnd for g in terms if g.cost_vnd is not None), None)
        found.append(OwnedLot(row, mode, cost, any(g.lot_id for g in terms)))
    return LotOwners(product_id, product.producer_id, product.unit, base.mode if base else None, found)


def last_terms_on(session: Session, operator_id: str, product_id: str, lot_id: str) -> date | None:
    """The latest start of a lot's own terms: the next word about it has to come after."""
    return session.scalar(
        select(GoodsTerms.starts_on)
        .where(
            GoodsTerms.operator_id == operator_id, GoodsTerms.product_id == product_id, GoodsTerms.lot_id == lot_id
        )
        .order_by(GoodsTerms.starts_on.desc())
        .limit(1)
    )  # fmt: skip

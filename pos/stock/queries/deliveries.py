"""Announced deliveries: what was announced, what has been counted of it, and where they differ. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Offer, Product
from pos.kernel.errors import NotFound
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.models import Delivery, Document, DocumentLine
from pos.stock.queries.levels import PAGE


@dataclass(slots=True)
class Compared:
    """One product: announced and counted in thousandths."""

    product_id: str
    name: str
    unit: str
    announced_milli: int
    counted_milli: int

    @property
    def differs(self) -> bool:
        return self.announced_milli != self.counted_milli


@dataclass(slots=True)
class Announced:
    """A delivery with its lines compared; `papers` counted it."""

    delivery: Delivery
    producer: str
    site: str
    operator: str
    lines: list[Compared] = field(default_factory=list)
    papers: list[Document] = field(default_factory=list)

    @property
    def state(self) -> str:
        """`waits`, `counted`, `differs` or `cancelled`."""
        if self.delivery.state == "cancelled":
            return "cancelled"
        if not self.papers:
            return "waits"
        return "differs" if any(line.differs for line in self.lines) else "counted"


def list_deliveries(
    session: Session, where: ColumnElement[bool], *, page: int = 1, limit: int = PAGE
) -> tuple[list[Announced], bool]:
    """Newest first, each compared. Four queries whatever their number."""
    rows: Any = session.execute(
        select(Delivery, Producer.name, Site.name, Operator.name)
        .join(Producer, Producer.id == Delivery.producer_id)
        .join(Site, Site.id == Delivery.site_id)
        .join(Operator, Operator.id == Delivery.operator_id)
        .where(where)
        .order_by(Delivery.made_at.desc(), Delivery.id.desc())
        .limit(limit + 1)
        .offset((page - 1) * limit)
    ).all()
    found = {row[0].id: Announced(*row) for row in rows[:limit]}
    papers = session.scalars(
        select(Document)
        .where(Document.announced_id.in_(found), Document.state == "confirmed", Document.kind == "intake")
        .order_by(Document.confirmed_at)
    )
    for paper in papers:
        found[paper.announced_id or ""].papers.append(paper)
    back = case((Document.undoes_id.is_not(None), -DocumentLine.qty_milli), else_=DocumentLine.qty_milli)
    counted: dict[tuple[str, str], int] = {}
    for delivery, product, milli in session.execute(
        select(Document.announced_id, DocumentLine.product_id, func.sum(back))
        .join(DocumentLine, DocumentLine.document_id == Document.id)
        .where(Document.announced_id.in_(found), Document.state == "confirmed", Document.kind == "intake")
        .group_by(Document.announced_id, DocumentLine.product_id)
    ):
        counted[delivery or "", product] = int(milli)
    told = {(one.delivery.id, x.product_id): x.qty_milli for one in found.values() for x in one.delivery.lines}
    names = {
        id_: (name, unit)
        for id_, name, unit in session.execute(
            select(Product.id, Product.name, Product.unit).where(
                Product.id.in_({product for _, product in told | counted})
            )
        )
    }
    for key in told | counted:
        delivery_id, product = key
        name, unit = names.get(product, ("—", ""))
        line = Compared(product, name, unit, told.get(key, 0), counted.get(key, 0))
        found[delivery_id].lines.append(line)
    return list(found.values()), len(rows) > limit


def get_delivery(session: Session, delivery_id: str) -> Announced:
    """One. Raises NotFound."""
    found, _ = list_deliveries(session, Delivery.id == delivery_id, limit=1)
    if not found:
        raise NotFound("delivery.unknown")
    return found[0]


def places_for(session: Session, producer_id: str) -> list[tuple[str, str, str]]:
    """(site, name, operator) where a producer's goods are sold: where they may be announced to."""
    rows: Any = session.execute(
        select(Site.id, Site.name, Site.operator_id)
        .where(
            Site.active,
            Site.operator_id.in_(
                select(Offer.operator_id)
                .join(Product, and_(Product.id == Offer.product_id, Product.producer_id == producer_id))
                .where(Offer.active)
            ),
        )
        .order_by(Site.name)
    )
    return [tuple(row) for row in rows]


def goods_for(session: Session, producer_id: str) -> list[tuple[str, str, str, bool]]:
    """(product, name, unit, weighed) a producer may announce."""
    rows: Any = session.execute(
        select(Product.id, Product.name, Product.unit, Product.weighed)
        .where(Product.producer_id == producer_id, Product.active)
        .order_by(Product.name)
    )
    return [tuple(row) for row in rows]

"""Goods moved at the tills without a sale: what, how much, who, when, where. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import DeviceLog, Person
from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.places.models import Site
from pos.producers.models import Producer
from pos.stock.models import Movement
from pos.till.models import NewProduct, TillEvent

PAGE = 50
REASONS = ("goods_in", "sample", "gift", "broken", "lost", "theft", "own_use", "to_producer", "to_site")


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of a movement; `undo` when it is the mirror of an earlier one; `other` the far end, if a person's."""

    at: datetime
    day: date
    reason: str
    undo: bool
    product: str
    unit: str
    qty_milli: int
    site: str
    till: str
    staff: str | None
    other: str | None


def list_moved(
    session: Session, reach: Reach, *, reason: str | None, day: date | None, site_id: str | None, page: int
) -> tuple[list[Moved], bool]:
    """Newest first, of the sites a person may read. One query."""
    arrives = Movement.to_kind == "site"
    here = case((arrives, Movement.to_id), else_=Movement.from_id)
    there = case((arrives, Movement.from_id), else_=Movement.to_id)
    there_kind = case((arrives, Movement.from_kind), else_=Movement.to_kind)
    elsewhere = aliased(Site)
    query = (
        select(
            Movement.occurred_at, Movement.business_date, Movement.reason,
            arrives != (Movement.reason == "goods_in"), func.coalesce(Product.name, NewProduct.name, ""),
            func.coalesce(Product.unit, ""), Movement.qty_milli, Site.name, DeviceLog.till_code, Person.name,
            case((there_kind == "producer", Producer.name), (there != here, elsewhere.name), else_=None),
        )
        .join(TillEvent, TillEvent.id == Movement.source_id)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .join(Site, Site.id == here)
        .outerjoin(Product, Product.id == Movement.product_id)
        .outerjoin(NewProduct, NewProduct.id == Movement.product_id)
        .outerjoin(Person, Person.id == TillEvent.staff_id)
        .outerjoin(Producer, Producer.id == there)
        .outerjoin(elsewhere, elsewhere.id == there)
        .where(
            Movement.source_kind == "till_event", Movement.reason.in_([reason] if reason else REASONS),
            reach.where(operator=Movement.operator_id, site=Site.id),
        )
    )  # fmt: skip
    if day:
        query = query.where(Movement.business_date == day)
    if site_id:
        query = query.where(Site.id == site_id)
    rows: Any = session.execute(
        query.order_by(Movement.occurred_at.desc(), Movement.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    ).all()
    return [Moved(*row) for row in rows[:PAGE]], len(rows) > PAGE

"""Levels as the office lists them, and what may be counted. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from pos.access.reach import Reach
from pos.catalogue.models import Offer, Product
from pos.kernel.text import fold
from pos.places.models import Operator, Site
from pos.producers.models import Producer
from pos.stock.models import Level

PAGE = 50


@dataclass(slots=True)
class ProductLevels:
    """One product: how much is at each site, in thousandths."""

    product_id: str
    name: str
    producer: str
    kind: str
    unit: str
    total_milli: int = 0
    sites: list[tuple[str, str, int]] = field(default_factory=list)


def list_levels(
    session: Session, reach: Reach, *, q: str, site_id: str | None, low: bool, page: int
) -> tuple[list[ProductLevels], bool]:
    """Products with their levels, by name; `low`: only those at 3 or less somewhere. Two queries."""
    mine = reach.where(operator=Level.operator_id, site=Level.place_id)
    at_sites = [Level.place_kind == "site", mine]
    if site_id:
        at_sites.append(Level.place_id == site_id)
    if low:
        at_sites.append(Level.on_hand_milli <= 3000)
    query = (
        select(Product.id, Product.name, Producer.name, Product.kind, Product.unit)
        .join(Producer, Producer.id == Product.producer_id)
        .where(Product.id.in_(select(Level.product_id).where(*at_sites)))
    )
    for word in fold(q).split():
        query = query.where(Product.search.contains(word, autoescape=True))
    rows: Any = session.execute(query.order_by(Product.name, Product.id).limit(PAGE + 1).offset((page - 1) * PAGE))
    found = {row[0]: ProductLevels(*row) for row in rows}
    ids = list(found)[:PAGE]
    here = [Level.place_kind == "site", mine]
    if site_id:
        here.append(Level.place_id == site_id)
    levels = session.execute(
        select(Level.product_id, Site.id, Site.name, func.sum(Level.on_hand_milli))
        .join(Site, Site.id == Level.place_id)
        .where(*here, Level.product_id.in_(ids))
        .group_by(Level.product_id, Site.id, Site.name)
        .order_by(Site.name)
    )
    for product_id, site, name, milli in levels:
        found[product_id].sites.append((site, name, int(milli)))
        found[product_id].total_milli += int(milli)
    return [found[id_] for id_ in ids], len(found) > PAGE


def list_sites(session: Session, reach: Reach, *, operator_id: str | None = None) -> list[Site]:
    """Open sites within reach, by name."""
    query = select(Site).where(reach.where(operator=Site.operator_id, site=Site.id), Site.active)
    if operator_id:
        query = query.where(Site.operator_id == operator_id)
    return list(session.scalars(query.order_by(Site.name)))


def list_operators(session: Session, reach: Reach) -> list[Operator]:
    """The operators within reach."""
    return list(session.scalars(select(Operator).where(reach.where(operator=Operator.id)).order_by(Operator.name)))


def producers_offered(session: Session, operator_id: str) -> list[tuple[str, str]]:
    """(id, name) of the producers whose goods an operator offers."""
    rows = session.execute(
        select(Producer.id, Producer.name)
        .join(Product, Product.producer_id == Producer.id)
        .join(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == operator_id, Offer.active))
        .distinct()
        .order_by(Producer.name)
    )
    return [(id_, name) for id_, name in rows]


@dataclass(frozen=True, slots=True)
class Countable:
    """A product that may be on a paper, with how much is where the paper takes it from (or what is here now)."""

    product_id: str
    name: str
    unit: str
    weighed: bool
    kind: str
    shelf_life_days: int | None
    on_hand_milli: int
    producer: str


def list_countable(
    session: Session,
    operator_id: str,
    *,
    producer_id: str | None = None,
    site_id: str | None = None,
    q: str = "",
    only_here: bool = False,
    ids: Collection[str] | None = None,
    limit: int | None = None,
) -> list[Countable]:
    """What one operator sells, of one producer or that a site has (`only_here`), by name. One query."""
    held = (
        select(Level.product_id, func.sum(Level.on_hand_milli).label("milli"))
        .where(Level.operator_id == operator_id, Level.place_kind == "site")
        .group_by(Level.product_id)
    )
    if site_id:
        held = held.where(Level.place_id == site_id)
    here = held.subquery()
    query = (
        select(
            Product.id, Product.name, Product.unit, Product.weighed, Product.kind, Product.shelf_life_days,
            func.coalesce(here.c.milli, 0), Producer.name,
        )
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(here, here.c.product_id == Product.id)
    )  # fmt: skip
    if ids is None:
        offered = and_(Offer.product_id == Product.id, Offer.operator_id == operator_id, Offer.active)
        query = query.join(Offer, offered).where(Product.active)
    else:
        query = query.where(Product.id.in_(ids))
    if producer_id:
        query = query.where(Product.producer_id == producer_id)
    if only_here:
        query = query.where(here.c.milli != 0)
    for word in fold(q).split():
        query = query.where(Product.search.contains(word, autoescape=True))
    rows: Any = session.execute(query.order_by(Product.name, Product.id).limit(limit))
    return [Countable(*row) for row in rows]

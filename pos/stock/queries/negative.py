"""Levels below zero, and what may have caused each. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.places.models import Site
from pos.producers.models import Producer
from pos.stock import supply as rules
from pos.stock.models import Document, DocumentLine, Level, Movement

MOST = 100
LOOK_BACK = timedelta(days=90)
Key = tuple[str, str]  # site, product


@dataclass(slots=True)
class Negative:
    """One product below zero at one place."""

    operator_id: str
    site_id: str
    site: str
    product_id: str
    name: str
    unit: str
    kind: str
    producer_id: str
    producer: str
    milli: int  # below 0
    since: datetime | None = None
    causes: list[rules.Cause] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # of papers, sites, products a cause names


def list_negative(session: Session, reach: Reach, today: date) -> list[Negative]:
    """The largest first, each with its likely causes. Six queries, whatever their number."""
    short = func.sum(Level.on_hand_milli)
    rows: Any = session.execute(
        select(
            Level.operator_id, Site.id, Site.name, Product.id, Product.name, Product.unit, Product.kind, Producer.id,
            Producer.name, short,
        )
        .join(Site, Site.id == Level.place_id)
        .join(Product, Product.id == Level.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .where(Level.place_kind == "site", reach.where(operator=Level.operator_id, site=Level.place_id))
        .group_by(
            Level.operator_id, Site.id, Site.name, Product.id, Product.name, Product.unit, Product.kind, Producer.id,
            Producer.name,
        )
        .having(short < 0)
        .order_by(short, Site.name, Product.name)
        .limit(MOST)
    )  # fmt: skip
    made: list[Any] = [(*row[:9], int(row[9])) for row in rows]
    found = [Negative(*row) for row in made]
    if not found:
        return []
    sites, products = {n.site_id for n in found}, {n.product_id for n in found}
    steps = _steps(session, sites, products, today)
    drafts = _papers(session, sites, products)
    levels, names = _levels(session, found)
    for one in found:
        key = (one.site_id, one.product_id)
        mine = steps.get(key, [])
        one.since = _since(mine, one.milli)
        alike = [p for p, maker in names["maker"].items() if maker == one.producer_id and p != one.product_id]
        around = rules.Around(
            drafts=tuple(id_ for id_, _ in drafts.get(key, ())),
            elsewhere=tuple(
                (site, milli)
                for (operator, site, product), milli in sorted(levels.items(), key=lambda row: -row[1])
                if (operator, product) == (one.operator_id, one.product_id) and site != one.site_id and milli > 0
            )[:3],
            lookalikes=tuple(
                (p, levels[one.operator_id, one.site_id, p])
                for p in sorted(alike)
                if levels.get((one.operator_id, one.site_id, p), 0) > 0
            )[:3],
        )
        one.causes = rules.causes(-one.milli, mine, around)
        one.names = names["site"] | names["product"] | dict(drafts.get(key, ()))
    return found


def _steps(session: Session, sites: set[str], products: set[str], today: date) -> dict[Key, list[rules.Step]]:
    rows: Any = session.execute(
        select(
            Movement.product_id, Movement.from_kind, Movement.from_id, Movement.to_kind, Movement.to_id,
            Movement.qty_milli, Movement.reason, Movement.occurred_at, Movement.recorded_at, Movement.source_id,
        ).where(
            Movement.product_id.in_(products), Movement.business_date >= today - LOOK_BACK,
            or_(
                and_(Movement.from_kind == "site", Movement.from_id.in_(sites)),
                and_(Movement.to_kind == "site", Movement.to_id.in_(sites)),
            ),
        )
    )  # fmt: skip
    found: dict[Key, list[rules.Step]] = {}
    for product, from_kind, from_id, to_kind, to_id, milli, reason, at, known_at, source in rows:
        if to_kind == "site":
            found.setdefault((to_id, product), []).append(rules.Step(at, known_at, milli, reason, source))
        if from_kind == "site":
            found.setdefault((from_id, product), []).append(rules.Step(at, known_at, -milli, reason, source))
    return found


def _papers(session: Session, sites: set[str], products: set[str]) -> dict[Key, list[tuple[str, str]]]:
    """Papers that would bring it: drafts, and transfers on their way that nobody has received."""
    answer = aliased(Document)
    received = select(answer.id).where(
        answer.answers_id == Document.id, answer.kind == "receipt", answer.state == "confirmed"
    )
    rows = session.execute(
        select(Document.to_id, DocumentLine.product_id, Document.id, Document.number, Document.kind)
        .join(DocumentLine, DocumentLine.document_id == Document.id)
        .where(
            Document.to_id.in_(sites), DocumentLine.product_id.in_(products),
            or_(
                Document.state == "draft",
                and_(Document.kind == "transfer", Document.state == "confirmed", ~received.exists()),
            ),
        )
    )  # fmt: skip
    found: dict[Key, list[tuple[str, str]]] = {}
    for site, product, id_, number, kind in rows:
        found.setdefault((site or "", product), []).append((id_, number or kind))
    return found


def _levels(
    session: Session, found: Sequence[Negative]
) -> tuple[dict[tuple[str, str, str], int], dict[str, dict[str, str]]]:
    makers = {n.producer_id for n in found}
    rows: Any = session.execute(
        select(
            Level.operator_id, Level.place_id, Level.product_id, func.sum(Level.on_hand_milli), Site.name, Product.name,
            Product.producer_id,
        )
        .join(Product, Product.id == Level.product_id)
        .join(Site, Site.id == Level.place_id)
        .where(
            Level.place_kind == "site", Level.operator_id.in_({n.operator_id for n in found}),
            Product.producer_id.in_(makers),
        )
        .group_by(
            Level.operator_id, Level.place_id, Level.product_id, Site.name, Product.name, Product.producer_id
        )
    )  # fmt: skip
    levels: dict[tuple[str, str, str], int] = {}
    names: dict[str, dict[str, str]] = {"site": {}, "product": {}, "maker": {}}
    for operator, site, product, milli, site_name, product_name, maker in rows:
        levels[operator, site, product] = int(milli)
        names["site"][site], names["product"][product], names["maker"][product] = site_name, product_name, maker
    return levels, names


def _since(steps: Sequence[rules.Step], now_milli: int) -> datetime | None:
    """When the level went below zero for the last time, walking back from what it is now."""
    level, since = now_milli, None
    for step in sorted(steps, key=lambda step: step.at, reverse=True):
        if level >= 0:
            break
        since = step.at
        level -= step.milli
    return since

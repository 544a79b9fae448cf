"""What runs out, what was asked for. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.models import Offer, Product
from pos.places.models import Site
from pos.producers.models import Producer
from pos.stock import supply as rules
from pos.stock.models import Level, Movement, SupplyLine, SupplyRequest

OPEN = ("asked", "promised", "declined")
MOST = 300


@dataclass(frozen=True, slots=True)
class Low:
    """One product that will not last a week at a place."""

    product_id: str
    name: str
    unit: str
    weighed: bool
    kind: str
    producer_id: str
    producer: str
    on_hand_milli: int
    sold_milli: int  # in the last 28 days
    elsewhere: tuple[tuple[str, str, int], ...]  # (site, name, thousandths) of the same operator
    asked: bool  # a request for it is open

    @property
    def days(self) -> int:
        return rules.cover_days(self.on_hand_milli, self.sold_milli) or 0

    @property
    def fill_milli(self) -> int:
        return rules.fill(self.on_hand_milli, self.sold_milli, weighed=self.weighed)


def sold_at(session: Session, site: Site, today: date, product_ids: Collection[str] | None = None) -> dict[str, int]:
    """Product → thousandths sold less returned at a place in the last 28 days, today not counted."""
    sold = case((Movement.to_kind == "customer", Movement.qty_milli), else_=-Movement.qty_milli)
    here = or_(
        and_(Movement.to_kind == "customer", Movement.from_kind == "site", Movement.from_id == site.id),
        and_(Movement.from_kind == "customer", Movement.to_kind == "site", Movement.to_id == site.id),
    )
    query = select(Movement.product_id, func.sum(sold)).where(
        Movement.operator_id == site.operator_id, here,
        Movement.business_date >= today - timedelta(days=rules.LOOK_BACK_DAYS), Movement.business_date < today,
    )  # fmt: skip
    if product_ids is not None:
        query = query.where(Movement.product_id.in_(product_ids))
    return {product: int(milli) for product, milli in session.execute(query.group_by(Movement.product_id))}


def list_low(session: Session, site: Site, today: date) -> list[Low]:
    """What sells at a place and lasts less than seven days, the shortest first. Four queries."""
    sold = sold_at(session, site, today)
    held = _held(session, site.operator_id, list(sold))
    low = [p for p, milli in sold.items() if rules.is_low(held.get(p, {}).get(site.id, 0), milli)][:MOST]
    names = dict(
        session.execute(select(Site.id, Site.name).where(Site.operator_id == site.operator_id, Site.active)).all()
    )
    asked = set(
        session.scalars(
            select(SupplyLine.product_id)
            .join(SupplyRequest, SupplyRequest.id == SupplyLine.request_id)
            .where(SupplyRequest.site_id == site.id, SupplyRequest.state.in_(("asked", "promised")))
        )
    )
    rows: Any = session.execute(
        select(
            Product.id, Product.name, Product.unit, Product.weighed, Product.kind, Producer.id, Producer.name
        )
        .join(Producer, Producer.id == Product.producer_id)
        .join(Offer, and_(Offer.product_id == Product.id, Offer.operator_id == site.operator_id, Offer.active))
        .where(Product.id.in_(low), Product.active)
    )  # fmt: skip
    found = []
    for row in rows:
        places = held.get(row[0], {})
        others = sorted(
            (
                (id_, names[id_], milli)
                for id_, milli in places.items()
                if id_ != site.id and milli > 0 and id_ in names
            ),
            key=lambda place: -place[2],
        )
        more: Any = (places.get(site.id, 0), sold[row[0]], tuple(others[:4]), row[0] in asked)
        found.append(Low(*row, *more))
    return sorted(found, key=lambda one: (one.days, one.producer, one.name))


def _held(session: Session, operator_id: str, product_ids: Collection[str]) -> dict[str, dict[str, int]]:
    rows = session.execute(
        select(Level.product_id, Level.place_id, func.sum(Level.on_hand_milli))
        .where(Level.operator_id == operator_id, Level.place_kind == "site", Level.product_id.in_(product_ids))
        .group_by(Level.product_id, Level.place_id)
    )
    found: dict[str, dict[str, int]] = {}
    for product, place, milli in rows:
        found.setdefault(product, {})[place] = int(milli)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on a list or its page."""

    id: str
    state: str
    operator_id: str
    site_id: str
    site: str
    from_kind: str
    from_id: str
    source: str
    note: str | None
    asked_at: datetime
    asked_by: str | None
    promised_on: date | None
    answered_at: datetime | None
    document_id: str | None
    delivery_id: str | None
    lines: tuple[tuple[str, str, int], ...]  # name, unit, thousandths


def list_requests(session: Session, *where: Any, most: int = 100) -> list[Asked]:
    """Open ones first, newest first. Two queries."""
    source = Site.__table__.alias("source")
    rows: Any = session.execute(
        select(
            SupplyRequest.id, SupplyRequest.state, SupplyRequest.operator_id, SupplyRequest.site_id, Site.name,
            SupplyRequest.from_kind, SupplyRequest.from_id, func.coalesce(Producer.name, source.c.name, "—"),
            SupplyRequest.note, SupplyRequest.asked_at, Person.name, SupplyRequest.promised_on,
            SupplyRequest.answered_at, SupplyRequest.document_id, SupplyRequest.delivery_id,
        )
        .join(Site, Site.id == SupplyRequest.site_id)
        .outerjoin(Producer, and_(SupplyRequest.from_kind == "producer", Producer.id == SupplyRequest.from_id))
        .outerjoin(source, and_(SupplyRequest.from_kind == "site", source.c.id == SupplyRequest.from_id))
        .outerjoin(Person, Person.id == SupplyRequest.asked_by)
        .where(*where)
        .order_by(case((SupplyRequest.state.in_(OPEN), 0), else_=1), SupplyRequest.asked_at.desc(), SupplyRequest.id)
        .limit(most)
    ).all()  # fmt: skip
    lines: dict[str, list[tuple[str, str, int]]] = {}
    for request, name, unit, milli in session.execute(
        select(SupplyLine.request_id, Product.name, Product.unit, SupplyLine.asked_milli)
        .join(Product, Product.id == SupplyLine.product_id)
        .where(SupplyLine.request_id.in_([row[0] for row in rows]))
        .order_by(SupplyLine.line)
    ):
        lines.setdefault(request, []).append((name, unit, milli))
    made: list[Any] = [(*row, tuple(lines.get(row[0], ()))) for row in rows]
    return [Asked(*row) for row in made]


def requests_within(reach: Reach) -> Any:
    """Requests of or to places within reach."""
    return or_(
        reach.where(operator=SupplyRequest.operator_id, site=SupplyRequest.site_id),
        and_(SupplyRequest.from_kind == "site", reach.where(site=SupplyRequest.from_id)),
    )


def asked_of(producer_id: str) -> Any:
    """Open requests to a producer."""
    return and_(
        SupplyRequest.from_kind == "producer", SupplyRequest.from_id == producer_id, SupplyRequest.state.in_(OPEN)
    )


def count_requests(session: Session, producer_id: str) -> int:
    """How many requests wait for this producer's word."""
    waiting = and_(asked_of(producer_id), SupplyRequest.state == "asked")
    return session.scalar(select(func.count(SupplyRequest.id)).where(waiting)) or 0

"""Prices of a product over time with where, who and the producer's word; what a producer is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.catalogue.models import Price, PriceAsked, Product
from pos.places.models import Fair, Operator, Site


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price, or a question about one. `state`: None for a price; open, agreed, refused, withdrawn, lapsed."""

    id: str
    scope_kind: str
    where: str
    price_vnd: int
    starts_at: datetime
    by: str | None
    consent: str | None = None
    note: str | None = None
    cost_vnd: int | None = None
    invented: bool = False
    state: str | None = None
    product: str = ""
    operator: str = ""
    before_vnd: int | None = None


def _places(query: Any, table: type[Price] | type[PriceAsked]) -> Any:
    return (
        query.outerjoin(Site, (table.scope_kind == "site") & (Site.id == table.scope_id))
        .outerjoin(Fair, (table.scope_kind == "fair") & (Fair.id == table.scope_id))
        .outerjoin(Person, Person.id == table.made_by)
    )


_WHERE = func.coalesce(Site.name, Fair.name, "")


def list_prices(session: Session, operator_id: str, product_id: str) -> list[PriceRow]:
    """The last 20, the newest first."""
    query = _places(select(Price, _WHERE, Person.name), Price)
    rows = session.execute(
        query.where(Price.operator_id == operator_id, Price.product_id == product_id)
        .order_by(Price.starts_at.desc())
        .limit(20)
    )
    return [
        PriceRow(
            p.id, p.scope_kind, where, p.price_vnd, p.starts_at, by, p.consent, p.consent_note, p.cost_vnd, p.invented
        )
        for p, where, by in rows
    ]


def list_asked(
    session: Session,
    at: datetime,
    *,
    operator_id: str | None = None,
    product_id: str | None = None,
    producer_id: str | None = None,
) -> list[PriceRow]:
    """The last 20 questions, the newest first; one nobody answered before its price would begin has lapsed."""
    query = _places(select(PriceAsked, _WHERE, Person.name, Product.name, Operator.name), PriceAsked)
    query = query.join(Product, Product.id == PriceAsked.product_id).join(
        Operator, Operator.id == PriceAsked.operator_id
    )
    for column, value in (
        (PriceAsked.operator_id, operator_id),
        (PriceAsked.product_id, product_id),
        (PriceAsked.producer_id, producer_id),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = session.execute(query.order_by(PriceAsked.made_at.desc()).limit(20))
    return [
        PriceRow(
            a.id, a.scope_kind, where, a.price_vnd, a.starts_at, by, note=a.answer or a.note,
            state="lapsed" if a.state == "open" and a.starts_at <= at else a.state, product=product, operator=operator,
            before_vnd=a.before_vnd,
        )
        for a, where, by, product, operator in rows
    ]  # fmt: skip


def places_of(session: Session, operator_id: str) -> list[tuple[str, str, str]]:
    """(scope kind, id, name) of where a price of the operator can hold: all of it, a fair it stands at, a site."""
    fairs = session.execute(
        select(Fair.id, Fair.name)
        .join(Site, Site.fair_id == Fair.id)
        .where(Site.operator_id == operator_id, Site.active)
        .distinct()
        .order_by(Fair.name)
    )
    mine = select(Site.id, Site.name).where(Site.operator_id == operator_id, Site.active).order_by(Site.name)
    found = [("operator", operator_id, "")]
    found += [("fair", row[0], row[1]) for row in fairs]
    return found + [("site", row[0], row[1]) for row in session.execute(mine)]


def count_asked(session: Session, producer_id: str, at: datetime) -> int:
    """How many prices wait for the producer's word."""
    waiting = PriceAsked.state == "open"
    asked = select(func.count()).select_from(PriceAsked).where(PriceAsked.producer_id == producer_id, waiting)
    return session.scalar(asked.where(PriceAsked.starts_at > at)) or 0

"""Doubts for a person: by cause, money first. Reads only; closing one is till's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.places.models import Site
from pos.till.models import Flag, Sale

PAGE = 50


@dataclass(frozen=True, slots=True)
class Cause:
    """Open flags of one cause."""

    code: str
    count: int
    vnd: int
    oldest: datetime


def _flags(reach: Reach) -> ColumnElement[bool]:
    return reach.where(operator=Flag.operator_id, site=Flag.site_id)


def list_causes(session: Session, reach: Reach) -> list[Cause]:
    """What waits for a person, by cause: most money first, then most, then oldest."""
    rows = session.execute(
        select(Flag.code, func.count(), func.sum(func.abs(Flag.amount_vnd)), func.min(Flag.raised_at))
        .where(_flags(reach), Flag.closed_at.is_(None))
        .group_by(Flag.code)
    )
    found = [Cause(code, count, int(vnd), oldest) for code, count, vnd, oldest in rows]
    return sorted(found, key=lambda c: (-c.vnd, -c.count, c.oldest, c.code))


def count_flags(session: Session, reach: Reach) -> int:
    """How many flags are open."""
    return session.scalar(select(func.count(Flag.id)).where(_flags(reach), Flag.closed_at.is_(None))) or 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """One flag with what a person needs to judge it."""

    id: str
    code: str
    vnd: int
    facts: str
    raised_at: datetime
    closed_at: datetime | None
    because: str | None
    closed_by: str | None
    operator_id: str
    site_id: str
    site: str
    sale_id: str | None
    receipt_no: str | None
    sale_vnd: int | None


def _doubts() -> Any:
    return (
        select(
            Flag.id, Flag.code, Flag.amount_vnd, Flag.facts, Flag.raised_at, Flag.closed_at, Flag.done_because,
            Person.name, Flag.operator_id, Flag.site_id, Site.name, Sale.id, Sale.receipt_no, Sale.total_vnd,
        )
        .join(Site, Site.id == Flag.site_id)
        .outerjoin(Sale, Sale.id == Flag.event_id)
        .outerjoin(Person, Person.id == Flag.closed_by)
    )  # fmt: skip


def list_doubts(
    session: Session, reach: Reach, *, code: str | None, closed: bool, page: int
) -> tuple[list[Doubt], bool]:
    """Open ones: most money first, then oldest. Closed ones: newest first. True when there are more."""
    query = _doubts().where(_flags(reach), Flag.closed_at.is_not(None) if closed else Flag.closed_at.is_(None))
    if code:
        query = query.where(Flag.code == code)
    order = (Flag.closed_at.desc(),) if closed else (func.abs(Flag.amount_vnd).desc(), Flag.raised_at)
    rows = session.execute(query.order_by(*order, Flag.id).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Doubt(*row) for row in rows[:PAGE]], len(rows) > PAGE


def find_doubt(session: Session, flag_id: str) -> Doubt | None:
    """One flag."""
    row = session.execute(_doubts().where(Flag.id == flag_id)).first()
    return Doubt(*row) if row else None


def doubts_of(session: Session, event_id: str) -> list[Doubt]:
    """All flags of one event, oldest first."""
    rows = session.execute(_doubts().where(Flag.event_id == event_id).order_by(Flag.raised_at, Flag.code))
    return [Doubt(*row) for row in rows]


def product_names(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The names behind ids found in the facts of flags."""
    if not ids:
        return {}
    return dict(session.execute(select(Product.id, Product.name).where(Product.id.in_(ids))).all())

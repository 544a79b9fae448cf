"""Doubts for a person: by cause, money first. Reads only; closing one is till's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Grant, Person
from pos.access.reach import Reach
from pos.access.rules import ROLES
from pos.catalogue.models import Product
from pos.places.models import Site
from pos.till.models import Flag, Sale

PAGE = 50
NOBODY = "none"
CLOSERS = tuple(role for role, actions in ROLES.items() if "flag.close" in actions)
_owner = aliased(Person)


@dataclass(frozen=True, slots=True)
class Cause:
    """Open flags of one cause."""

    code: str
    count: int
    vnd: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which flags: of a cause, of a site, of an owner (an id, or `NOBODY`); closed ones or those that wait."""

    code: str | None = None
    site_id: str | None = None
    owner: str | None = None
    closed: bool = False


def _flags(reach: Reach) -> ColumnElement[bool]:
    return reach.where(operator=Flag.operator_id, site=Flag.site_id)


def _narrow(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Site and owner."""
    found = [Flag.site_id == wanted.site_id] if wanted.site_id else []
    if wanted.owner:
        found.append(Flag.owner_id.is_(None) if wanted.owner == NOBODY else Flag.owner_id == wanted.owner)
    return found


def list_causes(session: Session, reach: Reach, wanted: Wanted | None = None) -> list[Cause]:
    """What waits for a person, by cause: most money first, then most, then oldest."""
    rows = session.execute(
        select(Flag.code, func.count(), func.sum(func.abs(Flag.amount_vnd)), func.min(Flag.raised_at))
        .where(_flags(reach), Flag.closed_at.is_(None), *_narrow(wanted or Wanted()))
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
    site_id: str | None
    site: str | None
    sale_id: str | None
    receipt_no: str | None
    sale_vnd: int | None
    owner_id: str | None
    owner: str | None
    bank_line_id: str | None


def _doubts() -> Any:
    return (
        select(
            Flag.id, Flag.code, Flag.amount_vnd, Flag.facts, Flag.raised_at, Flag.closed_at, Flag.done_because,
            Person.name, Flag.operator_id, Flag.site_id, Site.name, Sale.id, Sale.receipt_no, Sale.total_vnd,
            Flag.owner_id, _owner.name, Flag.bank_line_id,
        )
        .outerjoin(Site, Site.id == Flag.site_id)
        .outerjoin(Sale, Sale.id == Flag.event_id)
        .outerjoin(Person, Person.id == Flag.closed_by)
        .outerjoin(_owner, _owner.id == Flag.owner_id)
    )  # fmt: skip


def list_doubts(
    session: Session, reach: Reach, wanted: Wanted, *, causes: Sequence[str] = (), page: int
) -> tuple[list[Doubt], bool]:
    """Open ones: causes in the order given, in each most money first, then oldest. Closed ones: newest first.

    True when there are more.
    """
    done = Flag.closed_at.is_not(None) if wanted.closed else Flag.closed_at.is_(None)
    query = _doubts().where(_flags(reach), done, *_narrow(wanted))
    if wanted.code:
        query = query.where(Flag.code == wanted.code)
    order: list[Any] = [Flag.closed_at.desc()]
    if not wanted.closed:
        ranks = {code: n for n, code in enumerate(causes)}
        order = [case(ranks, value=Flag.code, else_=len(ranks))] if ranks else []
        order += [func.abs(Flag.amount_vnd).desc(), Flag.raised_at]
    rows = session.execute(query.order_by(*order, Flag.id).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Doubt(*row) for row in rows[:PAGE]], len(rows) > PAGE


def list_owners(session: Session, reach: Reach) -> list[tuple[str, str]]:
    """(id, name) of the people who may see to flags within reach: whoever may close them."""
    there = reach.where(operator=Grant.scope_id, site=Grant.scope_id)
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            Person.active, Grant.revoked_at.is_(None), Grant.role.in_(CLOSERS), or_(Grant.scope_kind == "all", there)
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(id_, name) for id_, name in rows]


def list_sites(session: Session, reach: Reach) -> list[tuple[str, str]]:
    """(id, name) of the sites that ever had a flag within reach."""
    had = select(Flag.id).where(Flag.site_id == Site.id, _flags(reach)).exists()
    return [(id_, name) for id_, name in session.execute(select(Site.id, Site.name).where(had).order_by(Site.name))]


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

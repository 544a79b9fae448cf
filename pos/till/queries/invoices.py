"""Invoices asked for, as the office lists them. Reads only; the buyer stays sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.places.models import Site
from pos.till.models import InvoiceBuyer, InvoiceDone, InvoiceRequest, Sale
from pos.till.models.events import EventPrivate

PAGE = 50
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """One request with its sale, where that is here."""

    id: str
    at: datetime
    source: str
    site: str
    operator_id: str
    site_id: str
    sale_id: str
    receipt_no: str | None
    day: date | None
    total_vnd: int | None
    sealed: bool  # there is a buyer to read
    done_at: datetime | None
    number: str | None
    done_by: str | None


def _wishes() -> Any:
    sealed = func.coalesce(EventPrivate.sealed, InvoiceBuyer.sealed).is_not(None)
    return (
        select(
            InvoiceRequest.id, InvoiceRequest.at, InvoiceRequest.source, Site.name, InvoiceRequest.operator_id,
            InvoiceRequest.site_id, InvoiceRequest.sale_id, Sale.receipt_no, Sale.day, Sale.total_vnd, sealed,
            InvoiceDone.at, InvoiceDone.number, Person.name,
        )
        .join(Site, Site.id == InvoiceRequest.site_id)
        .outerjoin(Sale, (Sale.id == InvoiceRequest.sale_id) & (Sale.operator_id == InvoiceRequest.operator_id))
        .outerjoin(EventPrivate, EventPrivate.event_id == InvoiceRequest.event_id)
        .outerjoin(InvoiceBuyer, InvoiceBuyer.request_id == InvoiceRequest.id)
        .outerjoin(InvoiceDone, InvoiceDone.request_id == InvoiceRequest.id)
        .outerjoin(Person, Person.id == InvoiceDone.by)
    )  # fmt: skip


def list_wishes(session: Session, reach: Reach, *, done: bool, page: int, size: int = PAGE) -> tuple[list[Wish], bool]:
    """Those to make, oldest first; those made, newest first. True when there are more. One query."""
    mine = reach.where(operator=InvoiceRequest.operator_id, site=InvoiceRequest.site_id)
    query = _wishes().where(mine, InvoiceDone.at.is_not(None) if done else InvoiceDone.at.is_(None))
    order = InvoiceDone.at.desc() if done else InvoiceRequest.at
    rows = session.execute(query.order_by(order, InvoiceRequest.id).limit(size + 1).offset((page - 1) * size)).all()
    return [Wish(*row) for row in rows[:size]], len(rows) > size


def find_wish(session: Session, request_id: str) -> Wish | None:
    """One of them; the view checks its place."""
    row = session.execute(_wishes().where(InvoiceRequest.id == request_id)).one_or_none()
    return Wish(*row) if row else None


def wishes_of(session: Session, sale_id: str) -> int:
    """How often an invoice of this sale was asked for."""
    asked = select(func.count()).select_from(InvoiceRequest).where(InvoiceRequest.sale_id == sale_id)
    return session.scalar(asked) or 0

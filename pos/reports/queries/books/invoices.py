"""Sales without an invoice, by day, one by one, and line by line for a provider's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.places.models import Site
from pos.till.models import InvoiceDone, InvoiceRequest, Sale, SaleInvoice, SaleLine

SIZE = 50


def _without(operator_id: str, from_on: date, until_on: date) -> list[ColumnElement[bool]]:
    """Sold in these days, and neither a number typed back nor a request marked done."""
    told = select(SaleInvoice.number).where(SaleInvoice.sale_id == Sale.id)
    done = (
        select(InvoiceDone.at)
        .join(InvoiceRequest, InvoiceRequest.id == InvoiceDone.request_id)
        .where(InvoiceRequest.sale_id == Sale.id)
    )
    return [
        Sale.operator_id == operator_id, Sale.day >= from_on, Sale.day <= until_on, Sale.sold_vnd > 0,
        ~told.exists(), ~done.exists(),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """What of one day has no invoice."""

    day: date
    sales: int
    total_vnd: int


def days_without(session: Session, operator_id: str, from_on: date, until_on: date) -> list[Day]:
    """Newest first. One query."""
    rows = session.execute(
        select(Sale.day, func.count(), func.sum(Sale.sold_vnd))
        .where(*_without(operator_id, from_on, until_on))
        .group_by(Sale.day)
        .order_by(Sale.day.desc())
    )
    return [Day(day, int(n), int(vnd)) for day, n, vnd in rows]


@dataclass(frozen=True, slots=True)
class Bare:
    """A sale without an invoice; `asked`: the customer wants one."""

    id: str
    receipt_no: str
    at: datetime
    day: date
    site: str
    sold_vnd: int
    asked: bool


def sales_without(
    session: Session, operator_id: str, from_on: date, until_on: date, after: tuple[datetime, str] | None = None
) -> tuple[list[Bare], bool]:
    """Newest first, by key. One query."""
    asked = select(InvoiceRequest.id).where(InvoiceRequest.sale_id == Sale.id).exists()
    query = (
        select(Sale.id, Sale.receipt_no, Sale.at, Sale.day, Site.name, Sale.sold_vnd, asked)
        .join(Site, Site.id == Sale.site_id)
        .where(*_without(operator_id, from_on, until_on))
        .order_by(Sale.at.desc(), Sale.id.desc())
        .limit(SIZE + 1)
    )
    if after:
        query = query.where((Sale.at < after[0]) | ((Sale.at == after[0]) & (Sale.id < after[1])))
    rows = session.execute(query).all()
    return [Bare(*row) for row in rows[:SIZE]], len(rows) > SIZE


def lines_without(session: Session, operator_id: str, from_on: date, until_on: date) -> Iterator[dict[str, Any]]:
    """Each line of each of those sales in the order they were sold, a few hundred at a time."""
    rows = session.execute(
        select(
            Sale.receipt_no, Sale.day, Sale.at, Site.name, SaleLine.line, SaleLine.name, Product.unit,
            SaleLine.qty_milli, SaleLine.price_vnd, SaleLine.discount_vnd, SaleLine.paid_vnd, SaleLine.vat_class,
            SaleLine.vat_bp, SaleLine.vat_vnd,
        )
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .join(Site, Site.id == Sale.site_id)
        .outerjoin(Product, Product.id == SaleLine.product_id)
        .where(*_without(operator_id, from_on, until_on))
        .order_by(Sale.at, Sale.id, SaleLine.line)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in rows:
        yield {
            "receipt": row[0], "day": row[1], "at": row[2], "site": row[3], "line": row[4], "goods": row[5],
            "unit": row[6] or "", "qty_milli": row[7], "price": row[8], "discount": row[9], "total": row[10],
            "vat_class": row[11], "vat_bp": row[12], "vat": row[13], "net": row[10] - row[13],
        }  # fmt: skip

"""Sales as a list, and one sale with all that hangs on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from pos.access.models import Person
from pos.access.reach import Reach
from pos.places.models import Site, Till
from pos.places.queries import list_tenders
from pos.receipts.models import PrintJob, TabletPrint
from pos.receipts.queries import list_prints, list_tablet_prints
from pos.reports.queries.flags import Doubt, doubts_of, product_names
from pos.till.models import Flag, Sale, SaleReturn, Tender, TenderSeen

PAGE = 50


def sales_within(reach: Reach) -> ColumnElement[bool]:
    """The sales a person may read."""
    return reach.where(operator=Sale.operator_id, site=Sale.site_id, fair=Sale.fair_id)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A sale in a list."""

    id: str
    receipt_no: str
    at: datetime
    day: date
    site: str
    till: str
    staff: str | None
    total_vnd: int
    returned_vnd: int
    tenders: tuple[str, ...] = ()
    flags: int = 0


def list_sales(
    session: Session, reach: Reach, *, q: str, day: date | None, site_id: str | None, page: int
) -> tuple[list[Ticket], bool]:
    """Newest first; `q` is the beginning or end of a receipt number. Three queries."""
    query = (
        select(
            Sale.id, Sale.receipt_no, Sale.at, Sale.day, Site.name, Till.name, Person.name, Sale.total_vnd,
            Sale.returned_vnd,
        )
        .join(Site, Site.id == Sale.site_id)
        .join(Till, Till.id == Sale.till_id)
        .outerjoin(Person, Person.id == Sale.staff_id)
        .where(sales_within(reach))
    )  # fmt: skip
    if day:
        query = query.where(Sale.day == day)
    if site_id:
        query = query.where(Sale.site_id == site_id)
    if q:
        plain = q.strip().upper().replace("%", "").replace("_", "")
        query = query.where(or_(Sale.receipt_no.like(f"{plain}%"), Sale.receipt_no.like(f"%{plain}")))
    rows = session.execute(
        query.order_by(Sale.at.desc(), Sale.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    ).all()
    ids = [row[0] for row in rows[:PAGE]]
    tenders: dict[str, list[str]] = defaultdict(list)
    flags: dict[str, int] = {}
    if ids:
        kinds = (
            select(Tender.sale_id, Tender.kind)
            .where(Tender.sale_id.in_(ids))
            .group_by(Tender.sale_id, Tender.kind)
            .having(func.sum(Tender.amount_vnd) != 0)
        )
        for sale_id, kind in session.execute(kinds):
            tenders[sale_id].append(kind)
        open_flags = (
            select(Flag.event_id, func.count())
            .where(Flag.event_id.in_(ids), Flag.closed_at.is_(None))
            .group_by(Flag.event_id)
        )
        flags = dict(session.execute(open_flags).all())
    found = [Ticket(*row, tuple(sorted(tenders[row[0]])), flags.get(row[0], 0)) for row in rows[:PAGE]]
    return found, len(rows) > PAGE


def list_sites(session: Session, reach: Reach) -> list[tuple[str, str]]:
    """(id, name) of the sites whose sales one may read."""
    allowed = reach.where(operator=Site.operator_id, site=Site.id, fair=Site.fair_id)
    return [(i, n) for i, n in session.execute(select(Site.id, Site.name).where(allowed).order_by(Site.name))]


@dataclass(frozen=True, slots=True)
class SalePage:
    """A sale with all that hangs on it."""

    sale: Sale
    site: str
    till: str
    staff: str | None
    names: dict[str, str]
    returned_by: list[tuple[str, str, datetime]]
    prints: list[PrintJob]
    tablet_prints: list[TabletPrint]
    flags: list[Doubt]
    receipts: list[tuple[str, str]]
    seen: frozenset[str]  # transfers shown at the sale whose money was seen later
    kinds: dict[str, str]  # the operator's own ways of paying


def find_sale(session: Session, sale_id: str) -> SalePage | None:
    """A sale, or None; the view checks its place."""
    row = session.execute(
        select(Sale, Site.name, Till.name, Person.name)
        .join(Site, Site.id == Sale.site_id)
        .join(Till, Till.id == Sale.till_id)
        .outerjoin(Person, Person.id == Sale.staff_id)
        .where(Sale.id == sale_id)
    ).first()
    if row is None:
        return None
    sale: Sale = row[0]
    ids = {r.product_id for r in sale.returns if r.product_id}
    origins = {r.of_sale_id for r in sale.returns if r.of_sale_id}
    back = session.execute(
        select(Sale.id, Sale.receipt_no, Sale.at)
        .where(Sale.id.in_(select(SaleReturn.sale_id).where(SaleReturn.of_sale_id == sale_id)))
        .order_by(Sale.at)
    )
    numbers = session.execute(select(Sale.id, Sale.receipt_no).where(Sale.id.in_(origins)))
    return SalePage(
        sale, row[1], row[2], row[3], product_names(session, ids), [(i, n, a) for i, n, a in back],
        list_prints(session, sale_id),
        list_tablet_prints(session, sale_id),
        doubts_of(session, sale_id),
        [(i, n) for i, n in numbers],
        frozenset(session.scalars(select(TenderSeen.tender_id).where(TenderSeen.sale_id == sale_id))),
        {kind.code: kind.name for kind in list_tenders(session, sale.operator_id) if kind.name},
    )  # fmt: skip

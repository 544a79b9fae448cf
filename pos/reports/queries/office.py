"""The operator's day: takings, shifts, flags, silent tablets, cash. Scoped by Reach, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, Person
from pos.access.reach import Reach
from pos.fairs.queries import list_words
from pos.fairs.rules import Word
from pos.ledger.models import Posting
from pos.places.models import Site, Till
from pos.receipts.models import Printer, PrintJob, Receipt
from pos.receipts.queries import TROUBLED
from pos.reports.queries.sales import sales_within
from pos.till.models import OPEN_STATES, Sale, Shift, Tender

SITES_SHOWN, SHIFTS_SHOWN = 30, 20  # of a city's hundreds: who sold most, who opened first


@dataclass(slots=True)
class SiteDay:
    """One site today: takings, tickets, its tablets, what is in drawers and in the safe."""

    site_id: str
    code: str
    name: str
    kind: str
    takings_vnd: int = 0
    tickets: int = 0
    drawers_vnd: int = 0
    safe_vnd: int = 0
    words: list[Word] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    """All of one day. Sites add up to `takings_vnd`; tenders too, less what was rounded in cash."""

    sites: list[SiteDay] = field(default_factory=list)
    tenders: list[tuple[str, int]] = field(default_factory=list)
    takings_vnd: int = 0
    tickets: int = 0
    returned_vnd: int = 0
    rounding_vnd: int = 0
    week_ago_vnd: int = 0

    @property
    def drawers_vnd(self) -> int:
        """Cash that should be in all drawers now."""
        return sum(site.drawers_vnd for site in self.sites)

    @property
    def safes_vnd(self) -> int:
        """Cash in all safes."""
        return sum(site.safe_vnd for site in self.sites)


def get_day(session: Session, reach: Reach, day: date, *, until: datetime, before: date) -> Day:
    """The day so far; `week_ago_vnd` is what the day `before` had taken by the same minute (`until`)."""
    rows = session.execute(
        select(Site.id, Site.code, Site.name, Site.kind).where(
            reach.where(operator=Site.operator_id, site=Site.id, fair=Site.fair_id), Site.active
        )
    )
    sites = {row[0]: SiteDay(*row) for row in rows}
    found = Day()
    taken = session.execute(
        select(
            Sale.site_id, func.count(), func.sum(Sale.total_vnd), func.sum(Sale.returned_vnd),
            func.sum(Sale.cash_rounding_vnd),
        )
        .where(sales_within(reach), Sale.day == day)
        .group_by(Sale.site_id)
    )  # fmt: skip
    for site_id, count, total, returned, rounding in taken:
        site = sites.setdefault(site_id, SiteDay(site_id, "", "—", "shop"))
        site.takings_vnd, site.tickets = int(total), count
        found.takings_vnd += int(total)
        found.tickets += count
        found.returned_vnd += int(returned)
        found.rounding_vnd += int(rounding)
    _add_cash(session, reach, sites)
    by_kind = (
        select(Tender.kind, func.sum(Tender.amount_vnd))
        .join(Sale, Sale.id == Tender.sale_id)
        .where(sales_within(reach), Sale.day == day)
        .group_by(Tender.kind)
    )
    found.tenders = sorted(((kind, int(vnd)) for kind, vnd in session.execute(by_kind)), key=lambda t: -t[1])
    earlier = select(func.sum(Sale.total_vnd)).where(sales_within(reach), Sale.day == before, Sale.at <= until)
    found.week_ago_vnd = int(session.scalar(earlier) or 0)
    allowed = reach.where(operator=DeviceLog.operator_id, site=DeviceLog.site_id, fair=DeviceLog.fair_id)
    for word in list_words(session, allowed):
        if word.site_id in sites:
            sites[word.site_id].words.append(word)
    found.sites = sorted(sites.values(), key=lambda s: (-s.takings_vnd, s.name))
    return found


def _add_cash(session: Session, reach: Reach, sites: dict[str, SiteDay]) -> None:
    drawers = (
        select(Shift.site_id, func.sum(Shift.drawer_vnd))
        .where(
            reach.where(operator=Shift.operator_id, site=Shift.site_id, fair=Shift.fair_id),
            Shift.posted_at.is_(None),
            Shift.keeper.is_(None),
        )
        .group_by(Shift.site_id)
    )
    for site_id, vnd in session.execute(drawers):
        if site_id in sites:
            sites[site_id].drawers_vnd = int(vnd)
    safes = (
        select(Posting.dimension, func.sum(Posting.amount_vnd))
        .join(Site, Site.id == Posting.dimension)
        .where(
            Posting.account == "safe",
            Posting.operator_id == Site.operator_id,
            reach.where(operator=Site.operator_id, site=Site.id, fair=Site.fair_id),
        )
        .group_by(Posting.dimension)
    )
    for site_id, vnd in session.execute(safes):
        if site_id in sites:
            sites[site_id].safe_vnd = int(vnd)


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that still sells, or waits for its last events."""

    id: str
    site: str
    till: str
    day: date
    state: str
    opened_at: datetime | None
    opened_by: str | None
    sales: int
    sales_vnd: int
    drawer_vnd: int


def count_open_shifts(session: Session, reach: Reach) -> int:
    """How many shifts still sell or wait."""
    return session.scalar(select(func.count(Shift.id)).where(_open_within(reach))) or 0


def _open_within(reach: Reach) -> ColumnElement[bool]:
    mine = reach.where(operator=Shift.operator_id, site=Shift.site_id, fair=Shift.fair_id)
    return and_(mine, Shift.state.in_(OPEN_STATES))


def list_open_shifts(session: Session, reach: Reach) -> list[OpenShift]:
    """The oldest ones first."""
    rows: Any = session.execute(
        select(
            Shift.id, Site.name, Till.name, Shift.day, Shift.state, Shift.opened_at, Person.name, Shift.sales,
            Shift.sales_vnd, Shift.drawer_vnd,
        )
        .join(Site, Site.id == Shift.site_id)
        .join(Till, Till.id == Shift.till_id)
        .outerjoin(Person, Person.id == Shift.opened_by)
        .where(_open_within(reach))
        .order_by(Shift.day, Shift.opened_at, Shift.id)
        .limit(SHIFTS_SHOWN)
    )  # fmt: skip
    return [OpenShift(*row) for row in rows]


def count_troubled_prints(session: Session, reach: Reach, since: datetime) -> int:
    """Sheets since a moment that a person should look at."""
    return (
        session.scalar(
            select(func.count(PrintJob.id))
            .join(Printer, Printer.id == PrintJob.printer_id)
            .outerjoin(Receipt, Receipt.id == PrintJob.receipt_id)
            .where(
                and_(PrintJob.state.in_(TROUBLED), PrintJob.queued_at >= since),
                reach.where(operator=Printer.operator_id, site=Receipt.site_id),
            )
        )
        or 0
    )

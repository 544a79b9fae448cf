"""What a fair took so far, and how fresh each tablet's word is. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.reach import Reach
from pos.catalogue.models import Product
from pos.fairs.rules import Word
from pos.kernel.clock import local
from pos.kernel.db import is_postgresql
from pos.places.models import Fair, Site, Till
from pos.till.models import OPEN_STATES, Sale, SaleLine, Shift, Tender

QUARTER = 900


def list_words(session: Session, where: ColumnElement[bool]) -> list[Word]:
    """The last words of all tablets not revoked; `where` is about DeviceLog and Site. One query."""
    open_shifts = (
        select(Shift.log_id, func.count().label("n"))
        .where(Shift.state.in_(OPEN_STATES))
        .group_by(Shift.log_id)
        .subquery()
    )
    rows = session.execute(
        select(
            DeviceLog.id, DeviceLog.operator_id, Site.id, Site.code, Site.name, DeviceLog.till_code, Till.name,
            DeviceLog.last_seen_at, DeviceLog.last_event_at, DeviceLog.unsent_told, open_shifts.c.n,
        )
        .join(Site, Site.id == DeviceLog.site_id)
        .join(Till, Till.id == DeviceLog.till_id)
        .outerjoin(open_shifts, open_shifts.c.log_id == DeviceLog.id)
        .where(DeviceLog.revoked_at.is_(None), where)
        .order_by(DeviceLog.till_code)
    )  # fmt: skip
    return [
        Word(log, operator, site, site_code, name, code, till, seen, event, unsent or 0, bool(shifts))
        for log, operator, site, site_code, name, code, till, seen, event, unsent, shifts in rows
    ]


def words_at(session: Session, site_ids: Collection[str]) -> list[Word]:
    """The tablets of some sites."""
    return list_words(session, Site.id.in_(site_ids)) if site_ids else []


def list_fairs(session: Session, reach: Reach) -> list[Fair]:
    """The fairs this person may watch, newest first."""
    allowed = reach.where(fair=Fair.id, organizer=Fair.organizer_id)
    return list(session.scalars(select(Fair).where(allowed).order_by(Fair.starts_on.desc(), Fair.code)))


def find_fair(session: Session, fair_id: str) -> Fair | None:
    """A fair, or None."""
    return session.get(Fair, fair_id)


@dataclass(slots=True)
class Booth:
    """One booth's day: takings, tickets, takings by quarter of an hour (index from midnight), its tablets."""

    site_id: str
    code: str
    name: str
    takings_vnd: int = 0
    tickets: int = 0
    quarters: dict[int, int] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)


@dataclass(slots=True)
class Board:
    """One day of a fair. Every cut adds up to `takings_vnd` (tenders: less what was rounded in cash)."""

    day: date
    takings_vnd: int = 0
    tickets: int = 0
    returned_vnd: int = 0
    rounding_vnd: int = 0
    booths: list[Booth] = field(default_factory=list)
    quarters: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    tenders: list[tuple[str, int]] = field(default_factory=list)
    best: list[tuple[str, int, int | None]] = field(default_factory=list)  # name, đồng, stars when sold

    @property
    def hours(self) -> dict[int, int]:
        """Takings by hour of the day."""
        return by_hour(self.quarters)

    @property
    def words(self) -> list[Word]:
        """All tablets of the fair."""
        return [word for booth in self.booths for word in booth.words]


def by_hour(quarters: dict[int, int]) -> dict[int, int]:
    """Quarters of an hour summed to hours."""
    hours: dict[int, int] = defaultdict(int)
    for quarter, amount in quarters.items():
        hours[quarter // 4] += amount
    return dict(sorted(hours.items()))


def quarter_of(session: Session) -> ColumnElement[int]:
    """The quarter of an hour of a sale, counted from the Unix epoch, as SQL for this database."""
    if is_postgresql(session):
        return cast(func.floor(func.extract("epoch", Sale.at) / QUARTER), Integer)
    return cast(func.strftime("%s", Sale.at), Integer) // QUARTER


def quarter_of_day(bucket: int) -> int:
    """A quarter counted from the epoch, as a quarter of its Hanoi day (0 … 95)."""
    moment = local(datetime.fromtimestamp(bucket * QUARTER, tz=UTC))
    return moment.hour * 4 + moment.minute // 15


def get_board(session: Session, fair: Fair, day: date) -> Board:
    """All cuts of one day, in a fixed number of queries whatever the number of booths."""
    board = Board(day)
    sites = session.scalars(select(Site).where(Site.fair_id == fair.id).order_by(Site.code))
    booths = {site.id: Booth(site.id, site.code, site.name) for site in sites}
    _fill_takings(session, board, booths, fair, day)
    _fill_rest(session, board, fair, day)
    for word in list_words(session, DeviceLog.fair_id == fair.id):
        if word.site_id in booths:
            booths[word.site_id].words.append(word)
    board.booths = sorted(booths.values(), key=lambda b: (-b.takings_vnd, b.code))
    return board


def _fill_takings(session: Session, board: Board, booths: dict[str, Booth], fair: Fair, day: date) -> None:
    bucket = quarter_of(session).label("bucket")
    rows = session.execute(
        select(
            Sale.site_id, bucket, func.count(), func.sum(Sale.total_vnd), func.sum(Sale.returned_vnd),
            func.sum(Sale.cash_rounding_vnd),
        )
        .where(Sale.fair_id == fair.id, Sale.day == day)
        .group_by(Sale.site_id, bucket)
    )  # fmt: skip
    for site_id, epoch, count, total, returned, rounding in rows:
        booth = booths.setdefault(site_id, Booth(site_id, "", "—"))
        quarter = quarter_of_day(int(epoch))
        for thing in (booth, board):
            thing.takings_vnd += int(total)
            thing.tickets += count
            thing.quarters[quarter] = thing.quarters.get(quarter, 0) + int(total)
        board.returned_vnd += int(returned)
        board.rounding_vnd += int(rounding)


def _fill_rest(session: Session, board: Board, fair: Fair, day: date) -> None:
    today = and_(Sale.fair_id == fair.id, Sale.day == day)
    by_kind = (
        select(Tender.kind, func.sum(Tender.amount_vnd))
        .join(Sale, Sale.id == Tender.sale_id)
        .where(today)
        .group_by(Tender.kind)
    )
    board.tenders = sorted(((kind, int(vnd)) for kind, vnd in session.execute(by_kind)), key=lambda t: (-t[1], t[0]))
    best = (
        select(
            func.coalesce(func.max(Product.name), func.max(SaleLine.name)),
            func.sum(SaleLine.paid_vnd).label("vnd"),
            func.max(SaleLine.stars),
        )
        .join(Sale, Sale.id == SaleLine.sale_id)
        .outerjoin(Product, Product.id == SaleLine.product_id)
        .where(today)
        .group_by(func.coalesce(SaleLine.product_id, SaleLine.name))
        .order_by(func.sum(SaleLine.paid_vnd).desc())
        .limit(8)
    )
    board.best = [(name, int(vnd), stars) for name, vnd, stars in session.execute(best)]
    eve = day - timedelta(days=1)
    if eve >= fair.starts_on:
        bucket = quarter_of(session).label("bucket")
        before = (
            select(bucket, func.sum(Sale.total_vnd)).where(Sale.fair_id == fair.id, Sale.day == eve).group_by(bucket)
        )
        for epoch, total in session.execute(before):
            quarter = quarter_of_day(int(epoch))
            board.before[quarter] = board.before.get(quarter, 0) + int(total)


def takings_by_fair(session: Session, fair_ids: Collection[str]) -> dict[str, int]:
    """The takings of whole fairs so far."""
    if not fair_ids:
        return {}
    rows = session.execute(
        select(Sale.fair_id, func.sum(Sale.total_vnd)).where(Sale.fair_id.in_(fair_ids)).group_by(Sale.fair_id)
    )
    return {fair_id: int(total) for fair_id, total in rows if fair_id}

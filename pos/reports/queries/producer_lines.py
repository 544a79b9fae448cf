"""Settlement lines of a producer, down to how one sale line was divided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from pos.catalogue.models import Product
from pos.consignment.models import AgreementVersion, Dispute, SettlementLine, Share, Statement, StatementClaim
from pos.consignment.queries.watermarks import may_be_open
from pos.consignment.rules.shares import OWN
from pos.ledger.models import JournalEntry
from pos.places.models import Operator, Site
from pos.stock.models import Lot
from pos.till.models import Sale, Tender

ON_STATEMENT = ("frozen", "approved")
PAGE = 50

_Sold = aliased(SettlementLine, name="sold_line")
_SoldClaim = aliased(StatementClaim, name="sold_claim")
_live = and_(StatementClaim.line_id == SettlementLine.id, StatementClaim.released_at.is_(None))
# Looked up line by line: PostgreSQL would rather read every claim there is than join a few thousand lines to theirs.
_claim = select(StatementClaim.line_id).where(_live).correlate(SettlementLine).scalar_subquery()
# A return of a sale that is on no statement yet travels with it (money.md, Settlement).
PAYABLE_ON = case(
    (and_(_Sold.id.is_not(None), _SoldClaim.line_id.is_(None)), _Sold.available_on),
    (SettlementLine.amount_vnd < 0, SettlementLine.business_date),
    else_=SettlementLine.available_on,
)
_asked = select(Dispute.line_id).where(Dispute.answered_at.is_(None))
# A credit somebody said is wrong, and what travels with it, waits for the answer, whatever its day.
IN_DISPUTE = case(
    (and_(SettlementLine.amount_vnd >= 0, SettlementLine.id.in_(_asked)), True),
    (and_(_Sold.id.is_not(None), _SoldClaim.line_id.is_(None), _Sold.amount_vnd >= 0, _Sold.id.in_(_asked)), True),
    else_=False,
)


def unclaimed_lines(*columns: Any) -> Select[Any]:
    """Settlement lines on no live statement; `PAYABLE_ON` may be among the columns."""
    return (
        select(*columns)
        .select_from(SettlementLine)
        .outerjoin(_Sold, _Sold.id == SettlementLine.returns_line_id)
        .outerjoin(_SoldClaim, and_(_SoldClaim.line_id == _Sold.id, _SoldClaim.released_at.is_(None)))
        .where(_claim.is_(None))
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One settlement line with what it stands for; a fee or correction has no share."""

    kind: str
    share_id: str | None
    product: str | None
    qty_milli: int
    unit: str
    site: str | None
    receipt_no: str | None
    at: datetime | None
    business_date: date
    payable_on: date
    vnd: int
    note: str | None


_LINE = (
    SettlementLine.kind, SettlementLine.share_id, Product.name, func.coalesce(Share.qty_milli, 0),
    func.coalesce(Product.unit, ""), Site.name, Sale.receipt_no, Sale.at, SettlementLine.business_date,
    PAYABLE_ON.label("payable_on"),
    SettlementLine.amount_vnd, SettlementLine.note,
)  # fmt: skip


def _described(query: Select[Any]) -> Select[Any]:
    return (
        query.outerjoin(Share, Share.id == SettlementLine.share_id)
        .outerjoin(Product, Product.id == Share.product_id)
        .outerjoin(Site, Site.id == Share.site_id)
        .outerjoin(Sale, Sale.id == Share.event_id)
    )


def list_lines(session: Session, producer_id: str, part: str, today: date, page: int) -> tuple[list[Line], bool]:
    """The lines one amount is made of, newest first, 50 to a page; True when there are more."""
    if part in ("held", "available"):
        query = unclaimed_lines(*_LINE).where(today < PAYABLE_ON if part == "held" else today >= PAYABLE_ON)
        query = query.where(~IN_DISPUTE, may_be_open(session, producer_id))
    elif part == "disputed":
        query = unclaimed_lines(*_LINE).where(IN_DISPUTE, may_be_open(session, producer_id))
    else:
        states = {"statement": ON_STATEMENT, "way": ("paying",), "paid": ("closed",)}[part]
        query = (
            select(*_LINE)
            .select_from(SettlementLine)
            .join(StatementClaim, _live)
            .join(Statement, Statement.id == StatementClaim.statement_id)
            .outerjoin(_Sold, _Sold.id == SettlementLine.returns_line_id)
            .outerjoin(_SoldClaim, and_(_SoldClaim.line_id == _Sold.id, _SoldClaim.released_at.is_(None)))
            .where(Statement.state.in_(states))
        )
    query = _described(query).where(SettlementLine.producer_id == producer_id)
    return _page(session, query, page)


def list_day_lines(session: Session, producer_id: str, day: date, page: int) -> tuple[list[Line], bool]:
    """What was sold and returned on one business date."""
    query = (
        select(*_LINE)
        .select_from(SettlementLine)
        .outerjoin(_Sold, _Sold.id == SettlementLine.returns_line_id)
        .outerjoin(_SoldClaim, and_(_SoldClaim.line_id == _Sold.id, _SoldClaim.released_at.is_(None)))
        .where(SettlementLine.business_date == day, SettlementLine.share_id.is_not(None))
    )
    return _page(session, _described(query).where(SettlementLine.producer_id == producer_id), page)


def _page(session: Session, query: Select[Any], page: int) -> tuple[list[Line], bool]:
    newest = query.order_by(SettlementLine.business_date.desc(), Sale.at.desc(), SettlementLine.id.desc())
    rows = session.execute(newest.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Line(*row) for row in rows[:PAGE]], len(rows) > PAGE


@dataclass(frozen=True, slots=True)
class Story:
    """How one line is divided, and the ticket it stands on, as far as it is this producer's."""

    share: Share
    product: str
    unit: str
    site: str
    operator: str
    receipt_no: str | None
    at: datetime | None
    tenders: list[str]
    seal: tuple[int, str] | None
    line: SettlementLine | None
    others: list[tuple[str, str, str, int, int]]  # share id, product, unit, qty, due: its other lines there
    agreed_on: date | None
    lot: Lot | None = None


def find_story(session: Session, producer_id: str, share_id: str) -> Story | None:
    """A line of this producer, or None."""
    row = session.execute(
        select(
            Share, Product.name, Product.unit, Site.name, Operator.name, Sale.receipt_no, Sale.at, SettlementLine,
            JournalEntry.seq, JournalEntry.hash, AgreementVersion.starts_on, Lot,
        )
        .outerjoin(Product, Product.id == Share.product_id)
        .join(Site, Site.id == Share.site_id)
        .join(Operator, Operator.id == Share.operator_id)
        .outerjoin(Sale, Sale.id == Share.event_id)
        .outerjoin(SettlementLine, SettlementLine.share_id == Share.id)
        .outerjoin(JournalEntry, JournalEntry.id == SettlementLine.entry_id)
        .outerjoin(AgreementVersion, AgreementVersion.id == Share.agreement_version_id)
        .outerjoin(
            Lot, and_(Lot.id == Share.lot_id, Lot.product_id == Share.product_id, Lot.operator_id == Share.operator_id)
        )
        .where(Share.id == share_id, Share.producer_id == producer_id, Share.mode != OWN)
    ).first()  # fmt: skip
    if row is None:
        return None
    share: Share = row[0]
    tenders = session.scalars(select(Tender.kind).where(Tender.sale_id == share.event_id).distinct())
    others = session.execute(
        select(Share.id, Product.name, Product.unit, Share.qty_milli, Share.producer_due_vnd)
        .outerjoin(Product, Product.id == Share.product_id)
        .where(
            Share.event_id == share.event_id,
            Share.producer_id == producer_id,
            Share.id != share.id,
            Share.mode != OWN,
        )
        .order_by(Share.kind.desc(), Share.line)
    )
    return Story(
        share, row[1] or "?", row[2] or "", row[3], row[4], row[5], row[6], sorted(tenders),
        (row[8], row[9]) if row[8] else None, row[7], [(i, n or "?", u or "", q, d) for i, n, u, q, d in others],
        row[10], row[11],
    )  # fmt: skip

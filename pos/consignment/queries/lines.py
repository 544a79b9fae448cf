"""A producer's settlement lines one by one: those of a statement, or those on none, with what each waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.models import Dispute, SettlementLine, Share, Statement, StatementClaim
from pos.consignment.queries.payable import Origin, claimed, origin_join
from pos.places.models import Site
from pos.receipts.models import Receipt

PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """đồng + for the producer; `available_on` that of the sale it answers while that is open."""

    id: str
    seq: int
    kind: str
    business_date: date
    available_on: date
    amount_vnd: int
    gross_vnd: int
    commission_vnd: int
    note: str | None
    product: str | None
    qty_milli: int | None
    site: str | None
    receipt_no: str | None
    dispute_id: str | None

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{self.seq}|{self.id}"


def list_lines(
    session: Session, operator_id: str, producer_id: str, *, statement_id: str | None = None, after: str | None = None
) -> tuple[list[Line], bool]:
    """(at most 100, newest first; whether there are more). Without a statement: what is on no live one."""
    travels = and_(Origin.id.is_not(None), ~claimed(Origin))
    wanted: Any = (
        select(
            SettlementLine.id, SettlementLine.seq, SettlementLine.kind, SettlementLine.business_date,
            case((travels, Origin.available_on), else_=SettlementLine.available_on), SettlementLine.amount_vnd,
            SettlementLine.gross_vnd, SettlementLine.commission_vnd, SettlementLine.note, Product.name,
            Share.qty_milli, Site.name, Receipt.receipt_no, Dispute.id,
        )
        .outerjoin(Origin, origin_join())
        .outerjoin(Share, Share.id == SettlementLine.share_id)
        .outerjoin(Product, Product.id == Share.product_id)
        .outerjoin(Site, Site.id == Share.site_id)
        .outerjoin(Receipt, Receipt.id == Share.event_id)
        .outerjoin(Dispute, and_(Dispute.line_id == SettlementLine.id, Dispute.answered_at.is_(None)))
        .where(SettlementLine.operator_id == operator_id, SettlementLine.producer_id == producer_id)
        .order_by(SettlementLine.seq.desc(), SettlementLine.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if statement_id is None:
        wanted = wanted.where(~claimed(SettlementLine))
    else:
        wanted = wanted.join(StatementClaim, StatementClaim.line_id == SettlementLine.id).where(
            StatementClaim.statement_id == statement_id
        )
    seq, _, id_ = (after or "").partition("|")
    if seq.isdecimal() and len(seq) < 16:
        wanted = wanted.where(
            or_(SettlementLine.seq < int(seq), and_(SettlementLine.seq == int(seq), SettlementLine.id < id_))
        )
    rows = [Line(*row) for row in session.execute(wanted)]
    return rows[:PAGE], len(rows) > PAGE


def operator_of_line(session: Session, line_id: str) -> str | None:
    """Whose book it stands in."""
    return session.scalar(select(SettlementLine.operator_id).where(SettlementLine.id == line_id))


def find_number(session: Session, statement_id: str) -> int | None:
    """A statement's number."""
    return session.scalar(select(Statement.no).where(Statement.id == statement_id))

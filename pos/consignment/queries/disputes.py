"""Disputes as rows: open ones of an operator, those of a producer, those of one line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.catalogue.models import Product
from pos.consignment.models import Dispute, ProducerNote, SettlementLine, Share, Statement, StatementClaim
from pos.consignment.rules.disputes import number_of
from pos.places.models import Operator, Site
from pos.producers.models import Producer

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A dispute with its line: đồng + for the producer, thousandths; `statement_no` where the line stands on one."""

    id: str
    no: int
    kind: str
    words: str
    channel: str
    raised_at: datetime
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    reason: str | None
    adjusted_vnd: int | None
    line_id: str
    line_kind: str
    amount_vnd: int
    business_date: date
    product: str | None
    unit: str | None
    qty_milli: int | None
    gross_vnd: int
    site: str | None
    operator_id: str
    operator: str
    producer_id: str
    producer: str
    statement_id: str | None
    statement_no: int | None

    @property
    def number(self) -> str:
        return number_of(self.no)

    @property
    def holds(self) -> bool:
        """Open, and its line is kept from the next statement."""
        return self.answer is None and self.statement_no is None and self.amount_vnd >= 0


def list_disputes(
    session: Session, *, operator_ids: Collection[str] | None = None, producer_id: str | None = None,
    open_only: bool = False, line_ids: Collection[str] | None = None, dispute_id: str | None = None,
    before: str | None = None,
) -> tuple[list[Row], bool]:  # fmt: skip
    """(at most 50, the open ones first, then the newest; whether there are more). `operator_ids` None: all."""
    answerer = aliased(Person)
    answered = case((Dispute.answered_at.is_(None), 0), else_=1)
    wanted: Any = (
        select(
            Dispute.id, Dispute.no, Dispute.kind, Dispute.words, Dispute.channel, Dispute.raised_at, Dispute.answer,
            Dispute.answered_at, answerer.name, Dispute.reason, ProducerNote.amount_vnd, SettlementLine.id,
            SettlementLine.kind, SettlementLine.amount_vnd, SettlementLine.business_date, Product.name, Product.unit,
            Share.qty_milli, SettlementLine.gross_vnd, Site.name, Operator.id, Operator.name, Producer.id,
            Producer.name, Statement.id, Statement.no,
        )
        .join(SettlementLine, SettlementLine.id == Dispute.line_id)
        .join(Operator, Operator.id == Dispute.operator_id)
        .join(Producer, Producer.id == Dispute.producer_id)
        .outerjoin(Share, Share.id == SettlementLine.share_id)
        .outerjoin(Product, Product.id == Share.product_id)
        .outerjoin(Site, Site.id == Share.site_id)
        .outerjoin(answerer, answerer.id == Dispute.answered_by)
        .outerjoin(ProducerNote, ProducerNote.id == Dispute.note_id)
        .outerjoin(
            StatementClaim, (StatementClaim.line_id == SettlementLine.id) & StatementClaim.released_at.is_(None)
        )
        .outerjoin(Statement, Statement.id == StatementClaim.statement_id)
        .order_by(answered, Dispute.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if operator_ids is not None:
        wanted = wanted.where(Dispute.operator_id.in_(operator_ids))
    if producer_id is not None:
        wanted = wanted.where(Dispute.producer_id == producer_id)
    if open_only:
        wanted = wanted.where(Dispute.answered_at.is_(None))
    if line_ids is not None:
        wanted = wanted.where(Dispute.line_id.in_(line_ids))
    if dispute_id is not None:
        wanted = wanted.where(Dispute.id == dispute_id)
    if before is not None:
        wanted = wanted.where(Dispute.id < before)
    rows = [Row(*row) for row in session.execute(wanted)]
    return rows[:PAGE], len(rows) > PAGE


def count_open(session: Session, operator_ids: Collection[str] | None) -> int:
    """How many wait for an answer."""
    wanted = select(func.count()).select_from(Dispute).where(Dispute.answered_at.is_(None))
    if operator_ids is not None:
        wanted = wanted.where(Dispute.operator_id.in_(operator_ids))
    return session.scalar(wanted) or 0

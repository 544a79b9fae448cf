"""The producer's own invoice for goods the operator sold: received, per statement and VAT rate."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class ProducerInvoice(Base):
    """One invoice of a producer, for the goods of one VAT rate of one statement. Append-only: a wrong one is
    answered by one of the negative amount, as an adjusting invoice is."""

    __tablename__ = "producer_invoice"
    __table_args__ = (
        UniqueConstraint("statement_id", "vat_class", "vat_bp", "symbol", "number"),
        CheckConstraint("amount_vnd <> 0", "an_invoice_says_something"),
        Index("ix_producer_invoice_statement", "statement_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    statement_id: Mapped[str] = mapped_column(Id, ForeignKey("statement.id"))
    vat_class: Mapped[str]
    vat_bp: Mapped[int]
    symbol: Mapped[str]
    number: Mapped[str]
    issued_on: Mapped[date]
    amount_vnd: Mapped[int]  # with VAT
    received_at: Mapped[datetime]
    received_by: Mapped[str | None] = mapped_column(Id)

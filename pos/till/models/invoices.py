"""Who wants an invoice: the wish, the buyer apart and sealed, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class InvoiceRequest(Base):
    """A customer wants an invoice of a sale, told at the till (then `event_id`, and the same id) or on the receipt's
    page. The sale may not be here yet. Append-only."""

    __tablename__ = "invoice_request"
    __table_args__ = (
        Index("ix_invoice_request_sale", "sale_id"),
        Index("ix_invoice_request_operator", "operator_id", "at"),
        CheckConstraint("source IN ('till', 'customer')", "invoice_request_source_is_known"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("till_event.id"))
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    sale_id: Mapped[str] = mapped_column(Id)
    buyer_sha256: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]


class InvoiceBuyer(Base):
    """The buyer of a request made on the receipt's page, sealed, erasable; a till's lies with its event."""

    __tablename__ = "invoice_buyer"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("invoice_request.id"), primary_key=True)
    sealed: Mapped[str | None]
    erased_at: Mapped[datetime | None]


class InvoiceDone(Base):
    """Somebody made the invoice, and says under which number."""

    __tablename__ = "invoice_done"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("invoice_request.id"), primary_key=True)
    number: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(Id)

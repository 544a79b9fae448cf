"""The number of the invoice a provider made of a sale."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class SaleInvoice(Base):
    """This sale has its invoice. Append-only: a replacement is the provider's, and is typed back as another row."""

    __tablename__ = "sale_invoice"
    __table_args__ = (Index("ix_sale_invoice_operator", "operator_id", "number"),)

    sale_id: Mapped[str] = mapped_column(Id, ForeignKey("sale.id"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(Id)

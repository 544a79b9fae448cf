"""What customers on account have paid back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class OwedPayment(Base):
    """The document behind a customer paying what they owe, in cash into a safe or by transfer. Append-only."""

    __tablename__ = "owed_payment"
    __table_args__ = (
        CheckConstraint("amount_vnd > 0", "a_customer_pays_something_back"),
        CheckConstraint("(means = 'cash') = (site_id IS NOT NULL)", "cash_goes_into_a_safe"),
        Index("ix_owed_payment_customer", "operator_id", "customer"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    customer: Mapped[str]  # opaque: who it is lies sealed with the sale
    means: Mapped[str]
    site_id: Mapped[str | None] = mapped_column(Id)
    amount_vnd: Mapped[int]
    business_date: Mapped[date]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

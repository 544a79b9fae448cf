"""What the law and the parties say of prices and rates: periods of a lower VAT, prices a producer is asked about."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class VatCut(Base):
    """A period of a lower VAT rate that a person added after the law; never changed, see pos/catalogue/cuts.py."""

    __tablename__ = "vat_cut"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", "a_cut_ends_after_it_starts"),
        CheckConstraint("cut_bp < full_bp", "a_cut_is_lower"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    cut_bp: Mapped[int]
    full_bp: Mapped[int]
    starts_on: Mapped[date] = mapped_column(unique=True)
    ends_on: Mapped[date]
    source: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class PriceAsked(Base):
    """A price the operator asks a producer to agree to. Silence until it would begin is no: the old price stays.

    Never edited once answered; agreed, it becomes a row of `price`.
    """

    __tablename__ = "price_asked"
    __table_args__ = (
        CheckConstraint("price_vnd >= 0", "an_asked_price_is_not_negative"),
        CheckConstraint("state IN ('open', 'agreed', 'refused', 'withdrawn')", "price_answer_is_known"),
        Index("ix_price_asked_producer", "producer_id", "state"),
        Index("ix_price_asked_product", "operator_id", "product_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    scope_kind: Mapped[str]
    scope_id: Mapped[str] = mapped_column(Id)
    price_vnd: Mapped[int]
    before_vnd: Mapped[int | None]
    starts_at: Mapped[datetime]
    note: Mapped[str | None]
    state: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(Id)
    answer: Mapped[str | None]

"""What the law and the parties say of prices and rates: periods of a lower VAT."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
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

"""In-store numbers (EAN-13 from 20 to 29): one counter for the installation, and the sheets of blank ones printed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class CodeSeries(Base):
    """The locked counter of one prefix; `next_no` is the next number nobody has. All operators share it."""

    __tablename__ = "code_series"
    __table_args__ = (CheckConstraint("prefix BETWEEN '20' AND '29'", "the_prefix_is_the_shops_own"),)

    prefix: Mapped[str] = mapped_column(primary_key=True)
    next_no: Mapped[int]


class CodeSheet(Base):
    """Blank codes printed to be stuck on goods and given to a product later: `count` numbers from `first_no` on."""

    __tablename__ = "code_sheet"
    __table_args__ = (
        CheckConstraint("count > 0", "a_sheet_has_codes"),
        Index("ix_code_sheet_operator", "operator_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    prefix: Mapped[str]
    first_no: Mapped[int]
    count: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

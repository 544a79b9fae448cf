"""Phiếu thu, phiếu chi: numbered slips of cash, a series per operator and year on either side."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class SlipCounter(Base):
    """The last number of one series: only counts up, within the transaction that writes the slip, so no gaps."""

    __tablename__ = "slip_counter"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class SlipHead(Base):
    """Up to which entry of the journal an operator's cash has been given slips."""

    __tablename__ = "slip_head"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int]


class CashSlip(Base):
    """One phiếu thu (`in`: cash comes into the safe) or phiếu chi (`out`). Append-only: what was wrong gets a slip
    of the other side. `source_kind`, `source_id` are those of the entry it stands for."""

    __tablename__ = "cash_slip"
    __table_args__ = (
        UniqueConstraint("operator_id", "year", "side", "no"),
        UniqueConstraint("operator_id", "source_kind", "source_id", "side"),
        CheckConstraint("side IN ('in', 'out')", "slip_side_is_known"),
        CheckConstraint("amount_vnd > 0", "a_slip_moves_cash"),
        Index("ix_cash_slip_day", "operator_id", "business_date"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    year: Mapped[int]
    side: Mapped[str]
    no: Mapped[int]
    business_date: Mapped[date]
    amount_vnd: Mapped[int]
    what: Mapped[str]  # code of what it is for: the kind of its entry, of a till's move its reason
    party: Mapped[str | None]  # who paid in or received
    note: Mapped[str | None]
    site_id: Mapped[str | None] = mapped_column(Id)
    source_kind: Mapped[str]
    source_id: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

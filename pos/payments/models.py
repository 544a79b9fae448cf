"""What the bank says: statements as they were read, and their lines. They never post; what a line means is decided
above."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class BankStatement(Base):
    """One file of the bank, read once."""

    __tablename__ = "bank_statement"
    __table_args__ = (UniqueConstraint("operator_id", "sha256"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    layout: Mapped[str]
    read_at: Mapped[datetime]
    read_by: Mapped[str | None] = mapped_column(Id)


class BankLine(Base):
    """One movement on the producers' account: + in, − out. Append-only; the same line of two files is one line."""

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("operator_id", "fingerprint"),
        CheckConstraint("amount_vnd <> 0", "a_bank_line_moves_something"),
        Index("ix_bank_line_day", "operator_id", "booked_on"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    statement_id: Mapped[str] = mapped_column(Id, ForeignKey("bank_statement.id"))
    n: Mapped[int]  # its row in the file
    booked_on: Mapped[date]
    amount_vnd: Mapped[int]
    text: Mapped[str]
    reference: Mapped[str | None]
    counter_account: Mapped[str | None]  # last four digits
    fingerprint: Mapped[str]

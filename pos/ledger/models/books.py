"""What is kept about the books: looks at them, sums by day, seals of periods."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class BooksCheck(Base):
    """What a run of `pos check` found: the newest one's age stands on the operator's home."""

    __tablename__ = "books_check"
    __table_args__ = (Index("ix_books_check_at", "checked_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    checked_at: Mapped[datetime]
    took_ms: Mapped[int]
    looked_at: Mapped[int]  # entries, lines, levels … over all invariants
    broken: Mapped[int]  # invariants that do not hold
    findings: Mapped[str]  # JSON: [{number, vi, en, looked_at, problems}]


class DaySum(Base):
    """What moved on one account on one business day: a cache the journal rebuilds, so that a trial balance reads
    days instead of postings. Holds the entries up to `DaySumHead.seq`; later ones are added when it is read."""

    __tablename__ = "ledger_day_sum"
    __table_args__ = (CheckConstraint("debit_vnd >= 0 AND credit_vnd >= 0", "a_day_has_two_sides"),)

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    business_date: Mapped[date] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    debit_vnd: Mapped[int]
    credit_vnd: Mapped[int]


class DaySumHead(Base):
    """Up to which entry the sums by day of an operator reach."""

    __tablename__ = "ledger_day_sum_head"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int]


class BooksSeal(Base):
    """A period as it stood when somebody sealed it: entries up to `seq`, whose hash the chain had there, and the
    sums of each account. What is entered later with a date inside is a correction. Append-only.

    `scope_id`: the site of a day, the fair of a fair, "" of a month, which is all of the operator's.
    """

    __tablename__ = "books_seal"
    __table_args__ = (
        UniqueConstraint("operator_id", "no"),
        UniqueConstraint("operator_id", "kind", "scope_id", "from_on"),
        CheckConstraint("kind IN ('day', 'fair', 'month')", "seal_kind_is_known"),
        CheckConstraint("from_on <= until_on", "a_sealed_period_ends_after_it_begins"),
        Index("ix_books_seal_until", "operator_id", "until_on"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    no: Mapped[int]
    kind: Mapped[str]
    scope_id: Mapped[str] = mapped_column(Id)
    from_on: Mapped[date]
    until_on: Mapped[date]  # its last day
    seq: Mapped[int]
    hash: Mapped[str]
    totals: Mapped[str]  # canonical JSON: {account: [debit, credit]} of the entries dated inside
    sha256: Mapped[str]  # of the period, seq, hash and totals together
    note: Mapped[str | None]
    sealed_at: Mapped[datetime]
    sealed_by: Mapped[str | None] = mapped_column(Id)

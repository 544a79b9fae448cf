"""The books: entries, the postings that make each balance, and the chain they hang on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class JournalEntry(Base):
    """One economic fact of one operator. Append-only: a mistake is reversed, never edited."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "kind"),
        UniqueConstraint("operator_id", "seq"),
        UniqueConstraint("reverses"),
        Index("ix_journal_entry_day", "operator_id", "business_date", "seq"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    seq: Mapped[int]
    kind: Mapped[str]
    business_date: Mapped[date]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source_kind: Mapped[str]
    source_id: Mapped[str]
    reverses: Mapped[str | None] = mapped_column(Id)
    prev_hash: Mapped[str]
    hash: Mapped[str]
    postings: Mapped[list[Posting]] = relationship(back_populates="entry", order_by="Posting.n")


class Posting(Base):
    """Debit is positive, credit negative. Inserted before its entry, which then refuses unless they sum to 0."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("amount_vnd <> 0", "amount_is_not_zero"),
        Index("ix_posting_account", "operator_id", "account", "dimension"),
    )

    entry_id: Mapped[str] = mapped_column(
        Id, ForeignKey("journal_entry.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operator_id: Mapped[str] = mapped_column(Id)
    account: Mapped[str]
    dimension: Mapped[str]  # "" where the account has none
    amount_vnd: Mapped[int]
    producer_id: Mapped[str | None] = mapped_column(Id)
    site_id: Mapped[str | None] = mapped_column(Id)
    shift_id: Mapped[str | None] = mapped_column(Id)
    fair_id: Mapped[str | None] = mapped_column(Id)
    settlement_line_id: Mapped[str | None] = mapped_column(Id)  # whose amount this is, on `unsettled`
    entry: Mapped[JournalEntry] = relationship(back_populates="postings")


class ChainHead(Base):
    """Where an operator's chain ends: locked last in every transaction that posts."""

    __tablename__ = "chain_head"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]

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
        Index("ix_journal_entry_day", "operator_id", "business_date"),
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


class SafeFunding(Base):
    """The document behind cash fetched from the bank for a site's safe (floats, change). Append-only."""

    __tablename__ = "safe_funding"
    __table_args__ = (
        CheckConstraint("amount_vnd > 0", "a_safe_is_funded_with_something"),
        Index("ix_safe_funding_site", "operator_id", "site_id", "business_date"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    amount_vnd: Mapped[int]
    business_date: Mapped[date]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


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


class MoneyPaper(Base):
    """The document behind the operator's own moves of money: its capital, bags for the bank, what a count was short,
    money taken out of the producers' account or put into it. Append-only; a bag is credited once."""

    __tablename__ = "money_paper"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('capital', 'bag', 'bag_credited', 'variance', 'withdrawal', 'top_up')", "money_paper_is_known"
        ),
        CheckConstraint("amount_vnd <> 0", "a_money_paper_moves_something"),
        UniqueConstraint("answers"),
        Index("ix_money_paper_operator", "operator_id", "kind", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    amount_vnd: Mapped[int]  # of a variance: + the count was short
    site_id: Mapped[str | None] = mapped_column(Id)
    shift_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id)  # who owes a shortage
    answers: Mapped[str | None] = mapped_column(Id, ForeignKey("money_paper.id"))  # the bag
    business_date: Mapped[date]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

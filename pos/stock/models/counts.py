"""Counting what is there: who counted what, when; and the differences once a count is confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class StockCount(Base):
    """One count of a place: `open` (blind) → `review` (differences are seen, some counted again) → `confirmed`;
    `dropped` when nothing came of it. Scope: everything, one kind of goods, or one producer's.
    """

    __tablename__ = "stock_count"
    __table_args__ = (
        UniqueConstraint("operator_id", "number"),
        CheckConstraint("state IN ('open', 'review', 'confirmed', 'dropped')", "count_state_is_known"),
        CheckConstraint("scope_kind IN ('all', 'kind', 'producer')", "count_scope_is_known"),
        Index("ix_stock_count_site", "operator_id", "site_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    number: Mapped[str]
    state: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[str]  # the kind, or the producer's id; "" of everything
    note: Mapped[str | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str | None] = mapped_column(Id)
    closed_at: Mapped[datetime | None]  # when the blind part ended
    closed_by: Mapped[str | None] = mapped_column(Id)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None]  # why without a second count


class StockCountEntry(Base):
    """So much of a product, seen by one person at one moment. Append-only: entries of one round add up, a slip is
    taken back by an entry that voids it. The latest round of a product counts."""

    __tablename__ = "stock_count_entry"
    __table_args__ = (
        UniqueConstraint("voids_id"),
        CheckConstraint("qty_milli >= 0", "nobody_counts_less_than_nothing"),
        Index("ix_stock_count_entry_product", "count_id", "product_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)  # minted by the page: sent twice, kept once
    count_id: Mapped[str] = mapped_column(Id, ForeignKey("stock_count.id"))
    product_id: Mapped[str] = mapped_column(Id)
    round: Mapped[int]
    qty_milli: Mapped[int]
    spot: Mapped[str | None]  # shelf, fridge, box: as the counter calls it
    voids_id: Mapped[str | None] = mapped_column(Id, ForeignKey("stock_count_entry.id"))
    counted_at: Mapped[datetime]
    counted_by: Mapped[str] = mapped_column(Id)


class StockCountAsk(Base):
    """Somebody wants a product counted again, by another person. Append-only."""

    __tablename__ = "stock_count_ask"

    count_id: Mapped[str] = mapped_column(Id, ForeignKey("stock_count.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str | None] = mapped_column(Id)


class StockCountDifference(Base):
    """What a confirmed count says of one product: counted, expected at that very moment, and what moved because of
    it (`delta_milli`, + found). Append-only: a sale that comes late with an earlier time adds a row (`n` > 1)."""

    __tablename__ = "stock_count_difference"
    __table_args__ = (
        UniqueConstraint("count_id", "product_id", "n"),
        CheckConstraint("liability IN ('agreement', 'operator', 'producer')", "count_liability_is_known"),
        Index("ix_stock_count_difference_late", "site_id", "product_id", "moment_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    count_id: Mapped[str] = mapped_column(Id, ForeignKey("stock_count.id"))
    site_id: Mapped[str] = mapped_column(Id)
    product_id: Mapped[str] = mapped_column(Id)
    n: Mapped[int]
    moment_at: Mapped[datetime]
    counted_milli: Mapped[int]
    expected_milli: Mapped[int]
    delta_milli: Mapped[int]
    liability: Mapped[str]
    why: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

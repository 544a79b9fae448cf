"""Goods: movements from place to place, and the levels they add up to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Movement(Base):
    """So much of a product from one place to another. Append-only. Places: see `pos.stock.rules.PLACES`."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "line"),
        CheckConstraint("qty_milli > 0", "something_moves"),
        CheckConstraint("from_kind <> to_kind OR from_id <> to_id", "it_moves_somewhere_else"),
        Index("ix_stock_movement_product", "operator_id", "product_id", "business_date", "id"),
        Index(
            "ix_stock_movement_lot",
            "lot_id",
            "business_date",
            "id",
            postgresql_where=text("lot_id IS NOT NULL"),
            sqlite_where=text("lot_id IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    product_id: Mapped[str] = mapped_column(Id)
    lot_id: Mapped[str | None] = mapped_column(Id)
    qty_milli: Mapped[int]
    from_kind: Mapped[str]
    from_id: Mapped[str] = mapped_column(Id)
    to_kind: Mapped[str]
    to_id: Mapped[str] = mapped_column(Id)
    reason: Mapped[str]
    business_date: Mapped[date]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source_kind: Mapped[str]
    source_id: Mapped[str] = mapped_column(Id)
    line: Mapped[str]


class Level(Base):
    """What the movements add up to at one place: a cache that `pos check` rebuilds and compares."""

    __tablename__ = "stock_level"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    place_kind: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, primary_key=True)
    lot_id: Mapped[str] = mapped_column(Id, primary_key=True, default="")
    on_hand_milli: Mapped[int]


class DaySum(Base):
    """What moved alike on one day, added up: a summary of the movements, so that a goods equation need not read each.
    Only added to; `pos check` compares it. `upto_id`: of which run."""

    __tablename__ = "stock_day_sum"
    __table_args__ = (Index("ix_stock_day_sum_product", "operator_id", "product_id", "business_date"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    upto_id: Mapped[str] = mapped_column(Id, index=True)
    operator_id: Mapped[str] = mapped_column(Id)
    product_id: Mapped[str] = mapped_column(Id)
    lot_id: Mapped[str] = mapped_column(Id)  # "" none
    from_kind: Mapped[str]
    from_id: Mapped[str] = mapped_column(Id)
    to_kind: Mapped[str]
    to_id: Mapped[str] = mapped_column(Id)
    reason: Mapped[str]
    business_date: Mapped[date]
    qty_milli: Mapped[int]


class DaySumRun(Base):
    """Movements from `from_id` to below `upto_id` are in the sums of that run; so many they were."""

    __tablename__ = "stock_day_sum_run"

    upto_id: Mapped[str] = mapped_column(Id, primary_key=True)
    from_id: Mapped[str] = mapped_column(Id)
    movements: Mapped[int]
    made_at: Mapped[datetime]

"""Goods: movements from place to place, the levels they add up to, and the documents behind them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class Movement(Base):
    """So much of a product from one place to another. Append-only. Places: (site, id), (producer, id),
    and customer, consumed, written_off, transit, quarantine with the site's id."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "line"),
        CheckConstraint("qty_milli > 0", "something_moves"),
        CheckConstraint("from_kind <> to_kind OR from_id <> to_id", "it_moves_somewhere_else"),
        Index("ix_stock_movement_product", "operator_id", "product_id", "business_date"),
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


class Lot(Base):
    """So much of a product made or packed together, under the id a tablet minted when it counted it in."""

    __tablename__ = "stock_lot"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    expires_on: Mapped[date | None]


class Intake(Base):
    """A consignment intake note: goods of one producer arriving at one site."""

    __tablename__ = "stock_intake"
    __table_args__ = (
        UniqueConstraint("operator_id", "number"),
        Index("ix_stock_intake_made", "operator_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    number: Mapped[str]
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    business_date: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    note: Mapped[str | None]
    lines: Mapped[list[IntakeLine]] = relationship(order_by="IntakeLine.line")


class IntakeLine(Base):
    """One product counted in."""

    __tablename__ = "stock_intake_line"
    __table_args__ = (CheckConstraint("qty_milli > 0", "something_arrives"),)

    intake_id: Mapped[str] = mapped_column(Id, ForeignKey("stock_intake.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    qty_milli: Mapped[int]
    expires_on: Mapped[date | None]

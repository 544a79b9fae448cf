"""Lots: so much of a product made, packed or delivered together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Lot(Base):
    """So much of a product made, packed or delivered together. One from a till has the id its tablet minted.

    `made_itself`: known from a delivery nobody wanted to keep apart; its goods move without naming it, and what is
    left of it is told by first expired, first out. Any other moves under its id.
    """

    __tablename__ = "stock_lot"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    expires_on: Mapped[date | None]
    code: Mapped[str | None]  # what is printed on it; none: told by its day of arrival
    arrived_on: Mapped[date | None]
    site_id: Mapped[str | None] = mapped_column(Id)  # where it arrived
    document_id: Mapped[str | None] = mapped_column(Id)
    qty_milli: Mapped[int | None]  # that arrived
    made_itself: Mapped[bool] = mapped_column(server_default=text("false"))


class LotChange(Base):
    """Somebody named a lot anew or corrected its end. Written once: a lot keeps its history."""

    __tablename__ = "stock_lot_change"
    __table_args__ = (Index("ix_stock_lot_change_lot", "lot_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    product_id: Mapped[str] = mapped_column(Id)
    lot_id: Mapped[str] = mapped_column(Id)
    code_before: Mapped[str | None]
    code_after: Mapped[str | None]
    expires_before: Mapped[date | None]
    expires_after: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str | None] = mapped_column(Id)

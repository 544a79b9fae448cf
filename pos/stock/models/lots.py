"""Lots: so much of a product made, packed or delivered together."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Lot(Base):
    """So much of a product made or packed together, under the id a tablet minted when it counted it in."""

    __tablename__ = "stock_lot"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    expires_on: Mapped[date | None]

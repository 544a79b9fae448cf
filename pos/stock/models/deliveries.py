"""What producers announce before it comes: so many of which goods, where to, by when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class Delivery(Base):
    """An announced delivery. What was counted of it stands on the documents that name it (`announced_id`)."""

    __tablename__ = "stock_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'cancelled')", "delivery_state_is_known"),
        Index("ix_stock_delivery_producer", "producer_id", "made_at"),
        Index("ix_stock_delivery_operator", "operator_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    state: Mapped[str]
    due_on: Mapped[date]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    lines: Mapped[list[DeliveryLine]] = relationship(order_by="DeliveryLine.line")


class DeliveryLine(Base):
    """One product of it."""

    __tablename__ = "stock_delivery_line"
    __table_args__ = (CheckConstraint("qty_milli > 0", "something_is_announced"),)

    delivery_id: Mapped[str] = mapped_column(Id, ForeignKey("stock_delivery.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    qty_milli: Mapped[int]

"""Asking for goods: a place that runs out asks a producer or another place, who promises; then they arrive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class SupplyRequest(Base):
    """`asked` → `promised` or `declined`; `arrived` once a paper was begun from it; `dropped` by who asked."""

    __tablename__ = "supply_request"
    __table_args__ = (
        CheckConstraint("from_kind IN ('producer', 'site')", "goods_are_asked_of_a_producer_or_a_site"),
        CheckConstraint("state IN ('asked', 'promised', 'declined', 'arrived', 'dropped')", "request_state_is_known"),
        Index("ix_supply_request_from", "from_kind", "from_id", "state"),
        Index("ix_supply_request_site", "operator_id", "site_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"))
    from_kind: Mapped[str]
    from_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(default="asked")
    note: Mapped[str | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str | None] = mapped_column(Id)
    promised_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(Id)
    document_id: Mapped[str | None] = mapped_column(Id)  # the intake or transfer begun from it
    delivery_id: Mapped[str | None] = mapped_column(Id, ForeignKey("stock_delivery.id"), index=True)  # as promised
    lines: Mapped[list[SupplyLine]] = relationship(order_by="SupplyLine.line")


class SupplyLine(Base):
    """One product asked for."""

    __tablename__ = "supply_line"
    __table_args__ = (CheckConstraint("asked_milli > 0", "something_is_asked_for"),)

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("supply_request.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    asked_milli: Mapped[int]

"""What selling made of the events: shifts, tickets, tenders, cash."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id

OPEN_STATES = ("open", "closing")  # named one by one: an index finds them, "not closed" reads every shift ever


class Shift(Base):
    """A drawer from opening to close. Made by the first event that names it; sums kept as events arrive.

    `drawer_vnd` is what should be in the drawer now (0 after close has posted)."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("ix_shift_site_day", "site_id", "day"),
        Index("ix_shift_state", "state", "operator_id"),
        Index("ix_shift_posted", "posted_at", "operator_id"),
        CheckConstraint("state IN ('open', 'closing', 'closed')", "shift_state_is_known"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    fair_id: Mapped[str | None] = mapped_column(Id)
    till_id: Mapped[str] = mapped_column(Id)
    log_id: Mapped[str] = mapped_column(Id)
    day: Mapped[date]
    state: Mapped[str]
    keeper: Mapped[str | None] = mapped_column(Id)
    opened_event: Mapped[str | None] = mapped_column(Id)
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[str | None] = mapped_column(Id)
    float_vnd: Mapped[int] = mapped_column(default=0)
    float_counted: Mapped[bool] = mapped_column(default=False)
    drawer_vnd: Mapped[int] = mapped_column(default=0)
    sales: Mapped[int] = mapped_column(default=0)
    sales_vnd: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    close_event: Mapped[str | None] = mapped_column(Id)
    z_no: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    counted_vnd: Mapped[int | None]
    expected_vnd: Mapped[int | None]
    posted_at: Mapped[datetime | None]


class Sale(Base):
    """One ticket: what was sold, taken back and paid, as the tablet said it. Append-only."""

    __tablename__ = "sale"
    __table_args__ = (
        Index("ix_sale_receipt_no", "receipt_no"),
        Index("ix_sale_site_day", "site_id", "day"),
        Index("ix_sale_fair_day", "fair_id", "day"),
        Index("ix_sale_shift", "shift_id"),
        Index("ix_sale_day", "day", "operator_id"),
    )

    id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    fair_id: Mapped[str | None] = mapped_column(Id)
    till_id: Mapped[str] = mapped_column(Id)
    log_id: Mapped[str] = mapped_column(Id)
    shift_id: Mapped[str | None] = mapped_column(Id)
    staff_id: Mapped[str | None] = mapped_column(Id)
    receipt_no: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    catalogue: Mapped[int | None]
    total_vnd: Mapped[int]
    sold_vnd: Mapped[int]
    returned_vnd: Mapped[int]
    cash_rounding_vnd: Mapped[int]
    undo_of_id: Mapped[str | None] = mapped_column(Id, index=True)  # perhaps not here yet
    lines: Mapped[list[SaleLine]] = relationship(order_by="SaleLine.line", viewonly=True)
    returns: Mapped[list[SaleReturn]] = relationship(order_by="SaleReturn.line", viewonly=True)
    tenders: Mapped[list[Tender]] = relationship(
        order_by="Tender.event_id, Tender.n", viewonly=True, primaryjoin="foreign(Tender.sale_id) == Sale.id"
    )


class SaleLine(Base):
    """Append-only. `product_id` may name what nobody has registered (yet)."""

    __tablename__ = "sale_line"
    __table_args__ = (Index("ix_sale_line_product", "product_id"),)

    sale_id: Mapped[str] = mapped_column(Id, ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[str | None] = mapped_column(Id)
    producer_id: Mapped[str | None] = mapped_column(Id)
    name: Mapped[str]
    qty_milli: Mapped[int]
    price_vnd: Mapped[int]
    gross_vnd: Mapped[int]
    discount_vnd: Mapped[int]
    paid_vnd: Mapped[int]
    vat_bp: Mapped[int]
    vat_class: Mapped[str]
    vat_vnd: Mapped[int]
    stars: Mapped[int | None]
    barcode: Mapped[str | None]  # as scanned: what the office links when nobody knew it


class SaleReturn(Base):
    """Goods taken back on this ticket. `of_sale_id` may not be here yet. Append-only."""

    __tablename__ = "sale_return"
    __table_args__ = (Index("ix_sale_return_of", "of_sale_id", "of_line"),)

    sale_id: Mapped[str] = mapped_column(Id, ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of_sale_id: Mapped[str | None] = mapped_column(Id)
    of_line: Mapped[int | None]
    product_id: Mapped[str | None] = mapped_column(Id)
    qty_milli: Mapped[int]
    paid_vnd: Mapped[int]
    disposition: Mapped[str]


class PendingReturn(Base):
    """A return whose sale is not here yet: cleared, and removed, when the sale comes."""

    __tablename__ = "pending_return"
    __table_args__ = (Index("ix_pending_return_of", "of_sale_id"),)

    sale_id: Mapped[str] = mapped_column(Id, ForeignKey("sale.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of_sale_id: Mapped[str] = mapped_column(Id)


class Tender(Base):
    """Money kept by one means: received − change; negative when paid out. Append-only."""

    __tablename__ = "tender"
    __table_args__ = (Index("ix_tender_sale", "sale_id"),)

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Id)
    sale_id: Mapped[str] = mapped_column(Id)  # of a correction: perhaps not here yet
    shift_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str]
    account: Mapped[str]  # where it was posted, with the account's dimension: a correction takes it from there
    dimension: Mapped[str]
    amount_vnd: Mapped[int]
    received_vnd: Mapped[int | None]
    change_vnd: Mapped[int | None]
    reference: Mapped[str | None]
    state: Mapped[str]


class CashMove(Base):
    """Cash into, out of, or dropped from a drawer. Append-only."""

    __tablename__ = "cash_move"
    __table_args__ = (Index("ix_cash_move_shift", "shift_id"),)

    id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    shift_id: Mapped[str | None] = mapped_column(Id)
    direction: Mapped[str]
    amount_vnd: Mapped[int]
    reason: Mapped[str | None]
    carrier: Mapped[str | None]
    bag: Mapped[str | None]


class TenderSeen(Base):
    """A transfer that was only shown has been seen to arrive. Append-only."""

    __tablename__ = "tender_seen"

    id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    sale_id: Mapped[str] = mapped_column(Id)
    tender_id: Mapped[str] = mapped_column(Id, index=True)
    at: Mapped[datetime]


class NewProduct(Base):
    """Goods first named at a till, under the id it minted; the office completes or merges them. Append-only."""

    __tablename__ = "new_product"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"))
    operator_id: Mapped[str] = mapped_column(Id, index=True)
    site_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str]
    price_vnd: Mapped[int]
    producer_id: Mapped[str | None] = mapped_column(Id)
    barcode: Mapped[str | None]
    photo: Mapped[str | None]
    at: Mapped[datetime]


class NewProductDone(Base):
    """What became of goods first named at a till: completed in the register, or merged into what it knew."""

    __tablename__ = "new_product_done"

    id: Mapped[str] = mapped_column(Id, ForeignKey("new_product.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(Id, ForeignKey("product.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

"""The event log as it arrived, and what selling made of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class TillEvent(Base):
    """One event as sent: the canonical bytes that were hashed. Append-only.

    seq is not unique: a log restored from a backup forks, and both branches are facts."""

    __tablename__ = "till_event"
    __table_args__ = (Index("ix_till_event_log", "log_id", "seq"), Index("ix_till_event_shift", "shift_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    v: Mapped[int]
    app: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    shift_id: Mapped[str | None] = mapped_column(Id)
    staff_id: Mapped[str | None] = mapped_column(Id)
    prev: Mapped[str]
    hash: Mapped[str]
    canonical: Mapped[str]


class UnappliedEvent(Base):
    """Recorded, but this release does not know what to do with it: kept for the next one to replay."""

    __tablename__ = "till_event_unapplied"

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    why: Mapped[str]


class Quarantined(Base):
    """What could not be read as an event, whole and sealed; a person repairs and replays it."""

    __tablename__ = "till_quarantine"
    __table_args__ = (UniqueConstraint("log_id", "sha256"), Index("ix_till_quarantine_seq", "log_id", "seq"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"))
    sha256: Mapped[str]
    sealed: Mapped[str]
    event_id: Mapped[str | None]
    seq: Mapped[int | None]
    why: Mapped[str]
    received_at: Mapped[datetime]
    repaired_at: Mapped[datetime | None]


class Shift(Base):
    """A drawer from opening to close. Made by the first event that names it; sums kept as events arrive.

    `drawer_vnd` is what should be in the drawer now (0 after close has posted)."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("ix_shift_site_day", "site_id", "day"),
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
    lines: Mapped[list[SaleLine]] = relationship(order_by="SaleLine.line", viewonly=True)
    returns: Mapped[list[SaleReturn]] = relationship(order_by="SaleReturn.line", viewonly=True)
    tenders: Mapped[list[Tender]] = relationship(order_by="Tender.n", viewonly=True)


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
    sale_id: Mapped[str] = mapped_column(Id, ForeignKey("sale.id"))
    shift_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str]
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


class Flag(Base):
    """A doubt for a person: raised by an event, closed when its cause goes or somebody says why."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        Index("ix_flag_open", "operator_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"))
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    code: Mapped[str]
    amount_vnd: Mapped[int] = mapped_column(default=0)
    facts: Mapped[str]
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    done_because: Mapped[str | None]
    closed_by: Mapped[str | None] = mapped_column(Id)

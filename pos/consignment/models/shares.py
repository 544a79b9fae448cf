"""Who gets what of each line, frozen at the sale; and what a settlement later pays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Share(Base):
    """The frozen division of one sale line, or of one return of it (then every amount is negative,
    `returns_share_id` names the sale's). Append-only. paid = gross − discounts; producer_due by mode:
    commission gross − discount_producer − commission − commission_vat; margin cost − discount_producer; own 0.

    A line nobody owns yet has mode `unknown` and no producer; when a person assigns it, `assigned` (and
    `assigned_return` for what had come back by then) hold the division, `assigns_share_id` names what they replace.
    """

    __tablename__ = "share"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "line"),
        CheckConstraint("kind IN ('sale', 'return', 'assigned', 'assigned_return')", "share_kind_is_known"),
        CheckConstraint("mode IN ('commission', 'margin', 'own', 'unknown')", "share_mode_is_known"),
        CheckConstraint(
            "paid_vnd = gross_vnd - discount_producer_vnd - discount_organizer_vnd - discount_operator_vnd",
            "paid_is_gross_less_discounts",
        ),
        CheckConstraint(
            "producer_due_vnd = CASE mode WHEN 'own' THEN 0 WHEN 'margin' THEN cost_vnd - discount_producer_vnd "
            "ELSE gross_vnd - discount_producer_vnd - commission_vnd - commission_vat_vnd END",
            "due_follows_from_the_mode",
        ),
        Index("ix_share_returns", "returns_share_id"),
        Index("ix_share_assigns", "assigns_share_id"),
        Index("ix_share_producer_day", "producer_id", "business_date"),
        Index(
            "ix_share_nobodys",
            "operator_id",
            "product_id",
            sqlite_where=text("mode = 'unknown'"),
            postgresql_where=text("mode = 'unknown'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    event_id: Mapped[str] = mapped_column(Id)
    line: Mapped[int]
    returns_share_id: Mapped[str | None] = mapped_column(Id, ForeignKey("share.id"))
    assigns_share_id: Mapped[str | None] = mapped_column(Id, ForeignKey("share.id"))
    product_id: Mapped[str | None] = mapped_column(Id)
    lot_id: Mapped[str | None] = mapped_column(Id)  # only where the line named it
    producer_id: Mapped[str | None] = mapped_column(Id)
    agreement_version_id: Mapped[str | None] = mapped_column(Id)
    mode: Mapped[str]
    site_id: Mapped[str] = mapped_column(Id)
    fair_id: Mapped[str | None] = mapped_column(Id)
    organizer_id: Mapped[str | None] = mapped_column(Id)  # who owes `discount_organizer_vnd`, a return's too
    business_date: Mapped[date]
    qty_milli: Mapped[int]  # of a return too: positive
    gross_vnd: Mapped[int]
    discount_producer_vnd: Mapped[int]
    discount_organizer_vnd: Mapped[int]
    discount_operator_vnd: Mapped[int]
    paid_vnd: Mapped[int]
    vat_bp: Mapped[int]
    vat_class: Mapped[str]
    vat_vnd: Mapped[int]  # of what is paid; in margin and own of that and the organizer's part
    cost_vnd: Mapped[int]  # agreed (margin) or stock cost (own) of the whole quantity
    commission_bp: Mapped[int]
    commission_vnd: Mapped[int]
    commission_vat_bp: Mapped[int]
    commission_vat_vnd: Mapped[int]
    producer_due_vnd: Mapped[int]


class LineAssignment(Base):
    """Who said whose line it was, and when; of an `assigned` share. Append-only."""

    __tablename__ = "line_assignment"

    share_id: Mapped[str] = mapped_column(Id, ForeignKey("share.id"), primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)  # null: a product that got its producer
    reason: Mapped[str | None]


class SettlementLine(Base):
    """What is held, disputed, claimed: amount_vnd > 0 is owed to the producer, and is −Σ of the
    entry's postings to `unsettled` for it. Append-only; a claim is a row elsewhere.

    What its share says of the sum stands here again (neither changes): one GROUP BY then answers for any number
    of producers, without looking each share up. 0 and null where there is no share.
    """

    __tablename__ = "settlement_line"
    __table_args__ = (
        Index("ix_settlement_line_producer", "operator_id", "producer_id", "seq"),
        Index("ix_settlement_line_producer_day", "producer_id", "business_date"),
        Index("ix_settlement_line_entry", "entry_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    producer_id: Mapped[str] = mapped_column(Id)
    entry_id: Mapped[str] = mapped_column(Id, ForeignKey("journal_entry.id", deferrable=True, initially="DEFERRED"))
    seq: Mapped[int]
    kind: Mapped[str]
    amount_vnd: Mapped[int]
    business_date: Mapped[date]
    available_on: Mapped[date]
    share_id: Mapped[str | None] = mapped_column(Id, ForeignKey("share.id"))
    mode: Mapped[str | None]
    commission_bp: Mapped[int] = mapped_column(default=0)
    commission_vat_bp: Mapped[int] = mapped_column(default=0)
    gross_vnd: Mapped[int] = mapped_column(default=0)
    discount_producer_vnd: Mapped[int] = mapped_column(default=0)
    commission_vnd: Mapped[int] = mapped_column(default=0)
    commission_vat_vnd: Mapped[int] = mapped_column(default=0)
    returns_line_id: Mapped[str | None] = mapped_column(Id, ForeignKey("settlement_line.id"))
    note: Mapped[str | None]

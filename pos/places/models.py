"""Where selling happens and under whose name."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Operator(Base):
    """Who runs sales points, keeps the books and owes the producers. Everything is per operator."""

    __tablename__ = "operator"
    __table_args__ = (
        CheckConstraint("cash_rounding_vnd IN (0, 500, 1000)", "cash_is_rounded_to_0_500_or_1000"),
        CheckConstraint("certificate_policy IN ('warn', 'block')", "certificate_policy_is_known"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tax_code: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    bank_bin: Mapped[str | None]
    bank_account: Mapped[str | None]
    bank_holder: Mapped[str | None]
    cash_rounding_vnd: Mapped[int] = mapped_column(default=500)
    certificate_policy: Mapped[str] = mapped_column(default="warn")
    label_patterns: Mapped[str] = mapped_column(default="[]")  # JSON [{mask, scale}], see static/till/labels.js
    close_limit_vnd: Mapped[int] = mapped_column(default=50_000, server_default="50000")
    made_at: Mapped[datetime]


class TenderKind(Base):
    """One way of paying on the operator's list. `base` says what it is in the books: of the built-in ones the code
    itself, of an operator's own (an e-wallet, a delivery app) `vietqr` or `card`. Never deleted: tickets name it."""

    __tablename__ = "tender_kind"
    __table_args__ = (CheckConstraint("place IN ('row', 'more', 'off')", "a_tender_stands_somewhere"),)

    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str]
    name: Mapped[str | None]  # none: the built-in words
    name_en: Mapped[str | None]
    place: Mapped[str]  # on the pay row, behind "other", or not offered
    position: Mapped[int]


class VoucherIssuer(Base):
    """Whose vouchers an operator's tills take: its paper is money owed by this party. Never deleted."""

    __tablename__ = "voucher_issuer"
    __table_args__ = (UniqueConstraint("operator_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Organizer(Base):
    """Who holds fairs: the city office, a district, an association."""

    __tablename__ = "organizer"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str]


class Fair(Base):
    """A fair's identity; its plan, custody and board live in pos.fairs."""

    __tablename__ = "fair"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", "a_fair_ends_after_it_starts"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organizer_id: Mapped[str] = mapped_column(Id, ForeignKey("organizer.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    place: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Site(Base):
    """A shop, design centre, booth, warehouse or van of an operator."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("operator_id", "code"),
        CheckConstraint("kind IN ('shop', 'design_centre', 'booth', 'warehouse', 'van')", "site_kind_is_known"),
        CheckConstraint("kind <> 'booth' OR fair_id IS NOT NULL", "a_booth_belongs_to_a_fair"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), index=True)
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    address: Mapped[str | None]
    ward_code: Mapped[str | None]
    fair_id: Mapped[str | None] = mapped_column(Id, ForeignKey("fair.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    bank_bin: Mapped[str | None]  # its own account for VietQR; null: the operator's
    bank_account: Mapped[str | None]
    bank_holder: Mapped[str | None]


class Till(Base):
    """A place to sell within a site; a tablet is enrolled to it, its code gets the device's letter."""

    __tablename__ = "till"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("site.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Ward(Base):
    """The 126 wards and communes of Hanoi since July 2025."""

    __tablename__ = "ward"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    search: Mapped[str]

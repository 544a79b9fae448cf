"""OCOP subjects (chủ thể) and their bank accounts over time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Producer(Base):
    """One party of the whole installation, found by tax code or phone; agreements are per operator."""

    __tablename__ = "producer"
    __table_args__ = (
        CheckConstraint("kind IN ('household', 'coop', 'company', 'group')", "producer_kind_is_known"),
        CheckConstraint("tax_method IN ('deduction', 'direct', 'exempt')", "tax_method_is_known"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    search: Mapped[str]
    kind: Mapped[str]
    tax_code: Mapped[str | None]
    tax_method: Mapped[str] = mapped_column(default="direct")
    phone: Mapped[str | None]
    commune: Mapped[str | None]
    province: Mapped[str | None]
    made_at: Mapped[datetime]


class BankAccount(Base):
    """A version of a producer's account. Personal data: the number is sealed, shown masked, reads are logged."""

    __tablename__ = "producer_bank_account"
    __table_args__ = (Index("ix_producer_bank_account_producer", "producer_id", "made_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    bank_bin: Mapped[str]
    bank_name: Mapped[str]
    number_sealed: Mapped[str]
    number_last4: Mapped[str]
    holder: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

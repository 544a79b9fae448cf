"""What a bank line turned out to be, and what the acquirer of cards paid. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id
from pos.payments.models import BankLine


class BankMatch(Base):
    """One line of the bank decided: a ticket's transfer, payouts, a bag, or nobody's yet (and then, as `n` 1, the
    ticket's transfer it turned out to be)."""

    __tablename__ = "bank_match"
    __table_args__ = (
        CheckConstraint("kind IN ('transfer', 'payout', 'bag', 'unknown')", "a_bank_line_is_something"),
        CheckConstraint("(kind = 'transfer') = (tender_id IS NOT NULL)", "a_transfer_names_its_tender"),
        CheckConstraint("n = 0 OR (n = 1 AND kind = 'transfer')", "only_a_ticket_is_found_later"),
        Index("ix_bank_match_tender", "tender_id"),
    )

    line_id: Mapped[str] = mapped_column(Id, ForeignKey(BankLine.id), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    operator_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    tender_id: Mapped[str | None] = mapped_column(Id)
    applied_vnd: Mapped[int]  # of a transfer: what it takes off `qr_clearing`
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)  # null: by its text, at the import


class CardPayment(Base):
    """The acquirer paid card takings of some days, net of the fee it reports."""

    __tablename__ = "card_payment"
    __table_args__ = (
        CheckConstraint("gross_vnd > 0 AND fee_vnd >= 0 AND fee_vnd < gross_vnd", "a_card_payment_pays_something"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    gross_vnd: Mapped[int]
    fee_vnd: Mapped[int]
    business_date: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

"""Payouts: the money a statement sends off, and each attempt to send it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id

LIVE_ATTEMPT = "state IN ('exported', 'uncertain', 'confirmed')"


class Payout(Base):
    """One per statement, made at its approval; the account is the one pinned at the freeze."""

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'paying', 'paid', 'void')", "payout_state_is_known"),
        CheckConstraint("amount_vnd > 0", "a_payout_pays_something"),
        Index(
            "a_statement_has_at_most_one_live_payout",
            "statement_id",
            unique=True,
            sqlite_where=text("state <> 'void'"),
            postgresql_where=text("state <> 'void'"),
        ),
        Index("ix_payout_state", "operator_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    statement_id: Mapped[str] = mapped_column(Id, ForeignKey("statement.id"))
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"), index=True)
    bank_account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("producer_bank_account.id"))
    amount_vnd: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    made_at: Mapped[datetime]


class PayoutAttempt(Base):
    """One try: `exported`, `uncertain`, `confirmed` or `returned`; at most one of the first three."""

    __tablename__ = "payout_attempt"
    __table_args__ = (
        UniqueConstraint("payout_id", "n"),
        CheckConstraint("channel IN ('bank_file', 'transfer', 'cash')", "payout_channel_is_known"),
        CheckConstraint("state IN ('exported', 'uncertain', 'confirmed', 'returned')", "attempt_state_is_known"),
        CheckConstraint("channel <> 'cash' OR site_id IS NOT NULL", "cash_comes_from_a_safe"),
        Index(
            "a_payout_has_at_most_one_live_attempt",
            "payout_id",
            unique=True,
            sqlite_where=text(LIVE_ATTEMPT),
            postgresql_where=text(LIVE_ATTEMPT),
        ),
        Index("ix_payout_attempt_cash", "channel", "paid_on"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    payout_id: Mapped[str] = mapped_column(Id, ForeignKey("payout.id"))
    n: Mapped[int]
    channel: Mapped[str]
    state: Mapped[str]
    amount_vnd: Mapped[int]
    payment_text: Mapped[str]  # OCOP TT <statement> <n>, at most 25 characters
    reference: Mapped[str | None]  # the bank's, or the number of the signed slip
    site_id: Mapped[str | None] = mapped_column(Id, ForeignKey("site.id"))
    bank_account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("producer_bank_account.id"))  # sent to
    file_id: Mapped[str | None] = mapped_column(Id, ForeignKey("bank_file.id"), index=True)
    confirmation_id: Mapped[str | None] = mapped_column(Id, ForeignKey("payout_confirmation.id"), index=True)
    paid_on: Mapped[date]
    reason: Mapped[str | None]  # why cash beyond the day's limit
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class PayoutEvent(Base):
    """One step of an attempt: from a state (none: made) to a state, when, by whom, why. Append-only."""

    __tablename__ = "payout_event"
    __table_args__ = (Index("ix_payout_event_attempt", "attempt_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    attempt_id: Mapped[str] = mapped_column(Id, ForeignKey("payout_attempt.id"))
    at: Mapped[datetime]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(Id)
    note: Mapped[str | None]


class BankFile(Base):
    """A batch of transfers for the bank: its bytes sealed, the same again on every download. Append-only."""

    __tablename__ = "bank_file"
    __table_args__ = (
        UniqueConstraint("operator_id", "no"),
        CheckConstraint("count > 0 AND total_vnd > 0", "a_bank_file_pays_somebody"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    no: Mapped[int]
    layout: Mapped[str]  # the column map it was written by
    name: Mapped[str]  # of the file
    sealed: Mapped[str]
    sha256: Mapped[str]  # of the bytes
    count: Mapped[int]
    total_vnd: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class PayoutConfirmation(Base):
    """The bank says that it paid these attempts, together, at this fee. Append-only."""

    __tablename__ = "payout_confirmation"
    __table_args__ = (
        CheckConstraint("total_vnd > 0 AND fee_vnd >= 0", "a_confirmation_confirms_something"),
        UniqueConstraint("bank_line_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    booked_on: Mapped[date]
    total_vnd: Mapped[int]
    fee_vnd: Mapped[int]
    reference: Mapped[str | None]
    bank_line_id: Mapped[str | None] = mapped_column(Id)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class AccountCheck(Base):
    """An operator's own word that a producer's account is right: a change is paid to after it. Append-only."""

    __tablename__ = "account_check"

    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(Id, ForeignKey("producer_bank_account.id"), primary_key=True)
    checked_at: Mapped[datetime]
    checked_by: Mapped[str | None] = mapped_column(Id)
    how: Mapped[str]  # called, met, saw the paper

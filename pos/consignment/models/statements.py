"""Statements: a frozen claim on settlement lines, the document made of it, and its way to `closed`.

A draft is a preview and has no row. What moves has compare-and-set states and a row of history
for each step; what was frozen (`statement_document`) is written once.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class SettlementLock(Base):
    """Who settles or voids a pair holds its row: `FOR UPDATE` on producers would stop the tills."""

    __tablename__ = "settlement_lock"

    operator_id: Mapped[str] = mapped_column(Id, primary_key=True)
    producer_id: Mapped[str] = mapped_column(Id, primary_key=True)


class SettlementRun(Base):
    """One freeze of some producers with one cut-off: `business_date <= cutoff_on and seq <= snapshot_seq`."""

    __tablename__ = "settlement_run"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), index=True)
    cutoff_on: Mapped[date]
    run_on: Mapped[date]  # credits available by this day are payable
    snapshot_seq: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)


class Statement(Base):
    """What one operator owes one producer up to a cut-off. Amounts are + for the producer.

    opening + subtotal − reserve_kept + reserve_used − recouped = payout + carried;
    opening and carried are ≤ 0, and carried is the next opening.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("operator_id", "no"),
        CheckConstraint(
            "state IN ('frozen', 'approved', 'paying', 'closed', 'void')",
            "statement_state_is_known",
        ),
        CheckConstraint(
            "opening_vnd + subtotal_vnd - reserve_kept_vnd + reserve_used_vnd - recouped_vnd"
            " = payout_vnd + carried_vnd",
            "a_statement_adds_up",
        ),
        CheckConstraint("opening_vnd <= 0 AND carried_vnd <= 0", "only_what_the_producer_owes_is_carried"),
        CheckConstraint("payout_vnd >= 0", "a_payout_is_not_negative"),
        CheckConstraint(
            "reserve_kept_vnd >= 0 AND reserve_used_vnd >= 0 AND recouped_vnd >= 0",
            "reserve_and_advance_parts_are_not_negative",
        ),
        Index("ix_statement_pair", "operator_id", "producer_id", "no"),
        Index("ix_statement_state", "operator_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("settlement_run.id"), index=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"), index=True)
    no: Mapped[int]
    state: Mapped[str] = mapped_column(default="frozen")
    period_from: Mapped[date]
    cutoff_on: Mapped[date]
    run_on: Mapped[date]
    snapshot_seq: Mapped[int]
    claimed_through_seq: Mapped[int]  # no line of the pair up to here was left open (queries/watermarks.py)
    agreement_version_id: Mapped[str | None] = mapped_column(Id, ForeignKey("agreement_version.id"))
    bank_account_id: Mapped[str | None] = mapped_column(Id, ForeignKey("producer_bank_account.id"))  # pinned
    opening_vnd: Mapped[int]
    subtotal_vnd: Mapped[int]
    vat_invoiced_vnd: Mapped[int]  # VAT on commission this statement turns from accrued into output
    reserve_kept_vnd: Mapped[int] = mapped_column(default=0)
    reserve_used_vnd: Mapped[int] = mapped_column(default=0)
    recouped_vnd: Mapped[int] = mapped_column(default=0)
    payout_vnd: Mapped[int]
    carried_vnd: Mapped[int]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str | None] = mapped_column(Id)
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(Id)
    self_approved: Mapped[bool] = mapped_column(default=False)


class StatementClaim(Base):
    """A settlement line stands on a statement. Its only change, once, is `released_at`, by a void."""

    __tablename__ = "statement_claim"
    __table_args__ = (
        Index(
            "a_line_is_on_at_most_one_live_statement",
            "line_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    statement_id: Mapped[str] = mapped_column(Id, ForeignKey("statement.id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(Id, ForeignKey("settlement_line.id"), primary_key=True)
    released_at: Mapped[datetime | None]


class SettlementBonus(Base):
    """Which month an adjusting line answers, so that later settlements give only the difference. Append-only."""

    __tablename__ = "settlement_bonus"
    __table_args__ = (CheckConstraint("kind IN ('tier', 'guarantee')", "bonus_kind_is_known"),)

    line_id: Mapped[str] = mapped_column(Id, ForeignKey("settlement_line.id"), primary_key=True)
    kind: Mapped[str]
    month: Mapped[date]  # its first day
    vat_bp: Mapped[int]
    commission_vnd: Mapped[int]  # given back, without VAT


class StatementEvent(Base):
    """One step of a statement: from a state to a state, when, by whom, why."""

    __tablename__ = "statement_event"
    __table_args__ = (Index("ix_statement_event_statement", "statement_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    statement_id: Mapped[str] = mapped_column(Id, ForeignKey("statement.id"))
    at: Mapped[datetime]
    from_state: Mapped[str]
    to_state: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(Id)
    note: Mapped[str | None]


class StatementDocument(Base):
    """What was frozen, as canonical JSON, with its SHA-256 and the chain head of its entry. Append-only."""

    __tablename__ = "statement_document"

    statement_id: Mapped[str] = mapped_column(Id, ForeignKey("statement.id"), primary_key=True)
    body: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    head_seq: Mapped[int]
    head_hash: Mapped[str]
    made_at: Mapped[datetime]

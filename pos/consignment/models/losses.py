"""Goods missing or found again: who bears how much of it, frozen when it was decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class LossShare(Base):
    """One difference of one product, divided. Append-only. + is missing, − what was found again of an earlier loss
    (`answers_id`); `surplus_milli` was found beyond every loss and costs nobody anything.

    `source_kind`, `source_id` is the line of the document (a count's difference); `amount_vnd` what the operator bears.
    """

    __tablename__ = "loss_share"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "n"),
        CheckConstraint("liability IN ('agreement', 'operator', 'producer')", "liability_is_known"),
        CheckConstraint("mode IN ('commission', 'margin', 'own', 'unknown')", "loss_mode_is_known"),
        CheckConstraint("surplus_milli >= 0", "a_surplus_is_not_negative"),
        CheckConstraint(
            "(producer_milli >= 0 AND operator_milli >= 0 AND amount_vnd >= 0) OR (answers_id IS NOT NULL AND "
            "producer_milli <= 0 AND operator_milli <= 0 AND amount_vnd <= 0)",
            "a_find_answers_its_loss",
        ),
        Index("ix_loss_share_product", "operator_id", "product_id", "business_date"),
        Index("ix_loss_share_answers", "answers_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id)
    source_kind: Mapped[str]
    source_id: Mapped[str] = mapped_column(Id)
    n: Mapped[int]
    answers_id: Mapped[str | None] = mapped_column(Id, ForeignKey("loss_share.id"))
    site_id: Mapped[str] = mapped_column(Id)
    product_id: Mapped[str] = mapped_column(Id)
    producer_id: Mapped[str | None] = mapped_column(Id)
    agreement_version_id: Mapped[str | None] = mapped_column(Id)
    mode: Mapped[str]
    liability: Mapped[str]
    business_date: Mapped[date]
    recorded_at: Mapped[datetime]
    allowance_milli: Mapped[int]  # of the agreement year, when it was decided
    producer_milli: Mapped[int]
    operator_milli: Mapped[int]
    surplus_milli: Mapped[int]
    unit_vnd: Mapped[int]
    amount_vnd: Mapped[int]
    settlement_line_id: Mapped[str | None] = mapped_column(Id)

"""Between operator and producer beside the sales: fees, adjustments, advances. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class PaperCounter(Base):
    """The last number of one kind of paper of an operator: only counts up, no number is used again."""

    __tablename__ = "paper_counter"

    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class ProducerNote(Base):
    """A document with one entry. `amount_vnd` is + for the producer; an advance's is what it was given.

    A mistake is undone by a note of its own that names it, once.
    """

    __tablename__ = "producer_note"
    __table_args__ = (
        UniqueConstraint("operator_id", "no"),
        UniqueConstraint("undoes"),
        CheckConstraint(
            "kind IN ('fee', 'payment_fee', 'adjustment', 'advance', 'reserve_release')",
            "note_kind_is_known",
        ),
        CheckConstraint("amount_vnd <> 0", "a_note_says_something"),
        Index("ix_producer_note_pair", "operator_id", "producer_id", "no"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    no: Mapped[int]
    kind: Mapped[str]
    what: Mapped[str | None]  # which fee
    amount_vnd: Mapped[int]
    vat_vnd: Mapped[int] = mapped_column(default=0)  # of a fee, inside the amount
    business_date: Mapped[date]
    site_id: Mapped[str | None] = mapped_column(Id, ForeignKey("site.id"))
    fair_id: Mapped[str | None] = mapped_column(Id, ForeignKey("fair.id"))
    reason: Mapped[str]
    undoes: Mapped[str | None] = mapped_column(Id, ForeignKey("producer_note.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)

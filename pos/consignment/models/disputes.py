"""A producer says a line is not right; somebody of the operator answers it once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Dispute(Base):
    """About one settlement line, open until `answered_at`: a credit on no statement waits for the answer.

    Its only change, once, is the answer: `accepted` (with `note_id`, the adjustment, unless it costs nobody
    anything), `declined` with a reason, or `withdrawn` by the producer.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        UniqueConstraint("operator_id", "no"),
        CheckConstraint("kind IN ('missing', 'price', 'unsold')", "dispute_kind_is_known"),
        CheckConstraint("channel IN ('producer', 'office')", "dispute_channel_is_known"),
        CheckConstraint("answer IN ('accepted', 'declined', 'withdrawn')", "dispute_answer_is_known"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "an_answer_has_its_moment"),
        CheckConstraint("answer <> 'declined' OR reason <> ''", "a_decline_has_a_reason"),
        Index(
            "a_line_has_at_most_one_open_dispute",
            "line_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_dispute_producer", "producer_id", "id"),
        Index("ix_dispute_operator", "operator_id", "id"),
        Index("ix_dispute_line", "line_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    producer_id: Mapped[str] = mapped_column(Id, ForeignKey("producer.id"))
    no: Mapped[int]
    line_id: Mapped[str] = mapped_column(Id, ForeignKey("settlement_line.id"))
    kind: Mapped[str]
    words: Mapped[str]  # the producer's own, may be empty
    channel: Mapped[str]  # who wrote it down: the producer, or the office for it
    raised_at: Mapped[datetime]
    raised_by: Mapped[str | None] = mapped_column(Id)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None]
    note_id: Mapped[str | None] = mapped_column(Id, ForeignKey("producer_note.id"))

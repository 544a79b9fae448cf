"""What an owner looks at later: removals, cancelled carts, drawers opened, copies, corrections, approvals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class ControlNote(Base):
    """One thing for the control report, made from an event when it is booked. Append-only.

    `times` is −1 (and the amount below 0) where the event puts back what an earlier one removed, so sums are net.
    """

    __tablename__ = "control_note"
    __table_args__ = (
        Index("ix_control_note_operator_day", "operator_id", "day"),
        Index("ix_control_note_site_day", "site_id", "day"),
        CheckConstraint("times IN (1, -1)", "a_control_note_counts_once"),
    )

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    fair_id: Mapped[str | None] = mapped_column(Id)
    till_id: Mapped[str] = mapped_column(Id)
    shift_id: Mapped[str | None] = mapped_column(Id)
    staff_id: Mapped[str | None] = mapped_column(Id)  # who did it; of an approval: who approved
    asked_by: Mapped[str | None] = mapped_column(Id)  # of an approval: who needed it
    day: Mapped[date]
    at: Mapped[datetime]
    kind: Mapped[str]
    what: Mapped[str]  # the goods, the receipt's number, the reason, the action approved
    sale_id: Mapped[str | None] = mapped_column(Id)
    times: Mapped[int]
    amount_vnd: Mapped[int]

"""A go-live sheet that was taken in, and the papers it made: so that it can be taken back as a whole."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class GoLive(Base):
    """One sheet. An operator has at most one that stands; `totals`: JSON of what it came to, as checked."""

    __tablename__ = "golive"
    __table_args__ = (
        CheckConstraint("undone_at IS NULL OR undone_at >= made_at", "a_golive_is_undone_after_it_was_made"),
        Index(
            "an_operator_goes_live_once", "operator_id", unique=True,
            sqlite_where=text("undone_at IS NULL"), postgresql_where=text("undone_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    business_date: Mapped[date]
    totals: Mapped[str]
    import_run_id: Mapped[str | None] = mapped_column(Id, ForeignKey("import_run.id"))  # its goods, if they changed any
    seq: Mapped[int]  # of the operator's books when all of it was posted
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Id)


class GoLivePaper(Base):
    """A paper the sheet made: a stock document, a note with a producer, a journal entry; `undo` once taken back."""

    __tablename__ = "golive_paper"
    __table_args__ = (CheckConstraint("kind IN ('stock', 'note', 'entry')", "golive_paper_kind_is_known"),)

    golive_id: Mapped[str] = mapped_column(Id, ForeignKey("golive.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    paper_id: Mapped[str] = mapped_column(Id, primary_key=True)
    undo: Mapped[bool] = mapped_column(default=False)

"""Imports that were carried out: who brought what in from which file, and what is needed to take it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class ImportRun(Base):
    """One file taken in whole. `before`: what it changed, packed (service/import_undo.py); taken back at most once."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) OR (undone_at >= made_at)", "an_import_is_undone_after_it_was_made"),
        Index("ix_import_run_operator", "operator_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    operator_id: Mapped[str] = mapped_column(Id, ForeignKey("operator.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str] = mapped_column(default="products")  # or golive: then undone with that only
    new_rows: Mapped[int]
    changed_rows: Mapped[int]
    same_rows: Mapped[int]
    version: Mapped[int]  # of the operator's catalogue, that its offers were stamped with
    before: Mapped[bytes] = mapped_column(deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(Id)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Id)

"""Promises: rows written in the transaction that made them, done by a worker afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Job(Base):
    """One promise. Done at least once; every callable is safe to run twice."""

    __tablename__ = "outbox_job"
    __table_args__ = (
        Index(
            "ix_outbox_job_due",
            "not_before",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    payload: Mapped[str]
    made_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    problem: Mapped[str | None]

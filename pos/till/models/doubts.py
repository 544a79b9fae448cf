"""Doubts for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Flag(Base):
    """A doubt for a person: raised by an event, closed when its cause goes or somebody says why."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        Index("ix_flag_open", "closed_at", "operator_id"),
        Index("ix_flag_owner", "owner_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"))
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    code: Mapped[str]
    amount_vnd: Mapped[int] = mapped_column(default=0)
    facts: Mapped[str]
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    done_because: Mapped[str | None]
    closed_by: Mapped[str | None] = mapped_column(Id)
    owner_id: Mapped[str | None] = mapped_column(Id)  # who sees to it


class FlagChange(Base):
    """What people did with a doubt: who sees to it from then on, or that it is done. Append-only."""

    __tablename__ = "flag_change"
    __table_args__ = (Index("ix_flag_change_flag", "flag_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    flag_id: Mapped[str] = mapped_column(Id, ForeignKey("flag.id"))
    what: Mapped[str]  # owner | closed
    owner_id: Mapped[str | None] = mapped_column(Id)
    because: Mapped[str | None]
    at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Id)

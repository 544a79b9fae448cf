"""Doubts for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class Flag(Base):
    """A doubt for a person: raised by an event or by a line of the bank, closed when its cause goes or somebody says
    why. A line of the bank is the operator's, of no site."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("bank_line_id"),
        CheckConstraint("(event_id IS NULL) <> (bank_line_id IS NULL)", "a_doubt_is_about_one_thing"),
        CheckConstraint("bank_line_id IS NOT NULL OR site_id IS NOT NULL", "an_events_doubt_has_its_site"),
        Index("ix_flag_open", "closed_at", "operator_id"),
        Index("ix_flag_owner", "owner_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # Event and site are null of a line of the bank alone; whoever asks by code of an event never meets one.
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), nullable=True)
    bank_line_id: Mapped[str | None] = mapped_column(Id, ForeignKey("bank_line.id"))
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id, nullable=True)
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

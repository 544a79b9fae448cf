"""The event log as it arrived: recorded, not yet understood, quarantined, held, and what is private of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.kernel.db import Base, Id


class TillEvent(Base):
    """One event as sent: the canonical bytes that were hashed. Append-only.

    seq is not unique: a log restored from a backup forks, and both branches are facts."""

    __tablename__ = "till_event"
    __table_args__ = (Index("ix_till_event_log", "log_id", "seq"), Index("ix_till_event_shift", "shift_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    v: Mapped[int]
    app: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    shift_id: Mapped[str | None] = mapped_column(Id)
    staff_id: Mapped[str | None] = mapped_column(Id)
    prev: Mapped[str]
    hash: Mapped[str]
    canonical: Mapped[str]


class ElsewhereEvent(Base):
    """An event of this log that was booked from another log before: here it only fills its place. Append-only."""

    __tablename__ = "till_event_elsewhere"

    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    seq: Mapped[int]


class UnappliedEvent(Base):
    """Recorded, but this release does not know what to do with it: kept for the next one to replay."""

    __tablename__ = "till_event_unapplied"

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    why: Mapped[str]


class Quarantined(Base):
    """What could not be read as an event, whole and sealed; a person repairs and replays it."""

    __tablename__ = "till_quarantine"
    __table_args__ = (UniqueConstraint("log_id", "sha256"), Index("ix_till_quarantine_seq", "log_id", "seq"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"))
    sha256: Mapped[str]
    sealed: Mapped[str]
    event_id: Mapped[str | None]
    seq: Mapped[int | None]
    why: Mapped[str]
    received_at: Mapped[datetime]
    repaired_at: Mapped[datetime | None]


class HeldEvent(Base):
    """An event of a revoked device, whole and sealed, until a person accepts it."""

    __tablename__ = "till_held"
    __table_args__ = (UniqueConstraint("log_id", "sha256"), Index("ix_till_held_waiting", "log_id", "accepted_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"))
    sha256: Mapped[str]
    sealed: Mapped[str]
    event_id: Mapped[str | None]
    seq: Mapped[int | None]
    kind: Mapped[str | None]
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(Id)


class EventPrivate(Base):
    """The `private` member of an event: personal data outside the hash, sealed, erasable."""

    __tablename__ = "till_event_private"

    event_id: Mapped[str] = mapped_column(Id, ForeignKey("till_event.id"), primary_key=True)
    sealed: Mapped[str | None]
    received_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

"""People and what they may do, the keys they enter with, and the devices that sell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.kernel.db import Base, Id


class Person(Base):
    """Somebody who logs in, sells, or both. `login` is null for those who only sell by PIN or enter by card.

    `password_until`: set while the password is a one-time one, good until then and changed at the first entry.
    `session_no` is part of every session: raising it logs the person out everywhere. `pin_sealed`: the till's
    PIN, sealed for this person (docs/decisions/pins.md).
    """

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    search: Mapped[str] = mapped_column(default="")  # folded name and login
    login: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    password_until: Mapped[datetime | None]
    pin_sealed: Mapped[str | None]
    pin_set_at: Mapped[datetime | None]
    session_no: Mapped[int] = mapped_column(default=0, server_default="0")
    language: Mapped[str] = mapped_column(default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    grants: Mapped[list[Grant]] = relationship(back_populates="person", lazy="selectin")


class Grant(Base):
    """A role of a person in one scope: (operator|site|fair|organizer|producer|all, id)."""

    __tablename__ = "access_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope_kind", "scope_id"),
        Index("ix_access_grant_scope", "scope_kind", "scope_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"))
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="grants")


class AccessKey(Base):
    """A personal key on paper: its secret is the QR, a short PIN goes with it. At most one per person is live.

    `kind` is `card`; `pin_own`: chosen by the person, not by the office; `expires_at` moves on with each entry.
    """

    __tablename__ = "access_key"
    __table_args__ = (
        Index(
            "uq_access_key_live", "person_id", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("expires_at > issued_at", "a_key_expires_after_it_is_issued"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"))
    kind: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str]
    pin_own: Mapped[bool] = mapped_column(default=False)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str | None] = mapped_column(Id)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class DevicePin(Base):
    """One person's PIN as one tablet checks it: PBKDF2-SHA-256 with a salt of its own. A cache of what
    `Person.pin_sealed` gives; a row older than the PIN is made anew."""

    __tablename__ = "device_pin"

    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    pin_set_at: Mapped[datetime]
    salt: Mapped[str]
    iterations: Mapped[int]
    hash: Mapped[str]


class ExposedPin(Base):
    """Whose PIN a stolen tablet could check without a network when it was reported: its owner chooses another."""

    __tablename__ = "exposed_pin"

    log_id: Mapped[str] = mapped_column(Id, ForeignKey("device_log.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)


class Lockout(Base):
    """Failed tries by key (`login:…`, `enrol:<address>`); kept here because workers do not share memory."""

    __tablename__ = "lockout"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class AccessLog(Base):
    """Who looked at what is masked elsewhere, and who changed whose rights; `scope`: where that right holds."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_subject", "subject_kind", "subject_id"), Index("ix_access_log_at", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(Id)
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    scope_kind: Mapped[str | None]
    scope_id: Mapped[str | None]
    note: Mapped[str | None]


class EnrolCode(Base):
    """A short code that makes one tablet the device of one till, once, within its time."""

    __tablename__ = "enrol_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    till_id: Mapped[str] = mapped_column(Id)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    device_id: Mapped[str | None] = mapped_column(Id)
    log_id: Mapped[str | None] = mapped_column(Id)
    token: Mapped[str | None]  # sealed; kept 15 minutes so that a lost answer can be given again


class DeviceLog(Base):
    """One enrolment of one tablet: an event log of its own. Operator, site, fair and till are its for ever.

    `received_through`: every seq up to it is kept (recorded or quarantined);
    `recorded_through`: every seq up to it is recorded; `greatest`: greatest seq recorded.
    """

    __tablename__ = "device_log"
    __table_args__ = (
        UniqueConstraint("till_id", "letter"),
        Index("ix_device_log_device", "device_id"),
        CheckConstraint("recorded_through <= received_through", "recorded_is_not_beyond_received"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    device_id: Mapped[str] = mapped_column(Id)
    operator_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(Id)
    fair_id: Mapped[str | None] = mapped_column(Id)
    till_id: Mapped[str] = mapped_column(Id)
    till_code: Mapped[str]
    letter: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str | None]
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    stolen_at: Mapped[datetime | None]  # when it was reported
    last_seen_at: Mapped[datetime | None]
    last_event_at: Mapped[datetime | None]
    unsent_told: Mapped[int | None]
    battery_told: Mapped[int | None]  # percent, as the tablet last said
    storage_told: Mapped[int | None]  # percent of what the browser gives it
    app: Mapped[str | None]
    received_through: Mapped[int] = mapped_column(default=0)
    recorded_through: Mapped[int] = mapped_column(default=0)
    greatest: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str | None]  # of the greatest
    quarantined: Mapped[bool] = mapped_column(default=False)  # something of it has been quarantined, ever

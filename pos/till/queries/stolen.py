"""What a stolen tablet takes along: whose PINs, which open shifts, at most how many sales. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, DevicePin, ExposedPin, Person
from pos.till.models import Shift


@dataclass(frozen=True, slots=True)
class Exposed:
    """Somebody whose PIN lies on the tablet; `changed`: another was chosen since the report, or none is left."""

    id: str
    name: str
    changed: bool


def list_exposed(session: Session, log_id: str, stolen_at: datetime | None) -> list[Exposed]:
    """As reported; before a report, whose PINs the tablet was given and are still theirs."""
    known = DevicePin if stolen_at is None else ExposedPin
    rows = session.execute(
        select(Person.id, Person.name, Person.pin_set_at)
        .join(known, known.person_id == Person.id)
        .where(known.log_id == log_id)
        .order_by(Person.name, Person.id)
    )
    return [
        Exposed(id_, name, stolen_at is not None and (set_at is None or set_at > stolen_at))
        for id_, name, set_at in rows
    ]


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift the tablet had open, as far as the server knows it."""

    id: str
    day: date
    sales: int
    drawer_vnd: int
    keeper: str | None


def list_open_shifts(session: Session, log_id: str) -> list[OpenShift]:
    """Those not closed, oldest first."""
    rows = session.execute(
        select(Shift.id, Shift.day, Shift.sales, Shift.drawer_vnd, Shift.keeper)
        .where(Shift.log_id == log_id, Shift.state == "open")
        .order_by(Shift.day, Shift.id)
    )
    return [OpenShift(*row) for row in rows]


def replaced_by(session: Session, log_id: str) -> str | None:
    """The till's code on the tablet that was paired after this one, if there is one in use."""
    lost = session.get_one(DeviceLog, log_id)
    return session.scalar(
        select(DeviceLog.till_code)
        .where(
            DeviceLog.till_id == lost.till_id, DeviceLog.revoked_at.is_(None), DeviceLog.enrolled_at > lost.enrolled_at
        )
        .order_by(DeviceLog.enrolled_at.desc())
        .limit(1)
    )

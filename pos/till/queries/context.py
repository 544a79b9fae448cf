"""One query for all an event needs to know of where it comes from; locks the log's row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, Person
from pos.kernel.db import connection_of
from pos.kernel.models import Installation
from pos.kernel.rows import ask
from pos.places.models import Fair, Operator, Site
from pos.receipts.models import Printer


class UnknownLog(LookupError):
    """No such log here: its token belongs to other books."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where an event comes from, as plain data: the enrolment's places and what paper needs of them."""

    log_id: str
    device_id: str
    operator_id: str
    operator_name: str
    operator_tax_code: str | None
    site_id: str
    site_name: str
    address: str | None
    fair_id: str | None
    fair_name: str | None
    organizer_id: str | None
    till_id: str
    till_code: str
    staff_name: str | None
    origin: str
    demo: bool
    received_through: int
    recorded_through: int
    greatest: int
    last_hash: str | None
    quarantined: bool
    revoked: bool
    printer: bool
    received_at: datetime
    seeded: bool


_origin = select(Installation.origin).where(Installation.id == 1).scalar_subquery()
_demo = select(Installation.demo).where(Installation.id == 1).scalar_subquery()
_printer = (
    select(Printer.id)
    .where(Printer.scope_id.in_((DeviceLog.till_id, DeviceLog.site_id)), Printer.active)
    .correlate(DeviceLog)
    .exists()
)


_CONTEXT = (
    select(
        DeviceLog.id, DeviceLog.device_id, DeviceLog.operator_id, Operator.name, Operator.tax_code,
        DeviceLog.site_id, Site.name, Site.address, DeviceLog.fair_id, Fair.name, Fair.organizer_id,
        DeviceLog.till_id, DeviceLog.till_code, Person.name, _origin, _demo,
        DeviceLog.received_through, DeviceLog.recorded_through, DeviceLog.greatest, DeviceLog.last_hash,
        DeviceLog.quarantined, DeviceLog.revoked_at.is_not(None), _printer,
    )
    .join(Operator, Operator.id == DeviceLog.operator_id)
    .join(Site, Site.id == DeviceLog.site_id)
    .outerjoin(Fair, Fair.id == DeviceLog.fair_id)
    .outerjoin(Person, Person.id == bindparam("staff"))
    .where(DeviceLog.id == bindparam("log"))
    .with_for_update(of=DeviceLog)
)  # fmt: skip


def lock_context(
    session: Session, log_id: str, staff_id: str | None, *, received_at: datetime, seeded: bool
) -> Context:
    """The context of a log with the person who acted. Raises UnknownLog when there is no such log."""
    found = ask(connection_of(session), _CONTEXT, {"log": log_id, "staff": staff_id})
    if not found:
        raise UnknownLog(f"no log {log_id}")
    values: list[Any] = [*found[0], received_at, seeded]
    values[14], values[15] = values[14] or "http://localhost", bool(values[15])
    return Context(*values)

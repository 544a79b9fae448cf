"""Events of a tablet that cannot send them itself, brought by another or by a person: booked as if it had sent them.

Idempotent like the door: what was here before is `repeated`; the tablet learns it when it comes back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.db import end_reading
from pos.kernel.errors import Invalid, NotFound
from pos.till.forms.rescue import read_rescue_file
from pos.till.rules.rescue import Unopened, open_sealed
from pos.till.service.intake import take_events


def find_log(session: Session, device: str, operator_ids: list[str] | None = None) -> DeviceLog:
    """The log of a device, of these operators only. Raises NotFound."""
    wanted = select(DeviceLog).where(DeviceLog.device_id == device)
    if operator_ids is not None:
        wanted = wanted.where(DeviceLog.operator_id.in_(operator_ids))
    log = session.scalars(wanted.order_by(DeviceLog.enrolled_at.desc()).limit(1)).one_or_none()
    if log is None:
        raise NotFound("rescue.unknown_device", device=device)
    return log


def take_rescued(session: Session, log: DeviceLog, cipher: str, *, secret: str, at: datetime) -> dict[str, Any]:
    """Open and book. Answers as `POST /api/till/events` does, with the till's code. Raises Invalid."""
    try:
        plain = open_sealed(secret, log.device_id, cipher)
    except Unopened as error:
        raise Invalid("rescue.not_opened", what=str(error), status=400) from error
    log_id, till_code, revoked = log.id, log.till_code, log.revoked_at is not None
    end_reading(session)
    return take_events(log_id, plain, received_at=at, secret=secret, revoked=revoked) | {"till": till_code}


def take_file(session: Session, log_id: str, operator_id: str, data: bytes, *, secret: str, at: datetime) -> None:
    """Book the file of this log's tablet, logs of its older enrolments with it. Raises Invalid, NotFound."""
    parcels = read_rescue_file(data)
    logs = [find_log(session, device, [operator_id]) for device, _ in parcels]
    if log_id not in {log.id for log in logs}:
        raise Invalid("rescue.other_device", till=logs[0].till_code)
    for log, (_, cipher) in zip(logs, parcels, strict=True):
        take_rescued(session, log, cipher, secret=secret, at=at)

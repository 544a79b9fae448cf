"""What a customer's screen hears: the till's last word by the key of the QR. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from pos.access.models import DeviceLog
from pos.access.service import hash_of
from pos.kernel.db import reading
from pos.kernel.errors import Refused
from pos.till.models import CustomerDisplay


@dataclass(frozen=True, slots=True)
class Said:
    """The last word and its number; `said_at` is also the till's last sign of life."""

    log_id: str
    n: int
    message: str | None
    said_at: datetime | None
    seen_at: datetime | None


_BY_KEY = (
    select(
        CustomerDisplay.log_id, CustomerDisplay.n, CustomerDisplay.message, CustomerDisplay.said_at,
        CustomerDisplay.seen_at,
    )
    .join(DeviceLog, DeviceLog.id == CustomerDisplay.log_id)
    .where(
        CustomerDisplay.key_hash == bindparam("key"), CustomerDisplay.expires_at >= bindparam("at"),
        DeviceLog.revoked_at.is_(None),
    )
)  # fmt: skip


def last_word(key: str, *, at: datetime) -> Said:
    """Raises Refused 401 once the pairing is over, the tablet revoked, or the key not one of ours."""
    with reading() as connection:
        row = connection.execute(_BY_KEY, {"key": hash_of(key), "at": at}).one_or_none()
    if row is None:
        raise Refused("display.ended", status=401)
    return Said(*row)

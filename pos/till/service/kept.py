"""Keep what is not booked: the events of a revoked device until a person accepts them, the unreadable for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update

from pos.access.models import DeviceLog
from pos.kernel.db import is_postgresql, unit_of_work, upsert_of
from pos.kernel.ids import is_id, new_id
from pos.kernel.seal import seal
from pos.till.commands import KINDS, MAX
from pos.till.forms.batch import Batch
from pos.till.models import HeldEvent, Quarantined
from pos.till.queries.context import UnknownLog
from pos.till.service import progress


@dataclass(frozen=True, slots=True)
class Request:
    """What every event of one request shares. `accepted`: a person has let a revoked device's events in."""

    log_id: str
    received_at: datetime
    skewed: bool
    seeded: bool
    secret: str
    accepted: bool = False


def hold_one(request: Request, batch: Batch, index: int) -> dict[str, Any]:
    """Keep an event of a revoked device whole and sealed; the same bytes again make no second row."""
    element, raw = batch.elements[index], batch.raw(index).encode("utf-8", "surrogatepass")
    told = element if isinstance(element, dict) else {}
    event_id = told["id"] if is_id(told.get("id")) else None
    seq = told["seq"] if type(told.get("seq")) is int and 0 < told["seq"] <= MAX else None
    kind = told["kind"] if isinstance(told.get("kind"), str) and told["kind"] in KINDS else None
    with unit_of_work() as session:
        session.execute(
            upsert_of(is_postgresql(session), HeldEvent).values(
                id=new_id(), log_id=request.log_id, sha256=sha256(raw).hexdigest(), sealed=seal(request.secret, raw),
                event_id=event_id, seq=seq, kind=kind, received_at=request.received_at,
            ).on_conflict_do_nothing(index_elements=["log_id", "sha256"])
        )  # fmt: skip
    answer: dict[str, Any] = {"id": event_id, "seq": seq, "status": "held", "flags": []}
    return answer if event_id else answer | {"index": index}


def quarantine(request: Request, raw: str, event_id: str | None, seq: int | None, why: str) -> bool:
    """Keep the original whole, sealed; the same bytes again make no second row.

    False when the device is revoked meanwhile: nothing is kept, hold it instead. Raises UnknownLog.
    """
    data = raw.encode("utf-8", "surrogatepass")
    with unit_of_work() as session:
        asked = select(DeviceLog.revoked_at).where(DeviceLog.id == request.log_id).with_for_update()
        log = session.execute(asked).one_or_none()
        if log is None:
            raise UnknownLog(request.log_id)
        if log.revoked_at is not None and not request.accepted:
            return False
        session.execute(
            upsert_of(is_postgresql(session), Quarantined).values(
                id=new_id(), log_id=request.log_id, sha256=sha256(data).hexdigest(),
                sealed=seal(request.secret, data), event_id=event_id, seq=seq, why=why,
                received_at=request.received_at,
            ).on_conflict_do_nothing(index_elements=["log_id", "sha256"])
        )  # fmt: skip
        progress.note_quarantined(session, request.log_id)
        session.execute(
            update(DeviceLog).where(DeviceLog.id == request.log_id).values(last_seen_at=request.received_at)
        )
    return True

"""A person seals a close that waits, naming what is missing; what comes later is `late`. Source: till.md."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.rules import Spot
from pos.access.service import note
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.till.models import Shift, TillEvent, UnappliedEvent
from pos.till.service.effects import Effects
from pos.till.service.progress import recorded_above
from pos.till.service.shifts import post_close, wanted_of

MOST = 20  # runs named for one device; a log with more holes names the rest as one run
MOST_WORDS = 300


def gap_of(session: Session, shift: Shift, close: TillEvent) -> str:
    """What a close lacks, in words: `HK03A 3, 5–8; HK03B 12`. "" when nothing."""
    found = []
    seen = select(TillEvent.log_id).where(TillEvent.shift_id == shift.id)
    for device, last in sorted(wanted_of(session, close).items()):
        known = select(DeviceLog.id, DeviceLog.till_code, DeviceLog.recorded_through).where(
            DeviceLog.device_id == device, DeviceLog.operator_id == shift.operator_id
        )
        newest = known.order_by(DeviceLog.recorded_through.desc(), DeviceLog.id)
        log = session.execute(newest.where(DeviceLog.id.in_(seen))).first()
        if log is None:  # nothing of it has come: all of it is missing
            named_as = session.execute(newest).first()
            found.append(f"{named_as[1] if named_as else device[:8]} {_run(1, last)}")
            continue
        log_id, code, through = log
        unread = select(TillEvent.seq).join(UnappliedEvent, UnappliedEvent.event_id == TillEvent.id)
        waits = set(session.scalars(unread.where(TillEvent.log_id == log_id, TillEvent.seq <= last)))
        runs = _holes(recorded_above(session, log_id, through) - waits, through, last)
        runs = [(seq, seq) for seq in sorted(waits) if seq <= through] + runs
        if runs:
            named = runs if len(runs) <= MOST else [*runs[: MOST - 1], (runs[MOST - 1][0], runs[-1][1])]
            found.append(f"{code} {', '.join(_run(low, high) for low, high in named)}")
    return "; ".join(found)


def _run(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _holes(kept: set[int], above: int, last: int) -> list[tuple[int, int]]:
    """The runs of numbers over `above` up to `last` that are not kept."""
    runs, at = [], above
    for seq in [*sorted(n for n in kept if above < n <= last), last + 1]:
        if seq > at + 1:
            runs.append((at + 1, seq - 1))
        at = seq
    return runs


def seal_over_gap(session: Session, shift_id: str, *, gap: str, reason: str, by: str | None, at: datetime) -> None:
    """Close a shift that waits, over the gap a person saw; who, what was missing and why is kept.

    Raises NotFound; Invalid without a reason; Conflict when the shift does not wait, or waits for something else
    than `gap` by now.
    """
    shift = session.get(Shift, shift_id, with_for_update=True, populate_existing=True)
    if shift is None:
        raise NotFound("shift.not_found")
    if not reason.strip():
        raise Invalid("shift.seal_reason")
    if shift.state != "closing":
        raise Conflict("shift.not_waiting")
    close = session.get_one(TillEvent, str(shift.close_event))
    found = gap_of(session, shift, close)
    if found != gap:
        raise Conflict("shift.gap_changed")
    out = Effects()
    post_close(session, shift, close, out, at=at)
    words = f"{found} · {reason.strip()}"[:MOST_WORDS]
    note(session, "shift.seal", "shift", shift_id, by=by, at=at, words=words, spot=Spot("site", shift.site_id, ""))
    out.write(session, shift.operator_id, at)

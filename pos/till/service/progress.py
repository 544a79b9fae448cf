"""How much of a log is here: what is kept, what is recorded, what is missing, whether the chain holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.till.forms.events import Event
from pos.till.models import Quarantined, TillEvent
from pos.till.queries.context import Context
from pos.till.service.effects import Effects

MAX_GAPS = 100
ZEROS = "0" * 64


@dataclass(frozen=True, slots=True)
class Progress:
    """`received_through`: all kept up to it; `recorded_through`: all recorded; `greatest` recorded seq."""

    received_through: int
    recorded_through: int
    greatest: int


def check_chain(session: Session, ctx: Context, event: Event, out: Effects) -> None:
    """Flag a log that forked or whose links do not fit; in order it costs nothing."""
    seq, prev = event.head.seq, event.head.prev
    if seq == ctx.greatest + 1 and ctx.recorded_through == ctx.greatest:
        if prev != (ctx.last_hash or ZEROS):
            out.flag("chain_broken", 0, seq=seq)
        return
    if seq == 1 and prev != ZEROS:
        out.flag("chain_broken", 0, seq=seq)
    near = session.execute(
        select(TillEvent.id, TillEvent.seq, TillEvent.hash, TillEvent.prev).where(
            TillEvent.log_id == ctx.log_id, TillEvent.seq.between(seq - 1, seq + 1), TillEvent.id != event.id
        )
    ).all()
    before = [hash_ for _, n, hash_, _ in near if n == seq - 1]
    after = [prev_ for _, n, _, prev_ in near if n == seq + 1]
    forked = any(n == seq for _, n, _, _ in near)
    if forked or (before and prev not in before) or (after and not forked and event.hash not in after):
        out.flag("chain_broken", 0, seq=seq)


_ADVANCE = (
    update(DeviceLog)
    .where(DeviceLog.id == bindparam("log"))
    .values(
        last_seen_at=bindparam("n_seen"),
        last_event_at=bindparam("n_at"),
        app=bindparam("n_app"),
        greatest=bindparam("n_greatest"),
        last_hash=bindparam("n_hash"),
        received_through=bindparam("n_received"),
        recorded_through=bindparam("n_recorded"),
    )
)


def advance(session: Session, ctx: Context, event: Event) -> bool:
    """Write the log's progress with a recorded event; True when a gap was filled."""
    seq = event.head.seq
    values: dict[str, object] = {
        "n_seen": ctx.received_at, "n_at": event.at, "n_app": event.head.app, "n_greatest": ctx.greatest,
        "n_hash": ctx.last_hash,
    }  # fmt: skip
    in_order = seq == ctx.greatest + 1 and ctx.recorded_through == ctx.greatest
    if seq > ctx.greatest:
        values |= {"n_greatest": seq, "n_hash": event.hash}
    if in_order and ctx.received_through == ctx.greatest:
        values |= {"n_received": seq, "n_recorded": seq}
    else:
        recorded = _seqs(session, TillEvent, ctx.log_id, ctx.recorded_through)
        recorded_through = _run(ctx.recorded_through, recorded)
        kept = recorded | _seqs(session, Quarantined, ctx.log_id, ctx.recorded_through)
        received_through = _run(ctx.recorded_through, kept)
        values |= {"n_recorded": recorded_through, "n_received": received_through}
    session.connection().execute(_ADVANCE, values | {"log": ctx.log_id})
    return not in_order


def note_quarantined(session: Session, log_id: str) -> None:
    """A quarantined event fills a gap: move `received_through`, never `greatest`."""
    log = session.get_one(DeviceLog, log_id, populate_existing=True)
    kept = _seqs(session, TillEvent, log_id, log.received_through)
    kept |= _seqs(session, Quarantined, log_id, log.received_through)
    log.received_through = _run(log.received_through, kept)


def _seqs(session: Session, table: type[TillEvent] | type[Quarantined], log_id: str, above: int) -> set[int]:
    found = session.scalars(select(table.seq).where(table.log_id == log_id, table.seq > above).distinct())
    return {seq for seq in found if seq is not None}


def _run(through: int, seqs: set[int]) -> int:
    while through + 1 in seqs:
        through += 1
    return through


def gaps(session: Session, log_id: str) -> tuple[int, list[list[int]]]:
    """(received_through, the gaps [from, to] below the greatest recorded, at most 100)."""
    row = session.execute(select(DeviceLog.received_through, DeviceLog.greatest).where(DeviceLog.id == log_id)).one()
    through, greatest = row
    if greatest <= through:
        return through, []
    kept = _seqs(session, TillEvent, log_id, through) | _seqs(session, Quarantined, log_id, through)
    missing: list[list[int]] = []
    last = through
    for seq in sorted(seq for seq in kept if seq <= greatest):
        if seq > last + 1:
            missing.append([last + 1, seq - 1])
            if len(missing) == MAX_GAPS:
                break
        last = seq
    return through, missing

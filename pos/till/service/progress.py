"""How much of a log is here: what is kept, what is recorded, what is missing, whether the chain holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.rows import change
from pos.till.forms.events import Event
from pos.till.models import ElsewhereEvent, Quarantined, TillEvent
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
    if seq == ctx.greatest + 1 and prev == (ctx.last_hash or ZEROS):
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


def advance(session: Session, ctx: Context, event: Event) -> None:
    """Write the log's progress with a recorded event; in order it reads nothing."""
    seq = event.head.seq
    values: dict[str, object] = {
        "n_seen": ctx.received_at, "n_at": event.at, "n_app": event.head.app, "n_greatest": ctx.greatest,
        "n_hash": ctx.last_hash,
    }  # fmt: skip
    if seq > ctx.greatest:
        values |= {"n_greatest": seq, "n_hash": event.hash}
    recorded, received = ctx.recorded_through, ctx.received_through
    if seq == ctx.greatest + 1 == recorded + 1 == received + 1 and not ctx.quarantined:
        recorded = received = seq
    else:  # a gap closes only at its near end, however many events lie beyond it
        if seq == recorded + 1:
            recorded = _run(recorded, recorded_above(session, ctx.log_id, recorded))
        if seq == received + 1 or recorded > received:
            received = _received(session, ctx.log_id, max(received, recorded))
    change(session, _ADVANCE, values | {"n_recorded": recorded, "n_received": received, "log": ctx.log_id})


def note_elsewhere(session: Session, ctx: Context, event: Event) -> None:
    """Booked already from another log (a tablet enrolled anew, a copied store): it is no gap here."""
    row = {"log_id": ctx.log_id, "event_id": event.id, "seq": event.head.seq}
    told = session.execute(
        upsert_of(is_postgresql(session), ElsewhereEvent)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["log_id", "event_id"])
        .returning(ElsewhereEvent.seq)
    )
    if told.one_or_none() is not None:
        advance(session, ctx, event)


def note_quarantined(session: Session, log_id: str) -> None:
    """A quarantined event fills a gap: move `received_through`, never `greatest`."""
    log = session.get_one(DeviceLog, log_id, populate_existing=True)
    log.quarantined = True
    log.received_through = _received(session, log_id, log.received_through)


def _received(session: Session, log_id: str, through: int) -> int:
    """Every seq up to here is kept, recorded or quarantined."""
    return _run(through, recorded_above(session, log_id, through) | _seqs(session, Quarantined, log_id, through))


def recorded_above(session: Session, log_id: str, above: int) -> set[int]:
    """Which numbers over this one are recorded, here or from another log."""
    return _seqs(session, TillEvent, log_id, above) | _seqs(session, ElsewhereEvent, log_id, above)


def _seqs(session: Session, table: type[TillEvent | Quarantined | ElsewhereEvent], log_id: str, above: int) -> set[int]:
    found = session.scalars(select(table.seq).where(table.log_id == log_id, table.seq > above).distinct())
    return {seq for seq in found if seq is not None}


def _run(through: int, seqs: set[int]) -> int:
    while through + 1 in seqs:
        through += 1
    return through


def gaps(session: Session, log_id: str) -> tuple[int, list[list[int]]]:
    """(received_through, the gaps [from, to] below the greatest recorded, at most 100)."""
    row = session.execute(select(DeviceLog.received_through, DeviceLog.greatest).where(DeviceLog.id == log_id)).one()
    return row[0], missing_between(session, log_id, row[0], row[1])


def missing_between(session: Session, log_id: str, through: int, greatest: int) -> list[list[int]]:
    """The gaps [from, to] above what is kept without one and below the greatest recorded, at most 100."""
    if greatest <= through:
        return []
    kept = recorded_above(session, log_id, through) | _seqs(session, Quarantined, log_id, through)
    missing: list[list[int]] = []
    last = through
    for seq in sorted(seq for seq in kept if seq <= greatest):
        if seq > last + 1:
            missing.append([last + 1, seq - 1])
            if len(missing) == MAX_GAPS:
                break
        last = seq
    return missing

"""Shifts: made by whatever event names them first, kept in sums, posted when every event is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.canonical import parse
from pos.kernel.clock import local_date
from pos.kernel.db import connection_of, is_postgresql, upsert_of
from pos.kernel.rows import ask
from pos.ledger.commands import PostingDraft
from pos.till.commands import CashMoveBody, ShiftClose
from pos.till.forms.events import Event
from pos.till.models import CashMove, Shift, TillEvent, UnappliedEvent
from pos.till.queries.context import Context
from pos.till.rules.cash import FLOAT, THEFT, account_of_out
from pos.till.rules.tickets import STALE_HOURS
from pos.till.service.effects import Effects


@dataclass(frozen=True, slots=True)
class Touched:
    """A shift after this event has been added to its sums."""

    state: str
    opened_event: str | None
    opened_at: Any
    close_event: str | None


@lru_cache(maxsize=2)
def _add_to_shift(postgresql: bool) -> Any:
    """Add to a shift's sums or make the shift; built once per database."""
    upsert = upsert_of(postgresql, Shift)
    new = upsert.excluded
    return upsert.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "drawer_vnd": Shift.drawer_vnd + new.drawer_vnd,
            "sales": Shift.sales + new.sales,
            "sales_vnd": Shift.sales_vnd + new.sales_vnd,
            "last_at": case((new.last_at > Shift.last_at, new.last_at), else_=Shift.last_at),
            "keeper": func.coalesce(Shift.keeper, new.keeper),
        },
        where=Shift.operator_id == new.operator_id,  # another operator's shift of the same id stays untouched
    ).returning(Shift.state, Shift.opened_event, Shift.opened_at, Shift.close_event)


def touch_shift(session: Session, ctx: Context, event: Event, out: Effects, named: str | None = None) -> Touched:
    """Add an event's cash and sales to its shift (or the one it names), making it if it is the first to name it."""
    shift_id = named or str(event.head.shift)
    told = ask(
        connection_of(session),
        _add_to_shift(is_postgresql(session)),
        {
            "id": shift_id, "operator_id": ctx.operator_id, "site_id": ctx.site_id, "fair_id": ctx.fair_id,
            "till_id": ctx.till_id, "log_id": ctx.log_id, "day": event.day, "state": "open",
            "keeper": event.head.keeper, "float_vnd": 0, "float_counted": False, "drawer_vnd": out.drawer_vnd,
            "sales": out.sales, "sales_vnd": out.sales_vnd, "last_at": event.at,
        },
    )  # fmt: skip
    if not told:
        out.flag("unknown_shift", out.drawer_vnd, shift=shift_id)
        return Touched("foreign", None, None, None)
    touched = Touched(*told[0])
    if touched.opened_event is None and event.head.kind != "shift.open":
        out.flag("unknown_shift", out.drawer_vnd, shift=shift_id)
    dates = shift_id == event.head.shift  # a correction of yesterday's ticket is dated by the shift it is made in
    if dates and touched.opened_at and event.at > stale_from(touched.opened_at):
        out.flag("stale_shift", 0, **stale_facts(shift_id, event.at))
    if touched.state == "closed":
        _late(session, ctx, event, out, shift_id)
    return touched


def stale_from(opened_at: datetime) -> datetime:
    """After this a shift dates nothing any more."""
    return opened_at + timedelta(hours=STALE_HOURS)


def stale_facts(shift_id: str, at: datetime) -> dict[str, str]:
    """What a person is told of an event its shift should not have dated."""
    return {"shift": shift_id, "local_day": local_date(at).isoformat()}


def _late(session: Session, ctx: Context, event: Event, out: Effects, shift_id: str) -> None:
    """The close has posted: the event posts itself plus a linked correction, and the drawer stays 0."""
    out.flag("late", out.drawer_vnd, shift=shift_id)
    if out.drawer_vnd:
        out.post_event(
            event,
            "late_cash",
            [
                at_shift(ctx, "cash_variance", out.drawer_vnd, shift_id, shift_id),
                at_shift(ctx, "drawer", -out.drawer_vnd, shift_id, shift_id),
            ],
        )
        session.execute(update(Shift).where(Shift.id == shift_id).values(drawer_vnd=Shift.drawer_vnd - out.drawer_vnd))


def at_shift(ctx: Context, account: str, amount: int, dimension: str, shift_id: str) -> PostingDraft:
    return PostingDraft(account, amount, dimension, site_id=ctx.site_id, shift_id=shift_id, fair_id=ctx.fair_id)


def move_cash(session: Session, ctx: Context, event: Event, body: CashMoveBody, out: Effects) -> None:
    """Cash paid out (its reason's account), brought in (from the safe) or dropped to the safe.

    A float counted after the shift opened by itself comes in so, whichever of the two arrives first. What is
    stolen from a producer's own takings is the producer's: nothing of ours moves.
    """
    shift_id = str(event.head.shift)
    session.add(
        CashMove(
            id=event.id, shift_id=shift_id, direction=body.direction, amount_vnd=body.amount, reason=body.reason,
            carrier=body.carrier, bag=body.bag,
        )
    )  # fmt: skip
    sign = 1 if body.direction == "in" else -1
    out_of = account_of_out(body.reason, event.head.staff)
    other, dimension = out_of if body.direction == "out" else ("safe", ctx.site_id)
    stolen = bool(event.head.keeper) and body.direction == "out" and body.reason == THEFT
    own = ("held_by_producer", event.head.keeper) if event.head.keeper else ("drawer", shift_id)
    out.drawer_vnd = 0 if event.head.keeper else sign * body.amount
    if not stolen:
        out.post_event(
            event,
            "cash_move",
            [
                at_shift(ctx, own[0], sign * body.amount, own[1], shift_id),
                at_shift(ctx, other, -sign * body.amount, dimension, shift_id),
            ],
        )
    touched = touch_shift(session, ctx, event, out)
    if body.direction == "in" and body.reason == FLOAT and touched.state != "foreign":
        session.execute(
            update(Shift)
            .where(Shift.id == shift_id)
            .values(float_vnd=Shift.float_vnd + body.amount, float_counted=True)
        )


def close_shift(session: Session, ctx: Context, event: Event, body: ShiftClose, out: Effects) -> None:
    """Note the count; it posts when every event of each device of the shift is here."""
    touched = touch_shift(session, ctx, event, out)
    if touched.state == "foreign":
        return
    if touched.close_event is not None:
        out.flag("second_close", body.counted, first=touched.close_event)
        return
    session.execute(
        update(Shift)
        .where(Shift.id == str(event.head.shift))
        .values(state="closing", close_event=event.id, closed_at=event.at, counted_vnd=body.counted, z_no=body.z)
    )


def post_waiting_closes(session: Session, log_id: str, out: Effects, *, at: datetime) -> None:
    """Post every close at this log's site whose events are now all here.

    In a unit of work of its own, after the events': it locks several shifts in id order and holds none
    before, so two tablets cannot wait for each other, and neither misses what the other brought.
    """
    place = session.execute(select(DeviceLog.operator_id, DeviceLog.site_id).where(DeviceLog.id == log_id)).one()
    waiting = session.scalars(
        select(Shift)
        .where(Shift.site_id == place.site_id, Shift.state == "closing", Shift.operator_id == place.operator_id)
        .order_by(Shift.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for shift in waiting:
        close = session.get_one(TillEvent, str(shift.close_event))
        if missing_of(session, shift, close):
            continue
        post_close(session, shift, close, out, at=at)


def post_close(session: Session, shift: Shift, close: TillEvent, out: Effects, *, at: datetime) -> None:
    """The shift is closed: the count goes to the safe, the difference is said. Its row is locked by who asks."""
    expected = shift.drawer_vnd
    shift.state, shift.posted_at, shift.expected_vnd, shift.drawer_vnd = "closed", at, expected, 0
    session.flush()
    # Of a kept shift the cash is its keeper's: only what strayed into our drawer is a variance.
    counted = 0 if shift.keeper else shift.counted_vnd or 0

    def on(account: str, amount: int, dimension: str) -> PostingDraft:
        return PostingDraft(account, amount, dimension, site_id=shift.site_id, shift_id=shift.id, fair_id=shift.fair_id)

    drafts = {
        "shift_close": [on("safe", counted, shift.site_id), on("drawer", -counted, shift.id)],
        "cash_variance": [
            on("cash_variance", expected - counted, shift.id), on("drawer", counted - expected, shift.id)
        ],
    }  # fmt: skip
    for kind, postings in drafts.items():
        out.post(kind, postings, day=close.day, at=close.at, source_id=close.id)


def wanted_of(session: Session, close: TillEvent) -> dict[str, int]:
    """{device: last seq} a close waits for: each device it names, and its own."""
    named = parse(close.canonical)["body"].get("devices") or []
    wanted: dict[str, int] = {d["device"]: d["seq"] for d in named}
    own = session.get_one(DeviceLog, close.log_id)
    wanted.setdefault(own.device_id, close.seq)
    return wanted


def missing_of(session: Session, shift: Shift, close: TillEvent) -> int:
    """How many events the close is still waiting for, over each device it names (its own, if it names none)."""
    wanted = wanted_of(session, close)
    seen = select(TillEvent.log_id).where(TillEvent.shift_id == shift.id)
    logs = session.execute(
        select(DeviceLog.device_id, func.max(DeviceLog.recorded_through))
        .where(DeviceLog.device_id.in_(wanted), DeviceLog.id.in_(seen))
        .group_by(DeviceLog.device_id)
    ).all()
    through = {device: int(n) for device, n in logs}
    unread = session.execute(
        select(DeviceLog.device_id, TillEvent.seq)
        .join(UnappliedEvent, UnappliedEvent.event_id == TillEvent.id)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .where(DeviceLog.device_id.in_(wanted))
    ).all()
    waits = sum(1 for device, seq in unread if seq <= wanted[device])
    return waits + sum(max(0, seq - through.get(device, 0)) for device, seq in wanted.items())

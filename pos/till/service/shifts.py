"""Shifts: made by whatever event names them first, kept in sums, posted when every event is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.canonical import parse
from pos.kernel.clock import local_date
from pos.kernel.db import is_postgresql, upsert_of
from pos.ledger.commands import PostingDraft
from pos.till.commands import CashMoveBody, ShiftClose, ShiftOpen
from pos.till.forms.events import Event
from pos.till.models import CashMove, Shift, TillEvent, UnappliedEvent
from pos.till.queries.context import Context
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
    ).returning(Shift.state, Shift.opened_event, Shift.opened_at, Shift.close_event)


def touch_shift(session: Session, ctx: Context, event: Event, out: Effects) -> Touched:
    """Add an event's cash and sales to its shift, making the shift if it is the first to name it."""
    shift_id = str(event.head.shift)
    row = session.connection().execute(
        _add_to_shift(is_postgresql(session)),
        {
            "id": shift_id, "operator_id": ctx.operator_id, "site_id": ctx.site_id, "fair_id": ctx.fair_id,
            "till_id": ctx.till_id, "log_id": ctx.log_id, "day": event.day, "state": "open",
            "keeper": event.head.keeper, "float_vnd": 0, "float_counted": False, "drawer_vnd": out.drawer_vnd,
            "sales": out.sales, "sales_vnd": out.sales_vnd, "last_at": event.at,
        },
    ).one()  # fmt: skip
    touched = Touched(*row)
    if touched.opened_event is None and event.head.kind != "shift.open":
        out.flag("unknown_shift", out.drawer_vnd, shift=shift_id)
    if touched.opened_at and event.at - touched.opened_at > timedelta(hours=STALE_HOURS):
        out.flag("stale_shift", 0, shift=shift_id, local_day=local_date(event.at).isoformat())
    out.shift_waits = touched.state == "closing"
    if touched.state == "closed":
        _late(session, ctx, event, out, shift_id)
    return touched


def _late(session: Session, ctx: Context, event: Event, out: Effects, shift_id: str) -> None:
    """The close has posted: the event posts itself plus a linked correction, and the drawer stays 0."""
    out.flag("late", out.drawer_vnd, shift=shift_id)
    if out.drawer_vnd:
        out.post_event(
            event,
            "late_cash",
            [
                _at(ctx, "cash_variance", out.drawer_vnd, shift_id, shift_id),
                _at(ctx, "drawer", -out.drawer_vnd, shift_id, shift_id),
            ],
        )
        session.execute(update(Shift).where(Shift.id == shift_id).values(drawer_vnd=Shift.drawer_vnd - out.drawer_vnd))


def _at(ctx: Context, account: str, amount: int, dimension: str, shift_id: str) -> PostingDraft:
    return PostingDraft(account, amount, dimension, site_id=ctx.site_id, shift_id=shift_id, fair_id=ctx.fair_id)


def open_shift(session: Session, ctx: Context, event: Event, body: ShiftOpen, out: Effects) -> None:
    """A float leaves the safe for the drawer; in a kept shift nothing of ours moves."""
    shift_id, keeper = str(event.head.shift), body.keeper or event.head.keeper
    if not keeper:
        out.drawer_vnd = body.float
        out.post_event(
            event,
            "shift_open",
            [_at(ctx, "drawer", body.float, shift_id, shift_id), _at(ctx, "safe", -body.float, ctx.site_id, shift_id)],
        )
    touched = touch_shift(session, ctx, event, out)
    if touched.opened_event is None:
        session.execute(
            update(Shift)
            .where(Shift.id == shift_id)
            .values(
                opened_event=event.id, opened_at=event.at, opened_by=event.head.staff, float_vnd=body.float,
                float_counted=body.count is not None, day=event.day, keeper=keeper,
            )
        )  # fmt: skip
        out.closed_flags += [
            (id_, "unknown_shift")
            for id_ in session.scalars(select(TillEvent.id).where(TillEvent.shift_id == shift_id))
        ]


def move_cash(session: Session, ctx: Context, event: Event, body: CashMoveBody, out: Effects) -> None:
    """Cash paid out (an expense), brought in (from the safe) or dropped to the safe."""
    shift_id = str(event.head.shift)
    session.add(
        CashMove(
            id=event.id, shift_id=shift_id, direction=body.direction, amount_vnd=body.amount, reason=body.reason,
            carrier=body.carrier, bag=body.bag,
        )
    )  # fmt: skip
    sign = 1 if body.direction == "in" else -1
    other, dimension = ("misc_expense", "") if body.direction == "out" else ("safe", ctx.site_id)
    own = ("held_by_producer", event.head.keeper) if event.head.keeper else ("drawer", shift_id)
    out.drawer_vnd = 0 if event.head.keeper else sign * body.amount
    out.post_event(
        event,
        "cash_move",
        [
            _at(ctx, own[0], sign * body.amount, own[1], shift_id),
            _at(ctx, other, -sign * body.amount, dimension, shift_id),
        ],
    )
    touch_shift(session, ctx, event, out)


def close_shift(session: Session, ctx: Context, event: Event, body: ShiftClose, out: Effects) -> None:
    """Note the count; it posts when every event of each device of the shift is here."""
    touched = touch_shift(session, ctx, event, out)
    if touched.close_event is not None:
        out.flag("second_close", body.counted, first=touched.close_event)
        return
    session.execute(
        update(Shift)
        .where(Shift.id == str(event.head.shift))
        .values(state="closing", close_event=event.id, closed_at=event.at, counted_vnd=body.counted)
    )


def post_complete_closes(session: Session, ctx: Context, out: Effects) -> None:
    """Post every close of this site whose events are now all here. The log's progress must be written before."""
    waiting = session.scalars(
        select(Shift)
        .where(Shift.site_id == ctx.site_id, Shift.state == "closing")
        .order_by(Shift.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for shift in waiting:
        close = session.get_one(TillEvent, str(shift.close_event))
        if missing_of(session, shift, close):
            continue
        expected = shift.drawer_vnd
        shift.state, shift.posted_at, shift.expected_vnd, shift.drawer_vnd = "closed", ctx.received_at, expected, 0
        session.flush()
        if shift.keeper:
            continue
        counted = shift.counted_vnd or 0
        drafts = {
            "shift_close": [
                _at(ctx, "safe", counted, shift.site_id, shift.id), _at(ctx, "drawer", -counted, shift.id, shift.id)
            ],
            "cash_variance": [
                _at(ctx, "cash_variance", expected - counted, shift.id, shift.id),
                _at(ctx, "drawer", counted - expected, shift.id, shift.id),
            ],
        }  # fmt: skip
        for kind, postings in drafts.items():
            out.post(kind, postings, day=close.day, at=close.at, source_id=close.id)


def missing_of(session: Session, shift: Shift, close: TillEvent) -> int:
    """How many events the close is still waiting for, over each device it names (its own, if it names none)."""
    named = parse(close.canonical)["body"].get("devices") or []
    wanted: dict[str, int] = {d["device"]: d["seq"] for d in named}
    own = session.get_one(DeviceLog, close.log_id)
    wanted.setdefault(own.device_id, close.seq)
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

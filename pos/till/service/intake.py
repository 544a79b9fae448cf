"""Take a tablet's events in: each its own unit of work, in the order sent, its event row first.

The server keeps every event it is given: recorded, or quarantined whole. Source: till.md "The event log".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.clock import from_iso, iso
from pos.kernel.db import connection_of, db, end_reading, is_postgresql, reading, unit_of_work, upsert_of
from pos.kernel.models import Installation
from pos.kernel.rows import ask, together
from pos.till.commands import (
    CashMoveBody,
    GoodsIn,
    GoodsOut,
    InvoiceRequestBody,
    ProductNew,
    SaleBody,
    ShiftClose,
    ShiftContinue,
    ShiftOpen,
    StaffSwitch,
    TenderCorrect,
    TenderSeenBody,
)
from pos.till.forms.batch import Batch, read_batch
from pos.till.forms.events import Event, Unreadable, read_event
from pos.till.models import Shift, TillEvent, UnappliedEvent
from pos.till.queries.context import Context, UnknownLog, lock_context
from pos.till.rules.tickets import SKEW_MINUTES
from pos.till.service import goods, notes, others, progress, shifts, staff
from pos.till.service.control import note_control
from pos.till.service.doubts import doubt_approvals
from pos.till.service.effects import Effects
from pos.till.service.flags import cause_gone, codes_of, raise_flags
from pos.till.service.kept import Request, hold_one, quarantine
from pos.till.service.openings import open_shift
from pos.till.service.private import keep_private
from pos.till.service.sales import record_sale
from pos.till.service.shifts import touch_shift

log = logging.getLogger("pos.till")
MIN_APP = "0.1.0"  # the oldest build of the till that need not be renewed; whatever an older one sends is booked too
AWAY = (OperationalError, InterfaceError, InternalError, PoolTimeout)  # the database, not the event


class Clash(Unreadable):
    """A known id with other content."""


class Revoked(Exception):
    """The device was revoked: what it sends is held."""


def take_events(
    log_id: str, raw: bytes, *, received_at: datetime, secret: str, seeded: bool = False, revoked: bool = False
) -> dict[str, Any]:
    """Take one request's body (decompressed). Returns the answer of `POST /api/till/events`.

    A revoked device's events are held until a person accepts them (`revoked`: known before; each event looks
    again). Raises Invalid (400, 413) when the whole is not this JSON; UnknownLog; OperationalError when the
    database is away or locked: what was committed before stays, nothing else is acknowledged.
    """
    batch = read_batch(raw)
    request = Request(log_id, received_at, _skewed(batch.sent_at, received_at), seeded, secret)
    take = hold_one if revoked else take_one
    results = [take(request, batch, index) for index in range(len(batch.elements))]
    told = _end(log_id)
    if told.closing:
        post_closes(log_id, received_at)  # a unit of work of its own
        told = _end(log_id)
    missing: list[list[int]] = []
    if told.greatest > told.received_through:
        missing = progress.missing_between(db.session(), log_id, told.received_through, told.greatest)
        end_reading(db.session())
    return {
        "results": results,
        "received_through": told.received_through,
        "missing": missing,
        "books": told.books,
        "epoch": told.epoch or 0,
        "min_app": MIN_APP,
        "server_time": iso(received_at),
    }


_CLOSING = (
    select(Shift.id)
    .where(DeviceLog.site_id == Shift.site_id, DeviceLog.operator_id == Shift.operator_id, Shift.state == "closing")
    .correlate(DeviceLog)
    .limit(1)
    .scalar_subquery()
    .label("closing")
)
_END = (
    select(DeviceLog.received_through, DeviceLog.greatest, Installation.books, Installation.epoch, _CLOSING)
    .outerjoin(Installation, Installation.id == 1)
    .where(DeviceLog.id == bindparam("log"))
)


class _End(NamedTuple):
    received_through: int
    greatest: int
    books: str | None
    epoch: int | None
    closing: str | None  # a shift of the site that waits to close


def _end(log_id: str) -> _End:
    """Where the log and the books stand, one query."""
    with reading() as connection:
        [row] = ask(connection, _END, {"log": log_id})
    return _End(*row)


def post_closes(log_id: str, at: datetime) -> None:
    """Post the closes that waited for what has just come; nothing to do costs one look."""
    if _end(log_id).closing is None:
        return
    with unit_of_work() as session:
        out = Effects()
        shifts.post_waiting_closes(session, log_id, out, at=at)
        place = session.execute(select(DeviceLog.operator_id).where(DeviceLog.id == log_id)).one()
        out.write(session, place.operator_id, at)


def _skewed(sent_at: Any, received_at: datetime) -> bool:
    try:
        return abs(from_iso(sent_at) - received_at) > timedelta(minutes=SKEW_MINUTES)
    except (TypeError, ValueError, OverflowError):
        return False


def take_one(request: Request, batch: Batch, index: int) -> dict[str, Any]:
    """One event, one unit of work; whatever goes wrong with it quarantines it and the rest go on."""
    event_id, seq = None, None
    try:
        event = read_event(batch.elements[index])
        event_id, seq = event.id, event.head.seq
        return record(request, event)
    except Revoked:
        return hold_one(request, batch, index)
    except (*AWAY, UnknownLog):
        raise
    except Unreadable as unreadable:
        event_id, seq, why = unreadable.event_id or event_id, unreadable.seq or seq, unreadable.why
    except Exception as error:
        log.exception("event %s could not be applied", event_id)
        why = f"unexpected: {type(error).__name__}: {error}"[:500]
    if not quarantine(request, batch.raw(index), event_id, seq, why):
        return hold_one(request, batch, index)
    answer: dict[str, Any] = {"id": event_id, "seq": seq, "status": "quarantined", "flags": [], "why": why}
    return answer if event_id else answer | {"index": index}


def record(request: Request, event: Event) -> dict[str, Any]:
    """Book a verified event, or answer `repeated`. Raises Clash when its id is known with other content."""
    with unit_of_work() as session:
        ctx = lock_context(
            session, request.log_id, event.head.staff, received_at=request.received_at, seeded=request.seeded
        )
        if ctx.revoked and not request.accepted:
            raise Revoked
        if not _insert_event(session, ctx, event):
            known = session.execute(select(TillEvent.hash, TillEvent.log_id).where(TillEvent.id == event.id)).one()
            if known.hash != event.hash:
                raise Clash("a known id with other content", event.id, event.head.seq)
            if known.log_id != ctx.log_id:
                progress.note_elsewhere(session, ctx, event)
            flags = codes_of(session, event.id)
            return {"id": event.id, "seq": event.head.seq, "status": "repeated", "flags": flags}
        if event.private is not None:
            keep_private(session, event.id, event.private, secret=request.secret, at=request.received_at)
        out = Effects()
        if request.skewed:
            out.flag("clock_skew", 0)
        if event.head.staff and ctx.staff_name is None:
            out.flag("unknown_staff", 0, staff=event.head.staff)
        progress.check_chain(session, ctx, event, out)
        plain = isinstance(event.body, SaleBody) and not event.body.returns  # reads nothing of what it writes
        with together(session, only_if=plain):
            apply_event(session, ctx, event, out)
            progress.advance(session, ctx, event)
            cause_gone(session, out.closed_flags, at=ctx.received_at)
            raise_flags(session, event.id, ctx.operator_id, ctx.site_id, out.flags, at=ctx.received_at)
            out.write(session, ctx.operator_id, ctx.received_at)
        return {
            "id": event.id,
            "seq": event.head.seq,
            "status": "flagged" if out.flags else "recorded",
            "flags": sorted(out.flags),
        }


@lru_cache(maxsize=3)
def _new_event(postgresql: bool, ticket: bool) -> Any:
    """Insert an event unless its id is known; built once per database.

    A ticket's name is locked in the same statement (PostgreSQL): see `sales.lock_tickets`.
    """
    insert = upsert_of(postgresql, TillEvent).on_conflict_do_nothing(index_elements=["id"])
    if postgresql and ticket:
        return insert.returning(func.pg_advisory_xact_lock(func.hashtextextended(TillEvent.id, 0)))
    return insert.returning(TillEvent.id)


def _insert_event(session: Session, ctx: Context, event: Event) -> bool:
    head = event.head
    row = {
        "id": head.id, "log_id": ctx.log_id, "seq": head.seq, "kind": head.kind, "v": head.v, "app": head.app,
        "day": event.day, "at": event.at, "received_at": ctx.received_at, "shift_id": head.shift,
        "staff_id": head.staff, "prev": head.prev, "hash": event.hash, "canonical": event.canonical,
    }  # fmt: skip
    alone = isinstance(event.body, SaleBody) and not event.body.returns
    return bool(ask(connection_of(session), _new_event(is_postgresql(session), alone), row))


def _sale(session: Session, ctx: Context, event: Event, body: SaleBody, out: Effects) -> None:
    record_sale(session, ctx, event, body, out)
    touch_shift(session, ctx, event, out)


APPLY: dict[type, Callable[[Session, Context, Event, Any, Effects], None]] = {
    SaleBody: _sale,
    ShiftOpen: open_shift,
    ShiftClose: shifts.close_shift,
    CashMoveBody: shifts.move_cash,
    TenderCorrect: others.correct_tender,
    GoodsOut: goods.goods_out,
    GoodsIn: goods.goods_in,
    TenderSeenBody: notes.tender_seen,
    InvoiceRequestBody: notes.invoice_request,
    ShiftContinue: notes.shift_continue,
    ProductNew: notes.product_new,
    StaffSwitch: staff.switch_staff,
}


def apply_event(session: Session, ctx: Context, event: Event, out: Effects) -> None:
    """Do what the event says. A newer format than this release knows is kept for the one that does."""
    if not event.known:
        session.add(UnappliedEvent(event_id=event.id, why="format"))
        return
    doubt_approvals(session, ctx, event, out)
    if apply := APPLY.get(type(event.body)):
        apply(session, ctx, event, event.body, out)
    note_control(session, ctx, event)

"""The opening of a shift: its float leaves the safe for the drawer, once, however many openings are sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.kernel.canonical import parse
from pos.kernel.ids import new_id
from pos.ledger.commands import EntryDraft
from pos.ledger.models import JournalEntry
from pos.till.commands import ShiftOpen
from pos.till.forms.events import Event
from pos.till.models import Shift, TillEvent
from pos.till.queries.context import Context
from pos.till.service.effects import SOURCE, Effects
from pos.till.service.flags import raise_later
from pos.till.service.shifts import at_shift, stale_facts, stale_from, touch_shift

KIND, UNDONE = "shift_open", "shift_open_undone"
DATED = frozenset(
    {"sale", "cash.move", "tender.correct", "shift.continue", "shift.close"}
)  # those a shift is asked for


@dataclass(frozen=True, slots=True)
class Before:
    """The opening a shift has already; `posted_vnd` is 0 in a kept shift."""

    event: TillEvent
    float_vnd: int
    posted_vnd: int


def open_shift(session: Session, ctx: Context, event: Event, body: ShiftOpen, out: Effects) -> None:
    """A float leaves the safe for the drawer; in a kept shift nothing of ours moves.

    Of two openings of one shift the first by seq (then id) stands, whichever arrives first: the other posts
    nothing, or what it posted is taken back, and a person looks at it.
    """
    shift_id, keeper = str(event.head.shift), body.keeper or event.head.keeper
    touched = touch_shift(session, ctx, event, out)  # makes and locks the shift
    foreign = touched.state == "foreign"
    before = _before(session, touched.opened_event) if touched.opened_event and not foreign else None
    if before and (before.event.seq, before.event.id) < (event.head.seq, event.id):
        out.flag("second_open", body.float, first=before.event.id)
        if body.count is not None:
            session.execute(update(Shift).where(Shift.id == shift_id).values(float_counted=True))
        return
    posted = 0 if keeper else body.float
    if before:
        raise_later(session, before.event.id, "second_open", before.float_vnd, {"first": event.id}, at=ctx.received_at)
        _undo(session, ctx, before, shift_id, out)
    float_ = [
        at_shift(ctx, "drawer", posted, shift_id, shift_id),
        at_shift(ctx, "safe", -posted, ctx.site_id, shift_id),
    ]
    out.post_event(event, KIND, float_)
    out.drawer_vnd = posted - (before.posted_vnd if before else 0)
    if foreign:
        return
    if out.drawer_vnd:
        touch_shift(session, ctx, event, out)
    session.execute(
        update(Shift)
        .where(Shift.id == shift_id)
        .values(
            opened_event=event.id, opened_at=event.at, opened_by=event.head.staff, day=event.day, keeper=keeper,
            float_vnd=Shift.float_vnd + body.float - (before.float_vnd if before else 0),
            **({"float_counted": True} if body.count is not None else {}),
        )
    )  # fmt: skip
    came_before = session.execute(
        select(TillEvent.id, TillEvent.kind, TillEvent.at)
        .join(DeviceLog, DeviceLog.id == TillEvent.log_id)
        .where(TillEvent.shift_id == shift_id, DeviceLog.operator_id == ctx.operator_id)
    )
    for id_, kind, at in came_before:
        out.closed_flags.append((id_, "unknown_shift"))
        if kind in DATED and at > stale_from(event.at):  # only now it is known how long the shift had been open
            raise_later(session, id_, "stale_shift", 0, stale_facts(shift_id, at), at=ctx.received_at)


def _before(session: Session, event_id: str) -> Before:
    event = session.get_one(TillEvent, event_id)
    told = parse(event.canonical)
    float_vnd = told["body"].get("float") or 0
    kept = told["body"].get("keeper") or told.get("keeper")
    return Before(event, float_vnd, 0 if kept else float_vnd)


def _undo(session: Session, ctx: Context, before: Before, shift_id: str, out: Effects) -> None:
    """Take back what the later opening posted when it came first."""
    posted = before.posted_vnd
    entry = session.scalar(
        select(JournalEntry.id).where(
            JournalEntry.source_kind == SOURCE, JournalEntry.source_id == before.event.id, JournalEntry.kind == KIND
        )
    )
    if entry is None:
        return
    back = (at_shift(ctx, "drawer", -posted, shift_id, shift_id), at_shift(ctx, "safe", posted, ctx.site_id, shift_id))
    draft = EntryDraft(
        new_id(), UNDONE, before.event.day, before.event.at, SOURCE, before.event.id, back, reverses=entry
    )  # fmt: skip
    out.drafts.append((draft, []))

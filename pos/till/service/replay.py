"""Second chances: held events accepted, quarantined originals repaired, newer formats read at last.

Nothing is lost on the way: originals stay, and replaying is the ordinary intake.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import AccessLog
from pos.kernel.canonical import canonical, digest, parse
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.seal import unseal
from pos.till.commands import VERSION, SaleBody
from pos.till.forms.batch import read_batch
from pos.till.forms.events import Unreadable, read_event
from pos.till.models import HeldEvent, Quarantined, TillEvent, UnappliedEvent
from pos.till.queries.context import lock_context
from pos.till.service.effects import Effects
from pos.till.service.flags import cause_gone, raise_flags
from pos.till.service.intake import AWAY, apply_event, post_closes, record, take_one
from pos.till.service.kept import Request
from pos.till.service.sales import lock_names

log = logging.getLogger("pos.till")


def accept_held(
    log_id: str, *, secret: str, by: str, at: datetime, held_ids: list[str] | None = None
) -> list[dict[str, Any]]:
    """Book the held events of a revoked device (all, or those named), in the order of its log.

    Each is its own unit of work, as at the door; one accepted before is `repeated`.
    """
    wanted = select(HeldEvent.id).where(HeldEvent.log_id == log_id, HeldEvent.accepted_at.is_(None))
    if held_ids is not None:
        wanted = wanted.where(HeldEvent.id.in_(held_ids))
    session = db.session()
    ids = list(session.scalars(wanted.order_by(HeldEvent.seq, HeldEvent.id)))
    results = []
    for id_ in ids:
        held = session.get_one(HeldEvent, id_)
        request = Request(log_id, held.received_at, False, False, secret, accepted=True)
        raw = unseal(secret, held.sealed).decode("utf-8", "surrogatepass")
        results.append(take_one(request, read_batch(f'{{"events":[{raw}]}}'.encode("utf-8", "replace")), 0))
        post_closes(log_id, at)
        with unit_of_work() as work:
            done = work.get_one(HeldEvent, id_)
            done.accepted_at, done.accepted_by = at, by
    return results


def original_of(session: Session, quarantine_id: str, *, secret: str, by: str, at: datetime) -> tuple[Quarantined, str]:
    """A quarantined original as it came, for a person to read; the look is logged. Raises NotFound."""
    found = session.get(Quarantined, quarantine_id)
    if found is None:
        raise NotFound("quarantine.unknown")
    session.add(
        AccessLog(
            id=new_id(), at=at, person_id=by, action="quarantine.read", subject_kind="quarantine",
            subject_id=quarantine_id, note=None,
        )
    )  # fmt: skip
    return found, unseal(secret, found.sealed).decode("utf-8", "replace")


def repair(quarantine_id: str, text: str, *, secret: str, by: str, at: datetime) -> dict[str, Any]:
    """Book a mended event in place of a quarantined one: its hash is made anew over what the person wrote.

    Raises Invalid with the reason when it is still not an event, Conflict when it was repaired before
    or its id belongs to another event.
    """
    found = db.session().get(Quarantined, quarantine_id)
    if found is None:
        raise NotFound("quarantine.unknown")
    if found.repaired_at is not None:
        raise Conflict("quarantine.repaired")
    log_id, received_at = found.log_id, found.received_at
    try:
        element = parse(text)
        if not isinstance(element, dict):
            raise ValueError("{…}")
        content = {key: value for key, value in element.items() if key not in ("hash", "private")}
        event = read_event(element | {"hash": digest(canonical(content))})
    except Unreadable as error:
        raise Invalid("quarantine.still_wrong", why=error.why) from error
    except (ValueError, RecursionError) as error:
        raise Invalid("quarantine.still_wrong", why=str(error)[:200]) from error
    try:
        result = record(Request(log_id, received_at, False, False, secret, accepted=True), event)
    except Unreadable as error:
        raise Conflict("quarantine.id_taken", event_id=event.id) from error
    post_closes(log_id, at)
    with unit_of_work() as session:
        done = session.get_one(Quarantined, quarantine_id)
        done.repaired_at = at
        session.add(
            AccessLog(
                id=new_id(), at=at, person_id=by, action="quarantine.repair", subject_kind="till_event",
                subject_id=event.id, note=quarantine_id,
            )
        )  # fmt: skip
    return result


def replay_unapplied(*, at: datetime, tick: Callable[[], None] | None = None) -> int:
    """Apply events of formats this release has learnt since they came. Answers how many; safe to run twice.

    One that still cannot be applied keeps waiting, with the cause, and the others go on.
    """
    session, done = db.session(), 0
    waiting = session.execute(
        select(UnappliedEvent.event_id, TillEvent.log_id)
        .join(TillEvent, TillEvent.id == UnappliedEvent.event_id)
        .where(TillEvent.v <= VERSION)
        .order_by(TillEvent.log_id, TillEvent.seq)
    ).all()
    for event_id, log_id in waiting:
        try:
            done += _replay_one(event_id, at)
        except AWAY:
            raise
        except Exception as error:
            log.exception("event %s could not be applied", event_id)
            with unit_of_work() as work:
                work.get_one(UnappliedEvent, event_id).why = f"{type(error).__name__}: {error}"[:500]
        post_closes(log_id, at)
        if tick:
            tick()
    return done


def _replay_one(event_id: str, at: datetime) -> bool:
    """Apply one; False when another process was faster."""
    with unit_of_work() as work:
        row = work.get_one(TillEvent, event_id)
        ctx = lock_context(work, row.log_id, row.staff_id, received_at=row.received_at, seeded=True)
        waits = work.get(UnappliedEvent, event_id, populate_existing=True)
        if waits is None:
            return False
        event = read_event(parse(row.canonical) | {"hash": row.hash})
        work.delete(waits)
        work.flush()
        out = Effects()
        if isinstance(event.body, SaleBody) and not event.body.returns:
            lock_names(work, {event.id})  # as its event row did when it came
        apply_event(work, ctx, event, out)
        cause_gone(work, out.closed_flags, at=at)
        raise_flags(work, event.id, ctx.operator_id, ctx.site_id, out.flags, at=at)
        out.write(work, ctx.operator_id, at)
    return True


def count_unapplied(session: Session) -> int:
    """How many events wait for a release that can read them (or for a cause to go)."""
    return session.scalar(select(func.count()).select_from(UnappliedEvent)) or 0

"""Doubts for a person: raised by events, closed when their cause goes or somebody says why."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog
from pos.access.queries import rights_of
from pos.access.rules import covers, scopes_of
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.payments.models import BankLine
from pos.till.models import Flag, FlagChange, TillEvent

MOST = 2**62  # a column's room: what is beyond is nonsense, and said in the facts


def raise_flags(
    session: Session, event_id: str, operator_id: str, site_id: str,
    flags: dict[str, tuple[int, dict[str, Any]]], *, at: datetime,
) -> None:  # fmt: skip
    """Write an event's doubts: code → (đồng in question, facts)."""
    if flags:
        insert_rows(session, Flag, _rows(event_id, operator_id, site_id, flags, at))


def raise_later(
    session: Session, event_id: str, code: str, amount_vnd: int, facts: dict[str, Any], *, at: datetime
) -> None:
    """A doubt about an event that was taken in before, of which more is known now; one of the code it has stands."""
    place = session.execute(
        select(DeviceLog.operator_id, DeviceLog.site_id).join(TillEvent, TillEvent.log_id == DeviceLog.id)
        .where(TillEvent.id == event_id)
    ).one()  # fmt: skip
    rows = _rows(event_id, place.operator_id, place.site_id, {code: (amount_vnd, facts)}, at)
    insert_rows(session, Flag, rows, "ON CONFLICT (event_id, code) DO NOTHING")


def raise_of_bank(session: Session, line: BankLine, code: str, *, at: datetime) -> None:
    """A line of the bank that nobody can name: its money, its words."""
    facts = json.dumps({"name": line.text[:200], "booked_on": line.booked_on.isoformat()}, ensure_ascii=False)
    session.add(
        Flag(
            id=new_id(), bank_line_id=line.id, operator_id=line.operator_id, code=code, amount_vnd=line.amount_vnd,
            facts=facts, raised_at=at,
        )
    )  # fmt: skip


def bank_line_named(session: Session, line_id: str, left_vnd: int, *, at: datetime) -> None:
    """Somebody, or its text, says what the line is: its doubt closes by itself, or stays for what is left of it."""
    values: dict[str, Any] = {"amount_vnd": left_vnd}
    if left_vnd == 0:
        values = {"closed_at": at, "done_because": "cause_gone"}
    session.execute(update(Flag).where(Flag.bank_line_id == line_id, Flag.closed_at.is_(None)).values(**values))


def _rows(
    event_id: str, operator_id: str, site_id: str, flags: dict[str, tuple[int, dict[str, Any]]], at: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(), "event_id": event_id, "operator_id": operator_id, "site_id": site_id, "code": code,
            "amount_vnd": min(amount, MOST), "raised_at": at,
            "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True),
        }
        for code, (amount, facts) in sorted(flags.items())
    ]  # fmt: skip


def cause_gone(session: Session, pairs: list[tuple[str, str]], *, at: datetime) -> None:
    """Close flags (event id, code) by themselves: what they were about has come right."""
    for n in range(0, len(pairs), 300):
        session.execute(
            update(Flag)
            .where(tuple_(Flag.event_id, Flag.code).in_(pairs[n : n + 300]), Flag.closed_at.is_(None))
            .values(closed_at=at, done_because="cause_gone"),
            execution_options={"synchronize_session": False},
        )


def close_flag(session: Session, flag_id: str, because: str, *, by: str, at: datetime) -> None:
    """A person has looked and says why it is done; one that is closed stays as it is.

    Raises Invalid without a reason, NotFound.
    """
    if session.get(Flag, flag_id) is None:
        raise NotFound("flag.not_found")
    if not because.strip():
        raise Invalid("flag.because_needed")
    values = {"closed_at": at, "closed_by": by, "done_because": because.strip()}
    _change(session, flag_id, values, what="closed", because=because.strip(), by=by, at=at)


def give_flag(session: Session, flag_id: str, owner_id: str | None, *, by: str, at: datetime) -> None:
    """Say who sees to a doubt, None for nobody.

    Raises NotFound, Invalid `flag.owner` for who may not close it, Conflict when it is done already.
    """
    flag = session.get(Flag, flag_id)
    if flag is None:
        raise NotFound("flag.not_found")
    if owner_id is not None:
        held = scopes_of(rights_of(session, owner_id), "flag.close")
        if not covers(held, operator=flag.operator_id, site=flag.site_id):
            raise Invalid("flag.owner")
    if not _change(session, flag_id, {"owner_id": owner_id}, what="owner", owner_id=owner_id, by=by, at=at):
        raise Conflict("flag.done")


def _change(
    session: Session, flag_id: str, values: dict[str, Any], *, what: str, by: str, at: datetime,
    owner_id: str | None = None, because: str | None = None,
) -> bool:  # fmt: skip
    """Change an open doubt, with its row of history; False when it is not open (any more)."""
    done = session.execute(
        update(Flag).where(Flag.id == flag_id, Flag.closed_at.is_(None)).values(**values).returning(Flag.id)
    )
    if done.one_or_none() is None:
        return False
    session.add(
        FlagChange(id=new_id(), flag_id=flag_id, what=what, owner_id=owner_id, because=because, at=at, made_by=by)
    )
    return True


def codes_of(session: Session, event_id: str) -> list[str]:
    """The flags an event was first answered with."""
    first = select(TillEvent.received_at).where(TillEvent.id == event_id).scalar_subquery()
    return list(
        session.scalars(select(Flag.code).where(Flag.event_id == event_id, Flag.raised_at == first).order_by(Flag.code))
    )

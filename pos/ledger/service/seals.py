"""Seal a period of the books: where the chain stood and what each account had moved, written once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pos.kernel.canonical import canonical
from pos.kernel.clock import local_date
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.ids import new_id
from pos.ledger.models import BooksSeal, ChainHead
from pos.ledger.queries import head_of
from pos.ledger.queries.trial import sums_of
from pos.ledger.rules import seal_digest


def seal_period(
    session: Session, operator_id: str, kind: str, *, from_on: date, until_on: date, scope_id: str = "", at: datetime,
    by: str | None, note: str | None = None,
) -> BooksSeal:  # fmt: skip
    """A `day` of one site, a `fair`, or a whole `month`. Nothing is locked while it adds up: whatever has a seq up to
    the head is committed. Tills go on; what they still send of these days is entered and stands as a correction.

    Raises Invalid `seal.not_over` before the period's last day has passed, `seal.period` for another kind's dates;
    Conflict `seal.done`.
    """
    if until_on >= local_date(at):
        raise Invalid("seal.not_over", until=until_on)
    first = from_on.replace(day=1)
    apart = {"day": from_on != until_on, "month": from_on != first or not _whole(from_on, until_on)}
    if apart.get(kind, False):
        raise Invalid("seal.period")
    seq, hash_ = head_of(session, operator_id)
    where: dict[str, Any] = {"day": {"site_id": scope_id}, "fair": {"fair_id": scope_id}}.get(kind, {})
    totals = {a: list(t) for a, t in sums_of(session, operator_id, from_on, until_on, upto=seq, **where).items()}
    session.execute(select(ChainHead.seq).where(ChainHead.operator_id == operator_id).with_for_update()).all()
    mine = BooksSeal.operator_id == operator_id
    if session.scalar(
        select(BooksSeal.no).where(
            mine, BooksSeal.kind == kind, BooksSeal.scope_id == scope_id, BooksSeal.from_on == from_on
        )
    ):
        raise Conflict("seal.done")
    seal = BooksSeal(
        id=new_id(), operator_id=operator_id, no=(session.scalar(select(func.max(BooksSeal.no)).where(mine)) or 0) + 1,
        kind=kind, scope_id=scope_id, from_on=from_on, until_on=until_on, seq=seq, hash=hash_,
        totals=canonical(totals).decode(),
        sha256=seal_digest(operator_id, kind, scope_id, from_on, until_on, seq, hash_, totals),
        note=note, sealed_at=at, sealed_by=by,
    )  # fmt: skip
    session.add(seal)
    session.flush()
    return seal


def refuse_sealed(session: Session, operator_id: str, day: date, *, site_id: str | None = None) -> None:
    """A paper of the office is not dated into a sealed month, or a sealed day of its site: it is written on an open
    day and says its true one. What tills send is never refused. Raises Conflict `books.sealed`."""
    place = BooksSeal.kind == "month"
    if site_id:
        place = or_(place, (BooksSeal.kind == "day") & (BooksSeal.scope_id == site_id))
    found = session.execute(
        select(BooksSeal.from_on, BooksSeal.until_on)
        .where(BooksSeal.operator_id == operator_id, BooksSeal.until_on >= day, BooksSeal.from_on <= day, place)
        .limit(1)
    ).one_or_none()
    if found:
        raise Conflict("books.sealed", from_=found[0], until=found[1])


def _whole(from_on: date, until_on: date) -> bool:
    """From the first to the last day of one month."""
    after = date(until_on.year + until_on.month // 12, until_on.month % 12 + 1, 1)
    return (from_on.year, from_on.month) == (until_on.year, until_on.month) and (after - until_on).days == 1

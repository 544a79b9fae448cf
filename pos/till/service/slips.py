"""Slips for the cash that moved without a person writing one: tills opened and closed, drops, bags, expenses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from pos.access.models import Person
from pos.kernel.db import is_postgresql, upsert_of
from pos.ledger.models import CashSlip, JournalEntry, Posting, SlipHead
from pos.ledger.queries import head_of
from pos.ledger.service.slips import write_slip
from pos.producers.models import Producer
from pos.till.models import CashMove, TillEvent

Cash = tuple[JournalEntry, str, int, str | None, str | None]  # entry, account, amount, site, producer's name
MOST = 5_000  # entries looked at in one transaction


def number_cash(session: Session, operator_id: str, *, at: datetime, by: str | None) -> int:
    """A slip for each entry that moved a safe, and for expenses out of a drawer, in the order of the books.

    What has its slip already is passed by; where the last run ended is kept and locked, so two at once cannot
    number the same. How many were written.
    """
    made = upsert_of(is_postgresql(session), SlipHead).values(operator_id=operator_id, seq=0)
    session.execute(made.on_conflict_do_nothing())
    after = session.scalar(select(SlipHead.seq).where(SlipHead.operator_id == operator_id).with_for_update()) or 0
    end, written = head_of(session, operator_id)[0], 0
    while after < end:
        upto = min(end, after + MOST)
        for entry, account, amount, site_id, producer in _cash(session, operator_id, after, upto):
            move, staff = _told(session, entry)
            write_slip(
                session, operator_id, "in" if account == "safe" and amount > 0 else "out", amount_vnd=abs(amount),
                what=f"{move.direction}:{move.reason or ''}".rstrip(":") if move else entry.kind,
                day=entry.business_date, source_kind=entry.source_kind, source_id=entry.source_id, at=at, by=by,
                party=(move.carrier if move else None) or staff or producer, site_id=site_id,
            )  # fmt: skip
            written += 1
        after = upto
    session.execute(update(SlipHead).where(SlipHead.operator_id == operator_id).values(seq=end))
    return written


def _cash(session: Session, operator_id: str, after: int, upto: int) -> list[Cash]:
    """Without a slip: what a safe got or gave; a drawer's where no safe took part."""
    total = func.sum(Posting.amount_vnd)
    slip = select(CashSlip.id).where(
        CashSlip.operator_id == JournalEntry.operator_id, CashSlip.source_kind == JournalEntry.source_kind,
        CashSlip.source_id == JournalEntry.source_id, (CashSlip.side == "in") == (Posting.amount_vnd > 0),
    )  # fmt: skip
    other = aliased(Posting)
    in_safe = select(other.n).where(other.entry_id == JournalEntry.id, other.account == "safe")
    from_drawer = (JournalEntry.kind == "cash_move") & (Posting.account == "drawer") & ~in_safe.exists()
    rows = session.execute(
        select(JournalEntry, Posting.account, total, func.max(Posting.site_id), func.max(Producer.name))
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .outerjoin(Producer, Producer.id == Posting.producer_id)
        .where(
            JournalEntry.operator_id == operator_id, JournalEntry.seq > after, JournalEntry.seq <= upto,
            (Posting.account == "safe") | from_drawer, ~slip.exists(),
        )
        .group_by(JournalEntry.id, Posting.account)
        .having(total != 0)
        .order_by(JournalEntry.seq)
    )  # fmt: skip
    return [(entry, account, int(amount), site_id, producer) for entry, account, amount, site_id, producer in rows]


def _told(session: Session, entry: JournalEntry) -> tuple[CashMove | None, str | None]:
    """A till's move and who made it."""
    if entry.source_kind != "till_event":
        return None, None
    staff = session.scalar(
        select(Person.name).join(TillEvent, TillEvent.staff_id == Person.id).where(TillEvent.id == entry.source_id)
    )
    return (session.get(CashMove, entry.source_id) if entry.kind == "cash_move" else None), staff

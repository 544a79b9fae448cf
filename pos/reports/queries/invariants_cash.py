"""Invariants of money.md about cash: 8 (drawers) and 9 (drops). Reads only."""

from __future__ import annotations

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from pos.ledger.models import JournalEntry, Posting
from pos.reports.queries.findings import Finding
from pos.till.models import CashMove, Shift, Tender
from pos.till.rules.cash import THEFT


def drawers(session: Session) -> Finding:
    """8. Every drawer holds what its shift says; after the close nothing."""
    out = Finding(8, "Két khớp ca; đóng ca thì két bằng 0", "the drawer is what its shift says, and 0 after the close")
    booked = {
        shift: int(total)
        for shift, total in session.execute(
            select(Posting.dimension, func.sum(Posting.amount_vnd))
            .where(Posting.account == "drawer")
            .group_by(Posting.dimension)
        )
    }
    for id_, state, keeper, drawer in session.execute(select(Shift.id, Shift.state, Shift.keeper, Shift.drawer_vnd)):
        out.looked_at += 1
        total = booked.pop(id_, 0)
        if total != drawer or (total and (keeper or state == "closed")):
            out.differs(
                f"Két của ca {id_} ({state})", f"drawer of shift {id_} ({state})", total, 0 if keeper else drawer
            )
    for id_, total in booked.items():
        if total:
            out.differs(f"Két {id_} không có ca", f"drawer {id_} has no shift", total, 0)
    _counted(session, out)
    _paid_into(session, out)
    _moved(session, out)
    return out


def _counted(session: Session, out: Finding) -> None:
    """What a closed shift should have held less what was counted is its variance entry."""
    booked = _postings_of("cash_variance", "cash_variance").subquery()
    counted = case((Shift.keeper.is_not(None), 0), else_=func.coalesce(Shift.counted_vnd, 0))
    off, found = func.coalesce(Shift.expected_vnd, 0) - counted, func.coalesce(booked.c.vnd, 0)
    rows = session.execute(
        select(Shift.id, found, off)
        .outerjoin(booked, booked.c.source_id == Shift.close_event)
        .where(Shift.state == "closed", found != off)
    )
    for id_, there, expected in rows:
        out.differs(f"Thừa thiếu của ca {id_}", f"variance of shift {id_}", int(there), int(expected))


def _paid_into(session: Session, out: Finding) -> None:
    """What tickets and corrections brought into a drawer is what their tenders say."""
    said = {
        drawer: int(vnd)
        for drawer, vnd in session.execute(
            select(Tender.dimension, func.sum(Tender.amount_vnd))
            .where(Tender.account == "drawer")
            .group_by(Tender.dimension)
        )
    }
    booked = {
        drawer: int(vnd)
        for drawer, vnd in session.execute(
            select(Posting.dimension, func.sum(Posting.amount_vnd))
            .join(JournalEntry, JournalEntry.id == Posting.entry_id)
            .where(Posting.account == "drawer", JournalEntry.kind.in_(("sale", "tender_correct")))
            .group_by(Posting.dimension)
        )
    }
    for id_ in sorted(said.keys() | booked.keys()):
        if booked.get(id_, 0) != said.get(id_, 0):
            out.differs(f"Tiền bán vào két {id_}", f"takings of drawer {id_}", booked.get(id_, 0), said.get(id_, 0))


def _moved(session: Session, out: Finding) -> None:
    """Cash paid in, paid out or dropped stands in the drawer (or the keeper's purse) with its whole amount."""
    booked = _postings_of("cash_move", "drawer", "held_by_producer").subquery()
    signed = case((CashMove.direction == "in", CashMove.amount_vnd), else_=-CashMove.amount_vnd)
    stolen = and_(CashMove.direction == "out", CashMove.reason == THEFT, booked.c.vnd.is_(None))  # a keeper's own loss
    found = func.coalesce(booked.c.vnd, 0)
    rows = session.execute(
        select(CashMove.id, found, signed)
        .outerjoin(booked, booked.c.source_id == CashMove.id)
        .where(found != signed, ~stolen)
    )
    for id_, there, expected in rows:
        out.differs(f"Lần thu chi {id_} trong két", f"cash move {id_} in the drawer", int(there), int(expected))


def _postings_of(kind: str, *accounts: str) -> Select[str, int]:
    """(source, đồng) of entries of a kind on these accounts."""
    return (
        select(JournalEntry.source_id, func.sum(Posting.amount_vnd).label("vnd"))
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(JournalEntry.kind == kind, Posting.account.in_(accounts))
        .group_by(JournalEntry.source_id)
    )


def drops(session: Session) -> Finding:
    """9. Every drop has its counterpart in the safe."""
    out = Finding(9, "Tiền nộp từ két vào đủ két sắt", "every drop has its counterpart in the safe")
    safe = _postings_of("cash_move", "safe").subquery()
    booked = func.coalesce(safe.c.vnd, 0)
    rows = session.execute(
        select(CashMove.id, CashMove.amount_vnd, booked)
        .outerjoin(safe, safe.c.source_id == CashMove.id)
        .where(CashMove.direction == "drop", booked != CashMove.amount_vnd)
    )
    for move, amount, found in rows:
        out.differs(f"Lần nộp {move} trong két sắt", f"drop {move} in the safe", int(found), amount)
    out.looked_at = session.scalar(select(func.count()).where(CashMove.direction == "drop")) or 0
    return out

"""Give cash its slip: phiếu thu, phiếu chi, numbered per operator, year and side without a gap."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pos.kernel.db import is_postgresql, upsert_of
from pos.kernel.errors import Conflict
from pos.kernel.ids import new_id
from pos.ledger.models import CashSlip, SlipCounter


def write_slip(
    session: Session, operator_id: str, side: str, *, amount_vnd: int, what: str, day: date, source_kind: str,
    source_id: str, at: datetime, by: str | None, party: str | None = None, note: str | None = None,
    site_id: str | None = None,
) -> CashSlip:  # fmt: skip
    """The slip of one cash document, in the document's own transaction and before its entry is posted (the chain
    head is locked last). `side`: `out` is a phiếu chi, cash leaves the safe; `in` a phiếu thu. Source as the entry's.

    The number's row stays locked till COMMIT: a rollback gives the number back, so none is missing and none comes
    twice. Raises Conflict `slip.written` when this document has its slip.
    """
    mine = (
        CashSlip.operator_id == operator_id, CashSlip.source_kind == source_kind, CashSlip.source_id == source_id,
        CashSlip.side == side,
    )  # fmt: skip
    if session.scalar(select(CashSlip.id).where(*mine)):
        raise Conflict("slip.written")
    slip = CashSlip(
        id=new_id(), operator_id=operator_id, year=day.year, side=side, no=_take(session, operator_id, day.year, side),
        business_date=day, amount_vnd=amount_vnd, what=what, party=party, note=note, site_id=site_id,
        source_kind=source_kind, source_id=source_id, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(slip)
    session.flush()
    return slip


def _take(session: Session, operator_id: str, year: int, side: str) -> int:
    key = {"operator_id": operator_id, "year": year, "side": side}
    session.execute(upsert_of(is_postgresql(session), SlipCounter).values(**key, last=0).on_conflict_do_nothing())
    found = session.execute(
        update(SlipCounter)
        .filter_by(**key)
        .values(last=SlipCounter.last + 1)
        .returning(SlipCounter.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(found)

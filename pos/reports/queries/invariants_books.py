"""What is kept about the books says what the journal says: seals, sums by day, numbers of slips. Reads only."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.ledger.models import BooksSeal, CashSlip, DaySumHead, SlipCounter
from pos.ledger.queries.seals import seal_problem
from pos.ledger.queries.trial import day_sum_problems
from pos.reports.queries.findings import Finding


def seals(session: Session) -> Finding:
    """12. Each sealed period, rebuilt from the journal; and the sums by day."""
    out = Finding(
        12, "Kỳ đã niêm và tổng theo ngày đúng như sổ nhật ký", "sealed periods and sums by day equal the journal"
    )
    for seal in session.scalars(select(BooksSeal).order_by(BooksSeal.operator_id, BooksSeal.no)):
        if wrong := seal_problem(session, seal):
            out.wrong(f"Niêm sổ số {seal.no}: {wrong[0]}", f"seal {seal.no}: {wrong[1]}")
        out.looked_at += 1
    for operator_id in session.scalars(select(DaySumHead.operator_id)).all():
        for day, account in day_sum_problems(session, operator_id):
            out.wrong(f"Tổng ngày {day} của {account} sai", f"the sum of {account} on {day} is wrong")
        out.looked_at += 1
    return out


def slips(session: Session) -> Finding:
    """13. Phiếu thu, phiếu chi: no number missing, none twice."""
    out = Finding(13, "Số phiếu thu, chi liền nhau", "numbers of cash slips have no gap")
    rows = session.execute(
        select(
            SlipCounter.year, SlipCounter.side, SlipCounter.last, func.count(CashSlip.id),
            func.coalesce(func.max(CashSlip.no), 0),
        )
        .outerjoin(
            CashSlip,
            (CashSlip.operator_id == SlipCounter.operator_id)
            & (CashSlip.year == SlipCounter.year)
            & (CashSlip.side == SlipCounter.side),
        )
        .group_by(SlipCounter.operator_id, SlipCounter.year, SlipCounter.side, SlipCounter.last)
    )  # fmt: skip
    for year, side, last, count, most in rows:
        if not last == count == most:
            out.wrong(
                f"Phiếu {'thu' if side == 'in' else 'chi'} năm {year}: có {count}, số cuối {most}, đúng ra {last}",
                f"slips {side} of {year}: {count} of them, last number {most}, should be {last}",
            )
        out.looked_at += count
    return out

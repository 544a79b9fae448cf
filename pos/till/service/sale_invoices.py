"""Type back the numbers a provider gave the invoices of sales."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pos.till.models import Sale, SaleInvoice

MOST = 5_000  # pairs of one paste


def keep_numbers(
    session: Session, operator_id: str, pairs: Iterable[tuple[str, str]], *, at: datetime, by: str | None
) -> tuple[int, list[str]]:
    """(receipt number, invoice number) pairs. All that are known are kept, a pair kept before stays as it is; answers
    how many are new and which receipts nobody knows."""
    asked = dict(list(pairs)[:MOST])
    rows = session.execute(
        select(Sale.id, Sale.receipt_no).where(Sale.operator_id == operator_id, Sale.receipt_no.in_(asked))
    ).all()
    ids = {id_ for id_, _ in rows}
    have = {
        (sale, number)
        for sale, number in session.execute(
            select(SaleInvoice.sale_id, SaleInvoice.number).where(SaleInvoice.sale_id.in_(ids))
        )
    }
    new = [
        {"sale_id": id_, "number": asked[no], "operator_id": operator_id, "at": at, "by": by}
        for id_, no in rows
        if (id_, asked[no]) not in have
    ]
    if new:
        session.execute(insert(SaleInvoice), new)
    return len(new), sorted(asked.keys() - {no for _, no in rows})

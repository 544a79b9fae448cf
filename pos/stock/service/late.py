"""What arrives late may be older than a count confirmed meanwhile: that count is looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.outbox.service import enqueue
from pos.stock import counting as rules
from pos.stock.commands import Move
from pos.stock.models import StockCountDifference


def note_late(session: Session, moves: Sequence[Move], *, recorded_at: datetime) -> None:
    """Promise another look at every confirmed count that these movements are older than."""
    late = {
        (place, m.product_id): m.occurred_at
        for m in sorted(moves, key=lambda m: m.occurred_at, reverse=True)  # the earliest stays
        if m.source_kind != rules.SOURCE and recorded_at - m.occurred_at > rules.LATE
        for kind, place in ((m.from_kind, m.from_id), (m.to_kind, m.to_id))
        if kind == "site"
    }
    if not late:
        return
    rows = session.execute(
        select(
            StockCountDifference.count_id, StockCountDifference.site_id, StockCountDifference.product_id,
            StockCountDifference.moment_at,
        ).where(
            StockCountDifference.site_id.in_({site for site, _ in late}),
            StockCountDifference.product_id.in_({product for _, product in late}),
            StockCountDifference.moment_at >= min(late.values()), StockCountDifference.n == 1,
        )
    )  # fmt: skip
    touched: dict[str, set[str]] = {}
    for count_id, site, product, moment in rows:
        if (site, product) in late and moment >= late[site, product]:
            touched.setdefault(count_id, set()).add(product)
    for count_id, products in sorted(touched.items()):
        enqueue(session, rules.RECHECK, {"count": count_id, "products": sorted(products)}, at=recorded_at)

"""Counts as the services need them: entries, rounds asked for, what should have been there at a moment. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, case, column, func, or_, select, values
from sqlalchemy.orm import Session

from pos.kernel.db import Id, Instant
from pos.stock.counting import SOURCE, Entry
from pos.stock.models import Movement, StockCountAsk, StockCountDifference, StockCountEntry

AT_ONCE = 400  # products a statement: two parameters each


def entries_of(session: Session, count_id: str, product_ids: Collection[str] | None = None) -> list[Entry]:
    """All entries of a count, or of some products."""
    query = select(
        StockCountEntry.id, StockCountEntry.product_id, StockCountEntry.round, StockCountEntry.qty_milli,
        StockCountEntry.counted_at, StockCountEntry.counted_by, StockCountEntry.voids_id, StockCountEntry.spot,
    ).where(StockCountEntry.count_id == count_id)  # fmt: skip
    if product_ids is not None:
        query = query.where(StockCountEntry.product_id.in_(product_ids))
    return [Entry(*row) for row in session.execute(query)]


def rounds_asked(session: Session, count_id: str) -> dict[str, int]:
    """Product → the latest round somebody asked for."""
    rows = session.execute(
        select(StockCountAsk.product_id, func.max(StockCountAsk.round))
        .where(StockCountAsk.count_id == count_id)
        .group_by(StockCountAsk.product_id)
    )
    return {product: int(round_) for product, round_ in rows}


def expected_at(
    session: Session, operator_id: str, site_id: str, moments: Mapping[str, datetime], *, but_count: str | None = None
) -> dict[str, int]:
    """Thousandths that should have been at the site, each product at its own moment: the sum of what moved by then,
    by the time it happened, whenever we heard of it. `but_count`: without what that count itself moved."""
    found: dict[str, int] = {}
    rows = sorted(moments.items())
    came = and_(Movement.to_kind == "site", Movement.to_id == site_id)
    went = and_(Movement.from_kind == "site", Movement.from_id == site_id)
    for start in range(0, len(rows), AT_ONCE):
        wanted = (
            values(column("product_id", Id), column("moment_at", Instant()), name="wanted")
            .data(rows[start : start + AT_ONCE])
            .cte("wanted")
        )
        query = (
            select(wanted.c.product_id, func.sum(case((came, Movement.qty_milli), else_=-Movement.qty_milli)))
            .join(Movement, Movement.product_id == wanted.c.product_id)
            .where(
                Movement.operator_id == operator_id, or_(came, went), Movement.occurred_at <= wanted.c.moment_at
            )
            .group_by(wanted.c.product_id)
        )  # fmt: skip
        if but_count is not None:
            own = select(StockCountDifference.id).where(StockCountDifference.count_id == but_count)
            query = query.where(or_(Movement.source_kind != SOURCE, Movement.source_id.not_in(own)))
        found |= {product: int(milli) for product, milli in session.execute(query)}
    return found

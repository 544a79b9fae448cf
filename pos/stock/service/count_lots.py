"""Which lots a count's differences are of: people count goods, the rule says whose end they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pos.stock import counting as rules
from pos.stock.models import Level, Lot, Movement, StockCount, StockCountDifference
from pos.stock.rules.fefo import shared_out


def lots_of_differences(session: Session, count: StockCount, deltas: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Product → lot ("" loose) → its part. The levels asked are locked in the order of the house, so that nobody
    takes from a lot meanwhile."""
    levels: dict[str, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(Level.product_id, Level.lot_id, Level.on_hand_milli)
        .where(
            Level.operator_id == count.operator_id, Level.place_kind == "site", Level.place_id == count.site_id,
            Level.product_id.in_(deltas),
        )
        .order_by(Level.product_id, Level.lot_id)
        .with_for_update()
    )  # fmt: skip
    for product, lot, milli in rows:
        levels[product][lot] = int(milli)
    apart = {lot for lots in levels.values() for lot in lots if lot}
    ends: dict[str, Any] = {}
    taken: dict[str, dict[str, int]] = defaultdict(dict)
    if apart:
        ends = dict(
            session.execute(
                select(Lot.id, Lot.expires_on).where(
                    Lot.operator_id == count.operator_id, Lot.id.in_(apart), Lot.expires_on.is_not(None)
                )
            ).all()
        )
        gone = case((Movement.to_kind == "lost", Movement.qty_milli), else_=-Movement.qty_milli)
        before = session.execute(
            select(Movement.product_id, Movement.lot_id, func.sum(gone))
            .join(StockCountDifference, StockCountDifference.id == Movement.source_id)
            .where(
                StockCountDifference.count_id == count.id, Movement.source_kind == rules.SOURCE,
                Movement.product_id.in_(deltas), Movement.lot_id.is_not(None),
            )
            .group_by(Movement.product_id, Movement.lot_id)
        )  # fmt: skip
        for product, taken_of, milli in before:
            taken[product][taken_of or ""] = int(milli)
    return {product: shared_out(delta, levels[product], ends, taken[product]) for product, delta in deltas.items()}

"""Move goods. Levels are summed, never read before writing, so arrival order cannot matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.commands import Move
from pos.stock.models import Level, Movement
from pos.stock.service.late import note_late

PlaceKey = tuple[str, str, str, str]


# Add to levels or make them, answering what they are now.
_ADD_TO_LEVELS = """ON CONFLICT (operator_id, place_kind, place_id, product_id, lot_id)
DO UPDATE SET on_hand_milli = stock_level.on_hand_milli + excluded.on_hand_milli
RETURNING place_kind, place_id, product_id, lot_id, on_hand_milli"""


def move(session: Session, operator_id: str, moves: Sequence[Move], *, recorded_at: datetime) -> dict[PlaceKey, int]:
    """Record movements and add them to the levels, places in sorted order (the lock order of the house).

    Returns the new level by (place_kind, place_id, product_id, lot_id or "").
    """
    if not moves:
        return {}
    rows = [
        {
            "id": new_id(), "operator_id": operator_id, "product_id": m.product_id, "lot_id": m.lot_id,
            "qty_milli": m.qty_milli, "from_kind": m.from_kind, "from_id": m.from_id, "to_kind": m.to_kind,
            "to_id": m.to_id, "reason": m.reason, "business_date": m.business_date, "occurred_at": m.occurred_at,
            "recorded_at": recorded_at, "source_kind": m.source_kind, "source_id": m.source_id, "line": m.line,
        }
        for m in moves
    ]  # fmt: skip
    insert_rows(session, Movement, rows)
    changes: dict[PlaceKey, int] = defaultdict(int)
    for m in moves:
        changes[m.from_kind, m.from_id, m.product_id, m.lot_id or ""] -= m.qty_milli
        changes[m.to_kind, m.to_id, m.product_id, m.lot_id or ""] += m.qty_milli
    added = [
        {
            "operator_id": operator_id, "place_kind": kind, "place_id": place, "product_id": product,
            "lot_id": lot, "on_hand_milli": change,
        }
        for (kind, place, product, lot), change in sorted(changes.items())
    ]  # fmt: skip
    done = insert_rows(session, Level, added, _ADD_TO_LEVELS)
    note_late(session, moves, recorded_at=recorded_at)
    return {(kind, place, product, lot): level for kind, place, product, lot, level in done}

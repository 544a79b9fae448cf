"""Move goods. Levels are summed, never read before writing, so arrival order cannot matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.kernel.errors import Invalid
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.commands import Move, Receive
from pos.stock.models import Intake, IntakeLine, Level, Movement

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
    return {(kind, place, product, lot): level for kind, place, product, lot, level in done}


def receive(session: Session, command: Receive, *, at: datetime, by: str | None) -> Intake:
    """Count a consignment in: a numbered note, movements from the producer to the site.

    Raises Invalid when nothing is counted or a quantity is not above 0.
    """
    if not command.lines:
        raise Invalid("intake.empty")
    if any(qty <= 0 for _, qty, _ in command.lines):
        raise Invalid("intake.quantity")
    year = f"{command.business_date:%y}"
    count = session.scalar(select(func.count()).where(Intake.operator_id == command.operator_id)) or 0
    note = Intake(
        id=new_id(), operator_id=command.operator_id, number=f"NK{year}-{count + 1:05d}",
        producer_id=command.producer_id, site_id=command.site_id, business_date=command.business_date,
        made_at=at, made_by=by, note=command.note,
        lines=[
            IntakeLine(line=n, product_id=product, qty_milli=qty, expires_on=expires)
            for n, (product, qty, expires) in enumerate(command.lines, 1)
        ],
    )  # fmt: skip
    session.add(note)
    session.flush()
    move(
        session,
        command.operator_id,
        [
            Move(
                product, qty, "producer", command.producer_id, "site", command.site_id, "intake",
                command.business_date, at, "intake", note.id, str(n),
            )
            for n, (product, qty, _) in enumerate(command.lines, 1)
        ],
        recorded_at=at,
    )  # fmt: skip
    return note

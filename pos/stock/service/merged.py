"""A product became another: what lies of it anywhere goes over, with its lots. What moved before stays as it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.kernel.clock import local_date
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.commands import Move
from pos.stock.models import Level, Lot
from pos.stock.rules import OURS
from pos.stock.service.movements import move

REASON, SOURCE = "merged", "merge"


def move_merged(session: Session, product_id: str, into_id: str, *, at: datetime) -> int:
    """Move every level of the old product, also one below zero, to the other; answers how many there were.

    By way of the producer, so that each product's equation closes: of the one less was delivered, of the other more.
    Safe to run twice: the second time nothing is left to move.
    """
    maker = session.scalar(select(Product.producer_id).where(Product.id == product_id)) or ""
    rows = session.scalars(
        select(Level)
        .where(Level.product_id == product_id, Level.place_kind.in_(OURS), Level.on_hand_milli != 0)
        .order_by(Level.operator_id, Level.place_kind, Level.place_id, Level.lot_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    _know_lots(session, product_id, into_id)
    moves: dict[str, list[Move]] = {}
    for row in rows:
        here, away = (row.place_kind, row.place_id), ("producer", maker)
        milli, source = row.on_hand_milli, new_id()
        for line, product, out in (("1", product_id, milli > 0), ("2", into_id, milli < 0)):
            ends = (*here, *away) if out else (*away, *here)
            moves.setdefault(row.operator_id, []).append(
                Move(product, abs(milli), *ends, REASON, local_date(at), at, SOURCE, source, line, row.lot_id or None)
            )
    for operator_id, some in sorted(moves.items()):
        move(session, operator_id, some, recorded_at=at)
    return len(rows)


def _know_lots(session: Session, product_id: str, into_id: str) -> None:
    """Its lots are lots of the other too, with their ends and codes."""
    names = [column.name for column in Lot.__table__.columns]
    held = session.execute(select(Lot.__table__).where(Lot.product_id == product_id)).mappings().all()
    rows = [{name: row[name] for name in names} | {"product_id": into_id} for row in held]
    insert_rows(session, Lot, rows, "ON CONFLICT (operator_id, product_id, id) DO NOTHING")

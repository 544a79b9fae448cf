"""Who settles, voids, pays or compensates a producer holds the pair's row: one at a time, in id order.

Rows of their own: `FOR UPDATE` on producers would stop the tills.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.consignment.models import SettlementLock
from pos.kernel.db import is_postgresql, upsert_of


def lock_settlement(session: Session, operator_id: str, producer_ids: Collection[str]) -> None:
    """Only one at a time per pair; the rows are made when first needed, locked in id order."""
    rows = [{"operator_id": operator_id, "producer_id": producer_id} for producer_id in sorted(producer_ids)]
    if not rows:
        return
    session.execute(upsert_of(is_postgresql(session), SettlementLock).values(rows).on_conflict_do_nothing())
    session.execute(
        select(SettlementLock.producer_id)
        .where(SettlementLock.operator_id == operator_id, SettlementLock.producer_id.in_(producer_ids))
        .order_by(SettlementLock.producer_id)
        .with_for_update()
    ).all()

"""Which goods have moved since a moment: what asks before something is taken back. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.places.models import Operator
from pos.stock.models import Movement

CHUNK = 500


def moved_since(session: Session, product_ids: Collection[str], since: datetime) -> set[str]:
    """Which of these goods were sold, counted in or moved anywhere by anybody from a moment on."""
    found: set[str] = set()
    ids = sorted(product_ids)
    for n in range(0, len(ids), CHUNK):
        of = Movement.operator_id.in_(select(Operator.id)) & Movement.product_id.in_(ids[n : n + CHUNK])  # by the index
        found |= set(session.scalars(select(Movement.product_id).where(of, Movement.recorded_at >= since).distinct()))
    return found

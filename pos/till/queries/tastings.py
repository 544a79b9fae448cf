"""What was tasted in a day at a place, beside what its offer allows. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Offer
from pos.stock.models import Movement


def tasted_beyond(
    session: Session, operator_id: str, site_id: str, day: date, products: Collection[str]
) -> dict[str, tuple[int, int]]:
    """Product → (tasted, allowed) in thousandths, of those over the day's allowance. What was undone does not count;
    goods of which nobody said how much may be tasted are never over."""
    eaten = func.sum(case((Movement.to_kind == "consumed", Movement.qty_milli), else_=-Movement.qty_milli))
    here = case((Movement.to_kind == "consumed", Movement.from_id), else_=Movement.to_id)
    rows = session.execute(
        select(Movement.product_id, eaten, Offer.tasting_milli)
        .join(Offer, (Offer.operator_id == Movement.operator_id) & (Offer.product_id == Movement.product_id))
        .where(
            Movement.operator_id == operator_id, Movement.product_id.in_(products), Movement.business_date == day,
            Movement.reason == "sample", here == site_id, Offer.tasting_milli.is_not(None),
        )
        .group_by(Movement.product_id, Offer.tasting_milli)
    )  # fmt: skip
    return {product: (int(milli), int(allowed)) for product, milli, allowed in rows if milli > allowed}

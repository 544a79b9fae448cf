"""What a site sells best: the order of its tills' grid on their first day, and whenever a tablet is new."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from pos.catalogue.models import Offer
from pos.till.models import Sale, SaleLine

DAYS = 30
MOST = 60


def best_sellers(session: Session, operator_id: str, site_id: str, today: date) -> list[str]:
    """Product ids, by how often they were sold here in the 30 days before today; a site that has sold little is
    filled up with what its operator sells best. Today is left out: the order, and so the answer a tablet has
    already, changes once a day and not with every sale."""
    days = Sale.day.between(today - timedelta(days=DAYS), today - timedelta(days=1))
    here = _most_sold(session, operator_id, days & (Sale.site_id == site_id))
    if len(here) < MOST:
        others = _most_sold(session, operator_id, days & (Sale.operator_id == operator_id))
        here += [id_ for id_ in others if id_ not in here]
    return here[:MOST]


def _most_sold(session: Session, operator_id: str, which: ColumnElement[bool]) -> list[str]:
    times = func.count()
    rows = session.scalars(
        select(SaleLine.product_id)
        .join(Sale, Sale.id == SaleLine.sale_id)
        .join(Offer, (Offer.product_id == SaleLine.product_id) & (Offer.operator_id == operator_id) & Offer.active)
        .where(which)
        .group_by(SaleLine.product_id)
        .order_by(times.desc(), SaleLine.product_id)
        .limit(MOST)
    )
    return [id_ for id_ in rows if id_]

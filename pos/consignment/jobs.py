"""What stock found out, posted: who bears a count's differences. Safe to run twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from pos.consignment.service.losses import Difference, post_differences
from pos.kernel.clock import local_date, now
from pos.kernel.db import unit_of_work
from pos.places.models import Site
from pos.stock.counting import SOURCE
from pos.stock.models import StockCount, StockCountDifference

KIND = "count_loss"


def post_count(payload: dict[str, Any]) -> None:
    """Divide every difference of a confirmed count that is not divided yet (golden G08, G08b)."""
    with unit_of_work() as work:
        count = work.get_one(StockCount, payload["count"])
        fair_id = work.scalar(select(Site.fair_id).where(Site.id == count.site_id))
        rows = work.scalars(
            select(StockCountDifference)
            .where(StockCountDifference.count_id == count.id, StockCountDifference.delta_milli != 0)
            .order_by(StockCountDifference.n, StockCountDifference.product_id)
        )
        differences = [
            Difference(
                SOURCE, row.id, row.site_id, fair_id, row.product_id, row.delta_milli, row.liability,
                local_date(row.moment_at), row.moment_at,
            )
            for row in rows
        ]  # fmt: skip
        post_differences(work, count.operator_id, differences, kind=KIND, recorded_at=now())

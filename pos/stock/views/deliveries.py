"""Announced deliveries as the office sees them: what comes, and announced beside counted."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import today
from pos.kernel.db import db
from pos.stock.models import Delivery
from pos.stock.queries import deliveries as queries
from pos.stock.views.blueprint import bp
from pos.web.pages import page, page_no


@bp.get("/deliveries")
@requires("stock.read")
def deliveries() -> ResponseReturnValue:
    """Newest first."""
    mine = reach(viewer(), "stock.read").where(operator=Delivery.operator_id, site=Delivery.site_id)
    found, more = queries.list_deliveries(db.session(), mine, page=page_no())
    return page(
        "stock/deliveries.html", found=found, today=today(), may_write=viewer().may("stock.write"),
        more=url_for("stock.deliveries", page=page_no() + 1) if more else None,
    )  # fmt: skip

"""Goods that came and went at the tills without a sale, as the office reads them."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.db import db
from pos.reports.queries import movements as queries
from pos.reports.views import bp
from pos.stock.queries import list_sites
from pos.web.pages import page


@bp.get("/office/goods")
@requires("stock.read")
def movements() -> ResponseReturnValue:
    """Counted in, tasted, broken, lost, handed back: who, when, where; by reason, day and site."""
    session, mine = db.session(), reach(viewer(), "stock.read")
    asked = request.args.get("day", "")
    try:
        day = date.fromisoformat(asked) if asked else None
    except ValueError:
        day = None
    reason = request.args.get("reason") if request.args.get("reason") in queries.REASONS else None
    site = request.args.get("site") or None
    number = max(1, int(request.args["page"])) if request.args.get("page", "").isdecimal() else 1
    found, more = queries.list_moved(session, mine, reason=reason, day=day, site_id=site, page=number)
    return page(
        "reports/office/movements.html",
        moved=found,
        more=url_for("reports.movements", reason=reason, day=day, site=site, page=number + 1) if more else None,
        reasons=queries.REASONS,
        reason=reason,
        day=day,
        site=site,
        sites=list_sites(session, mine),
    )

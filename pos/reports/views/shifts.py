"""Shifts in the office: what is open, what waits, what was sealed, and one with its report to print."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.reports.queries import shifts as queries
from pos.reports.views import bp
from pos.web.pages import page


@bp.get("/office/shifts")
@requires("sale.read")
def shifts() -> ResponseReturnValue:
    """Newest day first; by state."""
    asked = request.args.get("state")
    state = asked if asked in ("open", "closing", "closed") else None
    number = max(1, int(request.args["page"])) if request.args.get("page", "").isdecimal() else 1
    found, more = queries.list_shifts(db.session(), reach(viewer(), "sale.read"), state=state, page=number)
    return page(
        "reports/office/shifts.html",
        shifts=found,
        state=state,
        more=url_for("reports.shifts", state=state, page=number + 1) if more else None,
    )


@bp.get("/office/shifts/<shift_id>")
@requires("sale.read")
def shift(shift_id: str) -> ResponseReturnValue:
    """One shift: float, sums, moves, count and difference, devices, the log's last hash."""
    found = queries.find_shift(db.session(), shift_id)
    if found is None:
        raise NotFound("shift.not_found")
    place = found.shift
    reach(viewer(), "sale.read").need(operator=place.operator_id, site=place.site_id, fair=place.fair_id)
    return page("reports/office/shift.html", found=found, shift=place)

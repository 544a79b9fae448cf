"""Shifts in the office: what is open, what waits, what was sealed, and one with its report to print."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.reports.queries import shifts as queries
from pos.reports.views import bp
from pos.till.service.sealing import seal_over_gap
from pos.web.fields import errors_of
from pos.web.pages import gone, page


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
    return _shift(shift_id, {}, "")


def _shift(shift_id: str, errors: dict[str, str], reason: str) -> ResponseReturnValue:
    found = queries.find_shift(db.session(), shift_id)
    if found is None:
        raise NotFound("shift.not_found")
    place = found.shift
    where = {"operator": place.operator_id, "site": place.site_id, "fair": place.fair_id}
    reach(viewer(), "sale.read").need(**where)
    made = page(
        "reports/office/shift.html",
        found=found,
        shift=place,
        errors=errors,
        reason=reason,
        may_seal=viewer().may("shift.seal", **where),
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/office/shifts/<shift_id>/seal")
@requires("shift.seal")
def seal_shift(shift_id: str) -> ResponseReturnValue:
    """Close it over what never came: the gap is named, the reason kept, what comes later is late."""
    found = queries.find_shift(db.session(), shift_id)
    if found is None:
        raise NotFound("shift.not_found")
    place = found.shift
    reach(viewer(), "shift.seal").need(operator=place.operator_id, site=place.site_id, fair=place.fair_id)
    by, reason, gap = viewer().id, request.form.get("reason", ""), request.form.get("gap", "")
    try:
        with unit_of_work() as session:
            seal_over_gap(session, shift_id, gap=gap, reason=reason, by=by, at=now())
    except (Invalid, Conflict) as trouble:
        return _shift(shift_id, errors_of(trouble, "reason"), reason)
    return gone(url_for("reports.shift", shift_id=shift_id))

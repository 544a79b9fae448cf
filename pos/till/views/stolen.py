"""A stolen tablet: what goes with it, told before anything is done; then its right is gone and the next steps stand."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access import service as access
from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.till.queries import stolen as queries
from pos.till.queries import waiting
from pos.till.service.progress import gaps
from pos.till.views.blueprint import bp
from pos.web.fields import errors_of
from pos.web.pages import gone, page


@bp.get("/devices/<log_id>/stolen")
@requires("device.revoke")
def stolen(log_id: str) -> ResponseReturnValue:
    """What it takes along and who must change a PIN; after the report, what is still to be done."""
    return _stolen(log_id, {}, "")


def _stolen(log_id: str, errors: dict[str, str], reason: str) -> ResponseReturnValue:
    session = db.session()
    found = waiting.get_device(session, log_id)
    reach(viewer(), "device.revoke").need(operator=found.operator_id, site=found.site_id)
    made = page(
        "till/stolen.html",
        device=found,
        missing=sum(high - low + 1 for low, high in gaps(session, log_id)[1]),
        exposed=queries.list_exposed(session, log_id, found.stolen_at),
        shifts=queries.list_open_shifts(session, log_id),
        replaced=queries.replaced_by(session, log_id),
        errors=errors,
        reason=reason,
        may_enrol=viewer().may("device.enrol", operator=found.operator_id, site=found.site_id),
        may_people=viewer().may("person.read"),
        at=now(),
    )
    return made, 422 if errors else 200  # type: ignore[return-value]


@bp.post("/devices/<log_id>/stolen")
@requires("device.revoke")
def report_stolen(log_id: str) -> ResponseReturnValue:
    """Its right is gone at once, and whose PINs lie on it is kept."""
    found = waiting.get_device(db.session(), log_id)
    reach(viewer(), "device.revoke").need(operator=found.operator_id, site=found.site_id)
    by, reason = viewer().id, request.form.get("reason", "")
    try:
        with unit_of_work() as session:
            access.report_stolen(session, log_id, reason, by=by, at=now())
    except Invalid as trouble:
        return _stolen(log_id, errors_of(trouble, "reason"), reason)
    return gone(url_for("till.stolen", log_id=log_id))

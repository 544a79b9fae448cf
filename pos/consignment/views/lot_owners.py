"""Whose each lot is, as a part of the lot page: consigned under the agreement, bought when sold, or our own."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.consignment.queries import lot_owners as queries
from pos.consignment.rules.shares import COMMISSION
from pos.consignment.service.agreements import agree_on_goods
from pos.consignment.views.blueprint import bp
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.stock.queries.lots import list_lots
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page


@bp.get("/agreements/lots/<operator_id>/<product_id>")
@requires("agreement.read")
def lot_owners(operator_id: str, product_id: str) -> ResponseReturnValue:
    """The lots kept apart, each with its owner; alone it is a page of its own."""
    here("agreement.read", operator=operator_id)
    return _owners(operator_id, product_id, "", {})


def _owners(
    operator_id: str, product_id: str, wrong: str, errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    whole = "HX-Request" not in request.headers
    told = {
        "operator_id": operator_id, "owners": queries.lot_owners(db.session(), operator_id, product_id, today()),
        "may_write": viewer().may("agreement.write", operator=operator_id), "wrong": wrong, "errors": errors,
    }  # fmt: skip
    made = page("consignment/lot_owners.html", **told) if whole else render_template("consignment/_lot_owners.html",
                                                                                     **told)  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.post("/agreements/lots/<operator_id>/<product_id>/<lot_id>")
@requires("agreement.write")
def lot_owned(operator_id: str, product_id: str, lot_id: str) -> ResponseReturnValue:
    """Say whose a lot is; what was sold of it before stays as it was written."""
    here("agreement.write", operator=operator_id)
    apart = {row.lot.id for row in list_lots(db.session(), operator_id, product_id) if not row.lot.made_itself}
    if lot_id not in apart:
        raise NotFound("lot.unknown")
    read, by = Fields(request.form), viewer().id
    mode = read.choice("mode", ("commission", "margin", "own"))
    cost = read.money("cost")
    if cost is None and mode and mode != COMMISSION:
        read.wrong("cost", "lot.cost")
    try:
        read.finish()
        with unit_of_work() as work:
            last = queries.last_terms_on(work, operator_id, product_id, lot_id)
            starts = max(today(), last + timedelta(days=1)) if last else today()  # of a lot the latest word counts
            agree_on_goods(
                work, operator_id=operator_id, product_id=product_id, lot_id=lot_id, starts_on=starts, mode=mode,
                cost_vnd=None if mode == COMMISSION else cost, at=now(), by=by,
            )  # fmt: skip
    except Invalid as trouble:
        return _owners(operator_id, product_id, lot_id, errors_of(trouble, "mode"), 422)
    return gone(url_for("stock.lots", operator_id=operator_id, product_id=product_id))

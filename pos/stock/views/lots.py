"""The lots of a product: what is left of each, in the order in which they should go; a lot is named anew here."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.stock.queries import lots as queries
from pos.stock.queries.documents import items_of
from pos.stock.service.lots import keep_apart, rename
from pos.stock.views.blueprint import bp
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page


@bp.get("/lots/<operator_id>/<product_id>")
@requires("stock.read")
def lots(operator_id: str, product_id: str) -> ResponseReturnValue:
    """What expires first stands first."""
    reach(viewer(), "stock.read").need(operator=operator_id)
    return _page(operator_id, product_id, {}, "")


def _page(
    operator_id: str, product_id: str, errors: dict[str, str], wrong: str, status: int = 200
) -> ResponseReturnValue:
    session = db.session()
    made = page(
        "stock/lots.html", item=items_of(session, [product_id])[product_id], operator_id=operator_id,
        rows=queries.list_lots(session, operator_id, product_id),
        changes=queries.list_changes(session, operator_id, product_id), today=today(), errors=errors, wrong=wrong,
        may_write=viewer().may("stock.write", operator=operator_id),
        may_terms=viewer().may("agreement.read", operator=operator_id),
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.post("/lots/<operator_id>/<product_id>/<lot_id>")
@requires("stock.write")
def lot_rename(operator_id: str, product_id: str, lot_id: str) -> ResponseReturnValue:
    """Another code, another last day; what it was stays known."""
    reach(viewer(), "stock.write").need(operator=operator_id)
    read, by = Fields(request.form), viewer().id
    code, ends = read.text("code", most=40), read.day("expires_on")
    try:
        read.finish()
        with unit_of_work() as work:
            rename(work, (operator_id, product_id, lot_id), code=code, expires_on=ends, at=now(), by=by)
    except Invalid as trouble:
        return _page(operator_id, product_id, errors_of(trouble, "code"), lot_id, 422)
    return gone(url_for("stock.lots", operator_id=operator_id, product_id=product_id))


@bp.post("/lots/<operator_id>/<product_id>/<lot_id>/apart")
@requires("stock.write")
def lot_apart(operator_id: str, product_id: str, lot_id: str) -> ResponseReturnValue:
    """From now on its goods are told apart from the loose ones; only then it may have an owner of its own."""
    reach(viewer(), "stock.write").need(operator=operator_id)
    try:
        with unit_of_work() as work:
            keep_apart(work, (operator_id, product_id, lot_id), at=now())
    except Conflict as trouble:
        return _page(operator_id, product_id, errors_of(trouble, "code"), lot_id, 409)
    return gone(url_for("stock.lots", operator_id=operator_id, product_id=product_id))

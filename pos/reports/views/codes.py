"""Codes the tills met and nobody knew: one tap makes each find its goods everywhere. Pictures of new goods."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.rules import is_gtin
from pos.catalogue.service.register import add_barcode
from pos.kernel.clock import today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.reports.queries import codes as queries
from pos.reports.views import bp
from pos.till.service.photos import find_photo
from pos.web.fields import errors_of
from pos.web.pages import gone, page

LATELY = timedelta(days=60)


@bp.get("/office/codes")
@requires("product.write")
def codes() -> ResponseReturnValue:
    """What was scanned and then found by name, the most often first."""
    return _codes("")


def _codes(wrong: str, status: int = 200) -> ResponseReturnValue:
    found = queries.list_proposals(db.session(), reach(viewer(), "product.write"), today() - LATELY)
    return page("reports/office/codes.html", proposals=found, wrong=wrong), status  # type: ignore[return-value]


@bp.post("/office/codes")
@requires("product.write")
def link_code() -> ResponseReturnValue:
    """Let a code find these goods: a GTIN for all, any other for this operator."""
    operator, product, code = (request.form.get(name, "") for name in ("operator", "product", "code"))
    reach(viewer(), "product.write").need(operator=operator)
    asked = [p for p in queries.list_proposals(db.session(), reach(viewer(), "product.write"), today() - LATELY)
             if (p.operator_id, p.product_id, p.code) == (operator, product, code)]  # fmt: skip
    if not asked:
        raise NotFound("barcode.not_proposed")
    try:
        with unit_of_work() as session:
            add_barcode(session, product, code, operator_id=None if is_gtin(code) else operator)
    except (Invalid, Conflict) as trouble:
        return _codes(errors_of(trouble, "code")["code"], 422)
    return gone(url_for("reports.codes"))


@bp.get("/office/photos/<operator_id>/<sha256>")
@requires("product.read")
def photo(operator_id: str, sha256: str) -> ResponseReturnValue:
    """The picture of goods first named at a till."""
    reach(viewer(), "product.read").need(operator=operator_id)
    found = find_photo(db.session(), operator_id, sha256)
    if found is None:
        raise NotFound("photo.not_found")
    made = Response(found.jpeg, mimetype="image/jpeg")
    made.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return made

"""A product that was registered twice: choose the other, read what goes over, merge."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.catalogue.queries import merging as queries
from pos.catalogue.queries import office
from pos.catalogue.service.merging import merge_product
from pos.catalogue.views.office import bp
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Trouble
from pos.web.fields import errors_of
from pos.web.pages import gone, page


def _guarded(product_id: str) -> office.ProductPage:
    found = office.get_product(db.session(), product_id, None)
    here("register.write", producer=found.product.producer_id)
    return found


@bp.get("/products/<product_id>/merge")
@requires("register.write")
def product_merge(product_id: str) -> ResponseReturnValue:
    """The other products of the same producer, those with alike names first."""
    return _page(product_id, {})


def _page(product_id: str, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    found = _guarded(product_id)
    others = [
        good
        for good in office.list_of_producer(db.session(), found.product.producer_id, today())
        if good.id != product_id
    ]
    made = page(
        "catalogue/merge.html", found=found, product=found.product, others=queries.alike(found.product.name, others),
        goes=queries.goes_over(db.session(), product_id), errors=errors,
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.post("/products/<product_id>/merge")
@requires("register.write")
def product_merge_do(product_id: str) -> ResponseReturnValue:
    """Merge it away."""
    _guarded(product_id)
    into = request.form.get("into", "")
    try:
        with unit_of_work() as session:
            merge_product(session, product_id, into, at=now(), by=viewer().id)
    except Trouble as trouble:
        return _page(product_id, errors_of(trouble, "into"), 422)
    return gone(url_for("catalogue.product", product_id=into))

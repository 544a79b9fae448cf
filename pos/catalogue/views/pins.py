"""Pins of a product by site: a card that the product's page loads, and its saving."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue.models import Product
from pos.catalogue.service.pins import pin_at, pinned_at
from pos.catalogue.views.office import bp, operator_asked
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, NotFound
from pos.places.models import Site
from pos.web.fields import errors_of
from pos.web.pages import done


def _sites(operator_id: str) -> list[Site]:
    mine = reach(viewer(), "product.write")
    asked = select(Site).where(Site.operator_id == operator_id, Site.active, mine.where(operator=Site.operator_id))
    return list(db.session().scalars(asked.order_by(Site.name)))


@bp.get("/products/<product_id>/pins")
@requires("product.write")
def pins(product_id: str) -> ResponseReturnValue:
    """The card: one tick a site."""
    _known(product_id)
    operator, _ = operator_asked("product.write")
    if operator is None:
        return ""
    return render_template("catalogue/_pins.html", **_card(product_id, operator.id, ""))


@bp.post("/products/<product_id>/pins")
@requires("product.write")
def pins_change(product_id: str) -> ResponseReturnValue:
    """Pin it at the ticked sites; tablets hear of it within a minute."""
    _known(product_id)
    operator, _ = operator_asked("product.write")
    reach(viewer(), "product.write").need(operator=operator.id if operator else None)
    assert operator is not None
    operator_id, wrong = operator.id, ""
    among = [site.id for site in _sites(operator_id)]
    try:
        with unit_of_work() as session:
            pin_at(session, product_id, request.form.getlist("site"), among)
    except Conflict as trouble:
        wrong = errors_of(trouble, "site")["site"]
    back = url_for("catalogue.product", product_id=product_id, operator=operator_id)
    return done("catalogue/_pins.html", back=back, **_card(product_id, operator_id, wrong))


def _known(product_id: str) -> None:
    if db.session().get(Product, product_id) is None:
        raise NotFound("product.unknown", product_id=product_id)


def _card(product_id: str, operator_id: str, wrong: str) -> dict[str, object]:
    return {
        "product_id": product_id,
        "operator_id": operator_id,
        "sites": _sites(operator_id),
        "pinned": pinned_at(db.session(), product_id),
        "wrong": wrong,
    }

"""Prices in time: for the operator, a site or a fair, from a moment on, and what the producer says to them."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.access.reach import reach
from pos.catalogue import service
from pos.catalogue.models import Offer, Price, PriceAsked
from pos.catalogue.price_forms import PriceForm
from pos.catalogue.queries import prices as queries
from pos.catalogue.service import prices
from pos.catalogue.views.office import bp, operator_asked, product_page
from pos.kernel.clock import now
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.web.fields import errors_of
from pos.web.pages import gone


@bp.post("/products/<product_id>/price")
@requires("product.write")
def product_price(product_id: str) -> ResponseReturnValue:
    """A new price from a moment on; with the producer's word, or asked for on its page."""
    operator, _ = operator_asked("product.write")
    reach(viewer(), "product.write").need(operator=operator.id if operator else None)
    assert operator is not None
    operator_id, at, who = operator.id, now(), viewer().id
    try:
        asked = PriceForm.parse(request.form, at)
        scope = asked.scope_kind, asked.scope_id or operator_id
        if scope not in [(kind, id_) for kind, id_, _ in queries.places_of(db.session(), operator_id)]:
            raise Invalid("price.scope", field="place")
        if db.session().get(Offer, (operator_id, product_id)) is None:
            raise Invalid("offer.unknown", field="price")
        with unit_of_work() as session:
            if asked.consent == "ask":
                prices.ask_price(
                    session, operator_id=operator_id, product_id=product_id, price_vnd=asked.price_vnd,
                    starts_at=asked.starts_at, at=at, by=who, scope_kind=scope[0], scope_id=scope[1], note=asked.note,
                )  # fmt: skip
            else:
                service.set_price(
                    session, operator_id=operator_id, product_id=product_id, price_vnd=asked.price_vnd,
                    starts_at=asked.starts_at, at=at, scope_kind=scope[0], scope_id=scope[1], consent=asked.consent,
                    consent_note=asked.note, by=who,
                )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return product_page(product_id, request.form.to_dict(), errors_of(trouble, "price"), 422, "price")
    return gone(url_for("catalogue.product", product_id=product_id, operator=operator_id))


@bp.post("/prices/<price_id>/cancel")
@requires("product.write")
def product_price_cancel(price_id: str) -> ResponseReturnValue:
    """Take back a price that has not begun, or a question nobody has answered."""
    session, who = db.session(), viewer().id
    found = session.get(Price, price_id) or session.get(PriceAsked, price_id)
    if found is None:
        raise NotFound("price.unknown")
    here("product.write", operator=found.operator_id)
    operator_id, asked = found.operator_id, isinstance(found, PriceAsked)
    with unit_of_work() as work:
        if asked:
            product_id = prices.withdraw_price(work, price_id, at=now(), by=who)
        else:
            product_id = prices.cancel_price(work, price_id, at=now())
    return gone(url_for("catalogue.product", product_id=product_id, operator=operator_id))

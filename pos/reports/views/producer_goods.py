"""The producer's own goods equation on the phone: what was given, sold, brought back, lost, what is left."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires
from pos.kernel.db import db
from pos.kernel.errors import NotFound
from pos.reports.queries import producer as queries
from pos.reports.views import bp
from pos.stock.queries.documents import items_of
from pos.stock.queries.equation import Asked, list_card, list_equations
from pos.stock.rules.equation import LEFT, MINUS, PLUS
from pos.stock.views.equation import cursor_in, cursor_text, day_in
from pos.web.pages import page

COLUMNS = (*PLUS, "sold", "returned", *MINUS[1:], *LEFT)


@bp.get("/producer/<producer_id>/goods/equation")
@requires("producer.home")
def producer_equation(producer_id: str) -> ResponseReturnValue:
    """Per product, over all operators: every figure opens to its movements."""
    here("producer.home", producer=producer_id)
    session, first, last = db.session(), day_in("first"), day_in("last")
    return page(
        "reports/producer/equation.html", producer=queries.get_producer(session, producer_id),
        lines=list_equations(session, Asked(None, None, first, last), producer_id), columns=COLUMNS, plus=PLUS,
        left=LEFT, first=first, last=last, tab="goods",
    )  # fmt: skip


@bp.get("/producer/<producer_id>/goods/<product_id>")
@requires("producer.home")
def producer_card(producer_id: str, product_id: str) -> ResponseReturnValue:
    """The movements of one product, or those one figure is made of."""
    here("producer.home", producer=producer_id)
    session = db.session()
    item = items_of(session, [product_id])[product_id]
    if item.producer_id != producer_id:
        raise NotFound("product.unknown")
    column = request.args.get("column") if request.args.get("column") in COLUMNS else None
    first, last = day_in("first"), day_in("last")
    rows, names, after = list_card(
        session, Asked(None, None, first, last), product_id, column=column, after=cursor_in()
    )
    more = url_for(
        "reports.producer_card", producer_id=producer_id, product_id=product_id, column=column, first=first, last=last,
        after=cursor_text(after),
    )  # fmt: skip
    return page(
        "reports/producer/card.html", producer=queries.get_producer(session, producer_id), item=item, rows=rows,
        names=names, more=more if after else None, column=column, tab="goods",
    )  # fmt: skip

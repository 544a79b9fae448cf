"""The producer's goods on the phone: what became of what was delivered, and deliveries announced."""

from __future__ import annotations

from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid, NotFound
from pos.reports.queries import producer as queries
from pos.reports.views import bp
from pos.stock.commands import Announce
from pos.stock.models import Delivery
from pos.stock.queries.deliveries import Announced, get_delivery, goods_for, list_deliveries, places_for
from pos.stock.queries.documents import items_of
from pos.stock.queries.equation import Asked, list_card, list_equations
from pos.stock.rules.equation import LEFT, MINUS, PLUS
from pos.stock.rules.ticket import tickets_of
from pos.stock.service.deliveries import announce, take_back
from pos.stock.views.equation import cursor_in, cursor_text, day_in
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page, page_no
from pos.web.qr import picture_of, svg_path

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


@bp.get("/producer/<producer_id>/deliveries")
@requires("producer.home")
def producer_deliveries(producer_id: str) -> ResponseReturnValue:
    """What was announced, and what was counted of it; a form for the next."""
    here("producer.home", producer=producer_id)
    return _deliveries(producer_id, {}, {})


def _deliveries(
    producer_id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    session = db.session()
    found, more = list_deliveries(session, Delivery.producer_id == producer_id, page=page_no(), limit=20)
    made = page(
        "reports/producer/deliveries.html", producer=queries.get_producer(session, producer_id), found=found,
        more=more, page_no=page_no(), places=places_for(session, producer_id), goods=goods_for(session, producer_id),
        values={"due_on": today().isoformat(), **values}, errors=errors, tab="goods",
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.post("/producer/<producer_id>/deliveries")
@requires("producer.home")
def producer_announce(producer_id: str) -> ResponseReturnValue:
    """Announce a delivery: which goods, how many, where to, when."""
    here("producer.home", producer=producer_id)
    session, read = db.session(), Fields(request.form)
    places = {id_: operator for id_, _, operator in places_for(session, producer_id)}
    site, day = read.choice("site_id", places), read.day("due_on", required=True)
    if day and day < today():
        read.wrong("due_on", "delivery.past")
    lines = []
    for product, _name, _unit, weighed in goods_for(session, producer_id):
        milli = read.thousandths(f"q-{product}")
        if milli and milli % 1000 and not weighed:
            read.wrong(f"q-{product}", "intake.whole")
        if milli:
            lines.append((product, milli))
    note, by = read.text("note", most=200), viewer().id
    try:
        read.finish()
        asked = Announce(places[site], producer_id, site, day or today(), tuple(lines), note)
        with unit_of_work() as work:
            delivery_id = announce(work, asked, at=now(), by=by)
    except Invalid as trouble:
        return _deliveries(producer_id, request.form.to_dict(), errors_of(trouble, "lines"), 422)
    return gone(url_for("reports.producer_delivery", producer_id=producer_id, delivery_id=delivery_id))


def _delivery(producer_id: str, delivery_id: str) -> Announced:
    here("producer.home", producer=producer_id)
    found = get_delivery(db.session(), delivery_id)
    if found.delivery.producer_id != producer_id:
        raise NotFound("delivery.unknown")
    return found


@bp.get("/producer/<producer_id>/deliveries/<delivery_id>")
@requires("producer.home")
def producer_delivery(producer_id: str, delivery_id: str) -> ResponseReturnValue:
    """One, with the QR the till scans, and announced beside counted."""
    found = _delivery(producer_id, delivery_id)
    return page(
        "reports/producer/delivery.html", producer=queries.get_producer(db.session(), producer_id), found=found,
        codes=[svg_path(text) for text in _tickets(found)], tab="goods",
    )  # fmt: skip


@bp.get("/producer/<producer_id>/deliveries/<delivery_id>.png")
@requires("producer.home")
def producer_delivery_picture(producer_id: str, delivery_id: str) -> ResponseReturnValue:
    """A QR as a picture to send on; of a long delivery the one asked for."""
    texts, asked = _tickets(_delivery(producer_id, delivery_id)), request.args.get("n", "1")
    n = int(asked) if asked.isdecimal() and 1 <= int(asked[:4]) <= len(texts) else 1
    made = make_response(picture_of(texts[n - 1]))
    made.headers["Content-Type"] = "image/png"
    made.headers["Content-Disposition"] = f'inline; filename="giao-hang-{delivery_id[-6:]}-{n}.png"'
    made.headers["Cache-Control"] = "private, no-store"
    return made


def _tickets(found: Announced) -> list[str]:
    one = found.delivery
    return tickets_of(one.id, one.producer_id, [(line.product_id, line.qty_milli) for line in one.lines])


@bp.post("/producer/<producer_id>/deliveries/<delivery_id>/cancel")
@requires("producer.home")
def producer_delivery_cancel(producer_id: str, delivery_id: str) -> ResponseReturnValue:
    """Take an announcement back of which nothing was counted."""
    _delivery(producer_id, delivery_id)
    with unit_of_work() as work:
        take_back(work, delivery_id)
    return gone(url_for("reports.producer_deliveries", producer_id=producer_id))

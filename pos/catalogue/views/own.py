"""A producer's own goods on its phone: prices it is asked about, changes others ask for, and the goods themselves."""

from __future__ import annotations

from dataclasses import replace

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import here, requires, viewer
from pos.access.reach import Reach
from pos.catalogue.models import PriceAsked, Product
from pos.catalogue.queries import changes as asked_for
from pos.catalogue.queries import office
from pos.catalogue.queries import prices as queries
from pos.catalogue.service import add_barcode, changes, pictures, prices
from pos.catalogue.views.office import bp
from pos.catalogue.views.register import shown
from pos.catalogue.views.sent import picture_sent
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid, NotFound
from pos.producers.models import Producer
from pos.web.fields import Fields, errors_of
from pos.web.pages import gone, page


def _producer(producer_id: str) -> Producer:
    here("register.write", producer=producer_id)
    found = db.session().get(Producer, producer_id)
    if found is None:
        raise NotFound("producer.unknown")
    return found


@bp.get("/producer/<producer_id>/register")
@requires("producer.home")
def own_goods(producer_id: str) -> ResponseReturnValue:
    """What waits for a word, then every product with its stars."""
    producer, session, at = _producer(producer_id), db.session(), now()
    mine = Reach(ids={"producer": (producer_id,)})
    waiting, _ = asked_for.list_changes(session, mine, viewer().id, state="open", page=1)
    goods = office.list_of_producer(session, producer_id, today())
    return page(
        "catalogue/own_goods.html",
        producer=producer, tab="goods", asked=queries.list_asked(session, at, producer_id=producer_id), at=at,
        waiting=[c for c in waiting if c.producer_id == producer_id and c.kind != "certificate"], goods=goods,
        pictures=asked_for.first_pictures(session, [g.id for g in goods]), wrong=request.args.get("wrong", ""),
        groups=dict(office.list_groups(session)),
    )  # fmt: skip


@bp.post("/producer/<producer_id>/prices/<asked_id>/<any(yes, no):word>")
@requires("producer.home")
def own_price(producer_id: str, asked_id: str, word: str) -> ResponseReturnValue:
    """Yes or no to a price, before it would begin."""
    _producer(producer_id)
    asked = db.session().get(PriceAsked, asked_id)
    if asked is None or asked.producer_id != producer_id:
        raise NotFound("price.unknown")
    wrong = ""
    try:
        with unit_of_work() as session:
            prices.answer_price(
                session, asked_id, agreed=word == "yes", at=now(), by=viewer().id,
                answer=Fields(request.form).text("answer", most=200),
            )  # fmt: skip
    except Conflict as trouble:
        wrong = errors_of(trouble, "price")["price"]
    return gone(url_for("catalogue.own_goods", producer_id=producer_id, wrong=wrong or None))


@bp.post("/producer/<producer_id>/changes/<change_id>/<any(accept, refuse):word>")
@requires("producer.home")
def own_change(producer_id: str, change_id: str, word: str) -> ResponseReturnValue:
    """Yes or no to what somebody asks to change of one's own goods; never to one's own stars."""
    _producer(producer_id)
    change = asked_for.get_change(db.session(), change_id)
    if change.producer_id != producer_id or change.kind == "certificate":
        raise NotFound("change.unknown")
    wrong = ""
    try:
        with unit_of_work() as session:
            if word == "accept":
                changes.accept(session, change_id, at=now(), by=viewer().id)
            else:
                changes.refuse(session, change_id, request.form.get("reason", ""), at=now(), by=viewer().id)
    except (Invalid, Conflict) as trouble:
        wrong = next(iter(errors_of(trouble, "reason").values()))
    return gone(url_for("catalogue.own_goods", producer_id=producer_id, wrong=wrong or None))


@bp.get("/producer/<producer_id>/changes/<change_id>/file")
@requires("producer.home")
def own_change_file(producer_id: str, change_id: str) -> ResponseReturnValue:
    """The picture somebody wants to show of one's goods."""
    _producer(producer_id)
    if asked_for.get_change(db.session(), change_id).producer_id != producer_id:
        raise NotFound("change.unknown")
    found = asked_for.get_file(db.session(), change_id)
    return shown(found.data, found.kind, found.name)


@bp.get("/producer/<producer_id>/register/<product_id>")
@requires("producer.home")
def own_product(producer_id: str, product_id: str) -> ResponseReturnValue:
    """One's own product: the names, days and link one may change, pictures, codes, stars."""
    return _own(producer_id, product_id, {}, {})


def _mine(producer_id: str, product_id: str) -> Product:
    _producer(producer_id)
    product = db.session().get(Product, product_id)
    if product is None or product.producer_id != producer_id:
        raise NotFound("product.unknown")
    return product


def _own(
    producer_id: str, product_id: str, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    product, session = _mine(producer_id, product_id), db.session()
    found = office.get_product(session, product_id, None)
    told = {
        "name": product.name, "name_en": product.name_en or "", "shelf_life_days": str(product.shelf_life_days or ""),
        "trace_url": product.trace_url or "", "barcode": "",
    }  # fmt: skip
    made = page(
        "catalogue/own_product.html",
        producer=found.producer, tab="goods", product=product, found=found, values=told | values, errors=errors,
        pictures=asked_for.pictures_of(session, product_id), today=today(),
    )  # fmt: skip
    return made, status  # type: ignore[return-value]


@bp.post("/producer/<producer_id>/register/<product_id>")
@requires("producer.home")
def own_product_change(producer_id: str, product_id: str) -> ResponseReturnValue:
    """Change it at once: names, days, link, a GTIN, a picture more."""
    old = changes.facts_of(_mine(producer_id, product_id))
    read, who = Fields(request.form), viewer().id
    try:
        shelf = read.raw("shelf_life_days")
        if shelf and not (shelf.isascii() and shelf.isdigit() and 0 < int(shelf) < 10_000):
            read.wrong("shelf_life_days", "field.number")
            shelf = ""
        link = read.link("trace_url")
        name, name_en = read.needed("name", most=160), read.text("name_en", most=160)
        read.finish()
        facts = replace(old, name=name, name_en=name_en, shelf_life_days=int(shelf) if shelf else None, trace_url=link)
        sent = picture_sent() if request.files.get("picture") and request.files["picture"].filename else None
        with unit_of_work() as session:
            changes.edit_facts(session, product_id, facts, at=now(), by=who)
            if code := read.raw("barcode"):
                add_barcode(session, product_id, code)
                changes.write_down(session, product_id, "barcode", {}, {"code": code}, at=now(), by=who)
            if sent:
                made = pictures.add_picture(session, product_id, sent, at=now(), by=who)
                changes.write_down(session, product_id, "picture", {}, {"picture": made.id}, at=now(), by=who)
    except (Invalid, Conflict) as trouble:
        field = {"barcode": "barcode", "picture": "picture", "photo": "picture"}.get(trouble.code.split(".")[0], "name")
        return _own(producer_id, product_id, request.form.to_dict(), errors_of(trouble, field), 422)
    return gone(url_for("catalogue.own_product", producer_id=producer_id, product_id=product_id))

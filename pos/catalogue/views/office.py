"""Products and certificates in the office. Changes go through the service, which tells the tablets."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue import service
from pos.catalogue.forms import OfferForm, ProductForm
from pos.catalogue.models import Price
from pos.catalogue.queries import changes as asked_for
from pos.catalogue.queries import office as queries
from pos.catalogue.queries import prices
from pos.catalogue.service import changes
from pos.catalogue.views.sent import editable
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.kernel.text import quantity
from pos.places.models import Operator
from pos.producers.queries import choices as producer_choices
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no, percent

bp = Blueprint("catalogue", __name__)
SHOWN = ("offered", "others", "all")


def operator_asked(action: str) -> tuple[Operator | None, list[Operator]]:
    """(?operator= or the first within reach, all within reach)."""
    mine = queries.operators_of(db.session(), reach(viewer(), action))
    asked = request.values.get("operator")
    return next((o for o in mine if o.id == asked), mine[0] if mine else None), mine


# ── Products ─────────────────────────────────────────────────────────────────
@bp.get("/products/")
@requires("product.read")
def products() -> ResponseReturnValue:
    """The register with one operator's prices; search as you type, without accents."""
    operator, operators = operator_asked("product.read")
    q = request.args.get("q", "").strip()
    default = "offered" if operator else "all"
    show = request.args.get("show", default)
    show = show if show in SHOWN else default
    id_ = operator.id if operator else None
    found, more = queries.list_products(
        db.session(), operator_id=id_, q=q, show=show, at=now(), day=today(), page=page_no()
    )
    whole, offered = queries.count_products(db.session(), id_)
    return page(
        "catalogue/products.html",
        products=found,
        more=url_for("catalogue.products", q=q or None, show=show, operator=id_, page=page_no() + 1) if more else None,
        q=q,
        show=show,
        counts={"all": whole, "offered": offered, "others": whole - offered},
        operator=operator,
        operators=operators,
        today=today(),
        may_write=viewer().may("product.write"),
        may_ask=viewer().may("register.ask"),
        waiting=asked_for.count_open(db.session(), reach(viewer(), "register.write"), viewer().id),
        pictures=asked_for.first_pictures(db.session(), [p.id for p in found]),
    )


@bp.get("/products/new")
@requires("register.ask")
def product_add() -> ResponseReturnValue:
    """The form for a new product."""
    return _new({"unit": "cái", "producer_id": request.args.get("producer", "")}, {})


def _new(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    made = page(
        "catalogue/product_new.html",
        values=values,
        errors=errors,
        producers=producer_choices(db.session()),
        groups=queries.list_groups(db.session()),
    )
    return made, status  # type: ignore[return-value]


@bp.post("/products/new")
@requires("register.ask")
def product_create() -> ResponseReturnValue:
    """Register a product; the next page offers and prices it."""
    try:
        asked = ProductForm.parse(request.form, new=True)
        with unit_of_work() as session:
            product_id = service.add_product(session, asked.producer_id, asked.facts, at=now()).id
    except (Invalid, Conflict) as trouble:
        return _new(request.form.to_dict(), errors_of(trouble, "name"), 422)
    return gone(url_for("catalogue.product", product_id=product_id))


@bp.get("/products/<product_id>")
@requires("product.read")
def product(product_id: str) -> ResponseReturnValue:
    """One product: its facts, and one operator's offer of it."""
    return product_page(product_id, {}, {})


def product_page(
    product_id: str, values: dict[str, str], errors: dict[str, str], status: int = 200, part: str = ""
) -> ResponseReturnValue:
    session = db.session()
    operator, operators = operator_asked("product.read")
    found = queries.get_product(session, product_id, operator.id if operator else None)
    p, offer, moment = found.product, found.offer, now()
    facts = {
        "name": p.name, "name_en": p.name_en or "", "group_code": p.group_code or "", "kind": p.kind, "unit": p.unit,
        "weighed": "1" if p.weighed else "", "commune": p.commune or "", "province": p.province or "",
        "alcohol": percent(p.alcohol_bp).removesuffix(" %") if p.alcohol_bp else "",
        "shelf_life_days": str(p.shelf_life_days or ""), "trace_url": p.trace_url or "",
    }  # fmt: skip
    offered = {
        "offered": "1" if offer and offer.active else "", "pinned": "1" if offer and offer.pinned else "",
        "price": "", "cost": "", "vat_class": "", "vat": "", "vat_from": "", "barcode": "", "own_code": "",
        "tasting": quantity(offer.tasting_milli) if offer and offer.tasting_milli is not None else "",
    }  # fmt: skip
    made = page(
        "catalogue/product.html",
        found=found,
        product=p,
        operator=operator,
        operators=operators,
        facts=values if part == "facts" else facts,
        offered=values if part == "offer" else offered,
        errors=errors,
        part=part,
        groups=queries.list_groups(session),
        price=next(iter(_prices(found, moment)), None),
        prices=prices.list_prices(session, operator.id, product_id) if operator else [],
        asked=prices.list_asked(session, moment, operator_id=operator.id, product_id=product_id) if operator else [],
        places=prices.places_of(session, operator.id) if operator else [],
        new_price=values if part == "price" else {"consent": "own" if operator is None else "ask"},
        rates=queries.rates_of(session, found),
        today=today(),
        at=moment,
        may_edit=asked_for.may_edit(session, viewer(), p),
        may_ask=viewer().may("register.ask"),
        changes=asked_for.list_of_product(session, product_id),
        pictures=asked_for.pictures_of(session, product_id),
        papers=queries.papers_of(session, [c.id for c in found.certificates]),
        may_offer=operator is not None and viewer().may("product.write", operator=operator.id),
    )
    return made, status  # type: ignore[return-value]


@bp.post("/products/<product_id>")
@requires("register.ask")
def product_change(product_id: str) -> ResponseReturnValue:
    """Replace the shared facts, or ask whoever may."""
    try:
        asked, at_once, who = ProductForm.parse(request.form, new=False), editable(product_id), viewer().id
        with unit_of_work() as session:
            do = changes.edit_facts if at_once else changes.ask_facts
            do(session, product_id, asked.facts, at=now(), by=who)
    except (Invalid, Conflict) as trouble:
        return product_page(product_id, request.form.to_dict(), errors_of(trouble, "name"), 422, "facts")
    return gone(url_for("catalogue.product", product_id=product_id, operator=request.form.get("operator")))


@bp.post("/products/<product_id>/offer")
@requires("product.write")
def offer_change(product_id: str) -> ResponseReturnValue:
    """One operator's offer: all of it or nothing."""
    operator, _ = operator_asked("product.write")
    reach(viewer(), "product.write").need(operator=operator.id if operator else None)
    assert operator is not None
    operator_id = operator.id
    try:
        asked = OfferForm.parse(request.form)
        _change_offer(product_id, operator_id, asked, now())
    except (Invalid, Conflict) as trouble:
        field = trouble.code.split(".")[0]
        return product_page(product_id, request.form.to_dict(), errors_of(trouble, field), 422, "offer")
    return gone(url_for("catalogue.product", product_id=product_id, operator=operator_id))


def _prices(found: queries.ProductPage, at: datetime) -> list[Price]:
    """The operator's own prices that have begun, the newest first."""
    return [price for price in found.prices if price.starts_at <= at and price.scope_kind == "operator"]


def _change_offer(product_id: str, operator_id: str, asked: OfferForm, at: datetime) -> None:
    stamps, at_once = service.Stamps(), editable(product_id)
    with unit_of_work() as session:
        found = queries.get_product(session, product_id, operator_id)
        if asked.offered:
            service.offer_product(
                session, operator_id=operator_id, product_id=product_id, pinned=asked.pinned, stamps=stamps
            ).tasting_milli = asked.tasting_milli
        price_vnd = asked.price_vnd
        if price_vnd is None and asked.cost_vnd is not None:  # the cost stands on a price: the same one, from now on
            price_vnd = next((p.price_vnd for p in _prices(found, at)), None)
            if price_vnd is None:
                raise Invalid("form.invalid", errors={"price": "field.required"})
        if price_vnd is not None:
            service.set_price(
                session, operator_id=operator_id, product_id=product_id, price_vnd=price_vnd, starts_at=at,
                at=at, cost_vnd=asked.cost_vnd, stamps=stamps,
            )  # fmt: skip
        if asked.vat_class:
            service.set_vat(
                session, operator_id=operator_id, product_id=product_id, vat_class=asked.vat_class,
                vat_bp=asked.vat_bp, starts_on=asked.vat_from or today() + timedelta(days=bool(found.vat)), at=at,
                by=viewer().id, stamps=stamps,
            )  # fmt: skip
        if asked.barcode and asked.own_code:
            service.add_barcode(session, product_id, asked.barcode, operator_id=operator_id, stamps=stamps)
        elif asked.barcode and at_once:
            service.add_barcode(session, product_id, asked.barcode, stamps=stamps)
            changes.write_down(session, product_id, "barcode", {}, {"code": asked.barcode}, at=at, by=viewer().id)
        elif asked.barcode:  # a GTIN is the register's: whoever may not write there asks
            changes.ask_barcode(session, product_id, asked.barcode, at=at, by=viewer().id)
        if not asked.offered and found.offer and found.offer.active:
            service.retire(session, operator_id=operator_id, product_id=product_id)
        service.stamp(session, stamps)

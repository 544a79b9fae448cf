"""Products and certificates in the office. Changes go through the service, which tells the tablets."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pos.access.guards import requires, viewer
from pos.access.reach import reach
from pos.catalogue import service
from pos.catalogue.forms import CertificateForm, OfferForm, ProductForm
from pos.catalogue.models import Price
from pos.catalogue.queries import office as queries
from pos.kernel.clock import now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Conflict, Invalid
from pos.places.models import Operator
from pos.producers.queries import choices as producer_choices
from pos.web.fields import errors_of
from pos.web.pages import gone, page, page_no, percent
from pos.web.pictures import nice_top

bp = Blueprint("catalogue", __name__)
SHOWN = ("offered", "others", "all")
STATES = ("all", "live", "90", "60", "30", "past")


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
    )


@bp.get("/products/new")
@requires("product.write")
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
@requires("product.write")
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
    return _product(product_id, {}, {})


def _product(
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
        rates=queries.rates_of(session, found),
        today=today(),
        at=moment,
        may_write=viewer().may("product.write"),
        may_offer=operator is not None and viewer().may("product.write", operator=operator.id),
    )
    return made, status  # type: ignore[return-value]


@bp.post("/products/<product_id>")
@requires("product.write")
def product_change(product_id: str) -> ResponseReturnValue:
    """Replace the shared facts."""
    try:
        asked = ProductForm.parse(request.form, new=False)
        with unit_of_work() as session:
            service.update_product(session, product_id, asked.facts)
    except (Invalid, Conflict) as trouble:
        return _product(product_id, request.form.to_dict(), errors_of(trouble, "name"), 422, "facts")
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
        return _product(product_id, request.form.to_dict(), errors_of(trouble, field), 422, "offer")
    return gone(url_for("catalogue.product", product_id=product_id, operator=operator_id))


def _prices(found: queries.ProductPage, at: datetime) -> list[Price]:
    """The operator's own prices that have begun, the newest first."""
    return [price for price in found.prices if price.starts_at <= at and price.scope_kind == "operator"]


def _change_offer(product_id: str, operator_id: str, asked: OfferForm, at: datetime) -> None:
    stamps = service.Stamps()
    with unit_of_work() as session:
        found = queries.get_product(session, product_id, operator_id)
        if asked.offered:
            service.offer_product(
                session, operator_id=operator_id, product_id=product_id, pinned=asked.pinned, stamps=stamps
            )
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
        if asked.barcode:
            own = operator_id if asked.own_code else None
            service.add_barcode(session, product_id, asked.barcode, operator_id=own, stamps=stamps)
        if not asked.offered and found.offer and found.offer.active:
            service.retire(session, operator_id=operator_id, product_id=product_id)
        service.stamp(session, stamps)


# ── Certificates ─────────────────────────────────────────────────────────────
@bp.get("/certificates/")
@requires("certificate.read")
def certificates() -> ResponseReturnValue:
    """In force, expiring in 90, 60, 30 days, expired; what ends first stands first."""
    day = today()
    q = request.args.get("q", "").strip()
    state = request.args.get("state", "all")
    state = state if state in STATES else "all"
    found, more = queries.list_certificates(db.session(), q=q, state=state, today=day, page=page_no())
    states, months = queries.count_certificates(db.session(), day)
    this = day.year * 12 + day.month - 1
    ends = [("month", n, months.get(n, 0)) for n in range(this, this + 12)]
    ends.append(("later", 0, sum(count for n, count in months.items() if n >= this + 12)))
    tallest = max([1, states["past"], *(count for _, _, count in ends[:-1])])
    return page(
        "catalogue/certificates.html",
        certificates=found,
        more=url_for("catalogue.certificates", q=q or None, state=state, page=page_no() + 1) if more else None,
        q=q,
        state=state,
        states=states,
        ends=[("past", 0, states["past"]), *ends],
        tallest=nice_top(tallest)[0],
        today=day,
        may_write=viewer().may("certificate.write"),
    )


@bp.get("/certificates/new")
@requires("certificate.write")
def certificate_add() -> ResponseReturnValue:
    """The form for a certificate; ?product= chooses its product."""
    return _certificate({"product_id": request.args.get("product", ""), "stars": "3"}, {})


def _certificate(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    chosen = values.get("product_id", "")
    found = queries.get_product(db.session(), chosen, None) if chosen else None
    q = request.values.get("q", "").strip()
    made = page(
        "catalogue/certificate_new.html",
        values=values,
        errors=errors,
        chosen=found,
        q=q,
        matches=queries.find_products(db.session(), q) if q and not found else [],
    )
    return made, status  # type: ignore[return-value]


@bp.post("/certificates/new")
@requires("certificate.write")
def certificate_create() -> ResponseReturnValue:
    """Add a certificate; an older one stands as history."""
    try:
        asked = CertificateForm.parse(request.form)
        with unit_of_work() as session:
            queries.get_product(session, asked.product_id, None)
            service.add_certificate(
                session, asked.product_id, stars=asked.stars, valid_from=asked.valid_from, valid_to=asked.valid_to,
                potential_five=asked.potential_five, decision_no=asked.decision_no, issuer=asked.issuer,
            )  # fmt: skip
    except (Invalid, Conflict) as trouble:
        return _certificate(request.form.to_dict(), errors_of(trouble, "valid_to"), 422)
    return gone(url_for("catalogue.product", product_id=asked.product_id))


@bp.post("/certificates/<certificate_id>/revoke")
@requires("certificate.write")
def certificate_revoke(certificate_id: str) -> ResponseReturnValue:
    """The authority took it back: no stars from today on."""
    found = queries.get_certificate(db.session(), certificate_id)
    product_id = found.product_id
    with unit_of_work() as session:
        service.revoke_certificate(session, certificate_id, revoked_on=today())
    return gone(url_for("catalogue.product", product_id=product_id))
